"""Pages where the vendor cuts its replies: nobody is hidden, and how often it is looked behind the last row."""

import asyncio
from dataclasses import replace

import pytest

from adapters.contract import ChildrenQuery, Slice, SliceQuery
from adapters.errors import VendorContractError, VendorError
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.paging import NOT_FULL
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.slice_world import BY_EMAIL, BY_STATE, BY_TIME, people, second
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, ids, read_line, scope


@pytest.mark.parametrize("order", [Order(), BY_EMAIL, BY_STATE, BY_TIME, BY_TIME.reversed()], ids=str)
@pytest.mark.parametrize("max_page", [1000, None], ids=["stated", "unstated"])
@pytest.mark.parametrize("clamp", [1, 7, 19, 37, 59])
async def test_server_that_cuts_replies_hides_nobody(order: Order, max_page: int | None, clamp: int) -> None:
    """A server's own page size is documented nowhere; a short reply is not the end."""
    world = build_world(
        people(60, state=lambda number: "ABC"[number % 3], unsubscribed=lambda number: second(number % 7)),
        options=SandboxOptions(page_clamp=clamp),
        max_page=max_page,
    )

    found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=order), [25])

    assert sorted(ids(found)) == list(range(1, 61))


async def test_reply_full_of_repeated_rows_is_not_the_end() -> None:
    """Three rows, one of them twice, fill a reply of three; the rows behind them still exist."""
    world = build_world(people(9))
    world.sandbox.faults.add(Fault("json", body=b'[{"id":1},{"id":2},{"id":2}]', nth=2))

    await world.read(SliceQuery(SUBSCRIBER, limit=5))
    found = await world.read(SliceQuery(SUBSCRIBER, limit=2))

    assert ids(found.records) == [1, 2]
    assert not found.end


async def test_server_said_to_fill_its_pages_is_not_asked_behind_the_last_row() -> None:
    """Every small account would pay two calls for one, although its operator knows the server."""
    world = build_world(people(35), full_pages=True)

    found = await world.read(SliceQuery(SUBSCRIBER, limit=50))

    assert (found.end, found.calls) == (True, 1)


async def test_server_said_to_fill_its_pages_is_doubted_at_a_usual_size() -> None:
    """A hundred rows of two hundred are rather a setting of the server than all there is."""
    world = build_world(people(150), options=SandboxOptions(page_clamp=100), full_pages=True)

    found = await world.read(SliceQuery(SUBSCRIBER, limit=200))

    assert (len(found.records), found.end) == (150, True)


async def test_server_wrongly_said_to_fill_its_pages_is_found_out_by_a_look_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At a cut that is not usual rows would go missing as long as the process lives."""
    world = build_world(people(60), options=SandboxOptions(page_clamp=37), full_pages=True)
    before = await world.read(SliceQuery(SUBSCRIBER, limit=50))
    spent = scope()

    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, [str(number) for number in range(1, 61)], spent, parts=frozenset(), purpose="test"
    )
    after = await world.read(SliceQuery(SUBSCRIBER, limit=100))

    assert (len(before.records), before.end) == (37, True), "nothing can tell so far"
    assert None not in found.values()
    assert [NOT_FULL in call.reasons for call in spent.calls] == [False, True]
    assert [record.message for record in caplog.records] == [f"source retail: {NOT_FULL}"]
    assert (len(after.records), after.end) == (60, True)


async def test_end_at_the_size_of_the_largest_reply_is_looked_behind_every_time() -> None:
    """Remembered as an end, it would hide the rows behind a cut at that very number."""
    world = build_world(people(20, state=lambda number: "AB"[number > 6]), options=SandboxOptions(page_clamp=6))
    in_state = {state: And((Comparison("state", Op.EQ, state),)) for state in "AB"}
    await world.read(SliceQuery(SUBSCRIBER, in_state["A"], limit=50))

    found = await world.read(SliceQuery(SUBSCRIBER, in_state["B"], limit=50))

    assert (len(found.records), found.end) == (14, True)


@pytest.mark.parametrize("limit", [5, 34])
async def test_page_whose_rows_are_all_there_is_never_looked_behind(limit: int) -> None:
    """Most pages are not the last: they must not pay for those that are."""
    world = build_world(people(35))

    found = await world.read(SliceQuery(SUBSCRIBER, limit=limit))

    assert (len(found.records), found.end, found.calls) == (limit, False, 1)


@pytest.mark.parametrize(("order", "calls"), [(Order(), 2), (BY_STATE, 4), (BY_STATE.reversed(), 3)], ids=str)
async def test_what_looking_behind_the_last_row_costs(order: Order, calls: int) -> None:
    """In the order of a value the last value's rows, what stands past them and the rows without one are asked for."""
    world = build_world(people(35, state=lambda number: "ABC"[number % 3]))

    found = await world.read(SliceQuery(SUBSCRIBER, order=order, limit=50))

    assert (len(found.records), found.end, found.calls) == (35, True, calls)


async def test_end_is_believed_once_a_larger_reply_was_seen() -> None:
    """Without memory every last page would cost one more call for ever."""
    world = build_world(people(35), max_page=None)

    found = await world.read(SliceQuery(SUBSCRIBER, limit=50))

    assert (found.end, found.calls) == (True, 2)
    found = await world.read(SliceQuery(SUBSCRIBER, after=Position(("30",)), limit=50))
    assert (found.end, found.calls) == (True, 1)


