"""
What Taximail tells by itself: that somebody has joined or left a list.

The vendor's page names the two kinds and not what a request holds, so a form and JSON are both taken, what is told is
kept as it came, and it proves nothing but that people have changed. A request without a body is the vendor trying
whether the address answers (`webhooks_status`). Source: vendors/facts.md, 3.3, list webhooks.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from adapters.contract import ToldEvent, UnreadableTellingError
from adapters.records import Entity

from .settings import TaximailSettings

MOST_EVENTS: Final = 2_000
MOST_FIELDS: Final = 1_000
KINDS: Final = frozenset({"subscription", "unsubscription"})
_NAMES: Final = ("webhooks_type", "type", "event")
_TOUCHED: Final = frozenset({Entity.SUBSCRIBER, Entity.LIST})


def read_webhook(body: bytes, settings: TaximailSettings) -> tuple[ToldEvent, ...]:
    """
    Read what a body tells: an object, a list of them, or a form; nothing of an empty one.

    Raises:
        UnreadableTellingError: it holds something else.
    """
    del settings
    if not body.strip():
        return ()
    told = _parse(body)
    rows = told if isinstance(told, list) else [told]
    if not (0 < len(rows) <= MOST_EVENTS and all(isinstance(row, dict) and row for row in rows)):
        raise UnreadableTellingError("This is no object of fields.")
    return tuple(ToldEvent(kind=_find_kind(row), payload=row, touches=_TOUCHED) for row in rows)


def _parse(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return dict(_split(body.decode()))
    except ValueError:
        raise UnreadableTellingError("This is neither JSON nor a form.") from None


def _split(form: str) -> list[tuple[str, str]]:
    return parse_qsl(form, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)


def _find_kind(row: Mapping[str, Any]) -> str:
    return next((each for each in map(row.get, _NAMES) if isinstance(each, str) and each in KINDS), "webhook")
