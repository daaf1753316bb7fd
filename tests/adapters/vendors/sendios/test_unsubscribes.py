"""Slices of opt-outs: every row once, in the vendor's order, whatever its pages do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import SliceQuery
from adapters.errors import (
    CapabilityError,
    CursorError,
    VendorContractError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.sendios.paging import choose_page
from adapters.vendors.sendios.sandbox import SandboxOptions
from tests.adapters.vendors.sendios.world import UNSUBSCRIBE, build_world, ids, scope

OPTIONS = {
    "as printed": SandboxOptions(),
    "oldest first, plain pages": SandboxOptions(newest_first=False, paged_shape="object", since_inclusive=True),
    "small pages": SandboxOptions(page_clamp=7),
    "pages of one": SandboxOptions(page_clamp=1),
    "the last page again": SandboxOptions(beyond="last", page_clamp=30),
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("sizes", [(25,), (26, 51, 3), (1, 100), (1000,)], ids=str)
async def test_every_opt_out_is_read_once_in_the_vendors_order(options: SandboxOptions, sizes: tuple[int, ...]) -> None:
    """A row lost, repeated or misplaced in any page size would show here."""
    world = build_world(options=options)

    found, gaps = await world.read_line(sizes=sizes)

    assert ids(found) == ids(world.opt_outs())
    assert found == world.opt_outs()
    assert gaps == []


async def test_a_page_of_the_graph_costs_one_call() -> None:
    """The next page's first row stands anywhere on the vendor's pages, and still one call is enough."""
    world = build_world()
    after = None
    for _ in range(3):
        found = await world.read(after=after, limit=26)
        after = found.positions[24]
        assert found.calls == 1

    assert len(world.lines) == 3


@pytest.mark.parametrize("offset", [0, 1, 25, 26, 99, 999, 1000, 2503, 12_345, 999_983])
@pytest.mark.parametrize("wanted", [1, 2, 26, 100, 999, 1000, 5000])
def test_chosen_page_holds_the_next_rows(offset: int, wanted: int) -> None:
    """A page beside them would cost a call for nothing."""
    call = choose_page(1, offset, wanted, 1000)
    start = (call.number - 1) * call.size

    assert start <= offset < start + call.size <= start + 1000
    if call.size < 1000:
        assert offset + wanted <= start + call.size


async def test_size_of_the_vendors_pages_is_learnt() -> None:
    """Asking for pages it never gives would cost two calls each time."""
    world = build_world(options=SandboxOptions(page_clamp=30))
    first = await world.read(limit=50)
    world.forget()

    second = await world.read(after=first.positions[-1], limit=10)

    assert len(first.records) == 50
    assert second.calls == len(world.lines) == 1


async def test_end_is_known_without_a_further_call() -> None:
    """The vendor says how many pages there are."""
    world = build_world()
    count = len(world.opt_outs())

    found = await world.read(limit=count)

    assert (found.end, found.calls, len(found.records)) == (True, 1, count)


@pytest.mark.parametrize("shape", ["listed", "object"])
async def test_no_opt_outs_are_an_empty_line(shape: Any) -> None:
    """Nobody has opted out, and that is no failure."""
    found = await build_world(seed=None, options=SandboxOptions(paged_shape=shape)).read()

    assert (found.records, found.end, found.calls) == ((), True, 1)


async def test_people_who_opt_out_meanwhile_repeat_nobody() -> None:
    """New rows stand first and shift all others: the position finds its row again."""
    world = build_world()
    before = world.opt_outs()
    first = await world.read(limit=10)
    for user in [user for user in world.sandbox.store.users if user.opt_out is None][:4]:
        world.sandbox.store.opt_out(user, 9)

    second = await world.read(after=first.positions[-1], limit=10)

    assert ids([*first.records, *second.records][:16]) == ids(before[:16])


async def test_rows_that_come_twice_show_once() -> None:
    """A page that holds a row twice, and one on two pages."""
    world = build_world()
    world.strike("duplicate_rows", count=3)

    found, _ = await world.read_line(sizes=(200,))

    assert ids(found) == ids(world.opt_outs())


async def test_shuffled_and_thinned_pages_show_what_they_hold() -> None:
    """Rows are known by what they hold, never by their place."""
    shuffled, thinned = build_world(), build_world()
    shuffled.strike("shuffled_rows")
    thinned.strike("missing_rows", count=2)

    assert sorted(ids((await shuffled.read_line(sizes=(200,)))[0])) == sorted(ids(shuffled.opt_outs()))
    assert set(ids((await thinned.read_line(sizes=(200,)))[0])) < set(ids(thinned.opt_outs()))


def page(*rows: Any, **more: Any) -> str:
    entry = {"pages": 1, "current_page": 1, "size": 100, "data": list(rows)} | more
    return json.dumps({"_meta": {"status": "SUCCESS"}, "data": entry})


ANNA = {
    "email": "anna@example.net",
    "project_id": 1,
    "client_user_id": 12,
    "source_id": 4,
    "created_at": "2024-05-01 10:00:00",
}
BEN, EVA = {**ANNA, "email": "ben@example.net"}, {**ANNA, "email": "eva@example.net", "more": {"a": 1}}
ODD = {**ANNA, "created_at": "soon"}


async def read_bodies(*bodies: str, limit: int = 25, after: Position | None = None) -> Any:
    world = build_world(seed=None)
    for place, body in enumerate(bodies, 1):
        world.sandbox.faults.add(Fault("json", nth=place, body=body))
    return await world.read(limit=limit, after=after)


@pytest.mark.parametrize(
    "odd", [ODD, {**ANNA, "email": None}, {**ANNA, "project_id": "x"}, {"id": 1}, "text", None, [1], 5], ids=str
)
async def test_row_that_cannot_be_read_is_a_gap_in_its_place(odd: Any) -> None:
    """The sound rows beside it stay, and the caller is told what is missing where."""
    found = await read_bodies(page(ANNA, odd, BEN, EVA))

    assert [record.email for record in found.records] == [row["email"] for row in (ANNA, BEN, EVA)]
    assert [(gap.place, gap.error.reason) for gap in found.gaps] == [(1, "RECORD_UNREADABLE")]
    assert found.records[0].subscriber_ref == "12"


async def test_gap_after_the_last_row_is_told_once() -> None:
    """What stands after the last row comes again with the next page; at the end it is told there."""
    first = await read_bodies(page(ANNA, ODD, BEN), limit=1)
    whole = await read_bodies(page(ANNA, ODD))

    assert (first.gaps, first.end) == ((), False)
    assert [(gap.place, whole.end) for gap in whole.gaps] == [(1, True)]


async def test_gaps_at_which_a_slice_gives_up_come_again() -> None:
    """After some calls a slice returns what it has; told now, a gap would be told twice."""
    rows = [ANNA, *({**ODD, "client_user_id": number} for number in range(20))]
    bodies = [page(row, pages=99, current_page=number, size=1) for number, row in enumerate(rows, 1)]

    found = await read_bodies(*bodies, limit=5)

    assert ([record.email for record in found.records], found.end) == (["anna@example.net"], False)
    assert (found.gaps, found.calls) == ((), 6)


@pytest.mark.parametrize(
    "data",
    [
        [{"pages": 1, "current_page": 1, "size": 100, "data": [ANNA]}],
        [{"pages": "1", "current_page": "1", "size": "100", "data": ANNA}],
        {"pages": 1, "data": {"0": ANNA}},
        {"data": [ANNA]},
        [ANNA],
    ],
    ids=["in a list", "one row by itself", "places as keys", "saying nothing", "bare"],
)
async def test_pages_are_read_in_every_shape(data: Any) -> None:
    """The guide prints a page in a list, with an only row by itself."""
    found = await read_bodies(json.dumps({"_meta": {"status": "SUCCESS"}, "data": data}))

    assert ([record.email for record in found.records], found.end) == (["anna@example.net"], True)


@pytest.mark.parametrize(
    "data", [{}, {"rows": []}, "x", None, 5, {"data": "x"}, {"data": [], "pages": "many"}], ids=str
)
async def test_what_is_no_page_is_an_error(data: Any) -> None:
    """An empty list would say that nobody has opted out."""
    with pytest.raises(VendorContractError):
        await read_bodies(json.dumps({"_meta": {"status": "SUCCESS"}, "data": data}))


async def test_empty_array_is_an_empty_page() -> None:
    """PHP writes nothing as an empty array."""
    found = await read_bodies('{"_meta":{"status":"SUCCESS"},"data":[]}')

    assert (found.records, found.end) == ((), True)


async def test_pages_that_repeat_end_with_an_error() -> None:
    """A vendor that ignores the page's number would be read for ever."""
    bodies = [page(ANNA, BEN, pages=9, current_page=number, size=2) for number in range(1, 9)]

    with pytest.raises(VendorContractError) as caught:
        await read_bodies(*bodies, limit=10)
    assert caught.value.reason == "LINE_REPEATS"


