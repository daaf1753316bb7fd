"""
What Taguchi V5 tells by itself: notifications of events, of which one we have logged ourselves is known by what it
holds.

That an event is told proves that it was logged; it proves nothing of messages, since no document says which type of
event a sending is. Source: vendors/facts.md, 2.2, event notification out.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from adapters.contract import Outcome, TellingReader, ToldEvent, UnreadableTellingError, read_json
from adapters.records import Entity

from .settings import TaguchiV5Settings
from .values import UnreadableError, read_time
from .wire import Row

MOST_EVENTS: Final = 2_000
_TOUCHED: Final = frozenset({Entity.FEED_EVENT, Entity.SUBSCRIBER})
_WRAPPER: Final = "event"


def split_body(body: bytes) -> tuple[Row, ...]:
    """
    Return the notifications of a body: one object or a list of them, each by itself or in `event`.

    Raises:
        UnreadableTellingError: it holds something else.
    """
    told = read_json(body)
    rows = told if isinstance(told, list) else [told]
    if not 0 < len(rows) <= MOST_EVENTS:
        raise UnreadableTellingError("There are no notifications, or too many.")
    return tuple(map(_unwrap, rows))


def _unwrap(row: Any) -> Row:
    inner = row.get(_WRAPPER, row) if isinstance(row, dict) else None
    if not isinstance(inner, dict):
        raise UnreadableTellingError("This is no notification of an event.")
    _read_type(inner)
    return inner


def _read_type(row: Mapping[str, Any]) -> str:
    kind = row.get("type")
    if not isinstance(kind, str):
        raise UnreadableTellingError("This is no notification of an event.")
    return kind


def read_event(row: Mapping[str, Any], settings: TaguchiV5Settings) -> ToldEvent:
    """Read one notification; raises `UnreadableTellingError` where it has no type."""
    del settings
    return ToldEvent(
        kind=_read_type(row),
        payload=row,
        known_by=tuple(find_words(row)),
        outcome=Outcome.APPLIED,
        occurred_at=_read_time(row),
        touches=_TOUCHED,
    )


def _read_time(row: Mapping[str, Any]) -> datetime | None:
    try:
        return read_time(dict(row), "loggedTimestamp")
    except UnreadableError:
        return None


def find_words(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the word of an event, the same of one we log and of its notification: whose, which type, which data."""
    target = event.get("target")
    target_id = target.get("id") if isinstance(target, dict) else None
    if target_id is None:
        return
    held = [str(target_id), event.get("type"), event.get("data") or {}, bool(event.get("isTest"))]
    yield "event", hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:32]


TELLING: Final = TellingReader(split_body, read_event)
