"""
What the ledger can be asked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from adapters.ledger.entries import Begun, Entry, EntryFilter, ItemEntry, NewEntry, WebhookEvent

IsAbout = Callable[[str, Any], bool]
"""Says of what a source told, by the source's name and the payload, whether it is about certain people."""

HeldTurn = tuple[tuple[str, ...], str]
"""A vendor's record, and who holds the turn to write over it."""

RECORD_BUSY: Final = "RECORD_BUSY"
"""Why a write is not sent: others write over its record."""


class Ledger(Protocol):
    """
    Keeps writes. Everything it is told is on disk when the call returns; nothing blocks the event loop.

    Each method raises `LedgerError` when the database cannot do it; then nothing of it was done.
    """

    @property
    def lease_s(self) -> float:
        """Seconds that a write stays ours without being renewed."""
        ...

    async def begin(self, new: NewEntry) -> Begun:
        """
        Enter a write as PENDING with a lease of ours, or return the row that has its key.

        Of many that begin under one key at once, in however many processes, exactly one is new.
        """
        ...

    async def fetch_by_key(self, principal: str, mutation: str, key: str) -> Entry | None:
        """Return the write that has a key, or None."""
        ...

    async def note_sending(
        self, id_: str, step: str, places: Sequence[int] = (), *, turn: HeldTurn | None = None
    ) -> None:
        """
        Write down that a step's bytes are about to leave, and which items they carry; renews the lease.

        `turn` is what is to be held still over the record that is written; it is renewed with the lease.

        Raises:
            LeaseLostError: another process has taken the row over; nothing may be sent.
            LedgerError: the turn is another's by now, or a person among the items is erased; nothing may be sent.
        """
        ...

    async def note_known_by(self, id_: str, known_by: Mapping[str, str]) -> None:
        """Write down words by which the vendor may tell of a write, before it is sent."""
        ...

    async def note_done(
        self, id_: str, step: str, known_by: Mapping[str, str], items: Sequence[ItemEntry] = ()
    ) -> None:
        """Write down what a step brought; the inputs of items stay as they are."""
        ...

    async def finish(
        self,
        id_: str,
        outcome: str,
        result: Mapping[str, Any],
        *,
        check: str | None = None,
        people: Collection[str] = (),
    ) -> Entry:
        """
        Write down what became of a write, and let go of it; `people` are further digests of whom it was about.

        Nothing is written where the write is another's by now, or has an outcome that is known; the row is returned
        as it then is.
        """
        ...

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
        """
        Write down what has become known since of a write that was UNKNOWN or ACCEPTED; others stay as they are, but for
        those of an outcome that is `overruled`.

        `evidence` replaces those parts of the result that it names. Nobody knows less than before: UNKNOWN changes no
        outcome, only what to check.
        """
        ...

    async def start_look(self, id_: str, every_s: float) -> bool:
        """Say whether to look now for what became of a write: False where somebody did within these seconds."""
        ...

    async def renew(self, id_: str) -> bool:
        """Renew our lease on a write under way; False where it is not ours any more."""
        ...

    async def fetch(self, id_: str) -> Entry | None:
        """Return a write, or None."""
        ...

    async def fetch_page(self, which: EntryFilter, *, after: str | None, limit: int) -> tuple[list[Entry], bool]:
        """Return the newest writes first, and whether more follow; `after` is a write's id."""
        ...

    async def count(self, which: EntryFilter) -> int:
        """Return how many writes there are."""
        ...

    async def fetch_items(self, id_: str, *, after: int, limit: int) -> tuple[list[ItemEntry], bool]:
        """Return items of a bulk write after a place, in order, and whether more follow."""
        ...

    async def fetch_known_by(self, source: str, name: str, value: str, *, limit: int = 10) -> list[Entry]:
        """Return the newest writes at a source that the vendor knows by this word, the newest first."""
        ...

    async def fetch_open_about(
        self, source: str, people: Collection[str], told_at: datetime, *, limit: int = 10
    ) -> list[tuple[Entry, tuple[int, ...]]]:
        """
        Return the newest writes at a source about people whose end was not known at a moment, the newest first.

        `people` are digests. With each come the places of the items about them; none where the whole is.
        """
        ...

    async def take_waiting(self, id_: str, limit: int) -> list[ItemEntry]:
        """
        Return the next WAITING items of a bulk write, in order.

        Raises:
            LeaseLostError: another process has taken the row over.
        """
        ...

    async def take_abandoned(self, mutations: Sequence[str]) -> Entry | None:
        """
        Take over one write under way whose lease has run out and that can be carried on: a bulk write, whose items that
        were SENT become UNKNOWN and whose WAITING ones are still to be sent. Others are settled by `settle_expired`.
        """
        ...

    async def settle_expired(self, carried_on: Sequence[str] = ()) -> list[Entry]:
        """
        Say what became of writes whose lease has run out: SENT ones are UNKNOWN, PENDING ones NOT_SENT.

        Bulk writes of the mutations `carried_on` are left to `take_abandoned`.
        """
        ...

    async def let_go(self) -> None:
        """Let our leases run out now, since we stop."""
        ...

    async def take_turn(self, record: tuple[str, ...], holder: str) -> bool:
        """
        Take the turn to write over a vendor's record, for as long as a lease lasts; False where another holds it.

        `record` is the source's name, the kind of record and the vendor's id; `holder` one of a kind for each turn.
        """
        ...

    async def renew_turn(self, record: tuple[str, ...], holder: str) -> bool:
        """Renew the lease of our turn; False where it is another's by now."""
        ...

    async def end_turn(self, record: tuple[str, ...], holder: str) -> None:
        """Let the next one have our turn."""
        ...

    async def erase_people(
        self,
        people: Sequence[str],
        *,
        shared: Sequence[str] = (),
        sources: Sequence[str] | None = None,
        kept: Sequence[str] = (),
        is_about: IsAbout | None = None,
    ) -> int:
        """
        Forget the inputs and results of every write about these people, and keep the rows; return how many.

        `people` are digests. Of a bulk write the items about them are forgotten, and left out where they still wait.
        `shared` are digests of what others may have too: they tell only of writes and items that name nobody else.
        `sources` narrows it, and `kept` are the ids of writes that stay as they are: those that are the erasure.
        What vendors told of the people, as `is_about` says of each event, is forgotten too and counts.
        """
        ...

    async def purge(self, older_than_h: float) -> int:
        """Delete finished writes, and webhooks' events, that have not changed for these hours; return how many."""
        ...

    async def store_event(self, source: str, digest: str, payload: Any) -> tuple[WebhookEvent, bool]:
        """Keep what a vendor told us, and say whether it is new; a delivery that was kept before is returned."""
        ...

    async def store_events(self, source: str, events: Sequence[tuple[str, Any]]) -> list[tuple[WebhookEvent, bool]]:
        """Keep several, each by its digest and payload, as `store_event` does: all of them, or none."""
        ...

    async def match_event(self, id_: str, operation: str) -> None:
        """Write down which write an event is about."""
        ...

    async def list_events(
        self, sources: Sequence[str], *, unmatched: bool = False, after: str | None, limit: int
    ) -> tuple[list[WebhookEvent], bool]:
        """
        Return events of these sources, newest first, and whether more follow; `unmatched` are about no known write.
        """
        ...

    async def count_events(self, sources: Sequence[str], *, unmatched: bool = False) -> int:
        """Return how many events of these sources there are."""
        ...

    async def aclose(self) -> None:
        """Let go of the database."""
        ...
