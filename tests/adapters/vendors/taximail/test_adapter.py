"""What each question costs, and that its rows are the vendor's own."""

import json

import pytest

from adapters.contract import ChecksEmail, FindsPeople, MatchReason, PersonQuery, ReadsParts, ReadsRecords, SliceQuery
from adapters.errors import CapabilityError, CursorError, VendorError
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import AudienceKind, CustomFieldType, Entity
from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from adapters.vendors.taximail.extensions import TaximailField
from tests.adapters.vendors.taximail.account import build_account
from tests.adapters.vendors.taximail.world import SUBSCRIBER, build_world, ids, read_line, scope, show

PAGE = "order_type=asc&page=1&limit=100"
SHOW = "display_mode=all&browse=all&order_by=date&"


def in_list(*lists: str) -> Filter:
    """The contacts of some lists."""
    leaf = Comparison("list_id", Op.IN, lists) if len(lists) > 1 else Comparison("list_id", Op.EQ, lists[0])
    return And((Some("memberships", leaf),))


def in_segment(audience_id: str) -> Filter:
    """The contacts of a segment."""
    return And((Some("audiences", Comparison("audience_id", Op.EQ, audience_id)),))


def test_the_adapter_fills_its_roles():
    """The graph asks for roles, never for a vendor's name."""
    adapter = build_world().adapter

    assert isinstance(adapter, ReadsRecords)
    assert isinstance(adapter, ReadsParts)
    assert isinstance(adapter, FindsPeople)
    assert not isinstance(adapter, ChecksEmail)


async def test_a_first_page_of_all_contacts_is_two_calls():
    """One for the lists, one for the first of them; the session's log-in comes on top once."""
    world = build_world()

    found = await world.read(SliceQuery(SUBSCRIBER, limit=26))
    again = await world.read(SliceQuery(SUBSCRIBER, limit=26, after=found.positions[-1]))

    assert world.queries == [
        "list?order_by=create_date&" + PAGE,
        "list/174/subscribers?" + SHOW + PAGE,
        "list/174/subscribers?" + SHOW + PAGE,
    ]
    assert (found.calls, again.calls, world.log_ins) == (2, 1, 1)
    assert ids([*found.records, *again.records]) == ids(world.contacts())[:52]


@pytest.mark.parametrize("sizes", [(25,), (100,), (1, 7, 300), (1000,)], ids=str)
async def test_all_contacts_are_read_list_by_list_whatever_the_page(sizes):
    """No row is lost or shown twice where pages, lists and slices do not meet."""
    world = build_world(max_page=30)

    assert await read_line(world, SliceQuery(SUBSCRIBER), sizes) == world.contacts()


async def test_one_list_is_one_call_a_page_and_its_count_is_the_vendor_s():
    """The list is in the path, and the count comes with the rows."""
    world = build_world()
    query = SliceQuery(SUBSCRIBER, in_list("314"), limit=26, count=True)

    found = await world.read(query)

    assert world.queries == ["list/314/subscribers?" + SHOW + PAGE]
    assert (found.total, found.end, len(found.records)) == (282, False, 26)


async def test_all_lists_have_no_count_of_the_vendor_s():
    """It counts each list alone; a sum would cost a call a list."""
    found = await build_world().read(SliceQuery(SUBSCRIBER, limit=5, count=True))

    assert found.total is None


async def test_some_lists_are_read_one_after_the_other():
    """They are known, so no call looks for them, and they stand in ascending order."""
    world = build_world()

    records = await read_line(world, SliceQuery(SUBSCRIBER, in_list("402", "174", "9", "174x")), (1000,))

    assert [query.partition("?")[0] for query in world.queries] == [
        f"list/{each}/subscribers" for each in ("9", "174", "402")
    ]
    assert records == show(world.sandbox.store.lists[174]) + show(world.sandbox.store.lists[402])


@pytest.mark.parametrize("list_id", ["314x", "0314", "../314", "314/subscribers", "三", ""])
async def test_a_list_whose_id_can_be_no_list_s_is_not_asked_for(list_id):
    """A server that reads 314x as 314 would show a neighbour's rows."""
    world = build_world()

    found = await world.read(SliceQuery(SUBSCRIBER, in_list(list_id), count=True))

    assert (found.records, found.end, found.total, world.calls) == ((), True, 0, 0)


