"""
Random rows, filters, orders and capability tables for the walks.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from adapters.filters.capability import EntityCapability, Line
from adapters.filters.fields import OPERATORS
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import CustomFieldRecord, Entity, MembershipRecord, SubscriberRecord
from tests.resolvers.fake_source import ALL_FIELDS, EXACT, INEXACT, FakeSubscriber, build_table

START = datetime(2024, 5, 1, 10, tzinfo=UTC)
VALUES: Mapping[str, list[Any]] = {
    "id": ["3", "5", "8", "13", "30"],
    "ref": ["a", "A", "ab", "b", "%", "null", ""],
    "campaign_id": ["1", "2", "10"],
    "unsubscribed_at": [START, START + timedelta(seconds=1), START + timedelta(days=40)],
    "birth_date": [date(1980, 2, 29), date(1990, 1, 1)],
    "fake.rank": [-1, 0, 7],
}
MEMBERSHIP_VALUES: Mapping[str, list[Any]] = {"list_id": ["1", "2"], "left_at": [START]}
ORDERS = [*VALUES]


def _maybe(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values)


_memberships = st.builds(
    MembershipRecord, source=st.just("one"), list_id=st.sampled_from(["1", "2"]), left_at=_maybe([START])
)
_custom_fields = st.lists(
    st.builds(CustomFieldRecord, key=st.sampled_from(["size", "shoe"]), value=_maybe(["L", "M"])),
    max_size=2,
    unique_by=lambda each: each.key,
)


def build_rows(ids: st.SearchStrategy[str]) -> st.SearchStrategy[SubscriberRecord]:
    """Build rows with many ties and many missing values."""
    return st.builds(
        SubscriberRecord,
        source=st.just("one"),
        id=ids,
        **{name: _maybe(VALUES[name]) for name in ("ref", "campaign_id", "unsubscribed_at", "birth_date")},
        memberships=st.lists(_memberships, max_size=2, unique_by=lambda each: each.list_id).map(tuple),
        custom_fields=_custom_fields.map(tuple),
        extension=st.builds(FakeSubscriber, rank=_maybe(VALUES["fake.rank"])),
    )


def _comparisons(fields: Mapping[str, Any], values: Mapping[str, list[Any]]) -> st.SearchStrategy[Filter]:
    return st.sampled_from(sorted(values)).flatmap(lambda name: _compare(name, fields[name].kind, values[name]))


def _compare(name: str, kind: Any, values: list[Any]) -> st.SearchStrategy[Filter]:
    def operand(op: Op) -> st.SearchStrategy[Any]:
        if op in {Op.IS_NULL, Op.PRESENT}:
            return st.none()
        if op is Op.IN:
            return st.lists(st.sampled_from(values), max_size=3).map(tuple)
        return st.sampled_from([value for value in values if op is not Op.MATCHES or value != "%"])

    ops = st.sampled_from(sorted(OPERATORS[kind]))
    return ops.flatmap(lambda op: operand(op).map(lambda value: Comparison(name, op, value)))


_custom = st.builds(
    Comparison, st.just("custom_fields"), st.sampled_from([Op.EQ, Op.DIFFERS]), st.just("L"), st.just("size")
)
_elements = _comparisons(ALL_FIELDS[Entity.SUBSCRIBER]["memberships"].elements or {}, MEMBERSHIP_VALUES)


def _join(parts: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


_some = st.builds(Some, st.just("memberships"), st.recursive(_elements, _join, max_leaves=2))
_leaf = _comparisons(ALL_FIELDS[Entity.SUBSCRIBER], VALUES) | _some | _custom
filters = st.recursive(_leaf, _join, max_leaves=5)
orders = st.builds(Order, st.sampled_from(ORDERS), descending=st.booleans())

_lines: st.SearchStrategy[Line | None] = st.sampled_from([EXACT, EXACT, INEXACT, None])


class Table(dict[Entity, EntityCapability]):
    """A table whose words fit a failing example: what can be narrowed by, `!` where it must be checked again."""

    def __repr__(self) -> str:
        able = self[Entity.SUBSCRIBER]
        lines = [
            f"{name}: " + " ".join(op + "!" * (line == INEXACT) for op, line in known.operators.items() if line)
            for name, known in able.fields.items()
        ]
        joined = "and" if able.conjunction == EXACT else "and!"
        return f"<{joined}, pages of {able.max_page}, {able.max_branches} branches; {'; '.join(lines)}>"


@st.composite
def tables(draw: st.DrawFn) -> Mapping[Entity, EntityCapability]:
    """Build a capability table in which every line may say anything."""
    table = build_table(
        Entity.SUBSCRIBER,
        lambda _name, _op: draw(_lines),
        conjunction=draw(st.sampled_from([EXACT, INEXACT])),
        max_page=draw(st.integers(1, 30)),
        max_branches=draw(st.integers(1, 5)),
    )
    return Table({Entity.SUBSCRIBER: table})
