"""
The present in an item, which is not known before the item is sent: until then its placeholder stands there.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from adapters.recipes import Found, Placeholders

from .wire import Row


class Present(str):
    """The time of sending, wherever an item needs it; no text of a caller's is one, whatever it says."""

    __slots__ = ()


NOW: Final = Present("{now}")


def write_time(moment: datetime) -> str:
    """Write a time as Taguchi prints it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell_present(items: Sequence[Row], found: Found) -> Sequence[Row]:
    """Return items with the time at which they are sent; those that are only shown keep its placeholder."""
    return items if isinstance(found, Placeholders) else _replace(items, write_time(datetime.now(UTC)))


def _replace(value: Any, now: str) -> Any:
    if isinstance(value, Present):
        return now
    if isinstance(value, dict):
        return {key: _replace(each, now) for key, each in value.items()}
    return [_replace(each, now) for each in value] if isinstance(value, list | tuple) else value
