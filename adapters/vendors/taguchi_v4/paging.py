"""
Whether a reply holds all it was asked for.

The vendor never says how many rows there are, and its document names no upper bound of `limit`: a server may cut every
reply without a word, at any number of rows. So a reply that fills its limit is taken as cut, and the end of a line is
believed only when:

- the reply is empty, or
- a larger reply of the same resource has been seen, so that no such cut exists, or
- the server is known to fill its pages (the operator says so by `full_pages`, or a check got more rows than any call of
  ours asks for), and the number of rows is none that servers like to cut at.

The last is no proof, so an id is called absent by the first two only (`windows.py`); where that reading meets rows
behind a reply that seemed to be whole, the word for the server is not believed any more. No other read can tell: a
reply cut at a number that servers do not like to cut at looks like an end. `max_page` says what to ask for,
and nothing here: a server that gives fewer rows than the operator thinks must not hide the rest.

Otherwise the line is continued after the last row, for no more rows than are still wanted. That costs one call more,
answered with nothing where the line had ended (in the order of a value two or three: what is left of the last value,
what stands past it, and the rows without one). Who pays it:

- A page whose rows are all there never does: a connection asks for one row more than it shows, and that one came.
- A page at the end of its line does, where it is the largest reply of its resource so far. Each larger reply is
  remembered as long as the process lives, so that ends with fewer rows are free from then on; of replies that are asked
  for side by side, only the largest are looked behind (`underway.py`).
- A resource that fits one reply, when it is read whole: nothing tells its end from a cut at that very number, however
  often it is read. Such an end is not remembered as one, since the next filter may be cut there.

A server may cut one resource and not another, so each is known by its own replies; so is each side of a feed. A server
that begins to cut where it did not is not noticed before the next start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from adapters.records.making import made_quickly

NOTHING_SEEN: Final[Mapping[str, int]] = MappingProxyType({})

LEAST_REMEMBERED: Final = 10
"""One enormous row must not make every later page of its resource a call a row."""

TYPICAL_CUTS: Final = frozenset({10, 20, 25, 50, 100, 200, 250, 500, 1000})

NOT_FULL: Final = (
    "rows follow a reply that was not full, so full_pages is wrong for this server: earlier pages may lack rows, and "
    "from now on every short one is looked behind"
)
"""What is said once of a server that was taken for one that fills its pages."""


@made_quickly
@dataclass(frozen=True, slots=True)
class ReplySize:
    """How many rows of a resource were asked for, how many were sent, and how many of those were distinct."""

    resource: str
    limit: int
    sent: int
    distinct: int

    @property
    def is_short(self) -> bool:
        """Say whether fewer rows came than were asked for."""
        return self.sent < self.limit


class PageSizes:
    """What one source's replies have taught about the page size of each resource."""

    def __init__(self, *, full: bool, seen: Mapping[str, int] = NOTHING_SEEN) -> None:
        """`full` says that the server is known to fill its pages; `seen` is what a check saw per resource."""
        self._full = full
        self._largest = dict(seen)
        self._bearable: dict[str, int] = {}

    def fit(self, resource: str, limit: int) -> int:
        """Return how many rows to ask for instead of `limit`, since more have been too many bytes."""
        return min(limit, self._bearable.get(resource, limit))

    def halve(self, resource: str, limit: int) -> int:
        """Remember that `limit` rows were too many bytes, and return how many to ask for."""
        fewer = max(1, limit // 2)
        self._bearable[resource] = self.fit(resource, max(LEAST_REMEMBERED, fewer))
        return fewer

    def remember(self, size: ReplySize) -> None:
        """Take in that so many rows came in one reply."""
        self._largest[size.resource] = max(self._largest.get(size.resource, 0), size.distinct)

    def disprove_full(self) -> bool:
        """Take in that the server does not fill its pages after all; say whether it was thought to."""
        thought, self._full = self._full, False
        return thought

    def is_whole(self, size: ReplySize) -> bool:
        """Say whether a reply is proven to hold all it was asked for, whatever is said of the server."""
        return size.is_short and (size.sent == 0 or self._largest.get(size.resource, 0) > size.distinct)

    def is_cut(self, size: ReplySize) -> bool:
        """Say whether rows may follow a reply."""
        if self.is_whole(size):
            return False
        return not size.is_short or not self._full or size.distinct in TYPICAL_CUTS

    def is_doubtful(self, size: ReplySize) -> bool:
        """Say whether a larger reply would prove that no rows follow a short one."""
        return size.is_short and self.is_cut(size)
