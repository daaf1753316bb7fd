"""
A source by contract: rows in memory, a capability table that can be switched, and faults on demand.

It answers what its table promises and no more: an INEXACT line brings other rows along, replies by key come in another
order than they were asked for, and slices may be shorter than wished.
"""

import asyncio
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from adapters.calls import CallRecord, CallScope
from adapters.contract import (
    ChildrenQuery,
    Extension,
    Fields,
    Loaded,
    Names,
    PlannedCall,
    Slice,
    SliceQuery,
    Source,
    SourceSettings,
    VendorPackage,
)
from adapters.errors import FacadeError, VendorUnavailableError
from adapters.evidence import NOTHING_FOUND
from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.evaluate import evaluate, read_number
from adapters.filters.fields import FIELDS, OPERATORS, FieldSpec, Kind, build_extension_fields
from adapters.filters.order import Order, Position, PositionPart
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import Entity, Record
from adapters.records.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeSubscriber:
    """What only the fake vendor says of a person."""

    rank: int | None = field(default=None, metadata={"description": "A rank."})
    diary: str | None = field(default=None, metadata={"description": "A secret.", "pii": True})


EXTENSION = Extension("fake", FakeSubscriber, "What only the fake vendor knows.")
ALL_FIELDS: Mapping[Entity, Mapping[str, FieldSpec]] = {
    **FIELDS,
    Entity.SUBSCRIBER: {**FIELDS[Entity.SUBSCRIBER], **build_extension_fields("fake", FakeSubscriber)},
}
EXACT = Line(Support.EXACT, Evidence.DOCUMENTED, "the fake's document")
INEXACT = Line(Support.INEXACT, Evidence.INFERRED, "the fake's document")


def build_table(
    entity: Entity, support: Callable[[str, Op], Line | None] = lambda _name, _op: EXACT, **changes: Any
) -> EntityCapability:
    """Build the table of one kind of record from a rule for each line."""
    fields = {name: _build_field(spec, support) for name, spec in ALL_FIELDS[entity].items()}
    if entity is Entity.SUBSCRIBER:
        fields["memberships.list_id"] = FieldCapability("list_id", {Op.EQ: INEXACT}, at_most=1)
    return replace(EntityCapability(fields=fields, conjunction=EXACT, max_page=100, max_branches=4), **changes)


def _build_field(spec: FieldSpec, support: Callable[[str, Op], Line | None]) -> FieldCapability:
    lines = {op: line for op in sorted(OPERATORS[spec.kind]) if (line := support(spec.name, op))}
    plain = spec.kind is not Kind.ELEMENT and not spec.keyed
    return FieldCapability(
        spec.name,
        {} if spec.keyed else lines,
        sortable=plain,
        mergeable=spec.kind is not Kind.TEXT,
        digits=spec.kind is Kind.ID,
    )


@dataclass
class Holding:
    """Holds the records of every second slice by columns, as an adapter may."""

    cuts: int = 0

    def hold(self, rows: Sequence[Record]) -> Sequence[Record]:
        """Return the records as they are held."""
        self.cuts += 1
        return tuple(rows) if self.cuts % 2 else Table[Any](object, lambda row: row, {"row": rows}, {}, len(rows))


