"""Filters in words: short, unambiguous, and silent about values where asked."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.filters.evaluate import build_predicate
from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Some
from adapters.filters.words import describe
from tests.adapters.filters.strategies import FIELDS, run_examples, trees


def _c(field: str, op: Op, value: Any = None, key: str | None = None, *, any_case: bool = False) -> Comparison:
    return Comparison(field, op, value, key, any_case)


MAIL = _c("email", Op.ENDS_WITH, "@example.com")
CAMPAIGN = _c("campaign_id", Op.EQ, "3")


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (EVERYTHING, "everything"),
        (NOTHING, "nothing"),
        (And((MAIL, CAMPAIGN)), 'email endsWith "@example.com" and campaign_id = 3'),
        (
            And((MAIL, Or((CAMPAIGN, MAIL)))),
            'email endsWith "@example.com" and (campaign_id = 3 or email endsWith "@example.com")',
        ),
        (Not(Or((CAMPAIGN, NOTHING))), "not (campaign_id = 3 or nothing)"),
        (Some("memberships", _c("list_id", Op.EQ, "5")), "some memberships (list_id = 5)"),
        (_c("email", Op.IS_NULL), "email is missing"),
        (_c("email", Op.PRESENT), "email is present"),
        (_c("active", Op.DIFFERS, True), "active != true"),
        (_c("name", Op.CONTAINS, 'a"\n', any_case=True), 'name contains "a\\"\\n" (any case)'),
        (_c("custom_fields", Op.EQ, "red", "fav colour"), 'custom_fields["fav colour"] = "red"'),
        (_c("id", Op.IN, tuple("1234567")), "id in (1, 2, 3, 4, 5, and 2 more)"),
        (_c("at", Op.LT, datetime(2024, 5, 1, tzinfo=UTC)), "at < 2024-05-01T00:00:00Z"),
        (_c("on", Op.GTE, date(2024, 5, 1)), "on >= 2024-05-01"),
        (_c("name", Op.EQ, "x" * 61), f'name = "{"x" * 60}…"'),
    ],
)
def test_words(tree: Filter, words: str) -> None:
    """A plan is read by people."""
    assert words == describe(tree)


def test_values_are_hidden_where_asked() -> None:
    """Whoever may not see addresses may still see which fields are compared."""
    tree = And((MAIL, _c("name", Op.IN, ("Ann", "Bob")), _c("email", Op.IS_NULL)))

    assert describe(tree, show_values=False) == "email endsWith *** and name in *** and email is missing"


def test_every_tree_has_words_and_a_predicate() -> None:
    """A shape without words would fail a request that is explained, and only that."""

    def check(tree: Filter) -> None:
        assert describe(tree)
        assert callable(build_predicate(tree, FIELDS))

    run_examples(check, 200, tree=trees)
