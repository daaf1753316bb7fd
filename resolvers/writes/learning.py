"""
Finding out, by the mutation's own read, what became of a write that nobody knew of.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from adapters.contract import Outcome, Source, WriteCommand, WriteResult, WritesRecords
from adapters.errors import VendorError
from adapters.ledger import Entry, Ledger
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.roles import find_writer
from resolvers.selection import Selection
from resolvers.writes.arguments import read_command
from resolvers.writes.item_learning import learn_items
from resolvers.writes.items import to_item_entries
from resolvers.writes.payload import to_plain_result
from resolvers.writes.pipeline import INLINE_ITEMS

LOOK_EVERY_S: Final = 3.0
"""Seconds within which a source is asked about a write at most once, whoever asks us."""

ARRIVES_WITHIN_S: Final = 30.0
"""Seconds in which a vendor may still be doing what it was sent: until then not being there proves nothing."""

_OPEN: Final = frozenset({Outcome.UNKNOWN, Outcome.ACCEPTED})
_ITEMS: Final = 500


async def learn_outcome(entry: Entry, ctx: RequestContext, selection: Selection) -> Entry:
    """
    Return a write as it is known now, having asked its source where that can tell more.

    A source that cannot be asked is told beside the data; the write stays as it was.
    """
    source = ctx.sources.get(entry.source)
    writer = source and _find_reader_of(entry, source)
    desk = await ctx.desk()
    if not writer or not await desk.ledger.start_look(entry.id, LOOK_EVERY_S):
        return entry
    try:
        if entry.items > INLINE_ITEMS:
            return await _look_at_items(entry, writer, desk.ledger, ctx, selection)
        result = await _look(entry, writer, desk.ledger, ctx, selection)
    except VendorError as error:
        ctx.notices.append(FacadeErrorAt(error, tuple(selection.path.split("."))))
        return entry
    if result.outcome is Outcome.REJECTED and _may_arrive(entry):
        result = WriteResult(outcome=Outcome.UNKNOWN, check="It is not there yet; ask again in half a minute.")
    return await desk.ledger.learn(
        entry.id, result.outcome.value, _to_evidence(result), to_item_entries(result.items), check=result.check
    )


def _may_arrive(entry: Entry) -> bool:
    return (datetime.now(UTC) - entry.created_at).total_seconds() < ARRIVES_WITHIN_S


def _find_reader_of(entry: Entry, source: Source) -> WritesRecords | None:
    """Return what can tell of a write, where somebody does not know what became of it and there is a read that may."""
    ability = source.writes.get(entry.mutation)
    if entry.outcome not in _OPEN or ability is None or ability.read_back is None or "values" not in entry.command:
        return None
    return find_writer(source)


async def _look_at_items(
    entry: Entry, writer: WritesRecords, ledger: Ledger, ctx: RequestContext, selection: Selection
) -> Entry:
    """Ask the source about some of many items."""
    scope = replace(ctx.scope, max_staleness_s=0.0)
    try:
        settled = not _may_arrive(entry)
        return await learn_items(entry, writer, ledger, scope, purpose=selection.path, settled=settled)
    finally:
        ctx.scope.spent = max(ctx.scope.spent, scope.spent)


async def _look(
    entry: Entry, writer: WritesRecords, ledger: Ledger, ctx: RequestContext, selection: Selection
) -> WriteResult:
    """Ask the source itself: nothing that is remembered from before may answer."""
    scope = replace(ctx.scope, max_staleness_s=0.0)
    try:
        command = await _rebuild_command(entry, ledger)
        return await writer.fetch_outcome(command, entry.known_by, scope, purpose=selection.path)
    finally:
        ctx.scope.spent = max(ctx.scope.spent, scope.spent)


async def _rebuild_command(entry: Entry, ledger: Ledger) -> WriteCommand:
    items: list[Any] = []
    more = bool(entry.items)
    while more:
        page, more = await ledger.fetch_items(entry.id, after=len(items) - 1, limit=_ITEMS)
        items += [item.input for item in page]
    return read_command(entry.command, tuple(items))


def _to_evidence(result: WriteResult) -> dict[str, Any]:
    """Return what has become known; an id that is known already stays where the read tells none."""
    plain = to_plain_result(result)
    return {name: value for name, value in plain.items() if name != "id" or value is not None}
