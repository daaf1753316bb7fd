"""
Typed columns: how a value is read from a request, kept, and printed.

The document gives field names and JSON examples; the types behind them are [inferred] from those examples.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .times import print_date, print_timestamp, read_date, read_timestamp

Value = str | int | float | None  # text, or a number: integers, truth, microseconds, days; infinity is a float

_INTEGER = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)
INT4_LIMIT = 2**31
INT8_LIMIT = 2**63
_BOOLEAN = re.compile(r"(?P<true>t|tr|tru|true|y|ye|yes|on|1)|f|fa|fal|fals|false|n|no|of|off|0")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """
    `read` turns an operand or a JSON value's text into a kept value (ValueError when the type does not take it);
    `show` prints a kept value, None when it is printed as it is kept; `patterns` says whether `~`, `~*` and LIKE
    exist for the type.
    """

    name: str
    read: Callable[[str], Value]
    show: Callable[[float], str] | None = None
    patterns: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a record that is one value."""

    name: str
    type: ColumnType


def _read_integer(text: str) -> int:
    """
    Read an `integer` operand: 32 bits.
    """
    return _read_number(text, "integer", INT4_LIMIT)


def _read_bigint(text: str) -> int:
    """
    Read a `bigint` operand: 64 bits.
    """
    return _read_number(text, "bigint", INT8_LIMIT)


def _read_number(text: str, type_name: str, limit: int) -> int:
    """
    Read a decimal number below a limit.

    Newer PostgreSQL versions take `0x1F` and `1_000` too; the version behind the vendor is unknown, so they are
    refused.
    """
    if _INTEGER.fullmatch(text) is None:
        raise ValueError(f"invalid input syntax for type {type_name}: {text!r}")
    number = int(text)
    if not -limit <= number < limit:
        raise ValueError(f"value {text!r} is out of range for type {type_name}")
    return number


def _read_boolean(text: str) -> bool:
    """
    Read a `boolean` operand: any unambiguous beginning of PostgreSQL's words for the two values, in any case.
    """
    match = _BOOLEAN.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"invalid input syntax for type boolean: {text!r}")
    return match["true"] is not None


def _read_text(text: str) -> str:
    if "\0" in text:
        raise ValueError('invalid byte sequence for encoding "UTF8": 0x00')
    return text


TEXT = ColumnType("text", _read_text, patterns=True)
INTEGER = ColumnType("integer", _read_integer)
BIGINT = ColumnType("bigint", _read_bigint)
BOOLEAN = ColumnType("boolean", _read_boolean)
TIMESTAMP = ColumnType("timestamp", read_timestamp, print_timestamp)
DATE = ColumnType("date", read_date, print_date)


class Shape:
    """
    Some columns in a row, and how their values become the fields of a JSON object.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        """Columns in the order their values are kept."""
        self.columns = tuple(columns)
        self.names = tuple(column.name for column in self.columns)
        self._printed = [(column.name, column.type.show) for column in self.columns if column.type.show is not None]

    def show(self, values: Sequence[Any]) -> dict[str, Any]:
        """The values under their names, as the JSON interface prints them."""
        fields = dict(zip(self.names, values, strict=True))
        for name, show in self._printed:
            if fields[name] is not None:
                fields[name] = show(fields[name])
        return fields


def columns_of(column_type: ColumnType, names: str) -> tuple[Column, ...]:
    """Columns of one type, named in a blank-separated text."""
    return tuple(Column(name, column_type) for name in names.split())


def read_value(column: Column, value: Any) -> Any:
    """A JSON value (text, number or null) as its column keeps it."""
    return None if value is None else column.type.read(str(value))
