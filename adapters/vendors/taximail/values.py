"""
Single values of a row, read by stated rules or refused; never guessed.

- Text: a JSON text as it stands; a number becomes its digits.
- Id: a whole number not below zero, or its digits as text.
- Flag: the letters T and F, or true and false.
- Time: `YYYY-MM-DD HH:MM:SS` in the source's zone, a `T` for the blank, a fraction (cut off) and a stated zone are read
  too; the zero date some databases print is no time.
"""

import re
from datetime import datetime, tzinfo
from typing import Any, Final

from adapters import rows
from adapters.rows import UnreadableError, read_text, to_id, to_moment, to_text

from .wire import Row

__all__ = ["UnreadableError", "read_text", "to_id", "to_text"]
"""The rules that other vendors are read by too, to be taken from here like its own."""

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_ZERO_DATE: Final = "0000-00-00"
_FLAGS: Final = {"t": True, "true": True, "f": False, "false": False}


def read_id(row: Row, name: str) -> str:
    """Read an id that must be there."""
    found = to_id(row.get(name))
    if found is None:
        raise UnreadableError(f"{name} is not an id", name)
    return found


def read_number(row: Row, name: str) -> int | None:
    """Read a whole number, also from its digits; missing, null and empty are none."""
    return None if row.get(name) == "" else rows.read_number(row, name)


def read_flag(row: Row, name: str) -> bool | None:
    """Read a flag; missing, null and a word that is neither are none."""
    value = row.get(name)
    return value if isinstance(value, bool) else _FLAGS.get(str(value).lower())


def read_time(row: Row, name: str, zone: tzinfo) -> datetime | None:
    """Read a time as aware UTC; missing, null, empty and the zero date are none."""
    value = row.get(name)
    if value is None or value == "" or (isinstance(value, str) and value.startswith(_ZERO_DATE)):
        return None
    moment = parse_time(value, zone)
    if moment is None:
        raise UnreadableError(f"{name} is not a time", name)
    return moment


def parse_time(value: Any, zone: tzinfo) -> datetime | None:
    """Parse a printed time; None when it is not one."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else to_moment(found, zone)


def read_rows(value: Any) -> list[Row] | None:
    """
    Return a list of objects, None for what is no list.

    Some servers print a list with gaps in its numbering as an object; an entry that is no object comes as an empty one,
    so that its place is kept and it is told as unreadable.
    """
    if isinstance(value, dict):
        value = list(value.values())
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else None
