"""A vendor that misbehaves: the right rows or the right code, never a neighbour's row."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import PersonQuery, SliceQuery
from adapters.errors import (
    VendorAuthError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorUnavailableError,
)
from adapters.filters.order import Position
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Record
from adapters.sandbox import Fault
from tests.adapters.vendors.talon_one.world import (
    AUDIENCE,
    CUSTOMER,
    World,
    build_settings,
    build_world,
    read_line,
    scope,
)

AUDIENCES = SliceQuery(AUDIENCE, limit=10)
CUSTOMERS = SliceQuery(CUSTOMER, limit=10)


def ids_of(records: Any) -> list[str]:
    return [record.id for record in records]


async def load(world: World, *ids: str) -> Any:
    return await world.adapter.fetch_by_ids(CUSTOMER, ids, scope(), parts=frozenset(), purpose="test")


@pytest.mark.parametrize("key", ["wrong", "sandbox-integration-key"])
async def test_a_wrong_key_is_the_operators_to_mend(key: str) -> None:
    """An expired key must not pass for an account without audiences; the key is never shown."""
    world = build_world(management={"key": key})

    with pytest.raises(VendorAuthError) as caught:
        await world.read(AUDIENCES)

    assert key not in f"{caught.value.message} {caught.value.vendor_message}"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("status", status=403), VendorAuthError),
        (Fault("status", status=429), VendorRateLimitedError),
        (Fault("status", status=500), VendorUnavailableError),
        (Fault("html"), VendorContractError),
        (Fault("empty"), VendorContractError),
        (Fault("truncate"), VendorContractError),
        (Fault("redirect", location="https://login.example.com/"), VendorContractError),
        (Fault("json", body='{"message":"x","StatusCode":"403"}'), VendorAuthError),
        (Fault("json", body="[]"), VendorContractError),
        (Fault("json", body='{"data":"none","hasMore":false}'), VendorContractError),
        (Fault("huge", size_bytes=6_000_000), VendorContractError),
    ],
    ids=lambda each: each.kind if isinstance(each, Fault) else "",
)
@pytest.mark.parametrize("query", [AUDIENCES, CUSTOMERS], ids=["audiences", "customers"])
async def test_a_broken_answer_is_an_error(world: World, query: SliceQuery, fault: Fault, kind: type) -> None:
    """A failure is never an empty list."""
    world.sandbox.faults.add(fault)

    with pytest.raises(VendorError) as caught:
        await world.read(query)

    assert isinstance(caught.value, kind)


async def test_rows_in_any_order_answer_their_own_keys(world: World) -> None:
    """Matched by place, everybody would be somebody else."""
    ids = [record.id for record in world.customers()[:40]]
    known = {record.id: record for record in world.customers()}
    world.sandbox.faults.add(Fault("shuffled_rows"), Fault("duplicate_rows", count=5), Fault("missing_rows", count=3))

    found = await load(world, *ids)

    missing = [key for key in ids if found[key] is None]
    assert len(missing) <= 3
    assert all(found[key] == known[key] for key in ids if key not in missing)


async def test_rows_nobody_asked_for_are_passed_over(world: World) -> None:
    """A vendor that ignores a search's body would otherwise hand out the first people of the account."""
    row = world.sandbox.store.show_profile(world.sandbox.store.find_profile(40))
    body = {"hasMore": False, "data": [row]}
    world.sandbox.faults.add(Fault("json", body=_dump(body)))

    assert await load(world, "crm-000001") == {"crm-000001": None}
    assert await world.adapter.fetch_people(PersonQuery(email="a@example.com"), scope(), purpose="") == ()
    values = await world.adapter.fetch_by_values(
        CUSTOMER, "email", ["a@example.com"], scope(), parts=frozenset(), purpose=""
    )
    assert values == {"a@example.com": ()}


def _dump(value: Any) -> bytes:
    import orjson

    return orjson.dumps(value)


async def test_repeated_rows_are_shown_once(world: World) -> None:
    """A page with the same person twice is a page with one person fewer."""
    world.sandbox.faults.add(Fault("duplicate_rows", count=4))

    found = await world.read(CUSTOMERS)

    assert ids_of(found.records) == ids_of(world.customers()[:10])
    assert found.positions[-1].parts[0] == 10


