"""No vendor true to its table can make a plan give a wrong row."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from adapters.errors import CapabilityError, FilterError
from adapters.filters.bind import bind
from adapters.filters.capability import EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.cover import comparison_of, name_of
from adapters.filters.evaluate import evaluate, read_number
from adapters.filters.order import BY_ID, Order
from adapters.filters.plan import Plan
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from tests.adapters.filters.strategies import FIELDS, Row, run_examples, stores, tables, trees


def _can_be_trusted(line: Line) -> bool:
    return line.support is Support.EXACT and line.evidence in (Evidence.DOCUMENTED, Evidence.OBSERVED)


def _is_refused(field: FieldCapability, value: Any) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    numbers = [read_number(each) if isinstance(each, str) else each for each in values]
    known = [number for number in numbers if isinstance(number, int | float)]
    return field.largest is not None and any(abs(number) > field.largest for number in known)


class SimulatedVendor:
    """
    Selects rows as some vendor true to its table would.

    `noise` decides, for lines that are not exact and for ANDs that are not, which other rows come along.
    """

    def __init__(self, table: EntityCapability, stored: list[Row], noise: int) -> None:
        self._table = table
        self._rows = stored
        self._noise = noise

    def select(self, branch: Filter) -> set[int]:
        assert isinstance(branch, And)
        answers = [self._select_leaf(leaf) for leaf in branch.parts]
        everything = set(range(len(self._rows)))
        if len(answers) < 2:
            return answers[0] if answers else everything
        assert self._table.conjunction.support is not Support.UNSUPPORTED, "two predicates in one call"
        if _can_be_trusted(self._table.conjunction) or self._noise % 3 == 0:
            return set.intersection(*answers)
        return set.union(*answers) if self._noise % 3 == 1 else answers[-1]

    def _select_leaf(self, leaf: Filter) -> set[int]:
        assert isinstance(leaf, Comparison | Some)
        comparison = comparison_of(leaf)
        field = self._table.fields[name_of(leaf)]
        line = field.operators[comparison.op]
        if comparison.ignore_case:
            assert field.operators[Op.MATCHES].support is not Support.UNSUPPORTED
        assert line.support is not Support.UNSUPPORTED, "an operator the vendor does not have"
        assert not _is_refused(field, comparison.value), "a number the vendor refuses"
        exact = _can_be_trusted(line)
        return {n for n, row in enumerate(self._rows) if evaluate(leaf, row, FIELDS) or (not exact and self._adds(n))}

    def _adds(self, place: int) -> bool:
        return bool(self._noise >> (place + 2) & 1)


def _check_limits(plan: Plan, table: EntityCapability, order: Order) -> None:
    merged = table.fields[order.field].mergeable
    assert len(plan.branches) <= (table.max_branches if merged else 1)
    for branch in plan.branches:
        assert isinstance(branch, And)
        names = [name_of(leaf) for leaf in branch.parts]  # type: ignore[arg-type]
        assert len(names) <= table.max_predicates
        for leaf, name in zip(branch.parts, names, strict=True):
            most, value = table.fields[name].at_most, comparison_of(leaf).value  # type: ignore[arg-type]
            assert most is None or names.count(name) <= most
            assert not isinstance(value, tuple) or 0 < len(value) <= table.max_in


def _strip(row: Row, missing: frozenset[str]) -> Row:
    empty: dict[str, Any] = {name: () if name == "items" else None for name in missing}
    return replace(row, **empty)


def _check_plan(tree: Filter, table: EntityCapability, stored: list[Row], noise: int, order: Order) -> None:
    try:
        bound = bind(tree, FIELDS)
        plan = build_plan(bound, FIELDS, table, order)
    except FilterError:
        return
    except CapabilityError:
        assert table.missing_in_rows
        return
    _check_limits(plan, table, order)
    vendor = SimulatedVendor(table, stored, noise)
    pushed = set().union(*(vendor.select(branch) for branch in plan.branches))
    shown = [_strip(row, table.missing_in_rows) for row in stored]
    kept = {n for n in pushed if evaluate(plan.residual, shown[n], FIELDS)}

    assert kept == {n for n, row in enumerate(stored) if evaluate(bound, row, FIELDS)}
    assert plan == build_plan(bound, FIELDS, table, order)


@pytest.mark.parametrize("count", [1_500, pytest.param(40_000, marks=pytest.mark.bars)])
def test_no_vendor_true_to_its_table_gives_a_wrong_row(count: int) -> None:
    """What a plan pushes may only widen, and its residual restores, whatever the vendor does within its table."""
    run_examples(
        _check_plan,
        count,
        tree=trees,
        table=tables,
        stored=stores,
        noise=st.integers(0, 2**12),
        order=st.sampled_from([BY_ID, Order("name"), Order("score", descending=True)]),
    )
