"""
Single values of a row, read by stated rules or refused; never guessed.

- Text: a JSON text as it stands; a whole number becomes its digits (a post code an account stores as a number).
- Id: a whole number not below zero, or its digits as text.
- Time: `YYYY-MM-DDTHH:MM:SS`, UTC by document; a blank for the T, a fraction (cut off: a printed second stands for the
  whole second), `Z` and a numeric zone are read too. A date alone is its first second.
- Date: `YYYY-MM-DD`; midnight may follow it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from types import NoneType
from typing import Any, Final

from adapters.rows import UnreadableError, is_id, read_as, read_id, read_number, read_required_id, to_id, to_moment

from .wire import Row

__all__ = ["UnreadableError", "is_id", "read_id", "read_number", "read_required_id", "to_id"]
"""The rules that other vendors are read by too, to be taken from here like its own."""

SECOND_LENGTH = len("2010-04-11T00:00:00")
DAY_LENGTH = len("2010-04-11")

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[Tt ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00:00(?:\.0+)?Z?)?", re.ASCII)

_TEXT_OR_NONE: Final = frozenset({str, NoneType})
_OBJECTS: Final = frozenset({dict})


def read_text(row: Row, name: str) -> str | None:
    """Read a text."""
    value = row.get(name)
    if value is None or type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise UnreadableError(f"{name} is not a text", name)


def build_text_reader(*names: str) -> Callable[[Row], tuple[str | None, ...]]:
    """Return a function that reads several texts at once: rows have dozens, and nearly all are texts or null."""

    def read(row: Row) -> tuple[str | None, ...]:
        values = tuple(map(row.get, names))
        if _TEXT_OR_NONE.issuperset(map(type, values)):
            return values
        return tuple(read_text(row, name) for name in names)

    return read


def read_required_text(row: Row, name: str) -> str:
    """Read a text that must be there."""
    value = read_text(row, name)
    if value is None:
        raise UnreadableError(f"{name} is missing", name)
    return value


def read_flag(row: Row, name: str) -> bool | None:
    """Read a truth value."""
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise UnreadableError(f"{name} is neither true nor false", name)


def read_time(row: Row, name: str) -> datetime | None:
    """Read a time as aware UTC, to the second; `false` (as clients send it) is no time."""
    value = row.get(name)
    if value is None or value is False:
        return None
    moment = parse_time(value)
    if moment is None:
        raise UnreadableError(f"{name} is not a time", name)
    return moment


def parse_time(value: Any) -> datetime | None:
    """Parse a printed time; None when it is not one."""
    if isinstance(value, str) and len(value) == SECOND_LENGTH and value[4] == value[7] == "-" and value[10] == "T":
        try:  # the documented form, several to a row
            return datetime.fromisoformat(value + "+00:00")
        except ValueError:
            return None
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else to_moment(found)


def read_date(row: Row, name: str) -> date | None:
    """Read a date."""
    return read_as(row, name, parse_date, "a date")


def parse_date(value: Any) -> date | None:
    """Parse a printed date; None when it is not one."""
    if isinstance(value, str) and len(value) == DAY_LENGTH and value[4] == value[7] == "-":
        try:  # the documented form
            return date.fromisoformat(value)
        except ValueError:
            return None
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None


def read_rows(row: Row, name: str) -> list[Row]:
    """Read a list of objects; missing and null are empty."""
    value = row.get(name)
    if value is None:
        return []
    if isinstance(value, list) and _OBJECTS.issuperset(map(type, value)):
        return value
    raise UnreadableError(f"{name} is not a list of objects", name)
