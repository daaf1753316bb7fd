"""The roles the adapter fills, what it explains, and its sessions."""

from adapters.contract import ChecksEmail, FindsPeople, PersonQuery, ReadsParts, ReadsRecords, SliceQuery
from adapters.records import Entity
from adapters.sandbox.cast import CAST
from tests.adapters.vendors.taximail.account import build_account
from tests.adapters.vendors.taximail.world import SUBSCRIBER, build_world, ids, in_list, in_segment, read_line, scope

PAGE = "order_type=asc&page=1&limit=100"
SHOW = "display_mode=all&browse=all&order_by=date&"


def test_the_adapter_fills_its_roles():
    """The graph asks for roles, never for a vendor's name."""
    adapter = build_world().adapter

    assert isinstance(adapter, ReadsRecords)
    assert isinstance(adapter, ReadsParts)
    assert isinstance(adapter, FindsPeople)
    assert not isinstance(adapter, ChecksEmail)


def test_the_first_call_of_a_slice_is_shown_without_being_sent():
    """Explaining costs nothing."""
    world = build_world()
    plan = world.adapter.plan_slice

    everyone = plan(SliceQuery(SUBSCRIBER))
    segment = plan(SliceQuery(SUBSCRIBER, in_segment("314/7")))
    nobody = plan(SliceQuery(SUBSCRIBER, in_list("x")))

    assert (everyone.operation, everyone.url) == ("list.list", "/v2/list?order_by=create_date&" + PAGE)
    assert (segment.operation, segment.pushed) == ("subscribers.list", ("browse=314/7",))
    assert segment.url == "/v2/list/314/subscribers?display_mode=all&browse=7&order_by=date&" + PAGE
    assert nobody.operation == "subscribers.list"
    assert world.adapter.count_loads(SUBSCRIBER, 3) == (3, 3)
    assert world.adapter.count_loads(Entity.LIST, 3) == (1, 1)
    assert world.adapter.count_loads(Entity.CAMPAIGN, 3) == (7, 7)
    assert world.calls == 0


async def test_a_session_that_ends_in_mid_page_is_renewed():
    """The line is whole; its five calls need three sessions of two calls each."""
    world = build_world(build_account(session_calls=2))

    first = await read_line(world, SliceQuery(SUBSCRIBER), (2,))

    assert ids(first) == [f"314/{number}" for number in range(1, 6)]
    assert world.log_ins == 3


async def test_a_session_that_ends_under_parallel_calls_is_renewed_once():
    """A person is looked for in all lists at once."""
    world = build_world()
    await world.read(SliceQuery(Entity.LIST))
    world.forget()
    world.sandbox.credentials.end_sessions()

    matches = await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), scope(), purpose="")

    assert matches
    assert world.log_ins == 1


async def test_keys_may_travel_with_every_call():
    """Basic authentication where the operator chose it: no log-in."""
    auth = {"api_key": "sandbox-key", "secret_key": "sandbox-secret", "basic": True}
    world = build_world(build_account(), auth=auth)

    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314")))

    assert (len(found.records), world.log_ins) == (5, 0)


async def test_a_user_may_log_in():
    """The vendor's second way."""
    world = build_world(build_account(), auth={"username": "sandbox@example.com", "password": "pass:word"})

    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314")))

    assert (len(found.records), world.log_ins) == (5, 1)


async def test_reads_say_what_may_be_remembered_of_them():
    """A cache keeps answers by kind; a log-in is never kept."""
    world = build_world()
    spending = scope()

    await world.adapter.fetch_slice(SliceQuery(SUBSCRIBER, purpose="subscribers"), spending)

    assert [call.operation for call in spending.calls] == ["user.login", "list.list", "subscribers.list"]
    assert [call.purpose for call in spending.calls] == ["session", "subscribers", "subscribers"]