@dataclass
class FakeAdapter:
    """
    Answers from rows in memory.

    `fail` decides before a call whether it breaks, `hang` lets none end; `clamp` cuts every slice; `lax` lets
    `fetch_children` narrow by nothing but the parent. `hold` says in what the records of slices are held.
    """

    name: str
    table: Mapping[Entity, EntityCapability]
    rows: dict[Entity, dict[str, Record]] = field(default_factory=dict)
    clamp: int | None = None
    hang: bool = False
    lax: bool = False
    fail: Callable[[str, int], bool] = lambda _operation, _number: False
    calls: list[str] = field(default_factory=list)
    slices: list[SliceQuery] = field(default_factory=list)
    hold: Callable[[Sequence[Record]], Sequence[Record]] = field(default_factory=lambda: Holding().hold)

    def put(self, *records: Record) -> None:
        """Add or replace rows."""
        for record in records:
            self.rows.setdefault(record.entity, {})[record.id] = record

    def of(self, entity: Entity) -> list[Record]:
        """Return the rows of one kind."""
        return list(self.rows.get(entity, {}).values())

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next rows of a line."""
        self.slices.append(query)
        assert query.limit <= self.table[query.entity].max_page, "never ask for more than a page"
        await self._call("slice", scope, query.purpose)
        return self._cut(self._line(query.entity, query.pushed, query.order), query)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by id; the reply is in another order and leaves out what is missing."""
        assert len(set(ids)) == len(ids), "a key is asked for once"
        await self._call("ids", scope, purpose)
        known = self.rows.get(entity, {})
        return {id_: known[id_] for id_ in reversed(ids) if id_ in known}

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read records by a text field."""
        await self._call("values", scope, purpose)
        return {
            value: tuple(row for row in self.of(entity) if getattr(row, name) == value) for value in reversed(values)
        }

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Read the first rows below each parent."""
        assert query.order.field == "id", "children come by id"
        await self._call("children", scope, query.purpose)
        return {parent: self._children(parent, query) for parent in reversed(query.parents)}

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Say what would be called."""
        return PlannedCall("slice", "GET", f"/{query.entity}?limit={query.limit}")

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """Every load is one call."""
        return min(1, keys), min(1, keys)

    async def _call(self, operation: str, scope: CallScope, purpose: str) -> None:
        self.calls.append(operation)
        scope.record(CallRecord(self.name, "fake", operation, "GET", f"/{operation}", purpose))
        await asyncio.sleep(3600 if self.hang else 0)
        if self.fail(operation, len(self.calls)):
            raise VendorUnavailableError(
                f"The source {self.name} is down.", source=self.name, vendor="fake", operation=operation
            )

    def _children(self, parent: str, query: ChildrenQuery) -> Slice:
        name, _, inner = query.field.partition(".")
        here = Comparison(inner or name, Op.EQ, parent)
        rows = self._line(query.entity, And() if self.lax else query.pushed, query.order)
        mine = [row for row in rows if evaluate(Some(name, here) if inner else here, row, ALL_FIELDS[query.entity])]
        return self._cut(mine, SliceQuery(query.entity, order=query.order, limit=query.limit))

    def _line(self, entity: Entity, pushed: Filter, order: Order) -> list[Record]:
        rows = [row for row in self.of(entity) if self._lets_through(row, entity, pushed)]
        return sorted(rows, key=lambda row: sort_key(row, order.field), reverse=order.descending)

    def _lets_through(self, row: Record, entity: Entity, pushed: Filter) -> bool:
        assert isinstance(pushed, And), "a branch is a conjunction"
        able, leaves = self.table[entity], pushed.parts
        together = all(self._lets_leaf(row, entity, leaf) for leaf in leaves)
        return together or (len(leaves) > 1 and able.conjunction.support is not Support.EXACT and _noise(row, pushed))

    def _lets_leaf(self, row: Record, entity: Entity, leaf: Filter) -> bool:
        if isinstance(leaf, Some):
            assert isinstance(leaf.where, Comparison)
            name, op = f"{leaf.field}.{leaf.where.field}", leaf.where.op
        else:
            assert isinstance(leaf, Comparison)
            name, op = leaf.field, Op.MATCHES if leaf.ignore_case else leaf.op
        line = self.table[entity].line(name, op)
        assert line is not None, "only what the table lets through is pushed"
        return evaluate(leaf, row, ALL_FIELDS[entity]) or (line.support is not Support.EXACT and _noise(row, leaf))

    def _cut(self, rows: Sequence[Record], query: SliceQuery) -> Slice:
        order, limit = query.order, query.limit if self.clamp is None else min(query.limit, self.clamp)
        if query.after is not None:
            after = _read_position(query.after, query.order.field)
            rows = [row for row in rows if _stands_after(sort_key(row, order.field), after, order)]
        taken = rows[:limit]
        positions = tuple(_write_position(row, order.field) for row in taken)
        total = len(rows) if query.count else None
        return Slice(self.hold(taken), positions, end=len(taken) == len(rows), total=total)


def read_value(row: Any, name: str) -> Any:
    """Read a field as a filter names it."""
    word, _, attribute = name.rpartition(".")
    return getattr(row.extension if word else row, attribute, None)


def sort_key(row: Record, name: str) -> tuple[Any, ...]:
    """Where a row stands: by value, missing last, then by id; texts by the fake's own collation."""
    number = read_number(row.id)
    place = (number is None, number or 0, row.id)
    return place if name == "id" else (*_rank(read_value(row, name)), place)


def _rank(value: Any) -> tuple[Any, ...]:
    if value is None:
        return (True, ())
    if isinstance(value, str) and (number := read_number(value)) is not None:
        return (False, ("", "", number))
    return (False, (value.swapcase().casefold(), value.swapcase(), 0) if isinstance(value, str) else (value,))


def _write_position(row: Record, name: str) -> Position:
    value = read_value(row, name)
    kept: PositionPart = value.isoformat() if isinstance(value, date) else value
    return Position((None if name == "id" else kept, row.id))


def _read_position(position: Position, name: str) -> tuple[Any, ...]:
    value, id_ = position.parts
    number = read_number(str(id_))
    place = (number is None, number or 0, id_)
    if name == "id":
        return place
    kinds: Mapping[Kind, Callable[[str], Any]] = {Kind.TIME: datetime.fromisoformat, Kind.DATE: date.fromisoformat}
    parse = kinds.get(ALL_FIELDS[Entity.SUBSCRIBER][name].kind)
    return (*_rank(parse(str(value)) if parse and value is not None else value), place)


def _stands_after(key: tuple[Any, ...], after: tuple[Any, ...], order: Order) -> bool:
    return key < after if order.descending else key > after


def _noise(row: Record, leaf: Filter) -> bool:
    """Say, the same every time, whether a row comes along that does not belong."""
    return zlib.crc32(f"{row.id}{leaf}".encode()) % 3 == 0


def build_source(name: str, table: Mapping[Entity, EntityCapability] | None = None, *records: Record) -> Source:
    """Open a fake source over some rows."""
    table = {entity: build_table(entity) for entity in Entity} if table is None else table
    adapter = FakeAdapter(name, table)
    adapter.put(*records)
    capability = Capability("fake", "the fake's document", table)
    package = VendorPackage(
        name="fake",
        title="Fake",
        settings=SourceSettings,
        build_capability=lambda _settings, _findings=NOTHING_FOUND: capability,
        open=lambda _source, _settings, _transport, _findings=NOTHING_FOUND: adapter,
        sandbox=_no_sandbox,
        extensions={Entity.SUBSCRIBER: EXTENSION},
    )
    return Source(name, package, capability, adapter)


def _no_sandbox() -> Any:
    raise AssertionError("the fake has no sandbox")


def adapter_of(source: Source) -> FakeAdapter:
    """Return the fake behind a source."""
    assert isinstance(source.adapter, FakeAdapter)
    return source.adapter
