"""
Turns: of the writes of this process that send a whole record back, one at a time for each record.

Such a write reads the record first; two that read it at once would each undo what the other one changed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from adapters.calls import CallScope
from adapters.errors import InProgressError
from adapters.records import Entity

Place = tuple[Entity, str]
"""A record, by its kind and the vendor's id."""


class Turns:
    """Who may write over which record, within this process."""

    def __init__(self) -> None:
        """Keep a lock for as long as somebody uses it."""
        self._locks: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, place: Place, scope: CallScope) -> AsyncIterator[None]:
        """
        Be the only one who writes over a record.

        Raises:
            InProgressError: others do for longer than the request may take.
        """
        lock = self._locks.setdefault(place, asyncio.Lock())
        try:
            async with asyncio.timeout(scope.remaining_s()):
                await lock.acquire()
        except TimeoutError:
            message = "Other writes to this record are still under way."
            raise InProgressError(message, reason="RECORD_BUSY", hint="Ask again in a moment.") from None
        try:
            yield
        finally:
            lock.release()
