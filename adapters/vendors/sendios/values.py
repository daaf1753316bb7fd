"""
Single values of a row, read by stated rules or refused; never guessed.

The vendor's PHP shows: an empty object may be an empty array, a number a text, and `false`, an empty text or an empty
array may stand where there is nothing.

- Text: a JSON text as it stands; a number becomes its digits (a name of digits comes as a number).
- Id: a whole number not below zero, or its digits as text.
- Time: `YYYY-MM-DD HH:MM:SS` in the source's zone, with a zone of its own where it says one, or seconds since 1970;
  nothing for 0 and for the zeros that some databases print. A printed second stands for the whole second.
- Flag: true or false, or 1 or 0.
"""

import re
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, TypeVar

import orjson

from adapters import rows
from adapters.rows import ID_DIGITS, UnreadableError, to_id

from .wire import Row

__all__ = ["ID_DIGITS", "UnreadableError", "to_id"]
"""The rules that other vendors are read by too, to be taken from here like its own."""

Value = TypeVar("Value")

TIME_DIGITS: Final = 11

_TIME: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_NO_TIME: Final = "0000-00-00"
_NUMBER: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_FLAGS: Final = {"1": True, "0": False, "true": True, "false": False}


def is_nothing(value: Any) -> bool:
    """Say whether a value stands for none."""
    return value is None or value is False or value in ("", [])


def read_id(row: Row, name: str) -> str | None:
    """Read an id as text."""
    return None if is_nothing(row.get(name)) else rows.read_id(row, name)


def read_required_id(row: Row, name: str = "id") -> str:
    """Read an id that must be there."""
    return _require(read_id(row, name), name)


def read_text(row: Row, name: str) -> str | None:
    """Read a text; an empty one is a text too."""
    value = row.get(name)
    return None if is_nothing(value) and value != "" else rows.read_text(row, name)


def read_required_text(row: Row, name: str) -> str:
    """Read a text that must be there."""
    return _require(read_text(row, name), name)


def read_number(row: Row, name: str) -> int | None:
    """Read a whole number, also from its digits."""
    return None if is_nothing(row.get(name)) else rows.read_number(row, name)


def read_flag(row: Row, name: str) -> bool | None:
    """Read a truth value."""
    value = row.get(name)
    if isinstance(value, bool):
        return value
    if is_nothing(value):
        return None
    found = _FLAGS.get(str(value).lower()) if isinstance(value, int | str) else None
    if found is None:
        raise UnreadableError(f"{name} is neither true nor false", name)
    return found


def read_time(row: Row, name: str, zone: tzinfo) -> datetime | None:
    """Read a time as aware UTC."""
    value = row.get(name)
    if is_nothing(value) or value in (0, "0") or str(value).startswith(_NO_TIME):
        return None
    moment = parse_time(value, zone)
    if moment is None:
        raise UnreadableError(f"{name} is not a time", name)
    return moment


def read_required_time(row: Row, name: str, zone: tzinfo) -> datetime:
    """Read a time that must be there."""
    return _require(read_time(row, name, zone), name)


def parse_time(value: Any, zone: tzinfo) -> datetime | None:
    """Parse a printed time, or seconds since 1970; None when it is neither."""
    try:
        if type(value) is int or (isinstance(value, str) and _NUMBER.fullmatch(value)):
            return datetime.fromtimestamp(int(value), UTC) if len(str(value)) <= TIME_DIGITS else None
    except (ValueError, OverflowError, OSError):
        return None
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else rows.to_moment(found, zone)


def read_object(row: Row, name: str) -> Row | None:
    """Read an object; None where it is empty, however that is written."""
    value = row.get(name)
    if is_nothing(value) or value == {}:
        return None
    if isinstance(value, dict):
        return value
    raise UnreadableError(f"{name} is not an object", name)


def read_rows(row: Row, name: str) -> list[Row]:
    """Read a list of objects; one whose places are written as keys (`{"0": …}`) is a list too."""
    value = row.get(name)
    if is_nothing(value):
        return []
    found = list(value.values()) if isinstance(value, dict) else value
    if isinstance(found, list) and all(isinstance(item, dict) for item in found):
        return found
    raise UnreadableError(f"{name} is not a list of objects", name)


def to_json(row: Row, name: str) -> str | None:
    """Write a value as JSON; None where there is nothing."""
    value = row.get(name)
    return None if is_nothing(value) or value == {} else orjson.dumps(value).decode()


def _require(value: Value | None, name: str) -> Value:
    if value is None:
        raise UnreadableError(f"{name} is missing", name)
    return value
