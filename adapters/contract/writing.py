"""
What an adapter is asked to write, what it would send, and what became of it.

A write is prepared first: it is checked and, where it must be, what it changes is read. What was prepared can be shown
(a dry run) or sent, step by step; before each step the journal is told, so that no write is ever lost from sight.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from adapters.calls import CallScope
from adapters.errors import FacadeError
from adapters.filters.capability import Evidence
from adapters.records import Entity, Record


class Outcome(StrEnum):
    """
    What became of a write, or of one item of it.

    PLANNED: nothing was sent, it was a dry run. APPLIED: the vendor did it. ACCEPTED: the vendor took it and has not
    said that it is done. REJECTED: the vendor refused it, nothing changed. UNKNOWN: it was sent, and nobody knows.
    NOT_SENT: it was never sent. SKIPPED: we left it out, and say why; for items only. MIXED: its items came to
    different ends, all of them known; for bulk writes, and those that are done in parts, as a whole.
    """

    PLANNED = "PLANNED"
    APPLIED = "APPLIED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    UNKNOWN = "UNKNOWN"
    NOT_SENT = "NOT_SENT"
    SKIPPED = "SKIPPED"
    MIXED = "MIXED"


_OPEN: Final = (Outcome.UNKNOWN, Outcome.ACCEPTED)
"""Outcomes after which more may become known, the one that weighs more first."""


def judge_all(outcomes: Iterable[Outcome]) -> Outcome:
    """
    Return the one word for a bulk write whose items came to these ends.

    It stays open as long as any item is. Else it is the word that is true of all that were not left out, NOT_SENT where
    all were, and MIXED where there is none.
    """
    words = {outcome for outcome in outcomes if outcome is not Outcome.SKIPPED}
    still_open = next((word for word in _OPEN if word in words), None)
    if still_open is not None:
        return still_open
    return Outcome.MIXED if len(words) > 1 else next(iter(words), Outcome.NOT_SENT)


class WriteScope(StrEnum):
    """What a caller must hold: `write`, `send` for what reaches people, `consent` for what undoes an opt-out."""

    WRITE = "write"
    SEND = "send"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class WriteCapability:
    """
    One mutation at one vendor: the call it becomes, and what can be promised of it.

    `repeatable` says that sending it twice leaves what sending it once does; `read_back` names the read that tells
    whether it was done, None where there is none; `touches` are the kinds of record a read may see changed afterwards.
    `bulk` is the most items one call takes, 1 where there are no bulk calls; `reads_nothing` says of a bulk write that
    preparing it asks the vendor nothing, so all of its items are checked before any is sent. `unchecked` says that
    nobody can know before sending whom it reaches. `by_email` says that the person it is about may be named by address
    instead of id, `by_key` by whatever else the source knows people by.
    `sends` says of a command's values whether they make the write one that reaches people, where only some do; then it
    needs the scope `send` too, and `sends_when` says which values these are.
    """

    call: str
    repeatable: bool
    read_back: str | None
    scope: WriteScope
    evidence: Evidence
    section: str
    touches: frozenset[Entity] = frozenset()
    bulk: int = 1
    reads_nothing: bool = False
    unchecked: bool = False
    by_email: bool = False
    by_key: bool = False
    sends_when: str = ""
    sends: Callable[[Mapping[str, Any]], bool] = field(default=lambda _values: False, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCommand:
    """
    One mutation for one source.

    `kind` is the mutation's name in the graph; `target` the vendor id of the record it is about, where it is about
    one; `values` its input as plain JSON by our names, only what was given. `items` are the inputs of a bulk write,
    in their order. `consent` is the caller's basis for undoing an opt-out, None where it gave none: then a write that
    would undo one is refused when it is prepared. `unchecked` says that the caller knows that nobody is looked up
    beforehand.
    """

    kind: str
    source: str
    target: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[Mapping[str, Any], ...] = ()
    consent: str | None = None
    unchecked: bool = False

    @property
    def count(self) -> int:
        """How many items it has, or people it reaches: what preparing it takes grows with them."""
        return len(self.items) or len(self.values.get("recipients") or ())


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """
    A request as it would be sent, without secrets: values not known yet stand as `{name}`.

    `body` is JSON, or text where it is not JSON; `host` is the server's name, with its port where that is not usual.
    """

    step: str
    method: str
    url: str
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedWrite:
    """
    A write that is ready to be sent.

    `before` and `after` are the fields it changes, where they could be read; `warnings` what a caller should know;
    `skipped` the items that are left out, by their place, with the reason. `recipe` is the adapter's own.
    """

    command: WriteCommand
    requests: tuple[PlannedRequest, ...]
    recipe: object
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """What became of one item of a bulk write: its place in the input, and the record it is about."""

    place: int
    outcome: Outcome
    id: str | None = None
    error: FacadeError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """
    What became of a write.

    `record` is the record as the vendor's answer shows it, `id` its vendor id where the answer tells only that.
    `known_by` are the vendor's own words for the write (an import's key, a mail's id), by which a later message about
    it is recognised. `error` says why it was not done. `check` says what to look at where nobody knows.
    """

    outcome: Outcome
    id: str | None = None
    record: Record | None = None
    error: FacadeError | None = None
    items: tuple[ItemResult, ...] = ()
    known_by: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    check: str | None = None


class Journal(Protocol):
    """Keeps what is about to happen before it happens."""

    def hold(self, record: tuple[str, ...], within_s: float) -> AbstractAsyncContextManager[None]:
        """
        Be the only one who reads a record and writes over it, of all who keep their journals in the same place.

        `record` is the source's name, the kind of record and the vendor's id. A journal that shares its place with
        nobody keeps nobody waiting.

        Raises:
            InProgressError: others do for longer than `within_s`.
            LedgerError: nobody can say who does.
        """
        del record, within_s
        return nullcontext()

    async def note_known_by(self, known_by: Mapping[str, str]) -> None:
        """Write down words by which the vendor may tell of the write, before it is sent: its answer may be lost."""
        ...

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        """Write down, durably, that a step's bytes are about to leave, and which items they carry."""
        ...

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[ItemResult] = ()) -> None:
        """Write down what a step brought, and what became of the items it held."""
        ...


@runtime_checkable
class WritesRecords(Protocol):
    """An adapter whose source can be written to; what it can write stands in its capability."""

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """
        Check a command, read what it must, and build its requests; nothing is written.

        Raises:
            InputError: the command cannot be sent as it is, with the path of what is wrong in its input.
            ConsentError: it would undo an opt-out, and the command names no basis.
            VendorConflictError: a field the caller relies on has moved.
            VendorError: what must be read first could not be.
        """
        ...

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """
        Send a prepared write and say what became of it; never raises a `VendorError`.

        A step is sent again only where the first sending was provably not processed, or where sending it twice is
        the same as once.
        """
        ...

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """
        Find out, by the mutation's read, what became of a write whose answer was lost.

        UNKNOWN, with what to check, where no read can tell. Raises a `VendorError` when the source cannot be asked.
        """
        ...
