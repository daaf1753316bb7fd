"""Normal form: what each rule makes of a tree, and that no rule changes what a tree means."""

import pytest

from adapters.filters.evaluate import evaluate
from adapters.filters.normalize import normalize
from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Some
from tests.adapters.filters.strategies import FIELDS, NUMBERED, Row, run_examples, stores, trees


def _c(field: str, op: Op, value: object = None, key: str | None = None, *, any_case: bool = False) -> Comparison:
    return Comparison(field, op, value, key, any_case)  # type: ignore[arg-type]


A, B = _c("name", Op.EQ, "a"), _c("town", Op.EQ, "b")
NO_TOWN = _c("town", Op.IS_NULL)
LONG = tuple(map(str, range(21)))

RULES = {
    "flat and": (And((A, And((B, NO_TOWN)))), And((A, B, NO_TOWN))),
    "flat or": (Or((A, Or((B, NO_TOWN)))), Or((A, B, NO_TOWN))),
    "one part": (And((Or((A,)),)), A),
    "everything in and": (And((A, EVERYTHING)), A),
    "nothing in and": (And((A, NOTHING)), NOTHING),
    "everything in or": (Or((A, EVERYTHING)), EVERYTHING),
    "nothing in or": (Or((A, NOTHING)), A),
    "not everything": (Not(EVERYTHING), NOTHING),
    "repetition": (And((A, B, A)), And((A, B))),
    "in nothing": (_c("name", Op.IN, ()), NOTHING),
    "not in nothing": (Not(_c("name", Op.IN, ())), EVERYTHING),
    "in one": (_c("name", Op.IN, ("a",)), A),
    "in one twice": (_c("name", Op.IN, ("a", "a")), A),
    "or of one field": (
        Or((A, B, _c("name", Op.IN, ("b", "a")))),
        Or((_c("name", Op.IN, ("a", "b")), B)),
    ),
    "or of one field in two cases": (
        Or((A, _c("name", Op.EQ, "a", any_case=True))),
        Or((A, _c("name", Op.EQ, "a", any_case=True))),
    ),
    "or of two keys": (
        Or((_c("custom_fields", Op.EQ, "a", "k"), _c("custom_fields", Op.EQ, "b", "l"))),
        Or((_c("custom_fields", Op.EQ, "a", "k"), _c("custom_fields", Op.EQ, "b", "l"))),
    ),
    "some of nothing": (Some("items", NOTHING), NOTHING),
    "not some of nothing": (Not(Some("items", NOTHING)), EVERYTHING),
    "empty text": (_c("name", Op.CONTAINS, ""), _c("name", Op.PRESENT)),
    "double not": (Not(Not(A)), A),
    "not equal": (Not(B), Or((_c("town", Op.DIFFERS, "b"), NO_TOWN))),
    "not differs": (Not(_c("town", Op.DIFFERS, "b")), Or((B, NO_TOWN))),
    "not missing": (Not(NO_TOWN), _c("town", Op.PRESENT)),
    "not present": (Not(_c("town", Op.PRESENT)), NO_TOWN),
    "not less": (Not(_c("score", Op.LT, 1)), Or((_c("score", Op.GTE, 1), _c("score", Op.IS_NULL)))),
    "not less, of an id that may be letters": (Not(_c("code", Op.LT, "1")), Not(_c("code", Op.LT, "1"))),
    "not less, of an id that is a number": (
        Not(_c("id", Op.LT, "1")),
        Or((_c("id", Op.GTE, "1"), _c("id", Op.IS_NULL))),
    ),
    "not in": (
        Not(_c("town", Op.IN, ("a", "b"))),
        Or((And((_c("town", Op.DIFFERS, "a"), _c("town", Op.DIFFERS, "b"))), NO_TOWN)),
    ),
    "not in a long list": (Not(_c("town", Op.IN, LONG)), Not(_c("town", Op.IN, LONG))),
    "not and": (Not(And((NO_TOWN, _c("name", Op.PRESENT)))), Or((_c("town", Op.PRESENT), _c("name", Op.IS_NULL)))),
    "not or": (Not(Or((NO_TOWN, _c("name", Op.PRESENT)))), And((_c("town", Op.PRESENT), _c("name", Op.IS_NULL)))),
    "not contains": (Not(_c("name", Op.CONTAINS, "a")), Not(_c("name", Op.CONTAINS, "a"))),
    "not equal in any case": (
        Not(_c("name", Op.EQ, "a", any_case=True)),
        Not(_c("name", Op.EQ, "a", any_case=True)),
    ),
    "not equal, of many values": (
        Not(_c("custom_fields", Op.EQ, "a", "k")),
        Not(_c("custom_fields", Op.EQ, "a", "k")),
    ),
    "not missing, of many values": (
        Not(_c("custom_fields", Op.IS_NULL, key="k")),
        _c("custom_fields", Op.PRESENT, key="k"),
    ),
    "not inside some": (
        Some("items", Not(Not(Not(_c("option", Op.EQ, "a"))))),
        Some("items", Not(_c("option", Op.EQ, "a"))),
    ),
}


@pytest.mark.parametrize(("tree", "normal"), [pytest.param(*rule, id=name) for name, rule in RULES.items()])
def test_rule(tree: Filter, normal: Filter) -> None:
    """A rule not applied costs calls; one applied where it must not be loses rows."""
    assert normal == normalize(tree, numbered=frozenset({"id"}))


@pytest.mark.parametrize("count", [1_000, pytest.param(20_000, marks=pytest.mark.bars)])
def test_meaning_is_kept_for_all_rows(count: int) -> None:
    """Rows with missing values are where rules of negation go wrong."""

    def check(tree: Filter, stored: list[Row]) -> None:
        expected = [evaluate(tree, row, FIELDS) for row in stored]

        assert expected == [evaluate(normalize(tree), row, FIELDS) for row in stored]
        assert expected == [evaluate(normalize(tree, numbered=frozenset(NUMBERED)), row, FIELDS) for row in stored]

    run_examples(check, count, tree=trees, stored=stores)


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.bars)])
def test_normal_form_is_final(count: int) -> None:
    """A second pass that finds work means that the first did not do its own."""

    def check(tree: Filter) -> None:
        normal = normalize(tree)

        assert normal == normalize(normal)

    run_examples(check, count, tree=trees)