async def test_a_list_that_is_not_there_has_no_contacts():
    """A filter that nothing matches is not an error."""
    found = await build_world().read(SliceQuery(SUBSCRIBER, in_list("9"), count=True))

    assert (found.records, found.end, found.total) == ((), True, 0)


async def test_a_segment_is_browsed_and_its_people_say_so():
    """The rows do not name the segment; what was asked for does."""
    world = build_world()
    query = SliceQuery(SUBSCRIBER, in_segment("314/7"), count=True)

    found = await world.read(query)
    records = await read_line(world, query)

    mail_list = world.sandbox.store.lists[314]
    wanted = [f"314/{each.id}" for each in mail_list.contacts.values() if mail_list.segments[7].rule(each)]
    assert world.queries[0] == "list/314/subscribers?display_mode=all&browse=7&order_by=date&" + PAGE
    assert sorted(ids(records)) == sorted(wanted)
    assert found.total == len(wanted)
    assert {each.audience_id for record in records for each in record.audiences} == {"314/7"}


@pytest.mark.parametrize("audience_id", ["314", "314/", "314/x", "/7", "314/7/1", "314/../7"])
async def test_a_segment_whose_id_can_be_no_segment_s_is_not_asked_for(audience_id):
    """Likewise."""
    world = build_world()

    found = await world.read(SliceQuery(SUBSCRIBER, in_segment(audience_id)))

    assert (found.records, found.end, world.calls) == ((), True, 0)


@pytest.mark.parametrize(("descending", "word"), [(False, "asc"), (True, "desc")])
async def test_one_list_is_ordered_by_address_or_date(descending, word):
    """The vendor orders inside a list."""
    world = build_world()
    by_email = SliceQuery(SUBSCRIBER, in_list("182"), Order("email", descending=descending))

    records = await read_line(world, by_email, (40,))
    await world.read(SliceQuery(SUBSCRIBER, in_list("182"), Order("taximail.subscribed_at", descending=descending)))

    emails = [record.email.lower() for record in records]
    assert emails == sorted(emails, reverse=descending)
    assert len(emails) == 101
    assert f"order_by=email&order_type={word}" in world.queries[0]
    assert f"order_by=date&order_type={word}" in world.queries[-1]


@pytest.mark.parametrize(
    "query",
    [
        SliceQuery(SUBSCRIBER, order=Order("email")),
        SliceQuery(SUBSCRIBER, in_list("174", "182"), Order("email")),
        SliceQuery(SUBSCRIBER, order=Order(descending=True)),
        SliceQuery(SUBSCRIBER, in_list("174"), Order("first_name")),
        SliceQuery(Entity.CAMPAIGN, order=Order("name")),
    ],
    ids=["all lists", "two lists", "ids falling", "by name", "all statuses"],
)
async def test_an_order_the_vendor_has_not_is_refused_before_any_call(query):
    """Rows in another order would be a lie."""
    world = build_world()

    with pytest.raises(CapabilityError) as caught:
        await world.read(query)

    assert (caught.value.reason, world.calls) == ("ORDER_UNSUPPORTED", 0)
    assert caught.value.hint


async def test_an_address_is_searched_for_in_ever_more_lists_at_once():
    """A search that finds nothing in one list goes on in the next ones side by side."""
    world = build_world()
    pushed = And((Comparison("email", Op.EQ, CAST[0].email.title()),))

    found = await world.read(SliceQuery(SUBSCRIBER, pushed, limit=10))

    assert found.end
    assert all("keyword_search=" + CAST[0].email.title() in query for query in world.queries[1:])
    assert {record.email.lower() for record in found.records} == {CAST[0].email}
    assert len(world.queries) == 6


async def test_lists_are_read_in_the_order_they_were_made():
    """New ones come at the end."""
    world = build_world(max_page=10)
    for number in range(25):
        world.sandbox.store.add_list(f"List {number}")

    records = await read_line(world, SliceQuery(Entity.LIST), (7,))
    first = await world.read(SliceQuery(Entity.LIST, limit=7, count=True))

    made = sorted(world.sandbox.store.lists.values(), key=lambda each: (each.created_at, each.id))
    assert ids(records) == [str(each.id) for each in made]
    assert (first.total, first.calls) == (30, 1)


