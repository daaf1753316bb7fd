"""
Whether a reply holds all it was asked for.

The vendor never says how many rows there are, and its document names no upper bound of `limit`: a server may cut every
reply without a word. So a reply that fills its limit is taken as cut, and the end of a line is believed only when:

- the reply is empty, or
- a larger reply has been seen from this source, so that no such cut exists, or
- the operator stated `max_page`, or a check found it, and the number of rows is none that servers like to cut at.

Otherwise the line is continued after the last row; on a fresh source that is one more call, answered with nothing.
"""

from typing import Final

TYPICAL_CUTS: Final = frozenset({1, 10, 20, 25, 50, 100, 200, 250, 500, 1000})


class PageSizes:
    """What one source's replies have taught about its page size."""

    def __init__(self, *, stated: bool, largest: int = 0) -> None:
        """`stated` says that the most rows of a reply are known; `largest` is what a check has seen of them."""
        self._stated = stated
        self._largest = largest

    def is_cut(self, limit: int, sent: int, distinct: int) -> bool:
        """Say whether rows may follow a reply of `sent` rows to a call for `limit`; remember how many were distinct."""
        larger_seen = self._largest > distinct
        self._largest = max(self._largest, distinct)
        if sent >= limit:
            return True
        if sent == 0 or larger_seen:
            return False
        return not self._stated or distinct in TYPICAL_CUTS
