"""
The list reads that an operation has under way.

Whether a short reply may have been cut is told by the largest reply of its resource (`paging.py`). Of a hundred feeds
that a fresh source is asked for side by side, each would be looked behind before the largest is there; so a reply in
doubt waits for those that were asked for together with it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Underway:
    """The reads that have no reply yet, by operation and resource."""

    def __init__(self) -> None:
        """Begin with none."""
        self._reads: defaultdict[tuple[str, str], set[asyncio.Future[None]]] = defaultdict(set)

    async def run(self, operation_id: str, resource: str, read: Awaitable[T]) -> T:
        """Make a read, which is under way until it has its reply."""
        place, done = (operation_id, resource), asyncio.get_running_loop().create_future()
        reads = self._reads[place]
        reads.add(done)
        try:
            return await read
        finally:
            done.set_result(None)
            reads.discard(done)
            if not reads:
                del self._reads[place]

    async def wait(self, operation_id: str, resource: str) -> None:
        """Wait for the reads that are under way now, whatever becomes of them."""
        if others := self._reads.get((operation_id, resource)):
            await asyncio.wait(set(others))
