"""
Finding one person: one call, by the one thing the endpoint identifies people by.
"""

from collections.abc import Iterator
from typing import Final

from adapters.calls import CallScope
from adapters.contract import MatchReason, PersonMatch, PersonQuery
from adapters.errors import CapabilityError
from adapters.identity import to_e164, to_email_key
from adapters.records import Entity, Record, SubscriberRecord

from .lookups import Lookups
from .operations import Operation

_WORDS: Final = {"ref": "your own key for them (ref)", "email": "e-mail address", "phone": "telephone number"}


async def fetch_people(
    lookups: Lookups, query: PersonQuery, scope: CallScope, *, purpose: str
) -> tuple[PersonMatch, ...]:
    """
    Find the records that are the person's.

    Calls: at most one.

    Raises:
        CapabilityError: the query does not hold what this endpoint identifies people by.
        VendorError: it could not be asked.
    """
    operation, identity, value = choose_identity(lookups, query)
    region = lookups.settings.region
    records = await lookups.fetch(operation, identity, value, scope, purpose)
    return tuple(_match(query, record, region) for record in records)


def choose_identity(lookups: Lookups, query: PersonQuery) -> tuple[Operation, str, str]:
    """
    Choose what a person is looked up by: the operation, the name and the value of the endpoint's own identity.

    Raises:
        CapabilityError: the query does not hold it.
    """
    identity = lookups.settings.identify_by
    operation = lookups.find_operation(Entity.SUBSCRIBER, identity)
    value: str | None = getattr(query, identity)
    if value is None:
        raise CapabilityError(
            f"This Taguchi V5 endpoint finds people by {_WORDS[identity]} only.",
            hint=f"Give `{identity}` as well.",
        )
    if identity == "phone" and to_e164(value, lookups.settings.region) is None:
        raise CapabilityError(
            "This is no telephone number that this Taguchi V5 endpoint could look for.",
            hint="Write it with its country code, as +61491570156, or let the operator set the source's region.",
        )
    return operation, identity, value


def _match(query: PersonQuery, record: Record, region: str | None) -> PersonMatch:
    if not isinstance(record, SubscriberRecord):
        raise TypeError("A profile became something else than a subscriber.")
    return PersonMatch(record, tuple(_list_reasons(query, record, region)))


def _list_reasons(query: PersonQuery, record: SubscriberRecord, region: str | None) -> Iterator[MatchReason]:
    """Yield everything that says that a record is the person's."""
    if query.email is not None and record.email is not None and to_email_key(record.email) == query.email:
        yield MatchReason.EMAIL
    if query.phone is not None and record.phone is not None:
        number = to_e164(query.phone, region)
        if number is not None and to_e164(record.phone, region) == number:
            yield MatchReason.PHONE
    if query.ref is not None and record.ref == query.ref:
        yield MatchReason.REF
