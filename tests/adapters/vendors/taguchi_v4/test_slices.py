"""Pages of a line: what they cost, where rows without a value stand, and what a vendor out of order is told."""

from datetime import date
from typing import Any

import pytest

from adapters.contract import SliceQuery
from adapters.errors import CapabilityError, CursorError, VendorContractError, VendorTimeoutError
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, ids, read_line, scope

BY_EMAIL = Order("email")
BY_STATE = Order("state")
BY_TIME = Order("unsubscribed_at")
VIC = And((Comparison("state", Op.EQ, "VIC"),))


def people(count: int, **fields: Any) -> dict[str, list[dict[str, Any]]]:
    """Subscribers 1 to `count`; a field may be a function of the number."""
    return {
        "subscriber": [
            {"id": number, "email": f"p{number:04}@example.com"}
            | {name: value(number) if callable(value) else value for name, value in fields.items()}
            for number in range(1, count + 1)
        ]
    }


def second(number: int) -> str:
    """The time of a number."""
    return f"2024-05-01T10:{number // 60:02}:{number % 60:02}"


async def pages(world: World, order: Order, size: int) -> list[int]:
    """Read a line and return the calls of each page."""
    calls, after = [], None
    while True:
        found = await world.read(SliceQuery(SUBSCRIBER, order=order, after=after, limit=size))
        calls.append(found.calls)
        if found.end:
            return calls
        after = found.positions[-1]


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


OR_QUERIES = [
    SliceQuery(SUBSCRIBER, VIC, after=Position(("20",))),
    SliceQuery(SUBSCRIBER, VIC, Order(descending=True), Position(("20",))),
    SliceQuery(SUBSCRIBER, VIC, BY_TIME, Position((second(20), "20", False))),
    SliceQuery(SUBSCRIBER, VIC, BY_TIME.reversed(), Position((second(20), "20", True))),
    SliceQuery(SUBSCRIBER, VIC, BY_EMAIL, Position(("p0020@example.com", "20", False))),
    SliceQuery(SUBSCRIBER, VIC, BY_EMAIL, Position(("p0020@example.com", "20", True))),
]


@pytest.mark.parametrize("query", OR_QUERIES, ids=lambda query: f"{query.order.field} {query.after.parts}")
async def test_vendor_that_ors_its_predicates_is_found_out(query: SliceQuery) -> None:
    """That predicates are ANDed is our reading; under OR the same page would come back for ever."""
    world = build_world(people(60, state="VIC", unsubscribed=second), options=SandboxOptions(or_predicates=True))

    with pytest.raises(VendorContractError) as caught:
        await world.read(query)

    assert caught.value.reason == "BOUND_IGNORED"


EXTRA_MISSING = And((Comparison("taguchi.extra", Op.IS_NULL),))
UP_TO_TWO = And((Comparison("id", Op.LTE, "2"),))
BY_CLUSTER = Order("taguchi.cluster_id")
SMUGGLED = [
    ([{"id": 1, "extra": "x"}, {"id": 2}], SliceQuery(SUBSCRIBER, EXTRA_MISSING, BY_CLUSTER, limit=2)),
    (
        [{"id": 1, "cluster_id": 4}, {"id": 2, "cluster_id": 5, "extra": "x"}],
        SliceQuery(SUBSCRIBER, EXTRA_MISSING, BY_CLUSTER, Position((4, "1", False))),
    ),
    (
        [{"id": 1, "state": "A"}, {"id": 2, "state": "A"}, {"id": 3, "state": "A"}],
        SliceQuery(SUBSCRIBER, UP_TO_TWO, BY_STATE, Position(("A", "1", True))),
    ),
    (
        [{"id": 5, "extra": "x"}, {"id": 6}],
        SliceQuery(SUBSCRIBER, EXTRA_MISSING, after=Position(("4",))),
    ),
]


@pytest.mark.parametrize(("rows", "query"), SMUGGLED, ids=["no value", "from a value", "in a group", "by id"])
async def test_rows_an_or_lets_past_the_filter_are_found_out(rows: list[dict[str, Any]], query: SliceQuery) -> None:
    """A row within the bound that the filter leaves out would be shown as one it lets through."""
    world = build_world({"subscriber": rows}, options=SandboxOptions(or_predicates=True))

    with pytest.raises(VendorContractError) as caught:
        await world.read(query)

    assert caught.value.reason == "BOUND_IGNORED"


async def test_rows_of_an_inexact_comparison_are_left_to_their_residual() -> None:
    """A vendor may rightly send more than such a comparison says; refusing that would close the line."""
    world = build_world(people(4, dob="1990-01-01"))
    body = b'[{"id": 3, "dob": "1990-01-01"}, {"id": 4, "dob": "1980-01-01"}]'
    world.sandbox.faults.add(Fault("json", body=body, nth=1))
    pushed = And((Comparison("birth_date", Op.EQ, date(1990, 1, 1)),))

    found = await world.read(SliceQuery(SUBSCRIBER, pushed, after=Position(("2",))))

    assert ids(found.records) == [3, 4]


async def test_rows_of_another_value_are_refused() -> None:
    """Among the equals of one value, a row of another would stand in the wrong place of the line."""
    world = build_world(people(30, state="VIC"))
    world.sandbox.faults.add(Fault("json", body=b'[{"id":1,"state":"WA"}]', match="state-eq-VIC"))

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(SUBSCRIBER, order=BY_STATE, limit=5))

    assert caught.value.reason == "BOUND_IGNORED"


async def test_vendor_that_ignores_its_bound_is_no_loop() -> None:
    """The same first page for ever would be read for ever."""
    world = build_world(people(10))
    first = b'[{"id":1},{"id":2},{"id":3}]'
    world.sandbox.faults.add(Fault("json", body=first))

    with pytest.raises(VendorContractError) as caught:
        await read_line(world, SliceQuery(SUBSCRIBER), [2])

    assert caught.value.reason == "BOUND_IGNORED"
    assert world.calls == 2


async def test_page_of_unreadable_records_tells_of_each() -> None:
    """A page without a word would look like an empty account."""
    world = build_world(people(3))
    world.sandbox.faults.add(Fault("retyped_field", field="dob", value="soon"))

    found = await world.read(SliceQuery(SUBSCRIBER))

    assert (found.records, found.end, len(found.gaps)) == ((), True, 3)
    assert {gap.error.reason for gap in found.gaps} == {"RECORD_UNREADABLE"}
    assert "soon" not in str(found.gaps)


async def test_deleted_rows_are_not_shown_and_end_nothing() -> None:
    """The document promises that they are not returned; a vendor that slips must not end the line with them."""
    world = build_world({"list": [{"id": number} for number in range(1, 9)]})
    world.sandbox.faults.add(Fault("retyped_field", field="status", value="deleted", nth=1))

    found, _ = await read_line(world, SliceQuery(Entity.LIST), [3])

    assert ids(found) == [4, 5, 6, 7, 8]


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
