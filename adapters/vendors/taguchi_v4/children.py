"""
The first rows below many parents, by few calls.

Children name their parent in a column of whole numbers, so parents with near ids share a list read of a range, in the
order of the children's ids: `campaign_id-gte-a & campaign_id-lte-b sort=id`. Ids between that are not wanted are left
out by `neq`. The reply is the beginning of that common line, and so each parent's share of it the beginning of its own.
A parent has enough with `limit` rows, or when the reply was not cut; for the others the line goes on, without those
who have enough, and at last each on its own.

Calls: one when nothing is cut; at most `ROUNDS` for each range, and one more for each parent that stays short.
A membership can only be asked for list by list (`list_id-eq`, once in a call), so there each parent costs one call.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from adapters.calls import CallNote, CallScope
from adapters.contract import ChildrenQuery, Gap, Slice, SliceQuery
from adapters.errors import CapabilityError, FacadeError, VendorContractError
from adapters.filters.fields import Kind
from adapters.filters.order import Position
from adapters.filters.tree import And, Comparison, Filter, Op, Some

from .capability import MEMBERS
from .columns import COLUMNS, LARGEST_COMPARED, Column
from .compiler import COMPILERS
from .guards import build_guard
from .lines import IdLine
from .placing import Child, LostChildError, place_children
from .reading import Reader
from .revisions import choose_revisions
from .slices import fetch_slice
from .windows import read_id

if TYPE_CHECKING:
    from adapters.records import Record

ROUNDS: Final = 3
"""How often a range is continued before its parents are read one by one."""

GENEROSITY: Final = 2
"""Rows a range asks for, over those its parents need: shares are never even, and a call costs more than rows."""

MAX_EXCLUDED: Final = 12
"""How many ids one range may leave out: each is a predicate in the address."""

_FEW: Final = 2

Found = Slice | FacadeError


@dataclass(frozen=True, slots=True)
class Run:
    """Wanted parents with near ids, and the ids between them that are not wanted."""

    parents: tuple[int, ...]
    excluded: tuple[int, ...] = ()


async def fetch_children(reader: Reader, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Found]:
    """
    Read the first rows of each parent's line, side by side; a failed call fails the parents it was for.

    Raises:
        CapabilityError: rows cannot be asked for by this field.
    """
    numbers = {parent: read_id(parent) for parent in query.parents}
    wanted = sorted({number for number in numbers.values() if number is not None})
    brood = _Brood(reader, query, scope)
    if query.field == MEMBERS:
        await brood.fetch_alone(wanted)
    else:
        await brood.fetch_runs(find_column(query), wanted)
    nobody = Slice((), (), end=True, calls=0)
    return {parent: nobody if number is None else brood.build_slice(number) for parent, number in numbers.items()}


def find_column(query: ChildrenQuery) -> Column:
    """Return the column that names the parent."""
    column = COLUMNS[query.entity].get(query.field)
    if column is None or column.kind is not Kind.ID or not column.documented:
        raise CapabilityError(f"Taguchi cannot list records by '{query.field}'.", hint="Filter by it instead.")
    return column


def build_runs(parents: Iterable[int]) -> list[Run]:
    """Put sorted parents together while few ids between them have to be left out."""
    runs: list[Run] = []
    for parent in parents:
        last = runs[-1] if runs else None
        if last is None or parent > LARGEST_COMPARED or _gap(last, parent) > MAX_EXCLUDED - len(last.excluded):
            runs.append(Run((parent,)))
        else:
            between = range(last.parents[-1] + 1, parent)
            runs[-1] = Run((*last.parents, parent), (*last.excluded, *between))
    return runs


def _gap(run: Run, parent: int) -> int:
    return parent - run.parents[-1] - 1


class _Brood:
    """The rows found below each parent, and how to find more."""

    def __init__(self, reader: Reader, query: ChildrenQuery, scope: CallScope) -> None:
        self._reader = reader
        self._query = query
        self._scope = scope
        self._rows: dict[int, list[tuple[Record, Position]]] = {}
        self._gaps: dict[int, list[Gap]] = {}
        self._ended: set[int] = set()
        self._errors: dict[int, FacadeError] = {}
        self._calls: dict[int, int] = {}

    def build_slice(self, parent: int) -> Found:
        """Return what was found below one parent."""
        if parent in self._errors:
            return self._errors[parent]
        rows = self._rows.get(parent, [])
        shown = rows[: self._query.limit]
        end = parent in self._ended and len(shown) == len(rows)
        return Slice(
            records=tuple(record for record, _ in shown),
            positions=tuple(position for _, position in shown),
            end=end,
            calls=self._calls.get(parent, 0),
            gaps=tuple(gap for gap in self._gaps.get(parent, ()) if end or gap.place < len(shown)),
        )

    async def fetch_runs(self, column: Column, parents: Sequence[int], after: Position | None = None) -> None:
        """Read parents in runs, side by side."""
        await asyncio.gather(*(self._fetch_run(column, run, after, ROUNDS) for run in build_runs(parents)))

    async def fetch_alone(self, parents: Iterable[int], after: Position | None = None) -> None:
        """Read each of these parents on its own, side by side."""
        await asyncio.gather(*(self._fetch_parent(parent, after) for parent in parents))

    async def _fetch_run(self, column: Column, run: Run, after: Position | None, rounds: int) -> None:
        if len(run.parents) == 1 or rounds == 0:
            await self.fetch_alone(run.parents, after)
            return
        try:
            line = await self._fetch_round(column, run, after)
        except LostChildError:
            await self.fetch_alone(self._find_short(run), after)
            return
        except FacadeError as error:
            self._errors.update(dict.fromkeys(self._find_short(run), error))
            return
        if line.ended:
            self._ended.update(run.parents)
            return
        short = self._find_short(run)
        if len(short) <= _FEW:
            await self.fetch_alone(short, line.place)
            return
        await asyncio.gather(*(self._fetch_run(column, rest, line.place, rounds - 1) for rest in build_runs(short)))

    async def _fetch_round(self, column: Column, run: Run, after: Position | None) -> IdLine:
        """Make one call for a run and give each parent its share of the rows."""
        span = build_range(column, run.parents[0], run.parents[-1], run.excluded)
        pushed = (*self._build_pushed(), *span)
        line = IdLine(pushed, descending=self._query.order.descending, after=after)
        call = line.build_call(GENEROSITY * sum(map(self._need, run.parents)), self._reader.max_page)
        call = replace(call, revisions=choose_revisions(self._query.entity, self._query.parts))
        batch = await self._reader.fetch_batch(
            self._query.entity, call, self._build_note(len(run.parents)), self._scope
        )
        guard = build_guard(self._reader, self._query.entity, self._query.pushed, rechecked=False)
        batch = guard.watch(batch)
        children, parents = place_children(batch, line.take(batch), column), set(run.parents)
        if any(child.parent not in parents for child in children):
            raise batch.refuse("rows below other parents than were asked for", "BOUND_IGNORED")
        for child in children:
            self._add(child, line)
        for parent in run.parents:
            self._calls[parent] = self._calls.get(parent, 0) + 1
        return line

    def _find_short(self, run: Run) -> list[int]:
        """Return the parents that lack rows."""
        return [parent for parent in run.parents if self._need(parent) > 0]

    async def _fetch_parent(self, parent: int, after: Position | None) -> None:
        try:
            query = build_slice_query(self._query, str(parent), after, max(1, self._need(parent)))
            found = await fetch_slice(self._reader, query, self._scope, rechecked=False)
        except FacadeError as error:
            self._errors[parent] = error
            return
        rows = self._rows.setdefault(parent, [])
        self._gaps.setdefault(parent, []).extend(Gap(gap.error, len(rows) + gap.place) for gap in found.gaps)
        rows.extend(zip(found.records, found.positions, strict=True))
        self._calls[parent] = self._calls.get(parent, 0) + found.calls
        if found.end:
            self._ended.add(parent)

    def _need(self, parent: int) -> int:
        return self._query.limit - len(self._rows.get(parent, []))

    def _add(self, child: Child, line: IdLine) -> None:
        parent = int(str(child.parent))
        rows = self._rows.setdefault(parent, [])
        if isinstance(child.record, VendorContractError):
            self._gaps.setdefault(parent, []).append(Gap(child.record, len(rows)))
        elif child.item is not None:
            rows.append((child.record, line.build_position(child.item, None)))

    def _build_pushed(self) -> tuple[str, ...]:
        return COMPILERS[self._query.entity].build_predicates(self._query.pushed)

    def _build_note(self, keys: int) -> CallNote:
        query = self._query
        return CallNote(query.purpose, self._build_pushed(), query.residual, query.reasons, keys)


def build_range(column: Column, first: int | str, last: int | str, excluded: Iterable[int] = ()) -> tuple[str, ...]:
    """Build the predicates of a range of parents; the ends are texts in the shape of a call."""
    wire = column.wire
    return (f"{wire}-gte-{first}", f"{wire}-lte-{last}", *(f"{wire}-neq-{each}" for each in excluded))


def build_slice_query(query: ChildrenQuery, parent: str, after: Position | None, limit: int) -> SliceQuery:
    """Build the query of one parent's rows."""
    return SliceQuery(
        entity=query.entity,
        pushed=And((_without_members(query), _build_condition(query.field, parent))),
        order=query.order,
        after=after,
        limit=limit,
        parts=query.parts,
        purpose=query.purpose,
        residual=query.residual,
        reasons=query.reasons,
    )


def _build_condition(field: str, parent: str) -> Filter:
    """Build the condition that a row is one parent's; an extension's field is named with its word, as in filters."""
    if field != MEMBERS:
        return Comparison(field, Op.EQ, parent)
    many, _, inner = field.rpartition(".")
    return Some(many, Comparison(inner, Op.EQ, parent))


def _without_members(query: ChildrenQuery) -> Filter:
    """Leave a pushed membership out where the parent takes its only place in a call; the caller checks the rows."""
    if query.field != MEMBERS:
        return query.pushed
    parts = query.pushed.parts if isinstance(query.pushed, And) else (query.pushed,)
    return And(tuple(part for part in parts if not isinstance(part, Some)))
