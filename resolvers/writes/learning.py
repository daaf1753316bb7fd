"""
Finding out, by the mutation's own read, what became of a write that nobody knew of.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from adapters.contract import ItemResult, Outcome, WriteCommand, WriteResult
from adapters.errors import VendorError
from adapters.ledger import Entry, ItemEntry, Ledger
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.selection import Selection
from resolvers.writes.arguments import is_sending, read_command
from resolvers.writes.item_learning import learn_items
from resolvers.writes.items import to_item_entries
from resolvers.writes.looking import OPEN, Look, begin_look
from resolvers.writes.pipeline import INLINE_ITEMS
from resolvers.writes.worker import judge_items

ARRIVES_WITHIN_S: Final = 30.0
"""Seconds in which a vendor may still be doing what it was sent: until then not being there proves nothing."""

_ITEMS: Final = 500
_UNSENT: Final = frozenset({Outcome.SKIPPED, Outcome.NOT_SENT, Outcome.REJECTED})
"""Outcomes of people whom nothing has reached, so that nothing can be found of it."""


async def learn_outcome(entry: Entry, ctx: RequestContext, selection: Selection) -> Entry:
    """
    Return a write as it is known now, having asked its source where that can tell more.

    A source that cannot be asked is told beside the data; the write stays as it was.
    """
    source, ledger = ctx.sources.get(entry.source), (await ctx.desk()).ledger
    if source is None or (writer := await begin_look(entry, source, ledger)) is None:
        return entry
    scope = replace(ctx.scope, max_staleness_s=0.0)
    try:
        look = Look(ledger, writer, scope, selection.path, touches=source.writes[entry.mutation].touches)
        return await learn(entry, look)
    except VendorError as error:
        ctx.notices.append(FacadeErrorAt(error, tuple(selection.path.split("."))))
        return entry
    finally:
        ctx.scope.spent = max(ctx.scope.spent, scope.spent)


async def learn(entry: Entry, look: Look) -> Entry:
    """
    Enter what a look finds, and return the write as it is then; raises a `VendorError` where nobody can ask.

    A write that is done later than it was sent may have been read about in between: that is forgotten.
    """
    now = await _learn(entry, look)
    if (now.outcome, now.counts) != (entry.outcome, entry.counts):
        look.forget(entry.source)
    return now


async def _learn(entry: Entry, look: Look) -> Entry:
    if entry.items > INLINE_ITEMS or (entry.items and await _is_partly_erased(entry, look.ledger)):
        return await learn_items(entry, look, settled=not _may_arrive(entry))
    command = await _rebuild_command(entry, look.ledger)
    result = await look.writer.fetch_outcome(command, entry.known_by, look.scope, purpose=look.purpose)
    if result.outcome is Outcome.REJECTED and _may_arrive(entry):
        result = WriteResult(outcome=Outcome.UNKNOWN, check="It is not there yet; ask again in half a minute.")
    if entry.items:
        return await _learn_whole(entry, result, look)
    evidence = look.build_evidence(entry, result)
    return await look.ledger.learn(entry.id, result.outcome.value, evidence, check=result.check)


async def _learn_whole(entry: Entry, result: WriteResult, look: Look) -> Entry:
    """Enter what is known of every item by now, and the one word that is then true of all."""
    told = to_item_entries(await _list_learnt(entry, result, look.ledger))
    now = await look.ledger.learn(entry.id, Outcome.UNKNOWN.value, {}, told, check=result.check)
    word = judge_items(now.counts)
    if word is Outcome.UNKNOWN:
        return now
    check = result.check if word is Outcome.ACCEPTED else None
    return await look.ledger.learn(entry.id, word.value, look.build_evidence(entry, result), check=check)


async def _list_learnt(entry: Entry, result: WriteResult, ledger: Ledger) -> Sequence[ItemResult]:
    """Return what is known of items; a word for the whole is one for each of which nobody knew."""
    if result.items or not entry.items or result.outcome is Outcome.UNKNOWN:
        return result.items
    items = await _read_items(entry, ledger)
    return [ItemResult(place=item.place, outcome=result.outcome) for item in items if item.outcome in OPEN]


async def _is_partly_erased(entry: Entry, ledger: Ledger) -> bool:
    """Say whether an item is about somebody who was erased: its input cannot be compared with anything."""
    return any(not item.input and item.outcome != Outcome.SKIPPED for item in await _read_items(entry, ledger))


def _may_arrive(entry: Entry) -> bool:
    return (datetime.now(UTC) - entry.created_at).total_seconds() < ARRIVES_WITHIN_S


async def _rebuild_command(entry: Entry, ledger: Ledger) -> WriteCommand:
    items = await _read_items(entry, ledger)
    if not is_sending(entry.command):
        return read_command(entry.command, tuple(item.input for item in items))
    left_out = [item.place for item in items if item.outcome in _UNSENT]
    return read_command(entry.command, tuple(item.input for item in items if item.place not in left_out), left_out)


async def _read_items(entry: Entry, ledger: Ledger) -> list[ItemEntry]:
    items: list[ItemEntry] = []
    more = bool(entry.items)
    while more:
        page, more = await ledger.fetch_items(entry.id, after=len(items) - 1, limit=_ITEMS)
        items += page
    return items
