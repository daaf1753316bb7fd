"""Nothing wrong passes `bind`; what passes is in the form records and compilers use."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import strategies as st

from adapters.errors import FilterError
from adapters.filters.bind import MAX_COMPARISONS, MAX_DEPTH, bind, bind_comparison
from adapters.filters.evaluate import evaluate
from adapters.filters.operands import MAX_IN, MAX_TEXT_LENGTH
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from tests.adapters.filters.strategies import FIELDS, Row, run_examples, stores, trees

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def _c(field: str, op: Op, value: Any = None, key: str | None = None, *, any_case: bool = False) -> Comparison:
    return Comparison(field, op, value, key, any_case)


@pytest.mark.parametrize(
    ("given", "operand"),
    [
        pytest.param(_c("id", Op.EQ, 7), "7", id="an id is text"),
        pytest.param(_c("id", Op.EQ, "007"), "007", id="an equal id keeps its letters"),
        pytest.param(_c("id", Op.GTE, "007"), "7", id="an ordered id is a plain number"),
        pytest.param(_c("score", Op.EQ, 3.0), 3, id="a whole number is an int"),
        pytest.param(_c("score", Op.EQ, 3.5), 3.5, id="a fraction stays"),
        pytest.param(_c("score", Op.EQ, -(2**63) + 1), -(2**63) + 1, id="the smallest number"),
        pytest.param(_c("seen_at", Op.LT, NOON.astimezone(timezone(timedelta(hours=10)))), NOON, id="a time is in UTC"),
        pytest.param(_c("born_on", Op.EQ, date(2024, 5, 1)), date(2024, 5, 1), id="a date"),
        pytest.param(_c("id", Op.IN, [1, "x"]), ("1", "x"), id="a list is a tuple"),
        pytest.param(_c("id", Op.IN, []), (), id="an empty list"),
        pytest.param(_c("name", Op.EQ, "a" * MAX_TEXT_LENGTH), "a" * MAX_TEXT_LENGTH, id="the longest text"),
        pytest.param(_c("id", Op.IN, range(MAX_IN)), tuple(map(str, range(MAX_IN))), id="the longest list"),
    ],
)
def test_operands_are_cast(given: Comparison, operand: Any) -> None:
    """A value in another form than the records' would never equal one."""
    given = Comparison(given.field, given.op, tuple(given.value)) if isinstance(given.value, range) else given

    bound = bind(given, FIELDS)

    assert isinstance(bound, Comparison)
    assert operand == bound.value
    assert type(operand) is type(bound.value)


def test_times_are_in_utc() -> None:
    """Equal instants in other zones compare equal, but a compiler prints what it gets."""
    bound = bind(_c("seen_at", Op.LT, NOON.astimezone(timezone(timedelta(hours=10)))), FIELDS)

    assert isinstance(bound, Comparison)
    assert isinstance(bound.value, datetime)
    assert bound.value.tzinfo is UTC


def _nest(build: Callable[[Filter], Filter], times: int) -> Filter:
    tree: Filter = _c("id", Op.EQ, "1")
    for _ in range(times):
        tree = build(tree)
    return tree


