"""
The worker: bulk writes that nobody waits for, chunk by chunk, carried on where a process has left them.

The ledger is its memory. It holds one chunk of a write at a time, and says of each what became of its items before it
takes the next; so whoever takes a write over repeats nothing that was finished.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from adapters.calls import CallRecord, CallScope
from adapters.contract import Outcome, Source, WriteCapability, WriteScope, judge_all
from adapters.errors import CapabilityError, FacadeError, LeaseLostError, LedgerError, VendorError
from adapters.ledger import Entry, ItemEntry, ItemState
from resolvers.policy.consent import reaches_people
from resolvers.roles import find_writer
from resolvers.writes.chunks import Chunk, ChunkJournal
from resolvers.writes.desk import AGAIN_S, WriteDesk
from resolvers.writes.items import ITEMS_CHECK
from resolvers.writes.payload import WARNED

BuildScope = Callable[[Entry, int], CallScope]
"""Build what one chunk of a write may spend, from the write and the number of its items, inside the running loop."""

AT_ONCE: Final = 4
"""How many bulk writes are carried out at once; others wait for their turn."""

LONGEST_WAIT_S: Final = 60.0
"""The most seconds between two tries, where the vendor does not say when it will be there."""

PATIENCE_S: Final = 6 * 3600.0


log = logging.getLogger(__name__)


LEFT: Final = {
    "code": Outcome.NOT_SENT.value,
    "reason": "INTERRUPTED",
    "message": "The server stopped before this was sent. It reaches people, and who has opted out was looked up before "
    "that: send those who are left again, and they are looked up anew.",
}
"""Why the rest of a write that reaches people is not sent by another process."""


def count_nothing(_calls: Sequence[CallRecord]) -> None:
    """Leave calls uncounted."""


@dataclass
class BulkWorker:
    """
    Carries out bulk writes of the sources it has.

    `build_scope` gives each chunk a deadline and calls of its own, which `count` is told of when the chunk has ended.
    `patience_s` is for how long a vendor is waited for that asks for a pause or cannot be reached, before what was not
    sent is given up.
    """

    sources: Mapping[str, Source]
    build_scope: BuildScope
    count: Callable[[Sequence[CallRecord]], None] = count_nothing
    patience_s: float = PATIENCE_S
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), init=False, repr=False)

    @property
    def mutations(self) -> tuple[str, ...]:
        """
        The mutations that are carried on: those that some source takes in bulk.

        What reaches people is not: who has opted out was looked up when it was asked for, which may be long ago. Of a
        mutation that does so with some values, only the writes with others are (`may_carry_on`).
        """
        every = (ability for source in self.sources.values() for ability in source.writes.items())
        found = {kind for kind, each in every if each.bulk > 1 and each.scope is not WriteScope.SEND}
        return tuple(sorted(found))

    def may_carry_on(self, entry: Entry) -> bool:
        """Say whether what a process has left of a write may be sent later: not where its values reach people."""
        ability = self._find_ability(entry)
        return ability is None or not reaches_people(ability, entry.command.get("values") or {})

    async def carry_out(self, entry: Entry, desk: WriteDesk, *, taken_over: bool = False) -> None:
        """
        Send what of a bulk write was not sent, until it is done, another's, or the server stops.

        Where it was `taken_over` from a process that has gone, and may not be carried on, it is given up.
        """
        try:
            await (self._give_up if taken_over and not self.may_carry_on(entry) else self._send_all)(entry, desk)
        except LeaseLostError:
            log.info("the write %s is carried on by another process", entry.id)
        except LedgerError:
            log.warning("the server stops without knowing how far the write %s has come", entry.id)

    async def _give_up(self, entry: Entry, desk: WriteDesk) -> None:
        """Say of what waits that it is not sent."""
        while items := await desk.insist(partial(desk.ledger.take_waiting, entry.id, self._find_size(entry))):
            left = [replace(it, state=ItemState.DONE, outcome=Outcome.NOT_SENT.value, error=LEFT) for it in items]
            await desk.insist(partial(desk.ledger.note_done, entry.id, "", {}, left))
        await _finish(entry, desk, None, ())

    async def _send_all(self, entry: Entry, desk: WriteDesk) -> None:
        progress = Progress(self._find_patience(entry))
        while not desk.closing and not progress.ended:
            async with self._turns:
                await self._send_some(entry, desk, progress)
            if progress.wait_s and not desk.closing:
                await desk.rest(progress.wait_s)

    async def _send_some(self, entry: Entry, desk: WriteDesk, progress: "Progress") -> None:
        """Send chunk after chunk, until all are sent or the vendor must be waited for."""
        progress.wait_s = 0.0
        while not desk.closing and not progress.wait_s:
            items = await desk.insist(lambda: desk.ledger.take_waiting(entry.id, self._find_size(entry)))
            if not items:
                await _finish(entry, desk, progress.check, tuple(progress.warnings))
                progress.ended = True
                return
            progress.note(await self._send(entry, items, desk, patient=progress.patient))

    def _find_patience(self, entry: Entry) -> float:
        """Return for how long the vendor is waited for: who reaches people was looked up, which must not grow old."""
        return self.patience_s if self.may_carry_on(entry) else 0.0

    def _find_ability(self, entry: Entry) -> WriteCapability | None:
        source = self.sources.get(entry.source)
        return source.writes.get(entry.mutation) if source else None

    def _find_size(self, entry: Entry) -> int:
        ability = self._find_ability(entry)
        return max(1, ability.bulk) if ability else AT_ONCE

    async def _send(self, entry: Entry, items: list[ItemEntry], desk: WriteDesk, *, patient: bool) -> Chunk:
        """Send one chunk, and write down what became of it; raises `LeaseLostError` where the write is another's."""
        chunk = Chunk(entry, items, ChunkJournal(desk.ledger, entry.id), patient=patient)
        source = self.sources.get(entry.source)
        writer = find_writer(source) if source else None
        if writer is None or source is None or entry.mutation not in source.writes:
            chunk.give_up(CapabilityError(f"The source {entry.source} cannot do `{entry.mutation}` any more."))
        else:
            scope = self.build_scope(entry, len(items))
            try:
                await chunk.send(writer, scope)
            finally:
                self.count(scope.calls)
        ours = not chunk.journal.lost and await desk.insist(lambda: desk.ledger.renew(entry.id))
        ends = [chunk.ends[place] for place in sorted(chunk.ends) if ours or place in chunk.journal.sent]
        await desk.insist(lambda: desk.ledger.note_done(entry.id, "", {}, ends))
        if not ours:
            raise LeaseLostError("Another process has taken this write over.")
        return chunk


