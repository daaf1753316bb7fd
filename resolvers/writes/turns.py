"""
Turns: one write after the other over a vendor's record, whichever process sends it.

A write that sends a record back whole has read it before; of two at once the later would undo the earlier. The ledger
says whose turn it is, and the turn of a process that has gone is free when its lease has run out.
"""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from adapters.errors import InProgressError, LedgerError
from adapters.ledger import RECORD_BUSY, HeldTurn, Ledger

RENEWALS: Final = 3
"""How often a lease is renewed while it lasts."""

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 0.25
_END_S: Final = 1.0
"""The most seconds that a write waits to be told that its turn has ended; the ledger ends it all the same."""


@dataclass(slots=True)
class Turn:
    """The turn to write over one record; `_until` is when it is ours no more, on the running loop's clock."""

    ledger: Ledger
    record: tuple[str, ...]
    _holder: str = field(default_factory=lambda: secrets.token_hex(16))
    _until: float = 0.0

    async def take(self, within_s: float) -> None:
        """
        Wait until it is our turn.

        Raises:
            InProgressError: others write over the record for longer than this.
            LedgerError: the ledger cannot say who does.
        """
        busy, wait_s = False, _FIRST_WAIT_S
        try:
            async with asyncio.timeout(within_s):
                while not await self._ask():
                    busy = True
                    await asyncio.sleep(random.uniform(0.5, 1.0) * wait_s)  # noqa: S311 - so that not all ask at once
                    wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        except TimeoutError:
            raise _tell_busy() if busy else LedgerError("The ledger does not answer in time.") from None

    async def _ask(self) -> bool:
        until = _now() + self.ledger.lease_s
        taken = await self.ledger.take_turn(self.record, self._holder)
        self._until = until if taken else 0.0
        return taken

    @property
    def held(self) -> HeldTurn:
        """The record, and who we are: for the ledger, whose clock says whether the turn is ours still."""
        return self.record, self._holder

    def check(self) -> None:
        """Make sure, before anything is sent, that it is our turn still; raises `LedgerError` where it may not be."""
        if _now() >= self._until:
            raise LedgerError(
                "The turn to write over this record has run out.", reason=RECORD_BUSY, hint="Send the mutation again."
            )

    async def keep(self) -> None:
        """Renew the lease for as long as nobody has taken the turn."""
        ours = True
        while ours:
            await asyncio.sleep(self.ledger.lease_s / RENEWALS)
            with suppress(LedgerError):  # it may be back before the lease has run out
                until = _now() + self.ledger.lease_s
                ours = await self.ledger.renew_turn(self.record, self._holder)
                self._until = until if ours else 0.0

    async def end(self) -> None:
        """Let the next one have the turn."""
        with suppress(LedgerError, TimeoutError):  # then the lease runs out by itself
            async with asyncio.timeout(_END_S):
                await self.ledger.end_turn(self.record, self._holder)


@asynccontextmanager
async def hold_turn(ledger: Ledger, record: tuple[str, ...], within_s: float) -> AsyncIterator[Turn]:
    """Hold the turn to write over a record; raises as `Turn.take`."""
    turn = Turn(ledger, record)
    try:
        await turn.take(within_s)
        keeping = asyncio.get_running_loop().create_task(turn.keep())
        try:
            yield turn
        finally:
            keeping.cancel()
    finally:
        await turn.end()


def _tell_busy() -> InProgressError:
    message = "Other writes to this record are still under way."
    return InProgressError(message, reason=RECORD_BUSY, hint="Ask again in a moment.")


def _now() -> float:
    return asyncio.get_running_loop().time()
