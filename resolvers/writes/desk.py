"""
Where writes are carried out: beyond the request that asked for them, and to their end when a caller goes away.
"""

import asyncio
from collections.abc import Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from adapters.contract import ItemResult, Journal
from adapters.errors import FacadeError
from adapters.ledger import Ledger
from resolvers.writes.items import to_item_entries

T = TypeVar("T")


class ClosingError(FacadeError):
    """The server is about to stop and takes no more writes."""

    code = "VENDOR_UNAVAILABLE"
    retryable = True


@dataclass
class WriteDesk:
    """
    The ledger, and the writes this process carries out.

    A write runs as a task of its own, so neither a deadline nor a closed connection ends it once it has begun.
    """

    ledger: Ledger
    _running: "set[asyncio.Task[Any]]" = field(default_factory=set, init=False, repr=False)
    _by_key: "dict[Hashable, asyncio.Task[Any]]" = field(default_factory=dict, init=False, repr=False)
    _closing: bool = field(default=False, init=False)

    async def carry_out(self, key: Hashable | None, work: Coroutine[Any, Any, T]) -> T:
        """
        Do something to its end, whoever waits for it; who comes with the same key meanwhile waits for the same.

        Raises:
            ClosingError: the server is stopping; nothing was begun.
        """
        running: asyncio.Task[T] | None = self._by_key.get(key) if key is not None else None
        if running is not None:
            work.close()
            return await asyncio.shield(running)
        if self._closing:
            work.close()
            raise ClosingError("The server is stopping.", hint="Send the mutation again in a moment.")
        return await asyncio.shield(self._start(key, work))

    def _start(self, key: Hashable | None, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if key is not None:
            self._by_key[key] = task
            task.add_done_callback(lambda _done: self._by_key.pop(key, None))
        return task

    async def aclose(self, within_s: float = 10.0) -> None:
        """Take no more writes, wait for those under way, and let go of the ledger."""
        self._closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        for task in self._running:
            task.cancel()
        await self.ledger.aclose()


@dataclass(frozen=True, slots=True)
class LedgerJournal(Journal):
    """Keeps one write's steps in the ledger."""

    ledger: Ledger
    id: str

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        """Write down that a step's bytes are about to leave, and which items they carry."""
        await self.ledger.note_sending(self.id, step, places)

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[ItemResult] = ()) -> None:
        """Write down what a step brought, and what became of its items."""
        await self.ledger.note_done(self.id, step, known_by, to_item_entries(items))
