"""The reference meaning, one case a line; every other test measures by it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate, evaluate
from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import CustomFieldRecord
from tests.adapters.filters.strategies import FIELDS, Element, Extra, Row

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ROW = Row(
    id="12",
    code="x7",
    score=2.5,
    seen_at=NOON.replace(microsecond=400_000),
    born_on=date(1990, 2, 3),
    name="Stra\u00dfe 1\nBerlin",
    state="ON",
    active=True,
    items=(Element("5", "daily"), Element("6")),
    custom_fields=(CustomFieldRecord(key="k", value="red"), CustomFieldRecord(key="l", value=None)),
    extension=Extra(cluster_id="40"),
)


def _c(field: str, op: Op, value: object = None, key: str | None = None, *, any_case: bool = False) -> Comparison:
    return Comparison(field, op, value, key, any_case)  # type: ignore[arg-type]


TRUE = {
    "everything": EVERYTHING,
    "equal": _c("id", Op.EQ, "12"),
    "in": _c("id", Op.IN, ("7", "12")),
    "differs": _c("id", Op.DIFFERS, "13"),
    "present": _c("name", Op.PRESENT),
    "missing": _c("town", Op.IS_NULL),
    "not on a missing value": Not(_c("town", Op.EQ, "Ulm")),
    "not less on a missing value": Not(_c("extra.cluster_id", Op.LT, "40")),
    "ids by number, not by letter": _c("id", Op.GT, "9"),
    "number": _c("score", Op.LTE, 2.5),
    "a time is its whole second": _c("seen_at", Op.EQ, NOON),
    "a time in another zone": _c("seen_at", Op.EQ, NOON.astimezone(timezone(timedelta(hours=2)))),
    "day": _c("born_on", Op.LT, date(1990, 2, 4)),
    "word": _c("state", Op.IN, ("ON",)),
    "flag": _c("active", Op.EQ, True),
    "contains": _c("name", Op.CONTAINS, "\u00dfe 1\nB"),
    "contains in any case": _c("name", Op.CONTAINS, "STRA\u1e9eE", any_case=True),
    "starts with": _c("name", Op.STARTS_WITH, "Str"),
    "ends with": _c("name", Op.ENDS_WITH, "lin"),
    "matches across lines": _c("name", Op.MATCHES, r"^S.*\d.B.*n$"),
    "matches in any case": _c("name", Op.MATCHES, "^s.*N$", any_case=True),
    "in, in any case": _c("name", Op.IN, ("x", "stra\u00dfe 1\nBERLIN"), any_case=True),
    "custom field": _c("custom_fields", Op.EQ, "red", "k"),
    "custom field differs": _c("custom_fields", Op.DIFFERS, "blue", "k"),
    "custom field set to null": _c("custom_fields", Op.IS_NULL, key="l"),
    "custom field nobody set": _c("custom_fields", Op.IS_NULL, key="z"),
    "extension": _c("extra.cluster_id", Op.EQ, "40"),
    "one element has both": Some("items", And((_c("list_id", Op.EQ, "5"), _c("option", Op.EQ, "daily")))),
    "any element": Some("items", EVERYTHING),
}
FALSE = {
    "nothing": NOTHING,
    "in nothing": _c("id", Op.IN, ()),
    "equal to a missing value": _c("town", Op.EQ, "Ulm"),
    "differs from a missing value": _c("town", Op.DIFFERS, "Ulm"),
    "empty text in a missing value": _c("town", Op.CONTAINS, ""),
    "an id is its letters when equal": _c("id", Op.EQ, "012"),
    "an id of letters has no order": _c("code", Op.GT, "1"),
    "end of a line is not the end": _c("name", Op.MATCHES, "1$"),
    "case": _c("name", Op.CONTAINS, "straSSe"),
    "full folding": _c("name", Op.CONTAINS, "STRASSE", any_case=True),
    "custom field set to null differs": _c("custom_fields", Op.DIFFERS, "blue", "l"),
    "two elements have one each": Some("items", And((_c("list_id", Op.EQ, "6"), _c("option", Op.EQ, "daily")))),
    "no element": Some("items", NOTHING),
}


@pytest.mark.parametrize("tree", [pytest.param(tree, id=name) for name, tree in TRUE.items()])
def test_true(tree: Filter) -> None:
    """The record satisfies the filter, and its complement not."""
    bound = bind(tree, FIELDS)

    assert evaluate(bound, ROW, FIELDS) is True
    assert evaluate(Not(bound), ROW, FIELDS) is False


@pytest.mark.parametrize("tree", [pytest.param(tree, id=name) for name, tree in FALSE.items()])
def test_false(tree: Filter) -> None:
    """The record does not satisfy the filter, but its complement."""
    bound = bind(tree, FIELDS)

    assert evaluate(bound, ROW, FIELDS) is False
    assert evaluate(Not(bound), ROW, FIELDS) is True


@pytest.mark.parametrize("extension", [None, object()], ids=["none", "of another vendor"])
def test_extension_field_is_missing_without_its_extension(extension: object) -> None:
    """A row of another vendor must not fail a filter on this vendor's field, but have no value."""
    row = Row(id="1", extension=extension)

    assert evaluate(_c("extra.cluster_id", Op.IS_NULL), row, FIELDS)
    assert not evaluate(_c("extra.cluster_id", Op.EQ, "40"), row, FIELDS)


def test_combinations() -> None:
    """And, Or and Not mean what they say, with any number of parts."""
    yes, no = _c("id", Op.EQ, "12"), _c("id", Op.EQ, "1")

    assert [evaluate(And(parts), ROW, FIELDS) for parts in ((yes,), (yes, yes), (yes, no))] == [True, True, False]
    assert [evaluate(Or(parts), ROW, FIELDS) for parts in ((no,), (yes, no), (no, no))] == [False, True, False]


def test_ids_too_long_to_be_numbers_have_no_order() -> None:
    """Python refuses to read thousands of digits; such an id must not stop the row check."""
    assert not evaluate(_c("id", Op.GT, "1"), Row(id="9" * 5_000), FIELDS)


def test_predicate_is_built_once_for_many_rows() -> None:
    """A residual runs over thousands of rows: one predicate serves them all, and keeps nothing between them."""
    predicate = build_predicate(_c("name", Op.MATCHES, "a+$"), FIELDS)

    assert [predicate(Row(id="1", name=name)) for name in ("a", "b", None, "ba")] == [True, False, False, True]
