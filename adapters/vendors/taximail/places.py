"""
Where in a line of numbered pages a row stands.

A line is one section after another (lists, statuses), each read page by page. A place holds the section, the page, how
many of its rows are taken, how many rows the pages before it had, and the last row's id: rows that came or went since
are told by where that row stands now.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.errors import CursorError
from adapters.filters.order import Position

_PARTS: Final = 6
_FAR: Final = 10**9
_DONE: Final = 0
"""The page of a place behind a section's last row."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place in a line. `size` is how many rows a page may have: with another size, page numbers mean other rows.

    `page` 0 means that the section is read to its end.
    """

    size: int
    section: str
    page: int = 1
    taken: int = 0
    seen: int = 0
    last: str | None = None

    @property
    def done(self) -> bool:
        """Whether the section is read to its end."""
        return self.page == _DONE

    def finish(self) -> "Place":
        """Return the place behind the section's last row."""
        return Place(self.size, self.section, _DONE)

    def turn(self, rows: int) -> "Place":
        """Return the start of the next page, behind a page of so many rows."""
        return replace(self, page=self.page + 1, taken=0, seen=self.seen + rows)

    def to_position(self) -> Position:
        """Return the place as a line's position."""
        return Position((self.size, self.section, self.page, self.taken, self.seen, self.last))


def read_place(position: Position, size: int) -> Place:
    """
    Read a position back.

    Raises:
        CursorError: it was not made here, or the source's page size has changed since.
    """
    parts = position.parts
    if len(parts) != _PARTS or not _fits(parts):
        raise CursorError("This cursor was not made for this order.", hint="Start again without a cursor.")
    if parts[0] != size:
        raise CursorError("The source's pages have another size now.", hint="Start again without a cursor.")
    made: tuple[Any, ...] = parts
    return Place(*made)


def _fits(parts: tuple[Any, ...]) -> bool:
    size, section, page, taken, seen, last = parts
    numbers = all(type(each) is int and 0 <= each <= _FAR for each in (size, page, taken, seen))
    return numbers and isinstance(section, str) and (last is None or isinstance(last, str))