NINE = _c("id", Op.IN, ("9",))
REFUSED = {
    "unknown field": ("FIELD_UNKNOWN", _c("shoe_size", Op.EQ, 1)),
    "field of another record in some": ("FIELD_UNKNOWN", Some("items", _c("name", Op.EQ, "x"))),
    "some of a scalar": ("FIELD_UNKNOWN", Some("name", And())),
    "some of nothing known": ("FIELD_UNKNOWN", Some("pets", And())),
    "range of text": ("OPERATOR_INVALID", _c("name", Op.LT, "x")),
    "contains of a number": ("OPERATOR_INVALID", _c("score", Op.CONTAINS, "1")),
    "elements as a value": ("OPERATOR_INVALID", _c("items", Op.IS_NULL)),
    "case of an id": ("OPERATOR_INVALID", _c("id", Op.EQ, "x", any_case=True)),
    "case of presence": ("OPERATOR_INVALID", _c("name", Op.IS_NULL, any_case=True)),
    "equal to null": ("NULL_OPERAND", _c("name", Op.EQ)),
    "in null": ("NULL_OPERAND", _c("name", Op.IN)),
    "in with a null": ("NULL_OPERAND", _c("name", Op.IN, ("a", None))),
    "less than null": ("NULL_OPERAND", _c("score", Op.LT)),
    "matches null": ("NULL_OPERAND", _c("name", Op.MATCHES)),
    "in a text": ("OPERAND_INVALID", _c("name", Op.IN, "abc")),
    "missing with a value": ("OPERAND_INVALID", _c("name", Op.IS_NULL, True)),
    "number for text": ("OPERAND_INVALID", _c("name", Op.EQ, 1)),
    "text too long": ("OPERAND_INVALID", _c("name", Op.EQ, "a" * (MAX_TEXT_LENGTH + 1))),
    "text with nul": ("OPERAND_INVALID", _c("name", Op.CONTAINS, "a\0b")),
    "half a surrogate pair": ("OPERAND_INVALID", _c("name", Op.EQ, "a\ud800")),
    "empty id": ("OPERAND_INVALID", _c("id", Op.EQ, "")),
    "an id of 5,000 digits as a number": ("OPERAND_INVALID", _c("id", Op.EQ, 10**5_000)),
    "flag for an id": ("OPERAND_INVALID", _c("id", Op.EQ, True)),
    "range of an id of letters": ("OPERAND_INVALID", _c("id", Op.GT, "x7")),
    "range of an id of odd digits": ("OPERAND_INVALID", _c("id", Op.GT, "\u0667")),
    "range of an id below zero": ("OPERAND_INVALID", _c("id", Op.GT, "-7")),
    "range of a huge id": ("OPERAND_INVALID", _c("id", Op.GT, str(2**63))),
    "range of an id of 5,000 digits": ("OPERAND_INVALID", _c("id", Op.GT, "9" * 2_000)),
    "text for a number": ("OPERAND_INVALID", _c("score", Op.EQ, "1")),
    "flag for a number": ("OPERAND_INVALID", _c("score", Op.EQ, True)),
    "not a number": ("OPERAND_INVALID", _c("score", Op.EQ, float("nan"))),
    "infinite": ("OPERAND_INVALID", _c("score", Op.LT, float("inf"))),
    "beyond 64 bit": ("OPERAND_INVALID", _c("score", Op.EQ, 2**63)),
    "beyond a float": ("OPERAND_INVALID", _c("score", Op.EQ, 10**400)),
    "beyond 64 bit in a float": ("OPERAND_INVALID", _c("score", Op.EQ, 1e300)),
    "time without a zone": ("OPERAND_INVALID", _c("seen_at", Op.EQ, datetime(2024, 5, 1))),  # noqa: DTZ001 - the point
    "time with a fraction": ("OPERAND_INVALID", _c("seen_at", Op.EQ, NOON.replace(microsecond=1))),
    "time out of the calendar": (
        "OPERAND_INVALID",
        _c("seen_at", Op.LT, datetime.max.replace(microsecond=0, tzinfo=timezone(-timedelta(hours=1)))),
    ),
    "date for a time": ("OPERAND_INVALID", _c("seen_at", Op.EQ, date(2024, 5, 1))),
    "time for a date": ("OPERAND_INVALID", _c("born_on", Op.EQ, NOON)),
    "number for a flag": ("OPERAND_INVALID", _c("active", Op.EQ, 1)),
    "bad pattern": ("PATTERN_INVALID", _c("name", Op.MATCHES, "(?=a)")),
    "pattern for re only": ("PATTERN_INVALID", _c("custom_fields", Op.MATCHES, r"(a)\1", "k")),
    "list too long": ("LIST_TOO_LONG", _c("id", Op.IN, tuple(map(str, range(MAX_IN + 1))))),
    "custom field without key": ("KEY_INVALID", _c("custom_fields", Op.EQ, "x")),
    "custom field with an empty key": ("KEY_INVALID", _c("custom_fields", Op.EQ, "x", "")),
    "custom field with a huge key": ("KEY_INVALID", _c("custom_fields", Op.EQ, "x", "k" * 201)),
    "key on a plain field": ("KEY_INVALID", _c("name", Op.EQ, "x", "k")),
    "too many comparisons": ("FILTER_TOO_LARGE", Or((_c("id", Op.EQ, "1"),) * (MAX_COMPARISONS + 1))),
    "too many values in all lists": ("FILTER_TOO_LARGE", Or((_c("id", Op.IN, ("1",) * MAX_IN),) * 4 + (NINE,))),
    "too long patterns together": ("FILTER_TOO_LARGE", Or((_c("name", Op.MATCHES, "a" * 1_001),) * 2)),
    "too deep": ("FILTER_TOO_DEEP", _nest(Not, MAX_DEPTH + 1)),
    "brackets without end": ("FILTER_TOO_DEEP", _nest(lambda tree: And((tree,)), 50_000)),
    "inverted range": ("RANGE_INVERTED", And((_c("score", Op.GT, 10), _c("score", Op.LT, 5)))),
    "inverted range of ids": ("RANGE_INVERTED", And((_c("id", Op.GTE, "10"), _c("id", Op.LTE, "9")))),
    "inverted range of times": (
        "RANGE_INVERTED",
        And((_c("seen_at", Op.LTE, NOON), _c("seen_at", Op.GTE, NOON + timedelta(seconds=1)))),
    ),
    "inverted range over brackets": (
        "RANGE_INVERTED",
        And((_c("score", Op.GT, 10), And((_c("name", Op.EQ, "x"), _c("score", Op.LT, 5))))),
    ),
    "inverted range of elements": (
        "RANGE_INVERTED",
        Some("items", And((_c("list_id", Op.GT, "3"), _c("list_id", Op.LT, "2")))),
    ),
}


