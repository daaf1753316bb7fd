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

from .wire import Row

ID_DIGITS: Final = len(str(2**63))

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FLAGS: Final = {"true": True, "false": False}


class UnreadableError(ValueError):
    """
    A value is not of the documented type; the message names the field and never holds the value.

    `field` is the vendor's name of that field, by which drift from the document is counted.
    """

    def __init__(self, field: str, what: str) -> None:
        """Say which field, and what is wrong with it."""
        super().__init__(f"{field} {what}")
        self.field = field


def is_id(text: str) -> bool:
    """Say whether a text can be an internal id."""
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS


def read_id(row: Row, name: str) -> str | None:
    """Read an internal id as text."""
    value = row.get(name)
    if value is None:
        return None
    if type(value) is int and value >= 0:
        return str(value)
    if isinstance(value, str) and is_id(value):
        return str(int(value))
    raise UnreadableError(name, "is not an id")


def read_required_id(row: Row, name: str = "id") -> str:
    """Read an internal id that must be there."""
    value = read_id(row, name)
    if value is None:
        raise UnreadableError(name, "is missing")
    return value


def read_text(row: Row, name: str) -> str | None:
    """Read a text."""
    value = row.get(name)
    if value is None or type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise UnreadableError(name, "is not a text")


def read_key(row: Row) -> str:
    """Read the integration id of a profile, which must be there and hold something."""
    value = read_text(row, "integrationId")
    if not value:
        raise UnreadableError("integrationId", "is missing")
    return value


def read_count(row: Row, name: str) -> int | None:
    """Read a whole number."""
    number = read_number(row, name)
    if number is not None and number != int(number):
        raise UnreadableError(name, "is not a whole number")
    return None if number is None else int(number)


def read_number(row: Row, name: str) -> float | None:
    """Read a number."""
    value = row.get(name)
    if value is None or type(value) is int or type(value) is float:
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value, re.ASCII):
        return float(value) if "." in value else int(value)
    raise UnreadableError(name, "is not a number")


def read_flag(row: Row, name: str) -> bool | None:
    """Read a truth value."""
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    raise UnreadableError(name, "is neither true nor false")


def read_time(row: Row, name: str) -> datetime | None:
    """Read a time as aware UTC."""
    value = row.get(name)
    if value in (None, ""):
        return None
    moment = parse_time(value)
    if moment is None:
        raise UnreadableError(name, "is not a time")
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


def read_object(row: Row, name: str) -> Row:
    """Read an object; missing, null and `[]` are empty."""
    value = row.get(name)
    if value is None or value == []:
        return {}
    if isinstance(value, dict):
        return value
    raise UnreadableError(name, "is not an object")


def read_list(row: Row, name: str) -> list[Any]:
    """Read a list; missing, null and `{}` are empty."""
    value = row.get(name)
    if value is None or value == {}:
        return []
    if isinstance(value, list):
        return value
    raise UnreadableError(name, "is not a list")
