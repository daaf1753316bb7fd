"""
Single values of a row, read by stated rules or refused; never guessed.

- Text: a JSON text as it stands; a whole number becomes its digits.
- Id: a whole number not below zero, or its digits as text.
- Number: a JSON number, or its digits as text; flag: `true`, `false`, or either word as text.
- Time: RFC 3339; a fraction stays. The year 1 is how the vendor prints a time that never came: no time. Source:
  T1-OAS-MGMT, the example of an export of sessions.
- Object and list: each may be printed empty as the other.
"""

import re
from datetime import UTC, date, datetime
from typing import Any, Final

from adapters.rows import UnreadableError, is_id, read_id, read_object, read_required_id

from .wire import Row

__all__ = ["UnreadableError", "is_id", "read_id", "read_object", "read_required_id"]
"""The rules that other vendors are read by too, to be taken from here like its own."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FLAGS: Final = {"true": True, "false": False}


def read_text(row: Row, name: str) -> str | None:
    """Read a text."""
    value = row.get(name)
    if value is None or type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise UnreadableError(f"{name} is not a text", name)


def read_key(row: Row) -> str:
    """Read the integration id of a profile, which must be there and hold something."""
    value = read_text(row, "integrationId")
    if not value:
        raise UnreadableError("integrationId is missing", "integrationId")
    return value


def read_count(row: Row, name: str) -> int | None:
    """Read a whole number."""
    number = read_number(row, name)
    if number is not None and number != int(number):
        raise UnreadableError(f"{name} is not a whole number", name)
    return None if number is None else int(number)


def read_number(row: Row, name: str) -> float | None:
    """Read a number."""
    value = row.get(name)
    if value is None or type(value) is int or type(value) is float:
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value, re.ASCII):
        return float(value) if "." in value else int(value)
    raise UnreadableError(f"{name} is not a number", name)


def read_flag(row: Row, name: str) -> bool | None:
    """Read a truth value."""
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    raise UnreadableError(f"{name} is neither true nor false", name)


def read_time(row: Row, name: str) -> datetime | None:
    """Read a time as aware UTC."""
    value = row.get(name)
    if value in (None, ""):
        return None
    moment = parse_time(value)
    if moment is None:
        raise UnreadableError(f"{name} is not a time", name)
    return moment if moment.year > 1 else None


def parse_time(value: Any) -> datetime | None:
    """Parse a printed time; None when it is not one."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if value.startswith("0001") else None
    except ValueError:
        return None


def parse_date(value: Any) -> date | None:
    """Parse a printed date, or the day of a printed time in the zone it names; None when it is neither."""
    text = value[:10] if parse_time(value) else value
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_list(row: Row, name: str) -> list[Any]:
    """Read a list; missing, null and `{}` are empty."""
    value = row.get(name)
    if value is None or value == {}:
        return []
    if isinstance(value, list):
        return value
    raise UnreadableError(f"{name} is not a list", name)
