"""Pages that shift, repeat, lack rows or never end: no row is lost unseen, shown twice in a slice, or read for ever."""

from datetime import timedelta

import pytest

from adapters.contract import FIELD_TYPES, PersonQuery, Slice, SliceQuery
from adapters.errors import BudgetExceededError, VendorContractError
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import Entity, Record
from adapters.sandbox import Fault
from adapters.vendors.taximail.sandbox import Sandbox, SandboxOptions
from tests.adapters.vendors.taximail.account import JOINED, build_account
from tests.adapters.vendors.taximail.world import SUBSCRIBER, World, build_world, ids, read_line, scope

ONE: Filter = And((Some("memberships", Comparison("list_id", Op.EQ, "314")),))


def crowd(count: int, **options: object) -> Sandbox:
    """List 314 with so many contacts, one a minute."""
    sandbox = build_account(**options)
    mail_list = sandbox.store.lists[314]
    mail_list.contacts.clear()
    for number in range(count):
        mail_list.add(f"p{number:04}@example.com", JOINED + timedelta(minutes=number))
    return sandbox


def join(world: World, count: int, *, early: bool) -> None:
    """Let more people join, before all others or after them."""
    for number in range(count):
        moment = JOINED + timedelta(days=-1 if early else 365, minutes=number)
        world.sandbox.store.lists[314].add(f"new{number}.{early}@example.com", moment)


def every(count: int) -> list[str]:
    """The ids of a crowd."""
    return [f"314/{number}" for number in range(1, count + 1)]


async def read(world: World, limit: int, after: Slice | None = None) -> Slice:
    """Read a slice of the list, behind another one."""
    position = after.positions[-1] if after else None
    return await world.read(SliceQuery(SUBSCRIBER, ONE, limit=limit, after=position))


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 35])
@pytest.mark.parametrize("countless", [False, True], ids=["counts", "no counts"])
async def test_a_line_ends_where_its_rows_do(count, countless):
    """Also where the last page is full, and where the vendor does not count."""
    world = build_world(crowd(count, countless=countless), max_page=10)

    records = await read_line(world, SliceQuery(SUBSCRIBER, ONE), (4, 100))

    assert ids(records) == every(count)


@pytest.mark.parametrize(("count", "pages"), [(10, 1), (20, 2), (25, 3)])
async def test_a_count_saves_the_call_that_looks_behind_the_last_page(count, pages):
    """The vendor says how many there are."""
    world = build_world(crowd(count), max_page=10)

    found = await read(world, 100)

    assert (found.calls, found.end) == (pages, True)


async def test_rows_that_come_between_pages_repeat_none_in_a_slice_and_hide_none():
    """A row pushed onto the next page is known there."""
    world = build_world(crowd(30), max_page=10)
    first = await read(world, 10)
    join(world, 3, early=True)

    rest = await read(world, 100, first)

    assert ids(first.records) == every(10)
    assert ids(rest.records) == every(30)[10:]


async def test_rows_that_come_within_a_page_do_not_shift_what_follows():
    """The last row taken tells where to go on, not its old place."""
    world = build_world(crowd(30), max_page=10)
    first = await read(world, 4)
    join(world, 3, early=True)

    rest = await read(world, 100, first)

    assert ids(rest.records) == every(30)[4:]


async def test_rows_that_go_within_a_page_hide_no_other():
    """Likewise when rows before the place were deleted."""
    world = build_world(crowd(30), max_page=10)
    first = await read(world, 6)
    for number in (1, 2, 3):
        del world.sandbox.store.lists[314].contacts[number]

    rest = await read(world, 100, first)

    assert ids(rest.records) == every(30)[6:]


async def test_rows_that_come_at_the_end_are_read_too():
    """The order is by joining: that is where new ones stand."""
    world = build_world(crowd(30), max_page=10)
    first = await read(world, 25)
    join(world, 3, early=False)

    rest = await read(world, 100, first)

    assert ids(rest.records) == [*every(30)[25:], "314/31", "314/32", "314/33"]


