"""
Random filters over a vendor's account, each held against the reference over all its rows.

A case is a number: everything random in it follows from that, so a failure names all there is to know. Operands are
values of the account's own rows, bent ones, and such that no row has.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from adapters.errors import CapabilityError, FilterError
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import OPERATORS, FieldSpec, Kind
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import Entity, Record
from resolvers.connections import ConnectionSpec, fetch_connection
from resolvers.context import ReadLimits
from resolvers.pages import CompletenessState, ConnectionArgs
from resolvers.selection import build_selection
from tests.contract.accounts import Account, keys_of
from tests.contract.operands import read_values
from tests.resolvers.asking import build_context

MOST_ROWS: Final = 600
"""Of a larger account a case reads a random stretch of ids."""

ODD_TEXTS: Final = ("", "null", "a-eq-b", "100%", "1_0", "c\\d", "é", "(x|y)", "O'Neil", " ", "../1", '"', "&a=b")
ODD_IDS: Final = ("1", "2", "7", "40", "007", "99999999999", "x", "1/2", "174/1")
PATTERNS: Final = ("^null$", "", "a+", "^$", "[%_]", "^(V|v)", ".", "[0-9]{2}")
LIMITS: Final = ReadLimits(max_first=100_000, scan_calls=10_000, scan_rows=1_000_000)
SELECTION: Final = build_selection("contract", "nodes.id")
_A_TIME: Final = datetime(2024, 5, 1, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ground:
    """What random filters of one kind of record are made from."""

    account: Account
    entity: Entity
    rows: Sequence[Record]
    fields: Mapping[str, FieldSpec]
    values: Mapping[str, Sequence[Any]]


async def survey(account: Account, entity: Entity) -> Ground:
    """Read all rows of a kind, and collect the values of every field that they hold."""
    rows, fields = await account.fetch_rows(entity), account.fields(entity)
    missing = account.table(entity).missing_in_rows | account.table(entity).never_told
    names = [*_list_names(fields)]
    values = {
        name: sorted({*read_values(rows, fields, name)}, key=str)
        for name in names
        if missing.isdisjoint({name, name.partition(".")[0]})
    }
    return Ground(account, entity, rows, fields, values)


def _list_names(fields: Mapping[str, FieldSpec]) -> Iterable[str]:
    for name, spec in fields.items():
        if spec.elements:
            yield from (f"{name}.{inner}" for inner in spec.elements)
        elif not spec.keyed:
            yield name


def build_filter(chance: random.Random, ground: Ground, depth: int = 3) -> Filter:
    """Build a random filter that is not refused: a range may come out inverted."""
    while True:
        tree = _build_tree(chance, ground, depth)
        try:
            bind(tree, ground.fields)
        except FilterError as error:
            if error.reason not in {"RANGE_INVERTED", "OPERAND_INVALID"}:
                raise
        else:
            return tree


def _build_tree(chance: random.Random, ground: Ground, depth: int) -> Filter:
    kind = chance.random()
    if depth == 0 or kind < 0.45:
        return _build_leaf(chance, ground)
    if kind < 0.55:
        return Not(_build_tree(chance, ground, depth - 1))
    join = And if kind < 0.75 else Or
    return join(tuple(_build_tree(chance, ground, depth - 1) for _ in range(chance.choice([0, 1, 2, 2, 2, 3]))))


def _build_leaf(chance: random.Random, ground: Ground) -> Filter:
    """Compare one field: half of the time one that the vendor narrows by, where there is one."""
    narrowed = [name for name, known in ground.account.table(ground.entity).fields.items() if known.operators]
    able = [name for name in narrowed if name in ground.values]
    name = chance.choice(able if able and chance.random() < 0.6 else sorted(ground.values))
    place, _, inner = name.rpartition(".")
    if place and name not in ground.fields:
        spec = (ground.fields[place].elements or {})[inner]
        return Some(place, _build_comparison(chance, spec, ground.values[name]))
    return _build_comparison(chance, ground.fields[name], ground.values[name])


def _build_comparison(chance: random.Random, spec: FieldSpec, values: Sequence[Any]) -> Filter:
    op = chance.choice(sorted(OPERATORS[spec.kind]))
    if op in {Op.IS_NULL, Op.PRESENT}:
        return Comparison(spec.name, op)
    ignore_case = spec.kind is Kind.TEXT and op is not Op.DIFFERS and chance.random() < 0.3
    if op is Op.IN:
        several = tuple(_build_operand(chance, spec.kind, values) for _ in range(chance.randrange(4)))
        return Comparison(spec.name, op, several, ignore_case=ignore_case)
    value = chance.choice(PATTERNS) if op is Op.MATCHES else _build_operand(chance, spec.kind, values)
    if op in {Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH} and chance.random() < 0.7:
        value = value[: chance.randrange(1, 5)] if op is Op.STARTS_WITH else value[-chance.randrange(1, 5) :]
    return Comparison(spec.name, op, value, ignore_case=ignore_case)


def _build_operand(chance: random.Random, kind: Kind, values: Sequence[Any]) -> Any:
    if values and chance.random() < 0.75:
        value = chance.choice(values)
        return value.swapcase() if kind is Kind.TEXT and chance.random() < 0.2 else value
    if kind in {Kind.TIME, Kind.DATE} and values:
        return chance.choice(values)
    return _ODD[kind](chance)


_ODD: Final = {
    Kind.TEXT: lambda chance: chance.choice(ODD_TEXTS),
    Kind.WORD: lambda chance: chance.choice(("ACTIVE", "LEFT", "nothing")),
    Kind.ID: lambda chance: chance.choice(ODD_IDS),
    Kind.NUMBER: lambda chance: chance.choice((-1, 0, 1, 0.5, 2**31, 99_999_999_999)),
    Kind.FLAG: lambda chance: chance.random() < 0.5,
    Kind.TIME: lambda _chance: _A_TIME,
    Kind.DATE: lambda _chance: _A_TIME.date(),
}


async def check_case(number: int, grounds: Sequence[Ground]) -> int:
    """Hold the rows of a case against the reference; return how many there were."""
    chance = random.Random(number)  # noqa: S311 - a case is its number
    ground = chance.choice(grounds)
    tree = _narrow(chance, ground, build_filter(chance, ground))
    matches = build_predicate(bind(tree, ground.fields), ground.fields)
    expected = [row for row in ground.rows if matches(row)]
    args = ConnectionArgs(filter=tree, first=len(ground.rows) + 1)
    ctx = build_context(ground.account.source, limits=LIMITS, max_calls=10_000)
    spec = ConnectionSpec("contract", ground.entity)

    try:
        page = await fetch_connection(spec, args, ctx, SELECTION)
    except CapabilityError as error:
        raise AssertionError(f"case {number}: {tree} is refused: {error.message}") from error
    finally:
        ctx.close()

    where = f"case {number} of {ground.account.vendor} {ground.entity}: {tree}"
    assert [each.state for each in page.completeness] == [CompletenessState.OK], where
    assert sorted(keys_of(page.nodes)) == sorted(keys_of(expected)), where
    return len(expected)


def _narrow(chance: random.Random, ground: Ground, tree: Filter) -> Filter:
    """Read a stretch of a large account only; most of the filters are of everything else."""
    if len(ground.rows) <= MOST_ROWS:
        return tree
    start = chance.randrange(len(ground.rows) - MOST_ROWS // 4)
    ids = [int(row.id) for row in ground.rows[start : start + MOST_ROWS // 4]]
    low, high = (Comparison("id", op, str(id_)) for op, id_ in ((Op.GTE, min(ids)), (Op.LTE, max(ids))))
    return And((tree, low, high))