@dataclass
class Progress:
    """
    How far a bulk write has come here.

    `wait_s` is how long its vendor must be waited for now; `tries` how often that was so in a row, and `stuck_at` since
    when, on the running loop's clock.
    """

    patience_s: float
    check: str | None = None
    warnings: dict[str, None] = field(default_factory=dict)
    ended: bool = False
    wait_s: float = 0.0
    tries: int = 0
    stuck_at: float | None = None

    @property
    def patient(self) -> bool:
        """Whether what cannot be sent now may wait."""
        return self._left_s() > 0

    def note(self, chunk: Chunk) -> None:
        """Take in how a chunk ended."""
        self.check = chunk.check or self.check
        self.warnings |= dict.fromkeys(chunk.warnings)
        if chunk.moved or chunk.trouble is None:
            self.tries, self.stuck_at = 0, None
        if chunk.trouble is not None:
            self.stuck_at = _now() if self.stuck_at is None else self.stuck_at
        if chunk.trouble is not None and chunk.patient:
            self.wait_s = self._choose_wait_s(chunk.trouble)
            self.tries += 1

    def _choose_wait_s(self, trouble: FacadeError) -> float:
        """Return how long to wait before the next try: as long as the vendor says, or longer each time."""
        asked_s = trouble.retry_after_s if isinstance(trouble, VendorError) else None
        wait_s = asked_s or min(AGAIN_S * 2**self.tries, LONGEST_WAIT_S)
        return max(AGAIN_S, min(wait_s, self._left_s()))

    def _left_s(self) -> float:
        return self.patience_s if self.stuck_at is None else self.stuck_at + self.patience_s - _now()


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _finish(entry: Entry, desk: WriteDesk, check: str | None, warnings: tuple[str, ...]) -> None:
    now = await desk.insist(lambda: desk.ledger.fetch(entry.id))
    if now is None:
        return
    outcome = judge_items(now.counts)
    to_check = (check or ITEMS_CHECK) if outcome is Outcome.UNKNOWN else None
    told = dict.fromkeys((*now.command.get(WARNED, ()), *warnings))
    result = {"errors": [], "warnings": list(told)}
    await desk.insist(lambda: desk.ledger.finish(entry.id, outcome.value, result, check=to_check))


def judge_items(counts: Mapping[str, int]) -> Outcome:
    """Return the one word for a bulk write whose items have come to an end; the counts tell more."""
    return judge_all(Outcome(word) for word, count in counts.items() if count)