async def test_short_pages_are_read_on(world: World) -> None:
    """A vendor may give fewer rows than were asked for; what it says of more rows counts."""
    world.sandbox.faults.add(Fault("clamp", count=3))

    records = [*(await world.read(CUSTOMERS)).records]
    assert ids_of(records) == ids_of(world.customers()[:3])
    following = await world.read(replace(CUSTOMERS, after=Position((3, records[-1].id))))
    assert ids_of(following.records) == ids_of(world.customers()[3:6])
    assert not following.end


@pytest.mark.parametrize("entity", [AUDIENCE, CUSTOMER])
async def test_pages_that_bring_nothing_new_end(world: World, entity: Any) -> None:
    """A vendor that ignores where a page begins would be asked for ever."""
    first = await world.read(SliceQuery(entity, limit=4))
    rows = [_show(world, record) for record in first.records]
    world.sandbox.faults.add(Fault("json", body=_dump({"hasMore": True, "data": rows})))

    with pytest.raises(VendorContractError) as caught:
        await read_line(world, SliceQuery(entity), (4,))

    assert caught.value.reason == "LINE_ENDLESS"
    assert len(world.lines) < 10


@pytest.mark.parametrize("body", [b'{"hasMore":true,"data":[]}', b'{"data":[],"totalResultSize":9}'])
async def test_an_empty_page_before_the_end_is_an_error(world: World, body: bytes) -> None:
    """The vendor says that more follows and gives nothing: neither an end nor a page."""
    world.sandbox.faults.add(Fault("json", body=body))

    with pytest.raises(VendorContractError):
        await world.read(AUDIENCES)
    found = await world.adapter.fetch_by_ids(AUDIENCE, ["1"], scope(), parts=frozenset(), purpose="")
    assert isinstance(found["1"], VendorContractError)


def _show(world: World, record: Record) -> dict[str, Any]:
    store = world.sandbox.store
    if isinstance(record.id, str) and record.entity is AUDIENCE:
        return store.show_audience(store.find_audience(int(record.id)))
    return store.show_profile(store.profiles[False, record.id])


@pytest.mark.parametrize(
    ("name", "value"),
    [("attributes", "none"), ("created", "soon"), ("audienceMemberships", [{"name": "x"}]), ("totalSales", {})],
)
async def test_a_row_that_cannot_be_read_is_a_gap(world: World, name: str, value: Any) -> None:
    """One broken profile must not hide the others, nor pass unseen."""
    world.sandbox.faults.add(Fault("retyped_field", field=name, value=value, only=(3, 5)))
    known = world.customers()

    found = await world.read(CUSTOMERS)
    loaded = await load(world, known[1].id, known[2].id)

    assert ids_of(found.records) == [record.id for place, record in enumerate(known[:10]) if place not in {2, 4}]
    assert [gap.place for gap in found.gaps] == [2, 3]
    assert "customer profile 3" in found.gaps[0].error.message
    assert known[2].id not in found.gaps[0].error.message
    assert loaded[known[1].id] == known[1]
    assert isinstance(loaded[known[2].id], VendorContractError)


async def test_a_row_without_its_key_leaves_nobody_missing_for_certain(world: World) -> None:
    """Perhaps it was the one that is looked for: nobody may be told that it does not exist."""
    known = world.customers()
    world.sandbox.faults.add(Fault("missing_field", field="integrationId", only=(3,)))

    loaded = await load(world, known[1].id, known[2].id)

    assert loaded[known[1].id] == known[1]
    assert isinstance(loaded[known[2].id], VendorContractError)


async def test_gaps_at_the_end_are_told_once(world: World) -> None:
    """What stands behind the last row is read again with the next page, and told there."""
    world.sandbox.faults.add(Fault("retyped_field", field="name", value=[], only=(10, 32)))

    first = await world.read(AUDIENCES)
    last = await world.read(replace(AUDIENCES, after=Position((29, "29"))))

    assert (ids_of(first.records), first.gaps, first.end) == ([str(each) for each in range(1, 10)], (), False)
    assert (ids_of(last.records), [gap.place for gap in last.gaps], last.end) == (["30", "31"], [2], True)


