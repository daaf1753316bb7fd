"""
What vendors tell by themselves: kept first, then matched to the write it is about, each telling once.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from adapters.contract import Outcome, ToldEvent
from adapters.errors import LedgerError
from adapters.ledger import Entry, Ledger, WebhookEvent
from adapters.memory import Memory
from resolvers.writes.payload import WriteErrorRecord, to_plain_error

SKEW: Final = timedelta(minutes=1)
"""How far a vendor's clock may be behind ours."""

WAIT_S, LONGEST_WAIT_S = 0.1, 5.0
"""How often a write under way is asked for, and for how long its vendor is kept waiting for what it tells of it."""

LATER_WAIT_S, LATER_S = 1.0, 300.0
"""The same, once the vendor has been answered: longer than any write's lease."""

AT_ONCE: Final = 200
"""Events that are entered in one transaction."""

log = logging.getLogger(__name__)
_later: set["asyncio.Task[None]"] = set()

OPEN: Final = frozenset({None, Outcome.UNKNOWN, Outcome.ACCEPTED})
"""Outcomes of writes about which more may be told; None while they are under way."""


async def keep_told(ledger: Ledger, source: str, events: Sequence[ToldEvent], memory: Memory | None) -> None:
    """
    Keep events, then say which writes they are about, and let nobody be told what they have changed.

    All are kept before any is looked at. What is told again is kept once, and matched only where that was missed.
    Raises `LedgerError`.
    """
    kept = await _keep(ledger, source, events)
    _forget(memory, source, events)
    until, nobodys = _now() + LONGEST_WAIT_S, set[tuple[str, str]]()
    for event, (stored, _new) in kept:
        found = await _find_write(ledger, source, event, nobodys) if stored.operation is None else None
        entry = found and await _wait_for(ledger, found, until, WAIT_S)
        if entry is not None:
            await _settle(ledger, stored, entry, event)
        elif found is not None:
            _settle_later(ledger, stored, found, event)


async def _keep(
    ledger: Ledger, source: str, events: Sequence[ToldEvent]
) -> list[tuple[ToldEvent, tuple[WebhookEvent, bool]]]:
    """Keep events, some of them at once: no transaction keeps others waiting for long."""
    kept: list[tuple[ToldEvent, tuple[WebhookEvent, bool]]] = []
    for first in range(0, len(events), AT_ONCE):
        some = events[first : first + AT_ONCE]
        stored = await ledger.store_events(source, [(_digest(each.payload), dict(each.payload)) for each in some])
        kept += zip(some, stored, strict=True)
    return kept


async def _settle(ledger: Ledger, stored: WebhookEvent, entry: Entry, event: ToldEvent) -> None:
    await _learn(ledger, entry, event)
    await ledger.match_event(stored.id, entry.id)


def _settle_later(ledger: Ledger, stored: WebhookEvent, entry: Entry, event: ToldEvent) -> None:
    """Go on waiting for a write whose vendor told of it long before it answered, or never answered."""
    task = asyncio.get_running_loop().create_task(_wait_and_settle(ledger, stored, entry, event))
    _later.add(task)
    task.add_done_callback(_later.discard)


async def _wait_and_settle(ledger: Ledger, stored: WebhookEvent, entry: Entry, event: ToldEvent) -> None:
    try:
        settled = await _wait_for(ledger, entry, _now() + LATER_S, LATER_WAIT_S)
        if settled is not None:
            await _settle(ledger, stored, settled, event)
    except LedgerError:
        log.warning("what source %s told of the write %s is kept, and stays about no write", entry.source, entry.id)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def keep_unread(ledger: Ledger, source: str, body: bytes) -> None:
    """Keep what cannot be read, so that it is listed; raises `LedgerError`."""
    payload = {"unreadable": body.decode(errors="backslashreplace")}
    await ledger.store_event(source, _digest(payload), payload)


def _digest(payload: Any) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _forget(memory: Memory | None, source: str, events: Iterable[ToldEvent]) -> None:
    if memory is not None:
        for kind in {kind for event in events for kind in event.touches}:
            memory.forget_source(source, kind)


async def _find_write(ledger: Ledger, source: str, event: ToldEvent, nobodys: set[tuple[str, str]]) -> Entry | None:
    """
    Return the write an event is about, or None where it may be about several; `nobodys` are words of no write.

    Two messages of one type to one person cannot be told apart by what a vendor tells of one of them.
    """
    for name, value in event.known_by:
        found = [] if (name, value) in nobodys else await ledger.fetch_known_by(source, name, value)
        if not found:
            nobodys.add((name, value))
        known = [each for each in found if _may_be_about(event, each)]
        if event.overrules and len(known) > 1:
            return None
        unsettled = [each for each in known if each.outcome in OPEN]
        if len(unsettled) == 1:
            return unsettled[0]
        if known and not unsettled:
            return known[0]
    return None


async def _wait_for(ledger: Ledger, entry: Entry, until: float, every_s: float) -> Entry | None:
    """Return a write once it has an outcome: a vendor may tell of it before its answer is here. None if it has none."""
    found: Entry | None = entry
    while found is not None and found.outcome is None:
        if _now() > until:
            return None
        await asyncio.sleep(every_s)
        found = await ledger.fetch(entry.id)
    return found


def _may_be_about(event: ToldEvent, entry: Entry) -> bool:
    return event.occurred_at is None or event.occurred_at >= entry.created_at - SKEW


async def _learn(ledger: Ledger, entry: Entry, event: ToldEvent) -> None:
    """Write down what an event proves of a write; of one that is settled nothing more is learnt."""
    if event.outcome is None:
        return
    evidence: dict[str, Any] = {"facts": {**entry.result.get("facts", {}), "webhook": event.kind}, "errors": []}
    if event.error is not None:
        refused = WriteErrorRecord(code="VENDOR_REJECTED", reason=event.kind.upper(), message=event.error)
        evidence["errors"] = [to_plain_error(refused)]
    overruled = (Outcome.APPLIED.value,) if event.overrules else ()
    await ledger.learn(entry.id, event.outcome.value, evidence, overruled=overruled)
