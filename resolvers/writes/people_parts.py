"""
The parts of a write about one person everywhere: which mutation each source is asked for, and about which record.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from adapters.contract import Outcome, Source, WriteCommand
from adapters.errors import CapabilityError, FacadeError, LedgerError, NotFoundError
from adapters.ledger import State
from adapters.records import Entity, SubscriberRecord
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.payload import PayloadRecord, to_write_error
from resolvers.writes.pipeline import find_ability

UPSERT, UNSUBSCRIBE, ERASE = "upsertPerson", "unsubscribePerson", "erasePerson"

_UPDATE: Final = "updateSubscriber"

ERASERS: Final = ("eraseSubscriber", "anonymizeSubscriber", "deleteContacts")
"""What erases a person at a source, the most thorough first; a source offers one of them or none."""

BY_ITEMS: Final = frozenset({"deleteContacts"})
"""Mutations that are told whom they are about in items."""

NAMES_AS_FIELDS: Final = {"email": "email", "phone": "mobile", "ref": "ref"}
"""What a person is looked for by, as the field it is kept in where the person must be made."""

Found = Sequence[SubscriberRecord] | FacadeError
"""A person's records at one source, or why nobody could look."""


@dataclass(frozen=True, slots=True)
class PeopleArgs:
    """
    One write about one person at many sources.

    `named` is what the person is looked for by: `email`, `phone`, `ref`; `sources` narrows where. `fields` is what is
    to be known, of an upsert.
    """

    kind: str
    named: Mapping[str, str]
    sources: tuple[str, ...] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    consent: str | None = None
    dry_run: bool = False
    key: str | None = None

    def __hash__(self) -> int:
        """Return a hash of the write's place alone: what is written may not be hashable."""
        return hash((self.kind, self.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPart(PayloadRecord):
    """What became of one part: the payload of the mutation that its source was asked for."""

    mutation: str


@dataclass(frozen=True, slots=True)
class PartCount:
    """How many parts have one outcome."""

    outcome: Outcome | None
    count: int
    state: State = State.DONE


@dataclass(frozen=True, slots=True)
class PeoplePayload:
    """Every part's outcome; `forgotten` are the rows of the ledger that an erasure emptied."""

    parts: tuple[PersonPart, ...]
    forgotten: int | None = None

    @property
    def counts(self) -> list[PartCount]:
        """How many parts have each outcome."""
        return [PartCount(word, count) for word, count in sorted(Counter(part.outcome for part in self.parts).items())]


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One part before it is carried out: a write, or why there is none."""

    source: str
    mutation: str
    args: WriteArgs | None = None
    refusal: FacadeError | None = None

    def refuse(self, error: FacadeError) -> PersonPart:
        """
        Return the part as one that was not sent; who is not there was left out.

        The vendor's own words are not told: they may name the person, and the answer is kept where no erasure finds it.
        """
        outcome = Outcome.SKIPPED if isinstance(error, NotFoundError) else Outcome.NOT_SENT
        told = replace(to_write_error(error, outcome), vendor_message=None)
        return PersonPart(outcome=outcome, source=self.source, mutation=self.mutation, errors=(told,))


def to_part(mutation: str, payload: PayloadRecord) -> PersonPart:
    """Return a mutation's payload as a part."""
    return PersonPart(mutation=mutation, **{each.name: getattr(payload, each.name) for each in fields(PayloadRecord)})


def is_soon_over(part: PersonPart) -> bool:
    """Say whether a part was certainly not sent, for a trouble that passes."""
    return part.outcome is Outcome.NOT_SENT and any(error.retryable for error in part.errors)


def build_doubt(kind: str, source: Source) -> PersonPart:
    """Build the part of a source of which its caller can be told nothing in time."""
    late = to_write_error(LedgerError("The ledger does not answer in time."), Outcome.UNKNOWN)
    return PersonPart(outcome=Outcome.UNKNOWN, source=source.name, mutation=_choose(kind, source), errors=(late,))


def derive_key(key: str | None, source: str, target: str | None) -> str | None:
    """Return the key of one part: the same for the same part, and one that can be kept."""
    if key is None:
        return None
    return hashlib.sha256("\0".join((key, source, target or "")).encode()).hexdigest()


def plan_parts(args: PeopleArgs, source: Source, found: Found, *, made: bool = False) -> list[PlannedPart]:
    """Plan what one source is asked for; `made` says that it was told under this key to make the person before."""
    if args.kind == UPSERT and not is_nobodys(found) and (made or _is_new(found) or _UPDATE not in source.writes):
        return [_plan(args, source, "upsertSubscriber", None)]
    kind = _choose(args.kind, source)
    try:
        find_ability(source, kind)
    except CapabilityError as error:
        return [PlannedPart(source.name, kind, refusal=error)]
    if isinstance(found, FacadeError):
        return [PlannedPart(source.name, kind, refusal=found)]
    if not found:
        unknown = NotFoundError(f"The source {source.name} does not know the person.", reason="PERSON_UNKNOWN")
        return [PlannedPart(source.name, kind, refusal=unknown)]
    return [_plan(args, source, kind, id_) for id_ in sorted({record.id for record in found})]


def is_nobodys(found: Found) -> bool:
    """Say whether several people were found, so that nobody is meant."""
    return isinstance(found, FacadeError) and found.reason == "AMBIGUOUS"


def _is_new(found: Found) -> bool:
    """Say whether a person must be made as far as can be known; a source that cannot look knows by itself."""
    return isinstance(found, CapabilityError) if isinstance(found, FacadeError) else not found


def _choose(kind: str, source: Source) -> str:
    if kind == UPSERT:
        return _UPDATE
    if kind == UNSUBSCRIBE:
        return "unsubscribe"
    return next((each for each in ERASERS if each in source.writes), ERASERS[0])


def _plan(args: PeopleArgs, source: Source, kind: str, target: str | None) -> PlannedPart:
    by_items = kind in BY_ITEMS
    command = WriteCommand(
        kind=kind,
        source=source.name,
        target=None if by_items else target,
        values=_build_values(args, target),
        items=({"id": target},) if by_items else (),
        consent=args.consent,
    )
    key = derive_key(args.key, source.name, target)
    entity = None if target is None else Entity.SUBSCRIBER
    return PlannedPart(source.name, kind, args=WriteArgs(command=command, entity=entity, dry_run=args.dry_run, key=key))


def _build_values(args: PeopleArgs, target: str | None) -> dict[str, Any]:
    if args.kind != UPSERT:
        return {}
    if target is not None:
        return {"fields": dict(args.fields)}
    named = {NAMES_AS_FIELDS[name]: value for name, value in args.named.items()}
    return {"fields": {**named, **args.fields}}