@pytest.mark.parametrize("limit", [3, 10, 11, 100])
async def test_rows_sent_twice_are_shown_once(limit):
    """In a page, and where a slice ends inside it."""
    world = build_world(crowd(25), max_page=10)
    world.sandbox.faults.add(Fault("duplicate_rows", match="subscribers", count=4))

    records = await read_line(world, SliceQuery(SUBSCRIBER, ONE), (limit,))

    assert ids(records) == every(25)


async def test_rows_that_are_not_sent_though_counted_are_told():
    """A page that lacks rows looks whole otherwise."""
    world = build_world(crowd(25), max_page=10)
    world.sandbox.faults.add(Fault("missing_rows", match="subscribers"))

    found = await read(world, 100)

    assert len(found.records) == 22
    assert [(gap.error.reason, gap.place) for gap in found.gaps] == [("ROWS_MISSING", 22)]
    assert found.end


async def test_a_vendor_whose_pages_are_smaller_than_asked_for_is_read_to_its_end():
    """A server may know a smaller largest page."""
    world = build_world(crowd(25), max_page=20)
    world.sandbox.faults.add(Fault("clamp", match="subscribers", count=10))

    found = await read(world, 100)

    assert len(found.records) == 15
    assert [gap.error.reason for gap in found.gaps] == ["ROWS_MISSING"]


async def test_shuffled_rows_are_each_shown_once():
    """Rows are known by their ids."""
    world = build_world(crowd(25), max_page=10)
    world.sandbox.faults.add(Fault("shuffled_rows", match="subscribers"))

    records = await read_line(world, SliceQuery(SUBSCRIBER, ONE), (7,))

    assert sorted(ids(records)) == sorted(every(25))


@pytest.mark.parametrize("limit", [10, 15, 100])
async def test_a_page_that_repeats_is_an_error_and_no_loop(limit):
    """A server that ignores the page number would otherwise be read until its count is full."""
    world = build_world(crowd(35), max_page=10)
    _ignore_page_numbers(world)

    with pytest.raises(VendorContractError) as caught:
        await read_line(world, SliceQuery(SUBSCRIBER, ONE), (limit,))

    assert caught.value.reason == "PAGE_REPEATED"
    assert world.calls <= 4


def _ignore_page_numbers(world: World) -> None:
    """Answer every page with the first one."""
    app, answer = world.sandbox.app, world.sandbox.app._answer

    def first_page(request):
        from dataclasses import replace

        pages = [part for part in request.raw_query.split(b"&") if not part.startswith(b"page=")]
        return answer(replace(request, raw_query=b"&".join(pages)))

    app._answer = first_page


async def test_a_vendor_that_counts_without_end_is_stopped_by_the_budget():
    """Nothing reads more calls than an operation may make."""
    world = build_world(crowd(0), max_page=10)
    body = '{"status":"success","code":200,"data":{"list_subscriber":[%s],"subscriber_filter_count":99999}}'
    for page in range(1, 20):
        rows = ",".join(f'{{"subscriber_id":{page * 100 + place},"email":"a@b.c"}}' for place in range(10))
        world.sandbox.faults.add(Fault("json", match=f"page={page}&", body=body % rows))

    with pytest.raises(BudgetExceededError):
        await world.adapter.fetch_slice(SliceQuery(SUBSCRIBER, ONE, limit=1000), scope(max_calls=15))


async def test_an_unreadable_row_is_a_gap_in_its_place():
    """The rest of the page is sound."""
    world = build_world(crowd(5))
    body = (
        '{"status":"success","code":200,"data":{"list_subscriber":['
        '{"subscriber_id":1,"email":"a@b.c"},{"subscriber_id":"x","email":"x@b.c"},'
        '{"subscriber_id":3,"email":"c@b.c","subscription_date":"yesterday"},17,'
        '{"subscriber_id":5,"email":"e@b.c"},{"subscriber_id":6,"email":["f"]}],"subscriber_filter_count":"6"}}'
    )
    world.sandbox.faults.add(Fault("json", match="subscribers", body=body))

    found = await read(world, 100)
    first = await read(world, 1)
    second = await read(world, 1, first)

    assert ids(found.records) == ["314/1", "314/5"]
    assert [gap.place for gap in found.gaps] == [1, 1, 1, 2]
    assert {gap.error.reason for gap in found.gaps} == {"RECORD_UNREADABLE"}
    assert "x@b.c" not in str([gap.error.message for gap in found.gaps])
    assert (ids(first.records), first.gaps) == (["314/1"], ())
    assert (ids(second.records), [gap.place for gap in second.gaps]) == (["314/5"], [0, 0, 0])


