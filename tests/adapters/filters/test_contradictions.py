"""What cannot be is found, and nothing else is touched."""

import pytest

from adapters.errors import FilterError
from adapters.filters.bind import bind
from adapters.filters.contradictions import drop_contradictions
from adapters.filters.evaluate import evaluate
from adapters.filters.normalize import normalize
from adapters.filters.tree import NOTHING, And, Comparison, Filter, Op, Or
from tests.adapters.filters.strategies import FIELDS, Row, run_examples, stores, trees


@pytest.mark.parametrize("count", [1_000, pytest.param(40_000, marks=pytest.mark.bars)])
def test_meaning_is_kept_for_all_rows(count: int) -> None:
    """A conjunction called impossible that is not hides every row of it."""

    def check(one: Filter, other: Filter, stored: list[Row]) -> None:
        try:
            tree = normalize(bind(And((one, other)), FIELDS))
        except FilterError:
            return

        dropped = drop_contradictions(tree, FIELDS)

        assert [evaluate(tree, row, FIELDS) for row in stored] == [evaluate(dropped, row, FIELDS) for row in stored]

    run_examples(check, count, one=trees, other=trees, stored=stores)


@pytest.mark.parametrize(
    "parts",
    [
        (Comparison("id", Op.EQ, "10"), Comparison("id", Op.EQ, "11")),
        (Comparison("score", Op.GT, 1), Comparison("score", Op.LT, 1)),
        (Comparison("name", Op.IS_NULL), Comparison("name", Op.EQ, "x")),
    ],
)
def test_contradictions_are_found_at_any_depth(parts: tuple[Filter, ...]) -> None:
    """A call for what cannot be is paid for nothing."""
    tree = normalize(And((Comparison("town", Op.EQ, "u"), And(parts))))

    assert normalize(drop_contradictions(tree, FIELDS)) == NOTHING


def test_a_choice_that_what_stands_beside_it_rules_out_is_dropped() -> None:
    """A row that is named `xy` is asked for without those that have no name: that would be a call of its own."""
    named, other = Comparison("name", Op.EQ, "xy"), Comparison("name", Op.CONTAINS, "y")
    tree = And((named, Or((other, Comparison("name", Op.IS_NULL)))))
    kept = And((Comparison("town", Op.EQ, "u"), Or((other, Comparison("name", Op.IS_NULL)))))

    assert drop_contradictions(tree, FIELDS) == And((named, Or((other,))))
    assert drop_contradictions(kept, FIELDS) == kept
