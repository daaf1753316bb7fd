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
    events = tuple(map(_unwrap, rows[: MOST_EVENTS + 1]))
    if len(events) > MOST_EVENTS or not any(map(_is_notification, events)):
        raise UnreadableTellingError("There are no notifications, or too many.")
    return events


def _unwrap(row: Any) -> Row:
    inner = row.get(_WRAPPER) if isinstance(row, dict) else None
    event = inner if isinstance(inner, dict) else row
    if not isinstance(event, dict):
        raise UnreadableTellingError("This is no notification of an event.")
    return event


def _is_notification(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("type"), str)


def read_event(row: Mapping[str, Any], settings: TaguchiV5Settings) -> ToldEvent:
    """Read one notification; what is none, among others that are, proves nothing."""
    del settings
    if not _is_notification(row):
        return ToldEvent(kind="notification", payload=row, touches=_TOUCHED)
    return ToldEvent(
        kind=row["type"],
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
