"""
What Taguchi V4 can do with each field and operator, made from the column table.

Source: taguchi-v4-api.txt, Queries, for every operator. Times are kept finer than they are printed, so an equality is a
range of one second and needs two predicates; that repeated predicates are ANDed is inferred, so it is INEXACT until a
check of the source has proven it. Where a check has disproved it, each call carries one predicate, which says where a
page goes on: every filter is checked here, and the only order is that of the key.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from adapters.evidence import NOTHING_FOUND, Findings, Verdict
from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.fields import Kind
from adapters.filters.tree import Op
from adapters.records import Entity

from .columns import COLUMNS, LARGEST_COMPARED, Column, has_text_key
from .endpoints import API_VERSION, MAX_QUERY_BYTES
from .habits import read_habits
from .settings import TaguchiV4Settings
from .statistics_calls import STATISTICS

VENDOR: Final = "taguchi_v4"
MEMBERS: Final = "memberships.list_id"
MEMBERS_WIRE: Final = "list_id"
MAX_IN: Final = 50
MAX_BRANCHES: Final = 8
CONJUNCTION: Final = Line(Support.INEXACT, Evidence.INFERRED, "Queries, query: may appear multiple times")

KEY: Final = "id"

_SEEN_ANDED: Final = Line(Support.EXACT, Evidence.OBSERVED, "Queries, query: seen to be ANDed by a check")
_SEEN_SECOND: Final = Line(Support.EXACT, Evidence.OBSERVED, "Queries, gte and lt: seen to be ANDed by a check")
_SEEN_WIDENED: Final = Line(Support.UNSUPPORTED, Evidence.OBSERVED, "Queries, query: seen to widen by a check")

_UNSORTED: Final = frozenset({Kind.FLAG, Kind.WORD})
"""Kinds of a few values only: as good as no order."""

_NUMBERS: Final = frozenset({Kind.ID, Kind.NUMBER})

_KEYSET_BYTES = 4_000
"""Room left in an address for where a page goes on, and for the order and the limit."""


def _exact(section: str) -> Line:
    return Line(Support.EXACT, Evidence.DOCUMENTED, section)


_NULLS = {Op.IS_NULL: _exact("Queries, is"), Op.PRESENT: _exact("Queries, nt")}
_EQUALITY = {Op.EQ: _exact("Queries, eq"), Op.DIFFERS: _exact("Queries, neq")}
_RANGES = {
    Op.LT: _exact("Queries, lt"),
    Op.LTE: _exact("Queries, lte"),
    Op.GT: _exact("Queries, gt"),
    Op.GTE: _exact("Queries, gte"),
}
_PATTERNS = {
    Op.IN: _exact("Queries, re"),
    Op.CONTAINS: _exact("Queries, like"),
    Op.STARTS_WITH: _exact("Queries, like"),
    Op.ENDS_WITH: _exact("Queries, like"),
    Op.MATCHES: _exact("Queries, re"),
}
_SECOND = {Op.EQ: Line(Support.INEXACT, Evidence.INFERRED, "Queries, gte and lt: the printed second as a range")}

OPERATORS: Final[Mapping[Kind, Mapping[Op, Line]]] = {
    Kind.TEXT: {**_NULLS, **_EQUALITY, **_PATTERNS},
    Kind.ID: {**_NULLS, **_EQUALITY, **_RANGES},
    Kind.NUMBER: {**_NULLS, **_EQUALITY, **_RANGES},
    Kind.DATE: {**_NULLS, **_EQUALITY, **_RANGES},
    Kind.TIME: {**_NULLS, **_SECOND, **_RANGES},
    Kind.FLAG: {**_NULLS, **_EQUALITY},
    Kind.WORD: {**_NULLS, **_EQUALITY},
}
"""`re` and `like` do not exist for numbers, times and dates in PostgreSQL (vendors/facts.md, 1.4)."""

_MEMBERS: Final = FieldCapability(
    MEMBERS_WIRE,
    {Op.EQ: Line(Support.INEXACT, Evidence.OBSERVED, "List Resource, XML: subscribers href; vendors/facts.md, 1.4")},
    at_most=1,
    digits=True,
    largest=LARGEST_COMPARED,
)


def build_capability(settings: TaguchiV4Settings, findings: Findings = NOTHING_FOUND) -> Capability:
    """Build the table for one source: its page size is the operator's, within what a check has found."""
    habits = read_habits(findings)
    sharpen, page = _SHARPEN[habits.joins], habits.choose_page_size(settings)
    entities = {entity: replace(sharpen(table), max_page=page) for entity, table in TABLES.items()}
    return Capability(VENDOR, API_VERSION, entities, STATISTICS)