async def test_lists_are_ordered_by_name():
    """The vendor can do that too."""
    world = build_world()

    found = await world.read(SliceQuery(Entity.LIST, order=Order("name", descending=True)))

    assert [record.name for record in found.records] == [
        "Shop customers",
        "Not used yet",
        "Newsletter",
        "List B",
        "List A",
    ]


async def test_campaigns_are_read_in_every_status():
    """One call for each status at least: the vendor takes no call without one."""
    world = build_world(max_page=10)

    records = await read_line(world, SliceQuery(Entity.CAMPAIGN), (25,))

    assert sorted(ids(records)) == [str(number) for number in range(301, 361)]
    assert [record.status for record in records] == sorted((each.status for each in records), key=_place)
    assert {record.id: record.status for record in records} == {
        str(each.id): each.status for each in world.sandbox.store.campaigns.values()
    }


def _place(status: str) -> int:
    return ("Sent", "Outbox", "Draft", "Paused", "Scheduled", "Repeatly", "PendingApproval").index(status)


async def test_campaigns_of_one_status_are_counted_and_ordered():
    """Another status is not asked for."""
    world = build_world()
    sent = And((Comparison("status", Op.EQ, "Sent"),))

    found = await world.read(SliceQuery(Entity.CAMPAIGN, sent, Order("taximail.sent_at"), limit=5, count=True))

    assert world.queries == ["campaign?campaign_status=Sent&order_by=sent_success_date&" + PAGE]
    assert (found.total, len(found.records), found.end) == (34, 5, False)


@pytest.mark.parametrize("status", ["sent", "Archived", ""])
async def test_a_status_that_is_none_has_no_campaigns(status):
    """The vendor's words are exact."""
    world = build_world()

    found = await world.read(SliceQuery(Entity.CAMPAIGN, And((Comparison("status", Op.EQ, status),))))

    assert (found.records, found.end, world.calls) == ((), True, 0)


async def test_contacts_by_id_are_a_call_each_and_bring_the_types_of_their_fields():
    """One contact says more than a row; an id that can be nobody's costs nothing."""
    world = build_world(build_account())
    hostile = ["314", "x/3", "314/3/4", "314/..", "../314/3", "314/ 3", "314/03", "0314/3", "314/三", ""]

    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, ["314/3", "314/9", "9/3", *hostile], scope(), parts=frozenset(), purpose="nodes"
    )

    record = found["314/3"]
    assert sorted(world.queries) == ["list/314/subscribers/3", "list/314/subscribers/9", "list/9/subscribers/3"]
    assert [found[each] for each in ("314/9", "9/3", *hostile)] == [None] * (2 + len(hostile))
    assert (record.id, record.email, record.first_name) == ("314/3", "john@example.com", "John")
    assert [(each.key, each.label, each.type) for each in record.custom_fields] == [
        ("custom_field_208", "Customer Fullname", CustomFieldType.TEXT),
        ("custom_field_210", "Telephone", CustomFieldType.TEXT),
    ]


async def test_a_field_is_called_the_same_in_a_page_and_in_one_contact():
    """A client that learned a key from one must find the field in the other."""
    world = build_world()
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=1))
    row = found.records[0]

    loaded = await world.adapter.fetch_by_ids(SUBSCRIBER, [row.id], scope(), parts=frozenset(), purpose="")

    detail = loaded[row.id]
    assert [(each.key, each.label, each.value) for each in row.custom_fields] == [
        (each.key, each.label, each.value) for each in detail.custom_fields
    ]
    assert (row.memberships, row.email, row.extension) == (detail.memberships, detail.email, detail.extension)


async def test_a_contact_that_fails_fails_alone():
    """A neighbour's error is not ours."""
    world = build_world(build_account())
    world.sandbox.faults.add(Fault("html", match="subscribers/2"))

    found = await world.adapter.fetch_by_ids(SUBSCRIBER, ["314/2", "314/3"], scope(), parts=frozenset(), purpose="")

    assert isinstance(found["314/2"], VendorError)
    assert found["314/3"].email == "john@example.com"


