"""
The ledger over its database: every method is one transaction, which ends even when nobody waits for it any more.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.errors import LedgerError
from adapters.ledger import claiming, forgetting, reading, sending, settling, turns
from adapters.ledger.database import Clock, Transaction, build_engine, close, migrate, read_url
from adapters.ledger.entries import Begun, Entry, EntryFilter, ItemEntry, NewEntry, WebhookEvent
from adapters.ledger.protocol import HeldTurn, IsAbout, Ledger

log = logging.getLogger(__name__)
LEASE_S: Final = 15.0

P = ParamSpec("P")
T = TypeVar("T")


async def open_ledger(url: str, *, lease_s: float = LEASE_S, clock: Clock | None = None) -> "Store":
    """
    Open a ledger and bring its tables up to date.

    `clock` replaces the database's own.

    Raises:
        SettingsError: the URL cannot be used, or the database cannot be opened.
    """
    engine = build_engine(read_url(url))
    try:
        await migrate(engine)
    except BaseException:
        await close(engine)
        raise
    return Store(engine, lease_s=lease_s, clock=clock)


class Store(Ledger):
    """A ledger in one database. Each has a name of its own, under which it holds leases."""

    def __init__(self, engine: AsyncEngine, *, lease_s: float = LEASE_S, clock: Clock | None = None) -> None:
        """Take an engine whose tables are up to date."""
        self._engine = engine
        self._owner = secrets.token_hex(16)
        self._lease_s = lease_s
        self._clock = clock
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def lease_s(self) -> float:
        """Seconds that a write stays ours without being renewed."""
        return self._lease_s

    async def begin(self, new: NewEntry) -> Begun:
        """Enter a write, or return the row that has its key."""
        return await self._run(claiming.begin, new)

    async def fetch_by_key(self, principal: str, mutation: str, key: str) -> Entry | None:
        """Return the write that has a key, or None."""
        return await self._run(claiming.fetch_by_key, principal, mutation, key)

    async def note_sending(
        self, id_: str, step: str, places: Sequence[int] = (), *, turn: HeldTurn | None = None
    ) -> None:
        """Enter that a step's bytes are about to leave."""
        await self._run(sending.note_sending, id_, step, places, turn=turn)

    async def note_known_by(self, id_: str, known_by: Mapping[str, str]) -> None:
        """Enter words by which the vendor may tell of a write."""
        await self._run(sending.note_known_by, id_, known_by)

    async def note_done(
        self, id_: str, step: str, known_by: Mapping[str, str], items: Sequence[ItemEntry] = ()
    ) -> None:
        """Enter what a step brought."""
        await self._run(sending.note_done, id_, step, known_by, items)

    async def finish(
        self,
        id_: str,
        outcome: str,
        result: Mapping[str, Any],
        *,
        check: str | None = None,
        people: Collection[str] = (),
    ) -> Entry:
        """Enter what became of a write."""
        return await self._run(sending.finish, id_, outcome, result, check=check, people=people)

    async def learn(
        self,
        id_: str,
        outcome: str,
        evidence: Mapping[str, Any],
        items: Sequence[ItemEntry] = (),
        *,
        check: str | None = None,
        overruled: Sequence[str] = (),
    ) -> Entry:
        """Enter what has become known since."""
        return await self._run(sending.learn, id_, outcome, evidence, items, check=check, overruled=overruled)

    async def start_look(self, id_: str, every_s: float) -> bool:
        """Say whether to look now for what became of a write."""
        return await self._run(settling.start_look, id_, every_s)

    async def renew(self, id_: str) -> bool:
        """Renew our lease."""
        return await self._run(sending.renew, id_)

    async def fetch(self, id_: str) -> Entry | None:
        """Return a write, or None."""
        return await self._run(reading.fetch, id_)

    async def fetch_page(self, which: EntryFilter, *, after: str | None, limit: int) -> tuple[list[Entry], bool]:
        """Return the newest writes first, and whether more follow."""
        return await self._run(reading.fetch_page, which, after=after, limit=limit)

    async def count(self, which: EntryFilter) -> int:
        """Return how many writes there are."""
        return await self._run(reading.count, which)

    async def fetch_items(self, id_: str, *, after: int, limit: int) -> tuple[list[ItemEntry], bool]:
        """Return items of a bulk write after a place, and whether more follow."""
        return await self._run(reading.fetch_items, id_, after=after, limit=limit)

    async def fetch_known_by(self, source: str, name: str, value: str, *, limit: int = 10) -> list[Entry]:
        """Return the newest writes that a vendor knows by a word."""
        return await self._run(reading.fetch_known_by, source, name, value, limit=limit)

    async def fetch_open_about(
        self, source: str, people: Collection[str], told_at: datetime, *, limit: int = 10
    ) -> list[tuple[Entry, tuple[int, ...]]]:
        """Return the newest writes about people whose end was not known at a moment."""
        return await self._run(reading.fetch_open_about, source, people, told_at, limit=limit)

    async def take_waiting(self, id_: str, limit: int) -> list[ItemEntry]:
        """Return the next waiting items of a bulk write of ours."""
        return await self._run(sending.take_waiting, id_, limit)

    async def take_abandoned(self, mutations: Sequence[str]) -> Entry | None:
        """Take over one bulk write that nobody carries on."""
        return await self._run(settling.take_abandoned, mutations)

    async def settle_expired(self, carried_on: Sequence[str] = ()) -> list[Entry]:
        """Say what became of writes whose lease has run out."""
        return await self._run(settling.settle_expired, carried_on)

    async def let_go(self) -> None:
        """Let our leases run out now."""
        await self._run(settling.let_go)

    async def take_turn(self, record: tuple[str, ...], holder: str) -> bool:
        """Take the turn to write over a record."""
        return await self._run(turns.take_turn, record, holder)

    async def renew_turn(self, record: tuple[str, ...], holder: str) -> bool:
        """Renew our turn."""
        return await self._run(turns.renew_turn, record, holder)

    async def end_turn(self, record: tuple[str, ...], holder: str) -> None:
        """End our turn."""
        await self._run(turns.end_turn, record, holder)

    async def erase_people(
        self,
        people: Sequence[str],
        *,
        shared: Sequence[str] = (),
        sources: Sequence[str] | None = None,
        kept: Sequence[str] = (),
        is_about: IsAbout | None = None,
    ) -> int:
        """Forget what was written and told about people."""
        return await self._run(
            forgetting.erase_people, people, shared=shared, sources=sources, kept=kept, is_about=is_about
        )

    async def purge(self, older_than_h: float) -> int:
        """Delete what is old."""
        return await self._run(forgetting.purge, older_than_h)

    async def store_event(self, source: str, digest: str, payload: Any) -> tuple[WebhookEvent, bool]:
        """Keep what a vendor told us, once."""
        return await self._run(reading.store_event, source, digest, payload)

    async def store_events(self, source: str, events: Sequence[tuple[str, Any]]) -> list[tuple[WebhookEvent, bool]]:
        """Keep what a vendor told us at once, each once."""
        return await self._run(reading.store_events, source, events)

    async def match_event(self, id_: str, operation: str) -> None:
        """Enter which write an event is about."""
        await self._run(reading.match_event, id_, operation)

    async def list_events(
        self, sources: Sequence[str], *, unmatched: bool = False, after: str | None, limit: int
    ) -> tuple[list[WebhookEvent], bool]:
        """Return events of sources, and whether more follow."""
        return await self._run(reading.list_events, list(sources), unmatched=unmatched, after=after, limit=limit)

    async def count_events(self, sources: Sequence[str], *, unmatched: bool = False) -> int:
        """Return how many events of sources there are."""
        return await self._run(reading.count_events, list(sources), unmatched=unmatched)

    async def aclose(self) -> None:
        """Wait for what is being written, and let go of the database."""
        if self._running:
            await asyncio.wait(self._running)
        await close(self._engine)

    async def _run(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do some work in a transaction, to its end."""
        task = asyncio.get_running_loop().create_task(self._transact(lambda tx: work(tx, *args, **kwargs)))
        self._running.add(task)
        task.add_done_callback(self._end)
        return await asyncio.shield(task)

    def _end(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # read once: nobody may wait for it any more

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        try:
            async with self._engine.begin() as connection:
                return await work(Transaction(connection, self._owner, self._lease_s, self._clock))
        except (SQLAlchemyError, OSError) as error:
            name = type(getattr(error, "orig", None) or error).__name__
            log.error("the ledger failed: %s", name)  # noqa: TRY400 - a driver's words may hold what was to be kept
            raise LedgerError(
                "The ledger cannot be read or written.",
                hint="Try again in a moment; if that does not help, tell the operator.",
            ) from None  # a traceback would show the driver's words
