"""
Whether a reply holds all it was asked for.

The vendor never says how many rows there are, and its document names no upper bound of `limit`: a server may cut every
reply without a word. So a reply that fills its limit is taken as cut, and the end of a line is believed only when:

- the reply is empty, or
- a larger reply of the same resource has been seen, so that no such cut exists, or
- the operator stated `max_page`, and the number of rows is none that servers like to cut at.

The last is no proof, so an id is called absent by the first two only (`windows.py`).

Otherwise the line is continued after the last row; of a fresh resource that is one more call, answered with
nothing. A server may cut one resource and not another, so each is known by its own replies; so is each side of a feed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NOTHING_SEEN: Final[Mapping[str, int]] = MappingProxyType({})

LEAST_REMEMBERED: Final = 10
"""One enormous row must not make every later page of its resource a call a row."""

TYPICAL_CUTS: Final = frozenset({1, 10, 20, 25, 50, 100, 200, 250, 500, 1000})


class PageSizes:
    """What one source's replies have taught about the page size of each resource."""

    def __init__(self, *, stated: bool, seen: Mapping[str, int] = NOTHING_SEEN) -> None:
        """`stated` says that the operator named the most rows of a reply; `seen` is what a check saw per resource."""
        self._stated = stated
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

    def is_whole(self, resource: str, limit: int, sent: int, distinct: int) -> bool:
        """Say whether a reply is known to hold all it was asked for, whatever the operator stated."""
        return sent < limit and (sent == 0 or self._largest.get(resource, 0) > distinct)

    def is_cut(self, resource: str, limit: int, sent: int, distinct: int) -> bool:
        """Say whether rows may follow a reply of `sent` rows to a call for `limit`; remember how many were distinct."""
        largest = self._largest.get(resource, 0)
        self._largest[resource] = max(largest, distinct)
        larger_seen = largest > distinct
        if sent >= limit:
            return True
        if sent == 0 or larger_seen:
            return False
        return not self._stated or distinct in TYPICAL_CUTS