async def test_lists_by_id_are_one_call_for_all():
    """There is no call for one of them."""
    world = build_world()

    found = await world.adapter.fetch_by_ids(
        Entity.LIST, ["314", "174", "9", "x"], scope(), parts=frozenset(), purpose=""
    )

    assert (found["314"].name, found["174"].name, found["9"], found["x"]) == ("Newsletter", "List B", None, None)
    assert world.calls == 1


async def test_campaigns_by_id_are_looked_for_in_every_status():
    """There is no call for one of them either."""
    world = build_world()

    found = await world.adapter.fetch_by_ids(
        Entity.CAMPAIGN, ["301", "302", "1"], scope(), parts=frozenset(), purpose=""
    )

    assert (found["301"].status, found["302"].id, found["1"]) == ("Sent", "302", None)
    assert world.calls == 7


async def test_a_campaign_that_was_not_found_where_a_status_failed_is_not_called_absent():
    """It may stand in the one that could not be read."""
    world = build_world()
    world.sandbox.faults.add(Fault("html", match="campaign_status=Draft"))

    found = await world.adapter.fetch_by_ids(Entity.CAMPAIGN, ["301", "1"], scope(), parts=frozenset(), purpose="")

    assert found["301"].status == "Sent"
    assert isinstance(found["1"], VendorError)


async def test_a_segment_is_known_by_its_id_with_its_size():
    """One row of it is asked for, and the reply counts them all."""
    world = build_world()

    found = await world.adapter.fetch_by_ids(
        Entity.AUDIENCE, ["314/7", "314/99", "9/7", "seven"], scope(), parts=frozenset(), purpose=""
    )

    segment = found["314/7"]
    assert [found[each] for each in ("314/99", "9/7", "seven")] == [None] * 3
    assert (segment.kind, segment.members_listable, segment.extension.list_size) == (AudienceKind.SEGMENT, True, 282)
    assert segment.size == len(await read_line(world, SliceQuery(SUBSCRIBER, in_segment("314/7"))))
    assert "list/314/subscribers?display_mode=all&browse=7&order_by=date&order_type=asc&page=1&limit=1" in world.queries


async def test_a_message_tells_what_became_of_it():
    """By the id it was sent with, which is any text."""
    world = build_world()
    store = world.sandbox.store
    for odd in ("a b", "ü?x=1#", "50%", ".hidden"):
        store.messages[odd] = store.messages["order-0001"]

    found = await world.adapter.fetch_by_ids(
        Entity.MESSAGE,
        ["order-0001", "none", "a b", "ü?x=1#", "50%", ".hidden", "..", ".", ""],
        scope(),
        parts=frozenset(),
        purpose="",
    )

    message = found["order-0001"]
    assert (message.ref, message.status, message.email) == ("order-0001", "Sent", CAST[0].email)
    assert (message.subject, message.sent_at.isoformat()) == ("Your invoice 1", "2024-01-08T03:00:00+00:00")
    assert json.loads(message.extension.details)["transactional_group_name"] == "eInvoice"
    assert [found[each].status for each in ("a b", "ü?x=1#", "50%", ".hidden")] == ["Sent"] * 4
    assert [found[each] for each in ("none", "..", ".", "")] == [None] * 4
    assert world.calls == 6


async def test_contacts_by_address_are_searched_for_in_every_list():
    """Exactly the address: other letters are another text."""
    world = build_world()
    email = next(each.email for each in world.contacts() if each.email.lower() == CAST[0].email)

    found = await world.adapter.fetch_by_values(SUBSCRIBER, "email", [email, "none@example.com"], scope(), purpose="")

    wanted = [each.id for each in world.contacts() if each.email == email]
    assert (sorted(ids(found[email])), found["none@example.com"]) == (sorted(wanted), ())
    assert world.calls == 1 + 2 * 5


async def test_what_cannot_be_looked_up_by_is_refused():
    """Taximail has no caller's key and no telephone number."""
    world = build_world()
    for entity, name in ((SUBSCRIBER, "ref"), (SUBSCRIBER, "phone"), (Entity.LIST, "ref")):
        with pytest.raises(CapabilityError):
            await world.adapter.fetch_by_values(entity, name, ["x"], scope(), purpose="")

    found = await world.adapter.fetch_by_values(Entity.MESSAGE, "ref", ["order-0001", "x"], scope(), purpose="")

    assert (ids(found["order-0001"]), found["x"]) == (["order-0001"], ())


