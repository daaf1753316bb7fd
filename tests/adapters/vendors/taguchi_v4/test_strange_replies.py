"""What a vendor is told whose rows are not those that were asked for, or cannot be read."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from adapters.contract import SliceQuery
from adapters.errors import VendorContractError
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.slice_world import BY_EMAIL, BY_STATE, BY_TIME, VIC, people, second
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, build_world, ids, read_line

OR_QUERIES = [
    SliceQuery(SUBSCRIBER, VIC, after=Position(("20",))),
    SliceQuery(SUBSCRIBER, VIC, Order(descending=True), Position(("20",))),
    SliceQuery(SUBSCRIBER, VIC, BY_TIME, Position((second(20), "20", False))),
    SliceQuery(SUBSCRIBER, VIC, BY_TIME.reversed(), Position((second(20), "20", True))),
    SliceQuery(SUBSCRIBER, VIC, BY_EMAIL, Position(("p0020@example.com", "20", False))),
    SliceQuery(SUBSCRIBER, VIC, BY_EMAIL, Position(("p0020@example.com", "20", True))),
]


SELECTED = [None, frozenset({"ref"})]
"""Replies are read row by row, or decoded at once into the fields that are selected."""


@pytest.mark.parametrize("fields", SELECTED, ids=["every field", "some fields"])
@pytest.mark.parametrize("query", OR_QUERIES, ids=lambda query: f"{query.order.field} {query.after.parts}")
async def test_vendor_that_ors_its_predicates_is_found_out(query: SliceQuery, fields: frozenset[str] | None) -> None:
    """That predicates are ANDed is our reading; under OR the same page would come back for ever."""
    world = build_world(people(60, state="VIC", unsubscribed=second), options=SandboxOptions(or_predicates=True))

    with pytest.raises(VendorContractError) as caught:
        await world.read(replace(query, fields=fields))

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
    (
        [{"id": 5, "state": "NSW"}, {"id": 6, "state": "VIC"}],
        SliceQuery(SUBSCRIBER, VIC, after=Position(("4",)), limit=2),
    ),
]


@pytest.mark.parametrize("fields", SELECTED, ids=["every field", "some fields"])
@pytest.mark.parametrize(
    ("rows", "query"), SMUGGLED, ids=["no value", "from a value", "in a group", "by id", "by id alone"]
)
async def test_rows_an_or_lets_past_the_filter_are_found_out(
    rows: list[dict[str, Any]], query: SliceQuery, fields: frozenset[str] | None
) -> None:
    """A row within the bound that the filter leaves out would be shown as one it lets through."""
    world = build_world({"subscriber": rows}, options=SandboxOptions(or_predicates=True))

    with pytest.raises(VendorContractError) as caught:
        await world.read(replace(query, fields=fields))

    assert caught.value.reason == "BOUND_IGNORED"


@pytest.mark.parametrize("fields", SELECTED, ids=["every field", "some fields"])
async def test_rows_before_the_place_a_page_goes_on_from_are_found_out(fields: frozenset[str] | None) -> None:
    """The same page would come back for ever."""
    world = build_world(people(9))
    world.sandbox.faults.add(Fault("json", body=b'[{"id": 3}, {"id": 5}]', nth=1))

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(SUBSCRIBER, after=Position(("4",)), fields=fields))

    assert caught.value.reason == "BOUND_IGNORED"


@pytest.mark.parametrize("fields", SELECTED, ids=["every field", "some fields"])
async def test_rows_by_id_are_put_in_order(fields: frozenset[str] | None) -> None:
    """A page would end with another id than its last, and the next one leave rows out."""
    world = build_world(people(4))
    world.sandbox.faults.add(Fault("json", body=b'[{"id": 3}, {"id": 1}, {"id": 2}]', nth=1))

    found = await world.read(SliceQuery(SUBSCRIBER, limit=3, fields=fields))

    assert (ids(found.records), found.positions[-1]) == ([1, 2, 3], Position(("3",)))


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
