"""
What Taguchi V4 can do with each field and operator, made from the column table.

Source: taguchi-v4-api.txt, Queries, for every operator. Times are kept finer than they are printed, so an equality is a
range of one second and needs two predicates; that repeated predicates are ANDed is inferred, so it is INEXACT.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.fields import Kind
from adapters.filters.tree import Op
from adapters.records import Entity

from .columns import COLUMNS, Column, has_text_key
from .endpoints import API_VERSION, MAX_QUERY_BYTES
from .settings import TaguchiV4Settings
from .statistics_calls import STATISTICS

VENDOR: Final = "taguchi_v4"
MEMBERS: Final = "memberships.list_id"
MEMBERS_WIRE: Final = "list_id"
MAX_IN: Final = 50
MAX_BRANCHES: Final = 8
CONJUNCTION: Final = Line(Support.INEXACT, Evidence.INFERRED, "Queries, query: may appear multiple times")

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
}
"""`re` and `like` do not exist for numbers, times and dates in PostgreSQL (vendors/facts.md, 1.4)."""

_MEMBERS: Final = FieldCapability(
    MEMBERS_WIRE,
    {Op.EQ: Line(Support.INEXACT, Evidence.OBSERVED, "List Resource, XML: subscribers href; vendors/facts.md, 1.4")},
    at_most=1,
    digits=True,
)


def build_capability(settings: TaguchiV4Settings) -> Capability:
    """Build the table for one source: its page size is the operator's."""
    entities = {entity: replace(table, max_page=settings.page_size) for entity, table in TABLES.items()}
    return Capability(VENDOR, API_VERSION, entities, STATISTICS)


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
    )


def _build_field(column: Column, *, mergeable: bool) -> FieldCapability:
    """Build a field's line; `mergeable` is false where rows that tie stand by a text."""
    if not column.documented:
        return FieldCapability(column.wire)
    return FieldCapability(
        column.wire,
        OPERATORS[column.kind],
        sortable=True,
        mergeable=mergeable and column.kind is not Kind.TEXT,
        digits=column.kind is Kind.ID,
    )


TABLES: Final[Mapping[Entity, EntityCapability]] = {entity: _build_table(entity) for entity in COLUMNS}
"""The tables before a source's own page size."""
