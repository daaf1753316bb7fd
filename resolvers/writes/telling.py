"""
What vendors tell by themselves: kept first, each telling once, and then listened to.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from adapters.contract import ToldEvent
from adapters.ledger import Ledger
from adapters.memory import Memory
from resolvers.writes.listening import UNREAD, Listener
from resolvers.writes.matching import Told, build_told

AT_ONCE: Final = 200
"""Events that are entered in one transaction."""


async def keep_told(
    ledger: Ledger, source: str, events: Sequence[ToldEvent], memory: Memory | None, listener: Listener
) -> None:
    """
    Keep events, let nobody be told what they have changed, and have them listened to.

    All are kept before any is looked at. What is told again is kept once, and matched only where that was missed; but
    where it names people alone, it may be news of another write. Raises `LedgerError`.
    """
    kept = await _keep(ledger, source, events)
    _forget(memory, source, events)
    await listener.hear(ledger, kept)


async def _keep(ledger: Ledger, source: str, events: Sequence[ToldEvent]) -> list[Told]:
    """Keep events, some of them at once: no transaction keeps others waiting for long. Return those to listen to."""
    kept: list[Told] = []
    for first in range(0, len(events), AT_ONCE):
        some = events[first : first + AT_ONCE]
        stored = await ledger.store_events(source, [(_digest(each.payload), dict(each.payload)) for each in some])
        told = [build_told(each, event, again=not new) for event, (each, new) in zip(some, stored, strict=True)]
        kept += [each for each in told if each.operation is None or each.event.people]
    return kept


async def keep_unread(ledger: Ledger, source: str, body: bytes) -> None:
    """Keep what cannot be read, so that it is listed; raises `LedgerError`."""
    payload = {UNREAD: body.decode(errors="backslashreplace")}
    await ledger.store_event(source, _digest(payload), payload)


def _digest(payload: Any) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _forget(memory: Memory | None, source: str, events: Iterable[ToldEvent]) -> None:
    if memory is not None:
        for kind in {kind for event in events for kind in event.touches}:
            memory.forget_source(source, kind)
