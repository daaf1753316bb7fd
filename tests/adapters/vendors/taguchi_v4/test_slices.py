"""Pages of a line: what they cost, where rows without a value stand, and which positions are taken."""

from typing import Any

import pytest

from adapters.contract import SliceQuery
from adapters.errors import CapabilityError, CursorError, VendorContractError, VendorTimeoutError
from adapters.filters.order import Order, Position
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.slice_world import BY_EMAIL, BY_STATE, BY_TIME, VIC, pages, people, second
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, build_world, ids, read_line, scope


@pytest.mark.parametrize("order", [Order(), Order(descending=True), BY_EMAIL, Order("email", descending=True)], ids=str)
async def test_a_page_of_distinct_values_is_one_call(order: Order) -> None:
    """Every further call is paid by every page of every user."""
    world = build_world(people(120))

    calls = await pages(world, order, 25)

    # The last page in ascending order of values also asks for the rows without a value.
    assert calls[:4] == [1, 1, 1, 1]
    assert calls[4] <= 2


async def test_a_page_inside_equals_is_one_call() -> None:
    """Ties are the rule in a field like state; they must not double the cost of every page."""
    world = build_world(people(200, state="VIC"))

    calls = await pages(world, BY_STATE, 25)

    # The first page learns that everything is tied, the last that no value follows.
    assert calls == [2, 1, 1, 1, 1, 1, 1, 1, 3]


async def test_a_page_says_how_many_calls_it_took() -> None:
    """The scan budget is counted in these."""
    world = build_world(people(30, state="VIC"))

    found = await world.read(SliceQuery(SUBSCRIBER, order=BY_STATE, limit=5))

    assert found.calls == world.calls == 2


async def test_equal_values_stand_in_the_order_of_ids_whatever_the_vendor_does() -> None:
    """The vendor promises no order among equals, and may change it from call to call."""
    world = build_world(
        people(60, state=lambda number: "NT" if number % 3 else "WA"), options=SandboxOptions(unstable_ties=True)
    )

    forwards, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_STATE), [7])
    backwards, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_STATE.reversed()), [7])

    expected = [number for number in range(1, 61) if number % 3] + [
        number for number in range(1, 61) if number % 3 == 0
    ]
    assert expected == ids(forwards)
    assert expected[::-1] == ids(backwards)


async def test_times_of_one_printed_second_stand_in_the_order_of_ids() -> None:
    """What is stored is finer than what is printed, so the vendor's order inside a second is nobody's."""
    world = build_world(people(40, unsubscribed="2024-05-01T10:00:00"), options=SandboxOptions(subsecond_times=True))

    found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_TIME), [7])

    assert list(range(1, 41)) == ids(found)


@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 50])
async def test_rows_without_a_value_stand_last_and_first_backwards(size: int) -> None:
    """A page border among missing values is where keyset paging usually breaks."""
    world = build_world(people(8, unsubscribed=lambda number: None if number % 2 else second(number)))

    forwards, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_TIME), [size])
    backwards, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_TIME.reversed()), [size])

    assert ids(forwards) == [2, 4, 6, 8, 1, 3, 5, 7]
    assert ids(backwards) == [7, 5, 3, 1, 8, 6, 4, 2]


async def test_missing_values_are_not_asked_for_where_the_filter_wants_a_value() -> None:
    """A call for rows that cannot match is a call for nothing."""
    world = build_world(people(3, state="VIC"))

    found = await world.read(SliceQuery(SUBSCRIBER, VIC, order=BY_STATE, after=Position(("VIC", "2", False)), limit=5))

    assert ids(found.records) == [3]
    assert found.end
    assert all("is-null" not in query for query in world.queries)


async def test_missing_values_where_the_vendor_should_not_put_them() -> None:
    """A vendor that sorts missing values first is asked for the parts one by one instead."""
    world = build_world(people(4, unsubscribed=lambda number: None if number < 3 else second(number)))
    world.sandbox.faults.add(Fault("shuffled_rows", nth=1))

    found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_TIME), [25])

    assert ids(found) == [3, 4, 1, 2]
    assert any("unsubscribed-nt-null" in query for query in world.queries)


