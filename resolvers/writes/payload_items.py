"""
Items as the payload of a bulk write tells them: those that the ledger keeps, or what a dry run plans of each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from adapters.errors import FacadeError
from adapters.ledger import ItemEntry
from resolvers.context import RequestContext
from resolvers.cursors import CursorScope
from resolvers.pages import ConnectionRecord
from resolvers.selection import Selection
from resolvers.writes.operations import ItemsArgs, build_page, operation_items, read_cursor, read_place, read_size
from resolvers.writes.payload import PayloadRecord


async def payload_items(
    parents: Sequence[PayloadRecord], args: ItemsArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ItemEntry] | FacadeError]:
    """List the items of writes that were asked for just now, in the order of the input."""
    return [await _read_items(parent, args, ctx, selection) for parent in parents]


async def _read_items(
    parent: PayloadRecord, args: ItemsArgs, ctx: RequestContext, selection: Selection
) -> ConnectionRecord[ItemEntry] | FacadeError:
    entry = parent.operation
    if entry is not None and entry.items:
        (page,) = await operation_items([entry], args, ctx, selection)
        return page
    try:
        return _build_page(parent.items, args, ctx)
    except FacadeError as error:
        return error


def _build_page(items: Sequence[ItemEntry], args: ItemsArgs, ctx: RequestContext) -> ConnectionRecord[ItemEntry]:
    size, scope = read_size(args.first, ctx), CursorScope("payload.items")
    after = read_cursor(args.after, scope)
    left = [item for item in items if after is None or item.place > read_place(after)]
    rows = [(str(item.place), item) for item in left[:size]]
    return build_page(scope, rows, more=len(left) > size, after=args.after, total=len(items))


def count_items(payload: PayloadRecord) -> Mapping[str, int]:
    """Count the items of a write by their outcomes, or by their states while they have none."""
    if payload.operation is not None and payload.operation.items:
        return payload.operation.counts
    return Counter(item.outcome or item.state.value for item in payload.items)