async def test_a_person_is_found_by_one_call_and_one_a_list():
    """In whatever letters a list has the address; a plus-tag is somebody else."""
    world = build_world()

    matches = await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), scope(), purpose="person")

    wanted = [each.id for each in world.contacts() if each.email.strip().lower() == CAST[0].email]
    assert sorted(match.record.id for match in matches) == sorted(wanted)
    assert len(wanted) > 1
    assert {match.reasons for match in matches} == {(MatchReason.EMAIL,)}
    assert len({match.record.email for match in matches}) > 1
    assert world.calls == 1 + 5


async def test_a_person_is_looked_for_in_all_lists_side_by_side():
    """The longest chain is log-in, lists, search: 0.2 s each."""
    world = build_world()
    world.sandbox.faults.add(Fault("delay", seconds=0.1))
    spending = scope()

    await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), spending, purpose="person")

    assert max(call.started_ms + call.duration_ms for call in spending.calls) < 400


@pytest.mark.parametrize("query", [PersonQuery(phone="0489 701 378"), PersonQuery(ref="crm-000001")])
async def test_a_person_without_an_address_cannot_be_looked_for(query):
    """The source says so instead of finding nobody."""
    world = build_world()

    with pytest.raises(CapabilityError):
        await world.adapter.fetch_people(query, scope(), purpose="")

    assert world.calls == 0


async def test_a_list_that_cannot_be_searched_is_not_a_list_without_the_person():
    """Half an answer would look whole."""
    world = build_world()
    world.sandbox.faults.add(Fault("html", match="list/182/"))

    with pytest.raises(VendorError):
        await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), scope(), purpose="")


async def test_parts_cost_a_call_for_each_record():
    """The list's own count, its custom fields, a segment's size."""
    world = build_world()
    read = world.adapter.fetch_parts

    counts = await read(Entity.LIST, "subscriber_count", ["314", "9", "x"], scope(), purpose="")
    fields = await read(Entity.LIST, "fields", ["314", "9"], scope(), purpose="")
    sizes = await read(Entity.AUDIENCE, "size", ["314/8", "x"], scope(), purpose="")

    assert counts == {"314": 282, "9": None, "x": None}
    assert fields["9"] is None
    assert [each.label for each in fields["314"]][:3] == ["Full name", "Mobile", "City"]
    assert fields["314"][4] == TaximailField(
        key=fields["314"][4].key,
        id=fields["314"][4].id,
        label="Level",
        merge_key="LEVEL",
        type="enum",
        choices="Gold,Silver,Bronze",
    )
    assert (sizes["x"], isinstance(sizes["314/8"], int)) == (None, True)
    assert await read(SUBSCRIBER, "other", ["314/1"], scope(), purpose="") == {}
    assert world.calls == 5


async def test_the_keys_of_a_list_s_fields_are_those_of_its_contacts():
    """A client that read the definitions must find the values."""
    world = build_world()

    fields = await world.adapter.fetch_parts(Entity.LIST, "fields", ["314"], scope(), purpose="")
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=1))

    assert [each.key for each in fields["314"]] == [each.key for each in found.records[0].custom_fields]


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


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (100, "174", 1, 2, 0),
        (100, "174", 1, -1, 0, None),
        (100, "174", True, 0, 0, None),
        (100, 174, 1, 0, 0, None),
        (50, "174", 1, 0, 0, None),
        (100, "../x", 1, 0, 0, None),
        (100, "0174", 1, 0, 0, None),
        (100, "174", 1, 0, 0, 5),
    ],
    ids=str,
)
async def test_a_position_that_is_none_is_refused_before_any_call(parts):
    """Cursors come from outside."""
    world = build_world()

    with pytest.raises(CursorError):
        await world.read(SliceQuery(SUBSCRIBER, after=Position(parts)))

    assert world.calls == 0


async def test_a_position_of_another_filter_is_refused():
    """It would show rows of a list that is not asked for."""
    world = build_world()
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("174"), limit=3))

    with pytest.raises(CursorError):
        await world.read(SliceQuery(SUBSCRIBER, in_list("182"), after=found.positions[-1]))