@pytest.mark.parametrize(
    "fault",
    [
        Fault("retyped_field", match="GET /v2/list?", field="list_id", value=None),
        Fault("missing_rows", match="GET /v2/list?"),
    ],
    ids=["no id", "counted but not sent"],
)
async def test_a_list_that_cannot_be_found_out_is_told(fault):
    """Its contacts would be left out without a word, and a person in it would be nobody."""
    world = build_world(crowd(5))
    world.sandbox.faults.add(fault)

    found = await world.read(SliceQuery(SUBSCRIBER))
    loaded = await world.adapter.fetch_by_ids(Entity.LIST, ["314"], scope(), parts=frozenset(), purpose="")

    assert (found.records, found.end, len(found.gaps)) == ((), True, 1)
    assert isinstance(loaded["314"], VendorContractError)
    with pytest.raises(VendorContractError):
        await world.adapter.fetch_people(PersonQuery(email="p0001@example.com"), scope(), purpose="")


async def test_a_list_with_an_unreadable_name_is_still_walked():
    """Only its own record suffers."""
    world = build_world(crowd(5))
    world.sandbox.faults.add(Fault("retyped_field", match="GET /v2/list?", field="created_date", value="soon"))

    contacts, lists = await world.read(SliceQuery(SUBSCRIBER)), await world.read(SliceQuery(Entity.LIST))

    assert ids(contacts.records) == every(5)
    assert (lists.records, len(lists.gaps)) == ((), 1)


async def test_a_list_deleted_in_mid_walk_is_passed_over():
    """The next one follows."""
    sandbox = crowd(5)
    later = sandbox.store.add_list("Later", JOINED, 400)
    later.add("z@example.com", JOINED)
    world = build_world(sandbox)
    first = await world.read(SliceQuery(SUBSCRIBER, limit=3))
    del sandbox.store.lists[314]

    rest = await world.read(SliceQuery(SUBSCRIBER, limit=10, after=first.positions[-1]))

    assert (ids(rest.records), rest.end) == (["400/1"], True)


@pytest.mark.parametrize(
    "options",
    [
        SandboxOptions(numbers_as_text=True, code_as_text=True),
        SandboxOptions(errors_in_200=True),
        SandboxOptions(countless=True),
        SandboxOptions(session_calls=3),
        SandboxOptions(most_rows=9, session_calls=1),
    ],
    ids=["numbers as text", "errors in 200", "no counts", "short sessions", "few rows a page"],
)
async def test_whatever_the_documents_leave_open_the_rows_are_right(options):
    """The same account read under every choice; pages that are cut short lose rows, which is told."""
    world = build_world(options=options)

    if options.most_rows == 100:
        assert await read_line(world, SliceQuery(SUBSCRIBER), (60,)) == world.contacts()
    else:
        found = await world.read(SliceQuery(SUBSCRIBER, ONE, limit=1000))
        assert {gap.error.reason for gap in found.gaps} == {"ROWS_MISSING"}


@pytest.mark.parametrize("parts", [frozenset(), frozenset({FIELD_TYPES})], ids=["bare", "with types"])
async def test_the_slices_of_a_request_read_no_page_twice(parts):
    """A slice that ends inside a page would pay for the whole page again, and a scan's budget would end with it."""
    world = build_world(crowd(35), max_page=10)
    request, after, calls = scope(), None, 0
    records: list[Record] = []
    for limit in (3, 4, 7, 30):
        query = SliceQuery(SUBSCRIBER, limit=limit, after=after, parts=parts)
        found = await world.adapter.fetch_slice(query, request)
        after, calls, records = found.positions[-1], calls + found.calls, [*records, *found.records]

    assert ids(records) == every(35)
    assert len(set(world.queries)) == len(world.queries) == calls
    assert world.calls == 1 + 4 + len(parts)


async def test_another_request_reads_a_page_anew():
    """What one request has seen is no answer for the next one."""
    world = build_world(crowd(5), max_page=10)
    for _ in range(2):
        await read(world, 2)

    assert world.calls == 2