def _trust_ands(table: EntityCapability) -> EntityCapability:
    """Take what needs several predicates as exact: they were seen to be ANDed."""
    fields = {name: _trust_seconds(known) for name, known in table.fields.items()}
    return replace(table, fields=fields, conjunction=_SEEN_ANDED)


def _trust_seconds(known: FieldCapability) -> FieldCapability:
    if known.operators.get(Op.EQ) is not _SECOND[Op.EQ]:
        return known
    return replace(known, operators={**known.operators, Op.EQ: _SEEN_SECOND})


def _avoid_ands(table: EntityCapability) -> EntityCapability:
    """Leave the one predicate of a call to the place where a page goes on: with a second one, more rows would come."""
    fields = {
        name: replace(known, operators={}, sortable=known.sortable and name == KEY)
        for name, known in table.fields.items()
    }
    return replace(table, fields=fields, conjunction=_SEEN_WIDENED, max_branches=1)


_NEVER_TOLD: Final[Mapping[Entity, frozenset[str]]] = {
    Entity.SUBSCRIBER: frozenset({"audiences", "audiences.audience_id", "audiences.name"}),
    Entity.AUDIENCE: frozenset({"size", "created_at"}),
}
"""Who meets a view's condition is told nowhere, nor how many."""

_SHARPEN: Final[Mapping[Verdict, Callable[[EntityCapability], EntityCapability]]] = {
    Verdict.PROVEN: _trust_ands,
    Verdict.DISPROVED: _avoid_ands,
    Verdict.UNDECIDED: lambda table: table,
}


def _build_table(entity: Entity) -> EntityCapability:
    mergeable = not has_text_key(entity)
    fields = {name: _build_field(column, mergeable=mergeable) for name, column in COLUMNS[entity].items()}
    if entity is Entity.SUBSCRIBER:
        fields[MEMBERS] = _MEMBERS
    return EntityCapability(
        fields=fields,
        conjunction=CONJUNCTION,
        max_branches=MAX_BRANCHES,
        max_in=MAX_IN,
        max_filter_bytes=MAX_QUERY_BYTES - _KEYSET_BYTES,
        never_told=_NEVER_TOLD.get(entity, frozenset()),
    )


def _build_field(column: Column, *, mergeable: bool) -> FieldCapability:
    """Build a field's line; `mergeable` is false where rows that tie stand by a text."""
    if not column.documented:
        return FieldCapability(column.wire)
    return FieldCapability(
        column.wire,
        _choose_operators(column),
        sortable=column.kind not in _UNSORTED,
        mergeable=mergeable and column.kind is not Kind.TEXT,
        digits=column.kind is Kind.ID,
        whole=column.kind is Kind.NUMBER,
        largest=column.largest if column.kind in _NUMBERS else None,
    )


def _choose_operators(column: Column) -> Mapping[Op, Line]:
    """Choose a column's operators; where its type is inferred, so is how values compare, though not whether one is."""
    if not column.inferred:
        return OPERATORS[column.kind]
    return {
        op: line if op in _NULLS else replace(line, evidence=Evidence.INFERRED)
        for op, line in OPERATORS[column.kind].items()
    }


TABLES: Final[Mapping[Entity, EntityCapability]] = {entity: _build_table(entity) for entity in COLUMNS}
"""The tables before a source's own page size."""
