"""
Single values of a row, read by stated rules or refused; never guessed.

- Text: a JSON text as it stands; a number becomes its digits.
- Id: a whole number not below zero, or its digits as text.
- Time: ISO 8601. Taguchi prints `Z`; another zone is read too, and a time without one is UTC, as V4's are by document.
  A fraction is cut off, since a printed second stands for the whole second; a date alone is its first second. An empty
  text is none.
"""

import re
from datetime import date, datetime
from typing import Any

from adapters.rows import UnreadableError, is_id, read_id, read_object, read_required_id, read_text, to_moment

from .wire import Row

__all__ = ["UnreadableError", "is_id", "read_id", "read_object", "read_required_id", "read_text"]
"""The rules that other vendors are read by too, to be taken from here like its own."""

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<clock>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


def read_time(row: Row, name: str) -> datetime | None:
    """Read a time as aware UTC, to the second."""
    value = row.get(name)
    if value is None or value == "":
        return None
    moment = _parse_time(value)
    if moment is None:
        raise UnreadableError(f"{name} is not a time", name)
    return moment


def _parse_time(value: Any) -> datetime | None:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else to_moment(found)


def parse_date(text: str) -> date | None:
    """Parse a printed date, midnight after it or not; None when it is not one."""
    moment = _parse_time(text.strip())
    return None if moment is None else date.fromisoformat(text.strip()[:10])


def read_rows(row: Row, name: str) -> list[Row]:
    """Read a list of objects; missing, null and `{}` are empty."""
    value = row.get(name)
    if value is None or value == {}:
        return []
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise UnreadableError(f"{name} is not a list of objects", name)
