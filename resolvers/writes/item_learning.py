"""
Finding out what became of items of a bulk write that nobody knew of: some at a time, by the mutation's own read.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from adapters.calls import CallScope
from adapters.contract import ItemResult, Outcome, WriteResult, WritesRecords
from adapters.ledger import Entry, ItemEntry, Ledger
from resolvers.writes.arguments import read_command
from resolvers.writes.items import to_item_entries
from resolvers.writes.worker import judge_items

AT_A_TIME: Final = 50
"""How many items one look asks the source about: it spends a request's calls."""

_PAGE: Final = 500
_OPEN: Final = frozenset({Outcome.UNKNOWN.value, Outcome.ACCEPTED.value})


async def learn_items(
    entry: Entry, writer: WritesRecords, ledger: Ledger, scope: CallScope, *, purpose: str, settled: bool
) -> Entry:
    """
    Return a bulk write as it is known once its source was asked about some items that nobody knew of.

    Before it is `settled`, an item that is not there proves nothing. Raises a `VendorError` where it cannot be asked.
    """
    items = await _choose_open(entry, ledger)
    if not items:
        return entry
    command = read_command(entry.command, tuple(item.input for item in items))
    result = await writer.fetch_outcome(command, entry.known_by, scope, purpose=purpose)
    learnt = [item for item in _list_items(result, items) if settled or item.outcome is not Outcome.REJECTED]
    told = to_item_entries([replace(item, place=items[item.place].place) for item in learnt])
    now = await ledger.learn(entry.id, Outcome.UNKNOWN.value, {}, told, check=entry.check)
    word = judge_items(now.counts)
    if word is Outcome.UNKNOWN or word.value == now.outcome:
        return now
    return await ledger.learn(entry.id, word.value, {})


def _list_items(result: WriteResult, items: Sequence[ItemEntry]) -> list[ItemResult]:
    """Return what is known of items; a word for the whole is one for each."""
    if result.items or result.outcome is Outcome.UNKNOWN:
        return [item for item in result.items if item.outcome is not Outcome.UNKNOWN]
    return [ItemResult(place=place, outcome=result.outcome) for place in range(len(items))]


async def _choose_open(entry: Entry, ledger: Ledger) -> list[ItemEntry]:
    """Choose items that nobody knows of, others each time: some may never be found. Who is erased is in none."""
    if not any(entry.counts.get(word) for word in _OPEN):
        return []
    found: list[ItemEntry] = []
    after, more = -1, True
    while more:
        page, more = await ledger.fetch_items(entry.id, after=after, limit=_PAGE)
        found += [item for item in page if item.outcome in _OPEN and item.input]
        after = page[-1].place if page else after
    start = secrets.randbelow(len(found)) if len(found) > AT_A_TIME else 0
    return (found[start:] + found[:start])[:AT_A_TIME]
