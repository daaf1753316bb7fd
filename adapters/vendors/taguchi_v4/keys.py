"""
The predicates that cut a line of rows at a value or an id, in either direction.

Only the vendor orders texts, by a collation of its own; here they are told apart, never compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from adapters.errors import CursorError
from adapters.filters.fields import Kind
from adapters.filters.order import PositionPart
from adapters.records import EventKey

from . import texts, times
from .columns import LARGEST_COMPARED, Column, Value
from .endpoints import MAX_QUERY_BYTES
from .values import is_id, parse_date, parse_time

RowKey = int | str | EventKey
"""What a row is known by: a number, for events with the kind; a text for the few records that are known by one."""

_BEYOND: Final[Mapping[bool, str]] = {False: "gt", True: "lt"}
_FROM: Final[Mapping[bool, str]] = {False: "gte", True: "lte"}
_TIME_BEYOND: Final = {False: times.after, True: times.before}
_TIME_FROM: Final = {False: times.at_or_after, True: times.at_or_before}


def beyond_id(record_id: object, *, descending: bool) -> str:
    """Select the rows past an id."""
    return f"id-{_BEYOND[descending]}-{record_id}"


def starting_with_id(record_id: int, *, descending: bool) -> str:
    """Select the rows of an id and those past it."""
    return f"id-{_FROM[descending]}-{record_id}"


@dataclass(frozen=True, slots=True)
class Key:
    """The column a line is ordered by, and its direction."""

    column: Column
    descending: bool

    @property
    def comparable(self) -> bool:
        """Say whether values can be ordered here as the vendor orders them."""
        return self.column.kind is not Kind.TEXT

    def beyond(self, value: Value) -> tuple[str, ...]:
        """Select the values past this one; not for the text `null`."""
        wire = self.column.wire
        if isinstance(value, datetime):
            return (_TIME_BEYOND[self.descending](wire, value),)
        if value == "" and not self.descending:
            return (f"{wire}-re-{texts.NOT_EMPTY}",)
        return (f"{wire}-{_BEYOND[self.descending]}-{value}",)

    def starting(self, value: Value) -> tuple[str, ...]:
        """Select this value and those past it; not for the text `null`."""
        wire = self.column.wire
        if isinstance(value, datetime):
            return (_TIME_FROM[self.descending](wire, value),)
        if value == "":
            return (texts.equal_to(wire, "") if self.descending else f"{wire}-nt-null",)
        return (f"{wire}-{_FROM[self.descending]}-{value}",)

    def group(self, value: Value | None) -> tuple[str, ...]:
        """Select the rows with this value, or without any."""
        wire = self.column.wire
        if value is None:
            return (f"{wire}-is-null",)
        if isinstance(value, datetime):
            return times.during(wire, value)
        return (texts.equal_to(wire, str(value)),)

    def other_than(self, text: str) -> tuple[str, ...]:
        """Select every text but one."""
        return (texts.other_than(self.column.wire, text),)

    def present(self) -> tuple[str, ...]:
        """Select the rows with a value."""
        return (f"{self.column.wire}-nt-null",)

    def is_past(self, value: Value, bound: Value) -> bool:
        """Say whether a value stands past another in the line; of texts only that they differ."""
        if not self.comparable:
            return value != bound
        return value < bound if self.descending else value > bound  # type: ignore[operator] # of one kind

    def print(self, value: Value | None) -> PositionPart:
        """Write a value as a part of a position."""
        if isinstance(value, datetime):
            return times.print_time(value)
        return value.isoformat() if isinstance(value, date) else value

    def parse(self, part: PositionPart) -> Value | None:
        """
        Read a part of a position back.

        Raises:
            CursorError: it is no value of this column.
        """
        if part is None:
            return None
        value = self._parse_whole(part) if self.column.kind in _WHOLE else _PARSERS[self.column.kind](part)
        if value is None:
            raise CursorError("The cursor was not made for this order.")
        return value

    def _parse_whole(self, part: PositionPart) -> Value | None:
        least = 0 if self.column.kind is Kind.ID else -self.column.largest
        return part if type(part) is int and least <= part <= self.column.largest else None


def parse_id(part: PositionPart, largest: int = LARGEST_COMPARED) -> int:
    """
    Read the id of a position; `largest` is what the vendor can be asked to compare with.

    Raises:
        CursorError: it is no such id.
    """
    if isinstance(part, str) and is_id(part) and int(part) <= largest:
        return int(part)
    raise CursorError("The cursor holds no id.")


def _parse_text(part: PositionPart) -> Value | None:
    """Read a text that a vendor can hold and an address can carry."""
    if not isinstance(part, str) or len(part) > MAX_QUERY_BYTES or "\0" in part:
        return None
    return None if any("\ud800" <= character <= "\udfff" for character in part) else part


def _parse_time(part: PositionPart) -> Value | None:
    return parse_time(part)


def _parse_date(part: PositionPart) -> Value | None:
    return parse_date(part)


_WHOLE: Final = frozenset({Kind.ID, Kind.NUMBER})
_PARSERS: Final = {
    Kind.TEXT: _parse_text,
    Kind.TIME: _parse_time,
    Kind.DATE: _parse_date,
}