async def test_list_that_knows_no_pages_ends_with_an_error() -> None:
    """The same rows for every page, which says nothing of itself: no reader would ever come to an end."""
    world = build_world(seed=None, max_page=2)
    world.strike("json", body=json.dumps({"_meta": {"status": "SUCCESS"}, "data": [ANNA, BEN]}))
    first = await world.read(limit=2)

    assert not first.end
    with pytest.raises(VendorContractError) as caught:
        await world.read(after=first.positions[-1], limit=2)
    assert caught.value.reason == "LINE_REPEATS"


async def test_another_page_than_was_asked_for_is_an_error() -> None:
    """Its rows stand elsewhere in the line."""
    with pytest.raises(VendorContractError) as caught:
        await read_bodies(page(ANNA, pages=9, current_page=3))

    assert caught.value.reason == "PAGE_OTHER"


async def test_pages_without_a_row_to_show_end_with_an_error() -> None:
    """Pages of rows nobody can read, without an end."""
    bodies = [page({"id": number}, pages=99, current_page=number, size=1) for number in range(1, 60)]

    with pytest.raises(VendorContractError):
        await read_bodies(*bodies, limit=10)


async def test_pages_of_ever_other_sizes_end_with_an_error() -> None:
    """No place in the line could be told."""
    bodies = [page(ANNA, pages=99, current_page=number, size=size) for number, size in ((2, 9), (3, 8), (4, 7), (5, 6))]

    with pytest.raises(VendorContractError):
        await read_bodies(*bodies, after=Position((30, "m")), limit=20)