@pytest.mark.parametrize("order", [Order(), BY_TIME, BY_TIME.reversed()], ids=str)
async def test_shuffled_replies_are_put_right(order: Order) -> None:
    """Ids and times can be ordered here, so a vendor's slip need not be the user's."""
    world = build_world(people(30, unsubscribed=second))
    world.sandbox.faults.add(Fault("shuffled_rows"))

    found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=order), [7])

    assert list(range(1, 31))[:: -1 if order.descending else 1] == ids(found)


async def test_shuffled_texts_are_an_error() -> None:
    """Nobody here knows the vendor's collation; guessing an order would lose rows at page borders."""
    world = build_world(people(30, state=lambda number: "AB"[number % 2]))
    world.sandbox.faults.add(Fault("json", body=b'[{"id":1,"state":"A"},{"id":2,"state":"B"},{"id":3,"state":"A"}]'))

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(SUBSCRIBER, order=BY_STATE))

    assert caught.value.reason == "ORDER_BROKEN"


@pytest.mark.parametrize("order", [Order(), BY_EMAIL, BY_STATE, BY_TIME.reversed()], ids=str)
async def test_duplicate_rows_show_once(order: Order) -> None:
    """One person twice on a page is the first thing anyone notices."""
    world = build_world(people(30, state=lambda number: "AB"[number % 2], unsubscribed=second))
    world.sandbox.faults.add(Fault("duplicate_rows", count=2))

    if order.field in {
        "email",
        "state",
    }:  # texts that come back at the end of a reply are out of order, once they differ
        order = Order()
    found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=order), [7])

    assert sorted(ids(found)) == list(range(1, 31))


async def test_page_that_does_not_end_holds_a_row() -> None:
    """An empty page that says more follows can be asked for again and again without an end."""
    world = build_world({"list": [{"id": number} for number in range(1, 11)]}, max_page=1)
    world.sandbox.faults.add(Fault("retyped_field", field="status", value="deleted", times=8))

    found = await world.read(SliceQuery(Entity.LIST))

    assert ids(found.records) == [9]
    assert not found.end


async def test_line_without_a_row_to_show_is_given_up() -> None:
    """A vendor that sends deleted rows for ever must not spend the whole budget."""
    world = build_world({"list": [{"id": number} for number in range(1, 50)]}, max_page=1)
    world.sandbox.faults.add(Fault("retyped_field", field="status", value="deleted"))

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(Entity.LIST))

    assert caught.value.reason == "LINE_ENDLESS"
    assert world.calls == 30


@pytest.mark.parametrize(
    ("order", "parts"),
    [
        (Order(), ()),
        (Order(), ("x",)),
        (Order(), (7,)),
        (Order(), (None,)),
        (Order(), ("VIC", "7", False)),
        (Order(), ("-7",)),
        (Order(), ("9" * 40,)),
        (BY_STATE, ("7",)),
        (BY_STATE, (7, "7", False)),
        (BY_STATE, ("VIC", "x", False)),
        (BY_TIME, ("yesterday", "7", False)),
        (BY_TIME, (7, "7", False)),
        (Order("birth_date"), ("2024-13-01", "7", False)),
        (Order("campaign_id"), ("7", "7", False)),
        (Order("campaign_id"), (True, "7", False)),
        (Order(), ("99999999999",)),
        (Order("campaign_id"), (99_999_999_999_999_999_999, "5", False)),
        (Order("campaign_id"), (2**31, "5", False)),
        (Order("campaign_id"), (-5, "5", False)),
        (Order("campaign_id"), (7, "2147483648", False)),
        (BY_EMAIL, ("a\0b", "5", False)),
        (BY_EMAIL, ("a\ud800b", "5", False)),
        (BY_EMAIL, ("a" * 20_000, "5", False)),
        (BY_STATE, ("null", "5", False, "a\0b", False)),
    ],
    ids=lambda value: str(value)[:40].encode("unicode_escape").decode(),
)
async def test_positions_of_other_lines_are_refused_before_any_call(order: Order, parts: tuple[Any, ...]) -> None:
    """A cursor comes from outside; what it holds goes into a vendor's query."""
    world = build_world(people(1))

    with pytest.raises(CursorError):
        await world.read(SliceQuery(SUBSCRIBER, order=order, after=Position(parts)))

    assert world.calls == 0


