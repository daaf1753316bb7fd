"""
Every line of every capability table: the comparison is planned, sent, and brings the rows the reference means.
"""

from collections.abc import Sequence
from typing import Final

import pytest

from adapters.calls import CallScope
from adapters.contract import SliceQuery
from adapters.filters.bind import bind
from adapters.filters.capability import Line, Support
from adapters.filters.cover import trust
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import OPERATORS
from adapters.filters.split import build_plan
from adapters.filters.tree import EVERYTHING, And, Filter
from adapters.records import Entity, Record
from tests.contract.accounts import VENDORS, Account, build_scope, keys_of, list_fields, list_tables, read_slices
from tests.contract.gaps import mark_gaps
from tests.contract.operands import build_leaves, find_spec, read_values

WHOLE_ROWS: Final = 1_000
"""Larger accounts are compared by their first slices, row by row in their order."""

FIELDS: Final = [
    (vendor, entity, name)
    for vendor in VENDORS
    for entity, able in list_tables(vendor).items()
    for name, known in able.fields.items()
    if known.operators
]


@pytest.mark.parametrize(("vendor", "entity", "name"), mark_gaps("test_a_line_brings_what_the_reference_means", FIELDS))
async def test_a_line_brings_what_the_reference_means(account: Account, entity: Entity, name: str):
    """A capability table that promises what the vendor does not do loses people, or writes to the wrong ones."""
    rows = await account.fetch_rows(entity)
    fields = account.fields(entity)
    values = list(read_values(rows, fields, name))
    assert account.table(entity).missing_in_rows.isdisjoint({name, name.partition(".")[0]}), "no row tells the value"

    troubles = [
        f"{op}: {leaf}: {trouble}"
        for op, line in account.table(entity).fields[name].operators.items()
        for leaf in build_leaves(name, find_spec(fields, name), op, values)
        if (trouble := await _try_line(account, entity, leaf, line, rows))
    ]

    assert troubles == []


async def _try_line(account: Account, entity: Entity, leaf: Filter, line: Line, rows: Sequence[Record]) -> str | None:
    bound = bind(leaf, account.fields(entity))
    matches = build_predicate(bound, account.fields(entity))
    expected = [row for row in rows if matches(row)]
    scope = build_scope()
    found, ended = await _read(account, entity, bound, scope, whole=len(rows) <= WHOLE_ROWS)
    if not any(call.pushed for call in scope.calls) and (scope.calls or expected):
        return "it is not sent"
    if line.support is Support.EXACT and not all(map(matches, found)):
        return "other rows come along"
    kept = [row for row in found if matches(row)]
    troubles = (
        _compare(kept, expected, ended=ended, whole=len(rows) <= WHOLE_ROWS),
        _check_plan(account, entity, bound, line, share=(len(expected), len(rows))),
    )
    return next(filter(None, troubles), None)


async def _read(
    account: Account, entity: Entity, leaf: Filter, scope: CallScope, *, whole: bool
) -> tuple[list[Record], bool]:
    feed = await account.find_feed(entity)
    limit = account.table(entity).max_page if whole else min(account.table(entity).max_page, 60)
    query = SliceQuery(entity, And((leaf,)), limit=limit, feed=feed)
    slices = await read_slices(account, query, most=9_999 if whole else 2, scope=scope)
    return [record for each in slices for record in each.records], slices[-1].end


def _compare(kept: Sequence[Record], expected: Sequence[Record], *, ended: bool, whole: bool) -> str | None:
    found, wanted = keys_of(kept), keys_of(expected)
    if whole:
        found, wanted = sorted(found), sorted(wanted)
    elif not ended:
        wanted = wanted[: len(found)]
    return None if found == wanted else f"{len(found)} rows came, {len(wanted)} were meant"


def _check_plan(account: Account, entity: Entity, leaf: Filter, line: Line, *, share: tuple[int, int]) -> str | None:
    """Say what is wrong with the plan: the filter is constant there, or narrows, and is checked again if it must."""
    plan = build_plan(leaf, account.fields(entity), account.table(entity))
    meant, held = share
    if not plan.branches:
        return None if not meant else "the plan asks for nothing"
    if plan.branches == (EVERYTHING,):
        return None if plan.exact and meant == held else "the plan does not narrow"
    if trust(line) is Support.EXACT and not plan.exact and not _takes_two(plan.branches):
        return f"the plan checks again: {plan.reasons}"
    return None


def _takes_two(branches: Sequence[Filter]) -> bool:
    """Say whether a branch has several parts, so that the vendor's AND decides."""
    return any(isinstance(branch, And) and len(branch.parts) > 1 for branch in branches)


@pytest.mark.parametrize("vendor", VENDORS)
def test_operators_fit_their_fields(vendor: str):
    """A line of an operator that its field does not take would never be asked, and the README would promise it."""
    for entity, able in list_tables(vendor).items():
        fields = list_fields(vendor, entity)
        for name, known in able.fields.items():
            assert known.operators.keys() <= OPERATORS[find_spec(fields, name).kind], f"{entity} {name}"