async def test_cut_of_one_resource_is_not_told_by_replies_of_another() -> None:
    """A server that gives a hundred people and only twenty campaigns would hide the other forty."""
    campaigns = [{"id": number, "name": f"campaign {number}"} for number in range(1, 61)]
    world = build_world({**people(101), "campaign": campaigns}, max_page=None)
    world.sandbox.faults.add(Fault("clamp", match="campaign/", count=20))
    await world.read(SliceQuery(SUBSCRIBER, limit=101))

    found, _ = await read_line(world, SliceQuery(Entity.CAMPAIGN), [60])

    assert list(range(1, 61)) == ids(found)


@pytest.mark.parametrize("order", [Order(), Order(descending=True), BY_EMAIL, BY_STATE], ids=str)
async def test_page_of_large_rows_is_read_in_smaller_replies(order: Order) -> None:
    """Twelve kilobytes a person make eight hundred people more than one reply may hold; that must not end the page."""
    world = build_world(people(300, state=lambda number: "AB"[number % 2]), max_body_bytes=1_000_000)
    world.sandbox.faults.add(Fault("extra_field", field="picture", value="x" * 12_000))

    found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=order), [200])

    assert sorted(ids(found)) == list(range(1, 301))


async def test_size_of_large_rows_is_remembered() -> None:
    """Every page would first ask for too much, and wait for it."""
    world = build_world(people(300), max_body_bytes=1_000_000)
    world.sandbox.faults.add(Fault("extra_field", field="picture", value="x" * 12_000))
    await world.read(SliceQuery(SUBSCRIBER, limit=200))
    world.forget()

    await world.read(SliceQuery(SUBSCRIBER, limit=200))

    assert world.calls == 4
    assert all("limit=50" in query for query in world.queries)


async def test_one_row_that_is_too_large_is_said_so() -> None:
    """Halving must end where nothing is left to halve."""
    world = build_world(people(3), max_body_bytes=10_000)
    world.sandbox.faults.add(Fault("extra_field", field="picture", value="x" * 12_000))

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(SUBSCRIBER, limit=3))

    assert (caught.value.reason, world.calls) == ("BODY_TOO_LARGE", 2)


async def test_page_larger_than_a_reply_is_filled() -> None:
    """A page of 100 from a server that gives 30 is still a page of 100."""
    world = build_world(people(150), max_page=30)

    found = await world.read(SliceQuery(SUBSCRIBER, limit=100))

    assert list(range(1, 101)) == ids(found.records)
    assert not found.end
    assert found.calls == 4
    assert all("limit=30" in query or "limit=10" in query for query in world.queries)


async def test_page_that_would_take_too_many_calls_is_cut() -> None:
    """A page may not eat the whole budget of a request; it says that more follows."""
    world = build_world(people(50), max_page=5)

    found = await world.read(SliceQuery(SUBSCRIBER, limit=40))

    assert list(range(1, 31)) == ids(found.records)
    assert not found.end
    assert found.calls == 6


MEMBERS = ChildrenQuery(SUBSCRIBER, "memberships.list_id", tuple(map(str, range(1, 21))), limit=30)


def build_lists() -> World:
    """Twenty lists on a fresh server, the first with one member, the last with twenty."""
    rows = [{"id": n, "lists": [{"list_id": number} for number in range(n, 21)]} for n in range(1, 21)]
    return build_world({"subscriber": rows})


async def test_of_replies_side_by_side_only_the_largest_is_looked_behind() -> None:
    """A page of records with a feed each would pay two calls for each, just after every start."""
    world = build_lists()
    world.sandbox.faults.add(Fault("delay", match="list_id-eq-20", seconds=0.1))
    world.sandbox.faults.add(Fault("delay", match="list_id-eq", seconds=0.02))

    found = await world.adapter.fetch_children(MEMBERS, scope())

    assert [len(found[str(number)].records) for number in range(1, 21)] == list(range(1, 21))
    assert all(isinstance(slice_, Slice) and slice_.end for slice_ in found.values())
    assert world.calls == 20 + 1
    assert await world.adapter.fetch_children(MEMBERS, scope()) == found
    assert world.calls == 20 + 1 + 20 + 1


async def test_reply_in_doubt_does_not_hang_on_one_that_fails() -> None:
    """One list that cannot be read must not take the others along."""
    world = build_lists()
    world.sandbox.faults.add(Fault("reset", match="list_id-eq-20"))

    found = await world.adapter.fetch_children(MEMBERS, scope())

    assert isinstance(found["20"], VendorError)
    assert all(isinstance(found[str(number)], Slice) for number in range(1, 20))


async def test_operations_do_not_wait_for_each_other() -> None:
    """A slow answer to somebody else would hold up everybody."""
    world = build_lists()
    world.sandbox.faults.add(Fault("hang", match="list_id-eq-20", seconds=30))
    slow = asyncio.create_task(world.adapter.fetch_children(replace(MEMBERS, parents=("20",)), scope()))
    await asyncio.sleep(0.05)
    other = replace(scope(), operation_id="other")

    found = await asyncio.wait_for(world.adapter.fetch_children(replace(MEMBERS, parents=("3",)), other), 5)

    slow.cancel()
    assert isinstance(found["3"], Slice)