@pytest.mark.parametrize(("reason", "tree"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_refused(reason: str, tree: Filter) -> None:
    """What would reach a vendor as nonsense is refused with a stable reason and the way out."""
    with pytest.raises(FilterError) as caught:
        bind(tree, FIELDS)

    assert reason == caught.value.reason
    assert caught.value.hint


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(_nest(Not, MAX_DEPTH), id="as deep as may be"),
        pytest.param(Or((_c("id", Op.EQ, "1"),) * MAX_COMPARISONS), id="as many as may be"),
        pytest.param(Or((_c("id", Op.IN, ("1",) * MAX_IN),) * 4), id="as many values as may be"),
        pytest.param(Or((_c("name", Op.MATCHES, "a" * 1_000),) * 2), id="patterns as long as may be"),
        pytest.param(And((_c("score", Op.GTE, 5), _c("score", Op.LTE, 5))), id="a range of one value"),
        pytest.param(Or((_c("score", Op.GT, 10), _c("score", Op.LT, 5))), id="outside a range"),
        pytest.param(And((_c("score", Op.GT, 10), Not(_c("score", Op.LT, 5)))), id="a negated bound"),
        pytest.param(
            And((Some("items", _c("list_id", Op.GT, "3")), Some("items", _c("list_id", Op.LT, "2")))),
            id="ranges of two elements",
        ),
    ],
)
def test_taken(tree: Filter) -> None:
    """A limit refuses only what is beyond it."""
    assert tree == bind(tree, FIELDS)


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        (_c("name", Op.LT, "x"), ("filter", "name", "lt")),
        (And((And(), Not(_c("name", Op.EQ)))), ("filter", "and", 1, "not", "name", "eq")),
        (Or((Some("items", _c("list_id", Op.GT, "x")),)), ("filter", "or", 0, "items", "listId", "gt")),
        (_c("custom_fields", Op.IN, ("a", 1), "k"), ("filter", "customField", "k", "in", 1)),
        (_c("name", Op.MATCHES, "("), ("filter", "name", "matches")),
        (And((_c("id", Op.GT, "3"), _c("id", Op.LT, "2"))), ("filter",)),
    ],
)
def test_path_leads_to_the_trouble(tree: Filter, path: tuple[str | int, ...]) -> None:
    """Without its place, an error in a long filter cannot be found."""
    with pytest.raises(FilterError) as caught:
        bind(tree, FIELDS, ("filter",))

    assert path == caught.value.path


def test_one_comparison_keeps_the_path_it_is_given() -> None:
    """Who builds trees from GraphQL knows the input's own path."""
    with pytest.raises(FilterError) as caught:
        bind_comparison(_c("name", Op.EQ), FIELDS, ("filter", "firstName", "neq"))

    assert caught.value.path == ("filter", "firstName", "neq")


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.bars)])
def test_binding_twice_changes_nothing(count: int) -> None:
    """A bound tree is a tree; binding again must neither refuse it nor change its meaning."""

    def check(tree: Filter, stored: list[Row]) -> None:
        try:
            bound = bind(tree, FIELDS)
        except FilterError as refused:
            assert refused.reason == "RANGE_INVERTED"  # noqa: PT017 - the only refusal the drawn trees allow
            return
        assert bound == bind(bound, FIELDS)
        assert [evaluate(bound, row, FIELDS) for row in stored] == [evaluate(tree, row, FIELDS) for row in stored]

    run_examples(check, count, tree=trees, stored=stores)


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=pytest.mark.bars)])
def test_any_operand_is_cast_or_refused(count: int) -> None:
    """Whatever a caller sends, the answer is our error, never Python's."""

    def check(name: str, op: Op, value: Any) -> None:
        try:
            bound = bind(_c(name, op, value, "k" if name == "custom_fields" else None), FIELDS)
        except FilterError as refused:
            assert refused.reason  # noqa: PT017 - both ends are right, any other exception is not
            return
        assert bound == bind(bound, FIELDS)

    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(st.characters(), max_size=5),
        st.datetimes(timezones=st.none() | st.timezones()),
        st.dates(),
        st.binary(max_size=3),
        st.complex_numbers(),
        st.decimals(),
    )
    values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(), scalars, max_size=2)
    run_examples(check, count, name=st.sampled_from(list(FIELDS)), op=st.sampled_from(list(Op)), value=values)
