"""
The ledger as callers see it: their own writes, or everybody's with the scope `admin`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from adapters.errors import FacadeError
from adapters.filters.order import Position
from adapters.ledger import Entry, EntryFilter, ItemEntry
from resolvers.context import RequestContext
from resolvers.cursors import CursorScope, CursorWriter, decode_cursor, refuse_cursor
from resolvers.pages import ConnectionArgs, ConnectionRecord, EdgeRecord, build_page_request
from resolvers.principal import Scope
from resolvers.selection import Selection
from resolvers.writes.learning import learn_outcome
from resolvers.writes.showing import show_entry, show_items

N = TypeVar("N")

LEDGER: Final = "ledger"
"""What cursors name as the source of what the ledger lists."""

TOTAL: Final = "totalCount"
"""The field of a page for which its rows are counted, where it is selected."""

_PLACE_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class OperationArgs:
    """The id of one write."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsArgs:
    """A page of writes: which, how many, and after which cursor."""

    filter: EntryFilter | None = None
    first: int | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsArgs:
    """A page of one write's items: how many, and after which cursor."""

    first: int | None = None
    after: str | None = None


async def write_operation(
    parents: Sequence[object], args: OperationArgs, ctx: RequestContext, selection: Selection
) -> list[Entry | FacadeError | None]:
    """Find one write; where nobody knows what became of it, ask its source."""
    try:
        desk = await ctx.desk()
        entry = await desk.ledger.fetch(args.id)
        if entry is not None:
            entry = await learn_outcome(entry, ctx, selection) if _may_see(entry, ctx) else None
    except FacadeError as error:
        return [error] * len(parents)
    return [entry and show_entry(entry, ctx.principal)] * len(parents)


def _may_see(entry: Entry, ctx: RequestContext) -> bool:
    if not ctx.principal.sees(entry.source):
        return False
    return entry.principal == ctx.principal.name or ctx.principal.holds(Scope.ADMIN)


async def write_operations(
    parents: Sequence[object], args: OperationsArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[Entry] | FacadeError]:
    """List writes, the newest first."""
    try:
        page: ConnectionRecord[Entry] | FacadeError = await _read_operations(args, ctx, selection)
    except FacadeError as error:
        page = error
    return [page] * len(parents)


async def _read_operations(args: OperationsArgs, ctx: RequestContext, selection: Selection) -> ConnectionRecord[Entry]:
    size = read_size(args.first, ctx)
    scope = CursorScope("writeOperations")
    after = read_cursor(args.after, scope)
    ledger, which = (await ctx.desk()).ledger, _narrow(args.filter or EntryFilter(), ctx)
    entries, more = await ledger.fetch_page(which, after=after, limit=size)
    total = await ledger.count(which) if selection.has(TOTAL) else None
    shown = [(entry.id, show_entry(entry, ctx.principal)) for entry in entries]
    return build_page(scope, shown, more=more, after=args.after, total=total)


def _narrow(which: EntryFilter, ctx: RequestContext) -> EntryFilter:
    """Leave out what the caller may not see."""
    asked = ctx.sources if which.sources is None else set(which.sources) & set(ctx.sources)
    principal = None if ctx.principal.holds(Scope.ADMIN) else ctx.principal.name
    return replace(which, principal=principal, sources=tuple(sorted(asked)))


async def operation_items(
    parents: Sequence[Entry], args: ItemsArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ItemEntry] | FacadeError]:
    """List the items of bulk writes, in the order of the input."""
    del selection
    return [await _read_items(parent, args, ctx) for parent in parents]


async def _read_items(parent: Entry, args: ItemsArgs, ctx: RequestContext) -> ConnectionRecord[ItemEntry] | FacadeError:
    try:
        size = read_size(args.first, ctx)
        scope = CursorScope("writeOperation.items", parent=parent.id)
        after = read_cursor(args.after, scope)
        place = -1 if after is None else read_place(after)
        if not parent.items:
            return ConnectionRecord(total_count=0)
        desk = await ctx.desk()
        items, more = await desk.ledger.fetch_items(parent.id, after=place, limit=size)
    except FacadeError as error:
        return error
    shown = show_items(parent, items, ctx.principal)
    rows = [(str(item.place), item) for item in shown]
    return build_page(scope, rows, more=more, after=args.after, total=parent.items)


def read_place(text: str) -> int:
    """Return the place that an item's cursor names; raises `CursorError` where it names none."""
    if not (text.isdecimal() and len(text) <= _PLACE_DIGITS):
        raise refuse_cursor("This is not a cursor of this graph.", "after")
    return int(text)


def read_size(first: int | None, ctx: RequestContext) -> int:
    """Return how many rows a page has; raises `InputError` where too many are asked for."""
    return build_page_request(ConnectionArgs(first=first), ctx.limits.default_first, ctx.limits.max_first).size


def read_cursor(text: str | None, scope: CursorScope) -> str | None:
    """Return what stands before a page; raises `CursorError` where the cursor is another field's."""
    if text is None:
        return None
    position = decode_cursor(text, scope).stop.position
    if position is None or not isinstance(position.parts[0], str):
        raise refuse_cursor("This is not a cursor of this graph.", "after")
    return position.parts[0]


def build_page(
    scope: CursorScope, rows: Sequence[tuple[str, N]], *, more: bool, after: str | None, total: int | None
) -> ConnectionRecord[N]:
    """Build a page of what the ledger lists; each row comes with what its cursor names."""
    writer = CursorWriter(scope, LEDGER, backward=False, tail=False, owed=())
    edges = tuple(EdgeRecord(row, Position((place,)), writer) for place, row in rows)
    return ConnectionRecord(
        edges=edges,
        has_next_page=more,
        has_previous_page=after is not None,
        total_count=total,
    )
