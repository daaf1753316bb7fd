"""
The desk where writes are carried out: its ledger, and what is done about it while the server runs.
"""

import asyncio
import logging
from typing import Final

from adapters.errors import LedgerError
from graph.settings import Settings
from resolvers.writes.desk import WriteDesk
from resolvers.writes.listening import Listener
from resolvers.writes.worker import BulkWorker

FILE: Final = "marketing-graph-ledger.db"
"""The ledger's file beside `sources.toml`, where no other ledger is named."""

IN_MEMORY: Final = "sqlite://"
PURGE_EVERY_S: Final = 3600.0
SETTLES: Final = 3
"""How often within a lease writes that were left behind are settled."""

log = logging.getLogger(__name__)


def find_ledger(settings: Settings) -> str:
    """
    Return the URL of the ledger.

    The embedded sandbox forgets everything when it stops, and so does its ledger.
    """
    if settings.ledger_url is not None:
        return settings.ledger_url.get_secret_value()
    return IN_MEMORY if settings.sources is None else f"sqlite:///{settings.sources.absolute().with_name(FILE)}"


def check_ledger(settings: Settings) -> None:
    """
    Open the ledger once and close it, so that a start that would fail says why.

    Raises:
        SettingsError: the ledger cannot be opened.
    """
    url = find_ledger(settings)
    if url != IN_MEMORY:
        asyncio.run(_try(url))


async def _try(url: str) -> None:
    from adapters.ledger.store import open_ledger  # noqa: PLC0415 - what writes nothing needs no database

    await (await open_ledger(url)).aclose()


class Desks:
    """
    The server's desk: opened once, with the server or when it is first needed, and closed with the server.

    While it is open it says what became of writes that other processes left behind, or carries them on, listens to what
    vendors tell of writes, and deletes what is old.
    """

    def __init__(self, settings: Settings, worker: BulkWorker | None = None, listener: Listener | None = None) -> None:
        """Take who carries out bulk writes and who listens to what vendors tell; open nothing yet."""
        self._settings = settings
        self._worker = worker
        self._listener = listener
        self._opening: asyncio.Task[WriteDesk] | None = None
        self._beside: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """
        Open a ledger that outlives the server; one in memory waits until it is needed.

        Raises:
            SettingsError: the ledger cannot be opened.
        """
        if find_ledger(self._settings) != IN_MEMORY:
            await self.find()

    async def find(self) -> WriteDesk:
        """Return the desk, opening it first where it is not open; raises as `start`."""
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open())
        return await asyncio.shield(self._opening)

    async def aclose(self) -> None:
        """Stop the desk and close its ledger, where it was opened."""
        if self._opening is None:
            return
        await asyncio.wait([self._opening])
        for task in self._beside:
            task.cancel()
        if self._beside:
            await asyncio.wait(self._beside)
        if self._opening.exception() is None:
            await self._opening.result().aclose()
        self._opening = None

    async def _open(self) -> WriteDesk:
        from adapters.ledger.store import open_ledger  # noqa: PLC0415 - what writes nothing needs no database

        ledger = await open_ledger(find_ledger(self._settings), lease_s=self._settings.ledger_lease_s)
        desk = WriteDesk(ledger, self._worker)
        beside = [_tend(desk, self._settings.ledger_keep_h), *([self._listener.run(ledger)] if self._listener else ())]
        self._beside = [asyncio.get_running_loop().create_task(work) for work in beside]
        return desk


async def _tend(desk: WriteDesk, keep_h: float) -> None:
    """Settle or carry on what other processes left behind, several times a lease; delete what is old, every hour."""
    clock = asyncio.get_running_loop().time
    purge_at = clock()
    while True:
        try:
            await desk.settle()
            await desk.take_over()
            if clock() >= purge_at:
                await desk.ledger.purge(keep_h)
                purge_at = clock() + PURGE_EVERY_S
        except LedgerError:
            log.warning("the ledger could not be tended; it is tried again")
        await asyncio.sleep(desk.ledger.lease_s / SETTLES)