@pytest.mark.parametrize("kind", ["html", "empty", "truncate"])
async def test_bad_bodies_are_errors(kind: str) -> None:
    """A maintenance page is no empty list."""
    world = build_world()
    world.strike(kind)

    with pytest.raises(VendorContractError):
        await world.read()


async def test_wrong_key_in_mid_line_is_an_error() -> None:
    """What was read before stays with the caller; nothing is made up for the rest."""
    world = build_world()
    first = await world.read()
    world.strike("status", status=400)

    with pytest.raises(VendorRejectedError):
        await world.read(after=first.positions[-1])


async def test_vendor_that_is_down_is_told_after_three_tries() -> None:
    """A read is sent again."""
    world = build_world()
    world.strike("status", status=502)

    with pytest.raises(VendorUnavailableError):
        await world.read()
    assert len(world.lines) == 3


@pytest.mark.parametrize(
    "parts", [(), (1,), ("x", "m"), (0, "m"), (-1, "m"), (True, "m"), (1.0, "m"), (1, 2), (10**12, "m"), (1, "m" * 99)]
)
async def test_foreign_positions_are_refused(parts: tuple[Any, ...]) -> None:
    """A cursor of another list must not become a number of rows."""
    world = build_world()

    with pytest.raises(CursorError):
        await world.read(after=Position(parts))
    assert world.lines == []


@pytest.mark.parametrize("order", [Order("occurred_at"), Order(descending=True)])
async def test_other_orders_are_refused(order: Order) -> None:
    """The list has an order of its own, and nobody says which."""
    with pytest.raises(CapabilityError):
        await build_world().adapter.fetch_slice(SliceQuery(UNSUBSCRIBE, order=order), scope())


@pytest.mark.parametrize("entity", [Entity.SUBSCRIBER, Entity.MESSAGE, Entity.LIST])
async def test_other_records_are_not_listed(entity: Entity) -> None:
    """Refused before any call, also where somebody asks past the capability."""
    world = build_world()

    with pytest.raises(CapabilityError):
        await world.adapter.fetch_slice(SliceQuery(entity), scope())
    with pytest.raises(CapabilityError):
        world.adapter.plan_slice(SliceQuery(entity))
    assert world.lines == []


def test_first_call_can_be_planned() -> None:
    """`explain` shows the call that would be made, with what it carries."""
    since = And((Comparison("occurred_at", Op.GTE, datetime(2018, 6, 10, tzinfo=UTC)),))
    adapter = build_world(seed=None).adapter
    narrow, wide = adapter.plan_slice(SliceQuery(UNSUBSCRIBE, since)), adapter.plan_slice(SliceQuery(UNSUBSCRIBE))

    assert (narrow.url, narrow.pushed) == ("/v1/unsub/list/1528588799/1?page_size=25", ("since 1528588799",))
    assert (wide.url, wide.pushed) == ("/v1/unsub/list/1/1?page_size=25", ())


async def test_zone_of_the_source_moves_the_times() -> None:
    """The vendor's times say no zone; the bound that is sent is a moment all the same."""
    world = build_world(timezone="Europe/Kyiv")
    (record,) = [each for each in (await world.read(limit=1000)).records if each.email == "jo23lu56@gmail.com"]

    assert record.occurred_at == datetime(2018, 2, 27, 18, 31, 45, tzinfo=UTC)
