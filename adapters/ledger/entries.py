"""
What the ledger keeps, as values, and what it can be asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class State(StrEnum):
    """
    How far a write has come.

    PENDING: nothing was sent. SENT: a step's bytes may have left. DONE: it has an outcome.
    """

    PENDING = "PENDING"
    SENT = "SENT"
    DONE = "DONE"


class ItemState(StrEnum):
    """How far one item of a bulk write has come."""

    WAITING = "WAITING"
    SENT = "SENT"
    DONE = "DONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """
    A write that is about to begin.

    `tenant` is the key of the principal's sources and scopes and `principal` its name: a key is unique for both and the
    mutation. `input_hash` tells another input under the same key. `command` is the write as plain JSON, as it must be
    to be carried on after a restart; `people` are digests of what the people in it are known by, so that they can be
    found and erased. `items` are the inputs of a bulk write, in their order, and `item_people` the digests of each;
    `skipped` are the places of those that are left out, with the reason.
    """

    tenant: str
    principal: str
    mutation: str
    source: str
    key: str
    input_hash: str
    command: Mapping[str, Any]
    people: frozenset[str] = frozenset()
    items: Sequence[Mapping[str, Any]] = ()
    item_people: Sequence[frozenset[str]] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One write, as the ledger knows it now.

    `outcome` is a word of `Outcome`, None while it is under way. `result` is what the caller was or will be told, as
    plain JSON. `step` is the last that was begun. `known_by` are the vendor's words for the write. `check` says what
    to look at where nobody knows. `counts` are the items by outcome, with WAITING and SENT for those under way.
    """

    id: str
    tenant: str
    principal: str
    mutation: str
    source: str
    key: str
    input_hash: str
    command: Mapping[str, Any]
    state: State
    outcome: str | None
    result: Mapping[str, Any]
    step: str | None
    known_by: Mapping[str, str]
    check: str | None
    created_at: datetime
    updated_at: datetime
    items: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """One item of a bulk write; `error` is the error as the caller is told it."""

    place: int
    state: ItemState
    outcome: str | None
    input: Mapping[str, Any]
    vendor_id: str | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A row: `new` is false where the same principal had begun the same mutation under the same key before."""

    entry: Entry
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which writes; None is no condition. `who` is the tenant and name of one principal, whose own they then are."""

    who: tuple[str, str] | None = None
    mutations: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    states: tuple[State, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """
    What a vendor told us by itself.

    `digest` tells one delivery from another, so that one that is repeated is kept once; `operation` is the id of the
    write it was found to be about, None where it is about none that is known.
    """

    id: str
    source: str
    digest: str
    payload: Any
    received_at: datetime
    operation: str | None = None


IsAbout = Callable[[str, Any], bool]
"""Says of what a source told, by the source's name and the payload, whether it is about certain people."""


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

    async def fetch_by_key(self, tenant: str, principal: str, mutation: str, key: str) -> Entry | None:
        """Return the write that has a key, or None."""
        ...

    async def note_sending(self, id_: str, step: str, places: Sequence[int] = ()) -> None:
        """
        Write down that a step's bytes are about to leave, and which items they carry; renews the lease.

        Raises:
            LeaseLostError: another process has taken the row over; nothing may be sent.
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

    async def finish(self, id_: str, outcome: str, result: Mapping[str, Any], *, check: str | None = None) -> Entry:
        """
        Write down what became of a write, and let go of it.

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
    ) -> Entry:
        """
        Write down what has become known since of a write that was UNKNOWN or ACCEPTED; others stay as they are.

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

    async def fetch_items(self, id_: str, *, after: int, limit: int) -> tuple[list[ItemEntry], bool]:
        """Return items of a bulk write after a place, in order, and whether more follow."""
        ...

    async def fetch_known_by(self, source: str, name: str, value: str, *, limit: int = 10) -> list[Entry]:
        """Return the newest writes at a source that the vendor knows by this word, the newest first."""
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

    async def erase_people(
        self,
        people: Sequence[str],
        *,
        sources: Sequence[str] | None = None,
        kept: Sequence[str] = (),
        is_about: IsAbout | None = None,
    ) -> int:
        """
        Forget the inputs and results of every write about these people, and keep the rows; return how many.

        `people` are digests. Of a bulk write the items about them are forgotten, and left out where they still wait.
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

    async def aclose(self) -> None:
        """Let go of the database."""
        ...