async def test_order_by_a_text_too_long_for_an_address_is_refused() -> None:
    """The next page would have to repeat the text in its address."""
    world = build_world(people(2, extra="x" * 8_000))

    with pytest.raises(CapabilityError, match="too long"):
        await read_line(world, SliceQuery(SUBSCRIBER, order=Order("taguchi.extra")), [1])


async def test_text_null_can_be_passed_in_both_directions() -> None:
    """The one text the grammar cannot compare with must not end or repeat a line."""
    texts = ["apple", "nul", "null", "null", "nullify", "Zoe", None]
    world = build_world(people(7, state=lambda number: texts[number - 1]))

    for size in (1, 2, 3, 10):
        forwards, positions = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_STATE), [size])
        backwards, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_STATE.reversed()), [size])
        assert ids(forwards) == [1, 2, 3, 4, 5, 6, 7]
        assert ids(backwards) == [7, 6, 5, 4, 3, 2, 1]
        returning, _ = await read_line(
            world, SliceQuery(SUBSCRIBER, order=BY_STATE.reversed(), after=positions[3]), [size]
        )
        assert ids(returning) == [3, 2, 1]


@pytest.mark.parametrize("left", [True, False], ids=["kept", "deleted"])
async def test_rows_that_come_before_the_text_null_do_not_lead_back_to_it(left: bool) -> None:
    """A page that shows such a row would go on from it, and meet everybody called null a second time."""
    texts = ["apple", "null", "null", "zebra"]
    world = build_world(people(4, state=lambda number: texts[number - 1]))

    first = await world.read(SliceQuery(SUBSCRIBER, order=BY_STATE, limit=3))
    world.sandbox.store.insert("subscriber", {"id": 50, "state": "banana"})
    if not left:
        world.sandbox.store.soft_delete("subscriber", 3)
    rest, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=BY_STATE, after=first.positions[-1]), [1])

    assert ids(first.records) == [1, 2, 3]
    assert ids(rest) == [4]


@pytest.mark.parametrize("order", [BY_STATE, BY_STATE.reversed()], ids=str)
async def test_empty_text_is_passed_without_being_an_operand(order: Order) -> None:
    """Nothing says that a predicate that ends with its operator is read at all."""
    texts = ["", "", "a", None]
    world = build_world(people(4, state=lambda number: texts[number - 1]))

    for size in (1, 2, 10):
        found, _ = await read_line(world, SliceQuery(SUBSCRIBER, order=order), [size])
        assert [1, 2, 3, 4][:: -1 if order.descending else 1] == ids(found)

    operands = [part for query in world.queries for part in query.split("&") if part.startswith("query=")]
    assert operands
    assert not any(operand.endswith("-") for operand in operands)


@pytest.mark.parametrize(
    "query", [SliceQuery(SUBSCRIBER), SliceQuery(Entity.CAMPAIGN, order=Order("starts_at"))], ids=["id", "time"]
)
async def test_planned_call_is_the_first_one_made(query: SliceQuery) -> None:
    """`explain` would promise something else than what happens."""
    world = build_world(seed=1, people=50)
    request = scope()

    planned = world.adapter.plan_slice(query)
    await world.adapter.fetch_slice(query, request)

    made = request.calls[0]
    assert (planned.operation, planned.method, planned.url) == (made.operation, made.method, made.url)
    assert "sandbox-token" not in planned.url


async def test_slow_vendor_ends_with_the_request() -> None:
    """A page must not outlive its request."""
    world = build_world(people(3))
    world.sandbox.faults.add(Fault("delay", seconds=5.0))

    with pytest.raises(VendorTimeoutError):
        await world.adapter.fetch_slice(SliceQuery(SUBSCRIBER), scope(seconds=0.1))
