"""
Finding out what became of items of a bulk write that nobody knew of: some at a time, by the mutation's own read.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Final

from adapters.contract import ItemResult, Outcome, WriteResult
from adapters.ledger import Entry, ItemEntry, Ledger
from resolvers.writes.arguments import read_command
from resolvers.writes.items import to_item_entries
from resolvers.writes.looking import OPEN, Look
from resolvers.writes.worker import judge_items

AT_A_TIME: Final = 50
"""How many items one look asks the source about: it spends a request's calls."""

_PAGE: Final = 500


async def learn_items(entry: Entry, look: Look, *, settled: bool) -> Entry:
    """
    Return a bulk write as it is known once its source was asked about some items that nobody knew of.

    Before it is `settled`, an item that is not there proves nothing. Raises a `VendorError` where it cannot be asked.
    """
    ledger, items = look.ledger, await _choose_open(entry, look.ledger, look.places)
    if not items:
        return entry
    command = read_command(entry.command, tuple(item.input for item in items))
    result = await look.writer.fetch_outcome(command, entry.known_by, look.scope, purpose=look.purpose)
    learnt = [item for item in _list_items(result, items) if settled or item.outcome is not Outcome.REJECTED]
    told = to_item_entries([replace(item, place=items[item.place].place) for item in learnt])
    now = await ledger.learn(entry.id, Outcome.UNKNOWN.value, {}, told, check=entry.check)
    word = judge_items(now.counts)
    if word is Outcome.UNKNOWN or word.value == now.outcome:
        return now
    return await ledger.learn(entry.id, word.value, look.build_facts(entry, {}) if look.facts else {})


def _list_items(result: WriteResult, items: Sequence[ItemEntry]) -> list[ItemResult]:
    """Return what is known of items; a word for the whole is one for each."""
    if result.items or result.outcome is Outcome.UNKNOWN:
        return [item for item in result.items if item.outcome is not Outcome.UNKNOWN]
    return [ItemResult(place=place, outcome=result.outcome) for place in range(len(items))]


async def _choose_open(entry: Entry, ledger: Ledger, places: Sequence[int] = ()) -> list[ItemEntry]:
    """
    Choose items that nobody knows of: those at some places, or others each time, since some may never be found.

    Who is erased is in none.
    """
    if not any(entry.counts.get(word) for word in OPEN):
        return []
    if places:
        return [item for place in places[:AT_A_TIME] async for item in _read_open(entry, ledger, place - 1, 1)]
    found = [item async for item in _read_open(entry, ledger, -1, None)]
    start = secrets.randbelow(len(found)) if len(found) > AT_A_TIME else 0
    return (found[start:] + found[:start])[:AT_A_TIME]


async def _read_open(entry: Entry, ledger: Ledger, after: int, most: int | None) -> AsyncIterator[ItemEntry]:
    """Yield items of which nobody knows, of all after a place or of so many."""
    more = True
    while more:
        page, more = await ledger.fetch_items(entry.id, after=after, limit=most or _PAGE)
        for item in page:
            if item.outcome in OPEN and item.input:
                yield item
        after, more = page[-1].place if page else after, more and most is None