async def test_pages_too_long_for_one_reply_are_halved() -> None:
    """Profiles with much in them must not make a page unreadable."""
    world = build_world(max_body_bytes=20_000)

    found = await world.read(replace(CUSTOMERS, limit=200))

    assert 0 < len(found.records) < 200
    assert ids_of(found.records) == ids_of(world.customers()[: len(found.records)])
    before = len(world.lines)
    await world.read(replace(CUSTOMERS, limit=200, after=found.positions[-1]))
    assert len(world.lines) == before + 1  # what was learnt is kept


async def test_more_columns_than_documented_change_nothing(world: World) -> None:
    """Vendors add fields without asking."""
    world.sandbox.faults.add(Fault("extra_field", field="vip", value={"since": 1}))

    assert list((await world.read(CUSTOMERS)).records) == world.customers()[:10]


@pytest.mark.parametrize(
    ("name", "value"), [("sandbox", "false"), ("attributes", []), ("accountId", "31"), ("audienceMemberships", None)]
)
async def test_values_in_other_forms_are_read(world: World, name: str, value: Any) -> None:
    """Numbers and flags as texts, an empty object as `[]`: still the same people."""
    world.sandbox.faults.add(Fault("retyped_field", field=name, value=value))

    found = await world.read(CUSTOMERS)

    assert (ids_of(found.records), found.gaps) == (ids_of(world.customers()[:10]), ())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"audienceId": "2", "membersCount": "7"}, {"audienceId": 9, "membersCount": 1}], {"2": 7}),
        ([{"audienceId": 2, "membersCount": 7}, {"audienceId": 2, "membersCount": 8}], {"2": 7}),
        ([{"audienceId": 2}], {"2": None}),
        ([], {}),
    ],
)
async def test_sizes_are_told_apart_by_audience(world: World, rows: list[Any], expected: dict[str, Any]) -> None:
    """A size of another audience is a wrong number on a page a budget is planned by."""
    world.sandbox.faults.add(Fault("json", body=_dump({"data": rows})))

    assert await world.adapter.fetch_parts(AUDIENCE, "size", ["1", "2"], scope(), purpose="") == expected


async def test_sizes_that_cannot_be_read_fail_what_they_may_be_of(world: World) -> None:
    """A size without its audience may be anybody's that is missing, and nobody's that is there."""
    rows = [{"audienceId": 1, "membersCount": "many"}, {"audienceId": None, "membersCount": 3}]
    rows += [{"audienceId": 3, "membersCount": 4}]
    world.sandbox.faults.add(Fault("json", body=_dump({"data": rows})))

    found = await world.adapter.fetch_parts(AUDIENCE, "size", ["1", "2", "3"], scope(), purpose="")

    assert found["3"] == 4
    assert isinstance(found["1"], VendorContractError)
    assert isinstance(found["2"], VendorContractError)


async def test_an_attribute_the_account_lacks_is_named() -> None:
    """A misspelt attribute must not pass for a person nobody knows, and the person is not told to a log."""
    world = build_world(attributes={"email": "EMail"})
    query = SliceQuery(CUSTOMER, And((Comparison("email", Op.EQ, "me@example.com"),)))

    with pytest.raises(VendorError) as caught:
        await world.read(query)

    assert caught.value.vendor_message == "The submitted data was invalid; Unknown at /attributes/EMail"
    assert "me@example.com" not in world.adapter.plan_slice(query).url


async def test_secrets_are_in_no_plan_and_no_error(world: World) -> None:
    """What is logged of a call must hold neither key."""
    request = scope()
    world.sandbox.faults.add(Fault("status", status=401, times=1))

    with pytest.raises(VendorAuthError) as caught:
        await world.adapter.fetch_slice(AUDIENCES, request)
    await world.adapter.fetch_slice(AUDIENCES, request)

    told = f"{caught.value.__dict__} {request.calls} {build_settings()}"
    assert "sandbox-management-key" not in told
    assert "sandbox-cdp-key" not in told
