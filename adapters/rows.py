"""
What every vendor's rows are read by: values that are told alike everywhere, read by stated rules or refused.

Each vendor's `values.py` says which of them it is read by, and adds its own.

- Id: a whole number not below zero, or its digits as text.
- Text: a JSON text as it stands; a number becomes its digits.
- Number: a whole number, or its digits as text.
- Object: an empty one may be printed as an empty list.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, TypeVar

T = TypeVar("T")

ID_DIGITS: Final = len(str(2**63))

_NUMBER: Final = re.compile(r"-?\d{1,18}", re.ASCII)


class UnreadableError(ValueError):
    """
    A value is not what is documented; the message names the field and never holds the value.

    `field` is the vendor's name of that field, by which drift from the document is counted.
    """

    def __init__(self, what: str, field: str = "other") -> None:
        """Say what is wrong, and with which field."""
        super().__init__(what)
        self.field = field


def is_id(text: str) -> bool:
    """Say whether a text can be an id."""
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS


def to_id(value: Any) -> str | None:
    """Return an id as its digits without leading zeros, None for what is no id."""
    if type(value) is int and value >= 0:
        return str(value)
    return str(int(value)) if isinstance(value, str) and is_id(value) else None


def read_as(row: Mapping[str, Any], name: str, convert: Callable[[Any], T | None], what: str) -> T | None:
    """Read a value by what it converts to; None where it is missing or null. `what` completes "… is not"."""
    value = row.get(name)
    if value is None:
        return None
    found = convert(value)
    if found is None:
        raise UnreadableError(f"{name} is not {what}", name)
    return found


def read_id(row: Mapping[str, Any], name: str) -> str | None:
    """Read an id as text."""
    return read_as(row, name, to_id, "an id")


def read_required_id(row: Mapping[str, Any], name: str = "id") -> str:
    """Read an id that must be there."""
    value = read_id(row, name)
    if value is None:
        raise UnreadableError(f"{name} is missing", name)
    return value


def to_text(value: Any) -> str | None:
    """Return a text or a number as text, None for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) in {int, float} else None


def read_text(row: Mapping[str, Any], name: str) -> str | None:
    """Read a text; missing and null are none."""
    return read_as(row, name, to_text, "a text")


def read_number(row: Mapping[str, Any], name: str) -> int | None:
    """Read a whole number, also from its digits."""
    value = row.get(name)
    if value is None or type(value) is int:
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    raise UnreadableError(f"{name} is not a whole number", name)


def to_moment(printed: re.Match[str], zone: tzinfo = UTC) -> datetime | None:
    """
    Return what a printed `day`, `clock` and `zone` mean as aware UTC, None where there is no such moment.

    A day alone is its first second; without a zone of its own a time is one of `zone`.
    """
    try:
        moment = datetime.fromisoformat(f"{printed['day']}T{printed['clock'] or '00:00:00'}{printed['zone'] or ''}")
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_object(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Read an object; missing, null and `[]` are empty."""
    value = row.get(name)
    if value is None or value == []:
        return {}
    if isinstance(value, dict):
        return value
    raise UnreadableError(f"{name} is not an object", name)
