"""
Single values of a row, read by stated rules or refused; never guessed.

- Text: a JSON text as it stands; a number becomes its digits.
- Id: a whole number not below zero, or its digits as text.
- Time: ISO 8601. Taguchi prints `Z`; another zone is read too, and a time without one is UTC, as V4's are by document.
  A fraction is cut off, since a printed second stands for the whole second; a date alone is its first second. An empty
  text is none.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from .wire import Row

ID_DIGITS = len(str(2**63))

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<clock>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


class UnreadableError(ValueError):
    """
    A value is not of the documented type; the message names the field and never holds the value.

    `field` is the vendor's name of that field, by which drift from the documents is counted.
    """

    def __init__(self, what: str, field: str) -> None:
        """Say what is wrong, and with which field."""
        super().__init__(what)
        self.field = field


def read_id(row: Row, name: str) -> str | None:
    """Read an id as text."""
    value = row.get(name)
    if value is None:
        return None
    if type(value) is int and value >= 0:
        return str(value)
    if isinstance(value, str) and is_id(value):
        return str(int(value))
    raise UnreadableError(f"{name} is not an id", name)


def is_id(text: str) -> bool:
    """Say whether a text can be a Taguchi id."""
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS


def read_required_id(row: Row, name: str = "id") -> str:
    """Read an id that must be there."""
    value = read_id(row, name)
    if value is None:
        raise UnreadableError(f"{name} is missing", name)
    return value


def read_text(row: Row, name: str) -> str | None:
    """Read a text."""
    value = row.get(name)
    if value is None or type(value) is str:
        return value
    if type(value) in {int, float}:
        return str(value)
    raise UnreadableError(f"{name} is not a text", name)


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
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{found['clock'] or '00:00:00'}{found['zone'] or 'Z'}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


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


def read_map(row: Row, name: str) -> Row:
    """Read an object; missing, null and `[]` are empty."""
    value = row.get(name)
    if value is None or value == []:
        return {}
    if isinstance(value, dict):
        return value
    raise UnreadableError(f"{name} is not an object", name)
