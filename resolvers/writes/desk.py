"""
Where writes are carried out: beyond the request that asked for them, and to their end when a caller goes away.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from adapters.contract import ItemResult, Journal
from adapters.errors import FacadeError, LeaseLostError, LedgerError
from adapters.ledger import Entry, Ledger
from resolvers.writes.items import to_item_entries
from resolvers.writes.turns import RENEWALS, Turn, hold_turn

if TYPE_CHECKING:
    from resolvers.writes.worker import BulkWorker

log = logging.getLogger(__name__)

T = TypeVar("T")

AGAIN_S: Final = 1.0
"""Seconds after which a ledger that failed is asked again, or a vendor for the first time."""


class ClosingError(FacadeError):
    """The server is about to stop and takes no more writes."""

    retryable = True

    def __init__(self) -> None:
        """Say when to come again."""
        super().__init__(
            "The server is stopping.", reason="SERVER_STOPPING", hint="Send the mutation again in a moment."
        )


@dataclass
class WriteDesk:
    """
    The ledger, and the writes this process carries out.

    A write runs as a task of its own, so neither a deadline nor a closed connection ends it once it has begun.
    `worker` carries out large bulk writes, and takes over those of a process that has gone; without one they are
    carried out like others, and given up like them.
    """

    ledger: Ledger
    worker: "BulkWorker | None" = None
    _running: "set[asyncio.Task[Any]]" = field(default_factory=set, init=False, repr=False)
    _by_key: "dict[Hashable, asyncio.Task[Any]]" = field(default_factory=dict, init=False, repr=False)
    _held: set[str] = field(default_factory=set, init=False, repr=False)
    _stop: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    @property
    def closing(self) -> bool:
        """Whether the server is stopping: what can be carried on by another process is left to it."""
        return self._stop.is_set()

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until the server stops."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    @property
    def carried_on(self) -> tuple[str, ...]:
        """The mutations whose bulk writes are taken over from a process that has gone."""
        return self.worker.mutations if self.worker is not None else ()

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
        if self.closing:
            work.close()
            raise ClosingError
        return await asyncio.shield(self._start(key, work))

    def _start(self, key: Hashable | None, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._end)
        if key is not None:
            self._by_key[key] = task
            task.add_done_callback(lambda _done: self._by_key.pop(key, None))
        return task

    def _end(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # read once: whoever waited for it may have gone

    @asynccontextmanager
    async def hold(self, id_: str) -> AsyncIterator[None]:
        """Keep the lease of a write while it is carried out."""
        renewing = asyncio.get_running_loop().create_task(self._renew(id_))
        self._held.add(id_)
        try:
            yield
        finally:
            self._held.discard(id_)
            renewing.cancel()

    def start_bulk(self, entry: Entry, *, taken_over: bool = False) -> None:
        """Let the worker carry out a bulk write of ours, or one that was another's; nobody waits for it."""
        if self.worker is not None and not self.closing and entry.id not in self._held:
            self._held.add(entry.id)
            self._start(None, self._carry_on(self.worker, entry, taken_over=taken_over))

    async def _carry_on(self, worker: "BulkWorker", entry: Entry, *, taken_over: bool) -> None:
        async with self.hold(entry.id):
            await worker.carry_out(entry, self, taken_over=taken_over)

    async def take_over(self) -> None:
        """Carry on the bulk writes of processes that have gone, or give them up; raises `LedgerError`."""
        while self.carried_on and not self.closing:
            entry = await self.ledger.take_abandoned(self.carried_on)
            if entry is None:
                return
            self.start_bulk(entry, taken_over=True)

    async def _renew(self, id_: str) -> None:
        ours = True
        while ours:
            await asyncio.sleep(self.ledger.lease_s / RENEWALS)
            with suppress(LedgerError):  # it may be back before the lease has run out
                ours = await self.ledger.renew(id_)

    async def insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask the ledger until it answers; raises `LeaseLostError`, or `LedgerError` once the server stops."""
        while True:
            try:
                return await ask()
            except LeaseLostError:
                raise
            except LedgerError:
                if self.closing:
                    raise
            await self.rest(AGAIN_S)

    def enter_later(self, enter: Callable[[], Awaitable[object]]) -> None:
        """Enter something once the ledger can be written again, if that is while the server runs; nobody waits."""
        self._start(None, self._enter_later(enter))

    async def _enter_later(self, enter: Callable[[], Awaitable[object]]) -> None:
        await self.rest(AGAIN_S)
        try:
            await self.insist(enter)
        except LedgerError:
            log.warning("the server stops, and the ledger was not told what became of a write")

    async def settle(self) -> None:
        """Say what became of writes whose process has gone."""
        await self.ledger.settle_expired(self.carried_on)

    async def aclose(self, within_s: float = 10.0) -> None:
        """Take no more writes, wait for those under way, give up those that do not end, and let go of the ledger."""
        self._stop.set()
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        with suppress(LedgerError):  # then the leases run out by themselves
            await self.ledger.let_go()
            await self.settle()
        await self.ledger.aclose()


@dataclass(slots=True)
class LedgerJournal(Journal):
    """
    Keeps one write's steps in the ledger.

    `places` are those of the items it is told of, where they are a chunk of more; `sent` are the places of items whose
    bytes may have left. `lost` says that the write is another process's by now: what was not sent here is sent there,
    so nothing more is said of it.
    """

    ledger: Ledger
    id: str
    places: Sequence[int] | None = None
    sent: set[int] = field(default_factory=set)
    lost: bool = False
    _turn: Turn | None = field(default=None, init=False, repr=False)

    @asynccontextmanager
    async def hold(self, record: tuple[str, ...], within_s: float) -> AsyncIterator[None]:
        """Be the only one who writes over a record, of all processes that share the ledger; raises as `Turn.take`."""
        async with hold_turn(self.ledger, record, within_s) as turn:
            self._turn = turn
            try:
                yield
            finally:
                self._turn = None

    async def note_known_by(self, known_by: Mapping[str, str]) -> None:
        """Write down words by which the vendor may tell of the write."""
        await self.ledger.note_known_by(self.id, known_by)

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        """
        Write down that a step's bytes are about to leave, and which items they carry.

        A turn is looked at before and after it: the ledger may take longer than a lease lasts.
        """
        whole, turn = [self.find_place(place) for place in places], self._turn
        if turn is not None:
            turn.check()
        try:
            await self.ledger.note_sending(self.id, step, whole, turn=None if turn is None else turn.held)
        except LeaseLostError:
            self.lost = True
            raise
        if turn is not None:
            turn.check()
        self.sent.update(whole)

    def find_place(self, place: int) -> int:
        """Return an item's place in the whole write."""
        return place if self.places is None else self.places[place]

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[ItemResult] = ()) -> None:
        """
        Write down what a step brought, and what became of its items.

        Where the ledger cannot be written, what is known stays known: the write goes on to its end, or to its next
        step, which is not sent without being entered.
        """
        if self.lost or not (known_by or items):
            return
        placed = [replace(item, place=self.find_place(item.place)) for item in items]
        try:
            await self.ledger.note_done(self.id, step, known_by, to_item_entries(placed))
        except LedgerError:
            log.exception("the ledger does not know what the step %s of the write %s brought", step, self.id)
