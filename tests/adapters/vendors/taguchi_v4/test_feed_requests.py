"""The very parameters a feed is asked with, for filters and for every way a page can go on."""

import pytest

from adapters.calls import CallNote
from adapters.contract import SliceQuery
from adapters.filters.order import BY_ID, Order, Position
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Op
from adapters.records import Entity, FeedKey, FeedSide
from adapters.vendors.taguchi_v4.endpoints import build_list
from adapters.vendors.taguchi_v4.slices import build_line, complete_call

FEED = FeedKey(Entity.CAMPAIGN, "5", FeedSide.SUBJECT)
DOWN = Order("id", descending=True)
BY_TIME, BY_NEXT = Order("occurred_at"), Order("next_at", descending=True)
NOON = "2024-05-01T12:00:00"


@pytest.mark.parametrize(
    ("order", "after", "expected"),
    [
        (BY_ID, None, "sort=id order=asc limit=11"),
        (BY_ID, ("9007199254740993 logged",), "id-gte-9007199254740993 sort=id order=asc limit=12"),
        (BY_ID, ("9 scheduled",), "id-gt-9 sort=id order=asc limit=11"),
        (DOWN, ("9 scheduled",), "id-lte-9 sort=id order=desc limit=12"),
        (DOWN, ("9 logged",), "id-lt-9 sort=id order=desc limit=11"),
        (BY_TIME, None, "sort=timestamp order=asc limit=11"),
        (BY_TIME, (NOON, "9 logged", False), f"timestamp-gte-{NOON} sort=timestamp order=asc limit=12"),
        (
            BY_TIME,
            (NOON, "9 logged", True),
            f"timestamp-gte-{NOON} timestamp-lt-2024-05-01T12:00:01 id-gte-9 sort=id order=asc limit=12",
        ),
        (BY_TIME, (None, "9 scheduled", False), "timestamp-is-null id-gt-9 sort=id order=asc limit=11"),
        (BY_NEXT, (None, "9 logged", True), "next_timestamp-is-null id-lt-9 sort=id order=desc limit=11"),
    ],
)
def test_a_page_goes_on_by_value_id_and_kind(order: Order, after: tuple[str, ...] | None, expected: str) -> None:
    """A bound one off would repeat an event, or lose its twin of the other kind."""
    query = SliceQuery(Entity.FEED_EVENT, order=order, after=None if after is None else Position(after), feed=FEED)
    call = complete_call(build_line(query).build_call(10, 1000), query)

    request = build_list(Entity.FEED_EVENT, call, CallNote())

    assert request.path == "campaign/5/subject-feed"
    assert " ".join(value if name == "query" else f"{name}={value}" for name, value in request.params) == expected


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (EVERYTHING, []),
        (Comparison("kind", Op.EQ, "scheduled"), ["type-eq-scheduled"]),
        (Comparison("kind", Op.DIFFERS, "logged"), ["type-neq-logged"]),
        (Comparison("test", Op.EQ, value=False), ["test-eq-false"]),
        (Comparison("processed", Op.DIFFERS, value=True), ["processed-neq-true"]),
        (Comparison("link_id", Op.EQ, "345"), ["trackurl_id-eq-345"]),
        (Comparison("link_url", Op.STARTS_WITH, "http://"), ["trackurl_destination-like-http://%"]),
        (Comparison("event_ref", Op.IN, ("o", "c")), ["event_ref-re-^(?:o|c)$"]),
        (Comparison("next_at", Op.IS_NULL), ["next_timestamp-is-null"]),
        (
            And((Comparison("activity_id", Op.EQ, "4"), Comparison("data", Op.EQ, "null"))),
            ["activity_id-eq-4", "data-re-^null$"],
        ),
    ],
)
def test_filters_use_the_documents_names(tree: Filter, expected: list[str]) -> None:
    """A name of ours on the wire would be refused, or match nothing."""
    query = SliceQuery(Entity.FEED_EVENT, tree, feed=FEED)

    call = build_line(query).build_call(10, 1000)

    assert list(call.predicates) == expected


def test_ids_cannot_leave_their_place_in_the_path() -> None:
    """An id with slashes or question marks would ask for something else."""
    feed = FeedKey(Entity.LIST, "1/../2?x#y", FeedSide.OBJECT)
    query = SliceQuery(Entity.FEED_EVENT, feed=feed)

    request = build_list(Entity.FEED_EVENT, complete_call(build_line(query).build_call(1, 1000), query), CallNote())

    assert request.path == "list/1%2F..%2F2%3Fx%23y/object-feed"
