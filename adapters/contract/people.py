"""
Finding a person across sources, and judging addresses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from adapters.calls import CallScope
from adapters.errors import FacadeError
from adapters.records import EmailCheckRecord, SubscriberRecord


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """
    Who is looked for: anyone of whom any of these is true.

    `email` is trimmed and in small letters, `ref` as it was given. `phone` is as it was given too, since only a source
    knows the region that completes it: compare it by `adapters.identity.to_e164`. `parts` names costly parts of the
    records that are wanted along with them.
    """

    email: str | None = None
    phone: str | None = None
    ref: str | None = None
    parts: frozenset[str] = frozenset()


class MatchReason(StrEnum):
    """By what a record was found to be the person's."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    REF = "REF"


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A record that is the person's, and everything that says so."""

    record: SubscriberRecord
    reasons: tuple[MatchReason, ...]


@runtime_checkable
class FindsPeople(Protocol):
    """An adapter that finds the records of one person."""

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """
        Find every record that is the person's, its independent calls side by side.

        Raises:
            CapabilityError: the source cannot look up by anything the query holds.
            VendorError: it could not be asked.
        """
        ...


PeopleFound = tuple[PersonMatch, ...] | FacadeError
"""What a source answers of one person: the records, or why it could not say."""


@runtime_checkable
class FindsManyPeople(Protocol):
    """An adapter that finds the records of many people in fewer calls than one after the other would take."""

    async def fetch_many_people(
        self, queries: Sequence[PersonQuery], scope: CallScope, *, purpose: str
    ) -> Mapping[PersonQuery, PeopleFound]:
        """
        Find every record of each person, as `FindsPeople.fetch_people` does; an error is its own queries' answer.

        A record that may be a person's and cannot be read is such an error.
        """
        ...


@runtime_checkable
class ChecksEmail(Protocol):
    """An adapter whose vendor judges and corrects e-mail addresses."""

    async def fetch_email_check(self, email: str, scope: CallScope, *, purpose: str) -> EmailCheckRecord:
        """Ask what the vendor makes of an address; raises a `VendorError` when it cannot be asked."""
        ...
