"""
Which write an event is about that a vendor told by itself: one, or none that anybody could tell from others.

An event is judged by what was open when it was told, so whoever judges it again, however much later, finds the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.contract import ToldEvent
from adapters.ledger import Entry, Ledger, WebhookEvent
from resolvers.writes.arguments import digest_person, digest_subscriber
from resolvers.writes.looking import OPEN

SKEW: Final = timedelta(minutes=1)
"""How far a vendor's clock may be behind ours."""

MOST_WRITES: Final = 20
"""Writes that an event is compared with; where there are more, nobody can tell which it is about."""

_CHANGE_NOBODY: Final = frozenset({"sendMessage", "logEvent", "logEvents"})
"""Mutations that vendors tell of by what was sent or logged, never by what a person has become."""

_LIST: Final = "list_id"

Nobodys = set[tuple[str, str]]
"""Words of no write, so that none is asked for twice."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it was kept, when it was told, and what it says; the event's payload is not needed any more."""

    id: str
    source: str
    told_at: datetime
    event: ToldEvent
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The write an event is about, and the places of those items that are; none where the whole is."""

    entry: Entry
    places: tuple[int, ...] = ()
    by_person: bool = False


def build_told(stored: WebhookEvent, event: ToldEvent, *, again: bool) -> Told:
    """
    Build an event as it was kept.

    A vendor that names only a person tells the same words of every change, so what is told `again` is told now.
    """
    told_at = datetime.now(UTC) if again and event.people else stored.received_at
    return Told(stored.id, stored.source, told_at, event, stored.operation)


async def find_match(ledger: Ledger, told: Told, nobodys: Nobodys) -> Match | None:
    """Return the write an event is about, or None where it may be about several; raises `LedgerError`."""
    entry = await _find_by_words(ledger, told, nobodys)
    if entry is not None:
        return Match(entry)
    return await _find_by_people(ledger, told) if told.event.people else None


async def _find_by_words(ledger: Ledger, told: Told, nobodys: Nobodys) -> Entry | None:
    """
    Return the write that has an event's words.

    Two messages of one type to one person cannot be told apart by what a vendor tells of one of them.
    """
    event = told.event
    for name, value in event.known_by:
        found = [] if (name, value) in nobodys else await ledger.fetch_known_by(told.source, name, value)
        if not found:
            nobodys.add((name, value))
        known = [each for each in found if _may_be_about(told, each)]
        if event.overrules and len(known) > 1:
            return None
        unsettled = [each for each in known if _was_open(told, each)]
        if len(unsettled) == 1:
            return unsettled[0]
        if known and not unsettled:
            return known[0]
    return None


def _was_open(told: Told, entry: Entry) -> bool:
    return entry.outcome is None or entry.outcome in OPEN or entry.updated_at > told.told_at


def _may_be_about(told: Told, entry: Entry) -> bool:
    if entry.created_at > told.told_at:
        return False
    return told.event.occurred_at is None or told.event.occurred_at >= entry.created_at - SKEW


async def _find_by_people(ledger: Ledger, told: Told) -> Match | None:
    """Return the one write about an event's people that was open when it was told."""
    people = [_digest(told.source, name, value) for name, value in sorted(told.event.people)]
    found = await ledger.fetch_open_about(told.source, people, told.told_at, limit=MOST_WRITES)
    about = [Match(entry, places, by_person=True) for entry, places in found if _may_change(told, entry)]
    return about[0] if len(about) == 1 and len(found) < MOST_WRITES else None


def _may_change(told: Told, entry: Entry) -> bool:
    """Say whether a write may be what an event tells of a person."""
    return entry.mutation not in _CHANGE_NOBODY and _may_be_about(told, entry) and _is_on(told.event.lists, entry)


def _digest(source: str, name: str, value: str) -> str:
    return digest_subscriber(source, value) if name == "id" else digest_person(name, value)


def _is_on(lists: frozenset[str], entry: Entry) -> bool:
    """Say whether a write may be about a list that was told of: it names that one, or none."""
    named = set(_list_lists(entry.command.get("values")))
    return not lists or not named or not lists.isdisjoint(named)


def _list_lists(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name == _LIST and each is not None:
                yield str(each)
            else:
                yield from _list_lists(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _list_lists(each)
