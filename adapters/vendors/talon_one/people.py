"""
One person's profiles: a call for each thing the person is looked for by, side by side.

Talon.One compares attributes exactly (document: POST /v1/customer_search/no_total), so what it holds must be written as
it is asked for: an e-mail address in small letters, a telephone number as E.164. The rows that come are compared as
everywhere, and tell every reason. An address or a number in another form is not found, as a search has no alternatives.
"""

import asyncio
from collections.abc import Iterator

from adapters.calls import CallScope
from adapters.contract import MatchReason, PersonMatch, PersonQuery
from adapters.errors import CapabilityError
from adapters.identity import to_e164, to_email_key
from adapters.records import SubscriberRecord

from .compiler import Question
from .lookups import find_attribute, search
from .reading import Reader


async def fetch_people(
    reader: Reader, query: PersonQuery, scope: CallScope, *, purpose: str
) -> tuple[PersonMatch, ...]:
    """
    Find the person's profiles.

    Raises:
        CapabilityError: no attribute holds what the person is looked for by.
        VendorError: a call failed, or a profile cannot be read.
    """
    phone = None if query.phone is None else to_e164(query.phone, reader.settings.region)
    questions = list(_build_questions(reader, query, phone))
    found = await asyncio.gather(*(search(reader, question, scope, purpose) for question in questions))
    records = {record.id: record for records in found for record in records if isinstance(record, SubscriberRecord)}
    matches = (PersonMatch(record, tuple(_find_reasons(reader, record, query, phone))) for record in records.values())
    return tuple(match for match in matches if match.reasons)


def _build_questions(reader: Reader, query: PersonQuery, phone: str | None) -> Iterator[Question]:
    """Yield what is asked; a number that is none in this source's region is nobody's."""
    email_in, phone_in = find_attribute(reader, "email"), find_attribute(reader, "phone")
    if query.ref is None and not (query.email and email_in) and not (query.phone and phone_in):
        raise CapabilityError(
            f"The source {reader.client.source} does not know people by what they are looked for by.",
            hint="Look for them by `ref`, or name the attributes in the source's `attributes`.",
        )
    if query.ref is not None:
        yield Question(ids=(query.ref,))
    if query.email is not None and email_in:
        yield Question(attribute=(email_in, query.email))
    if phone is not None and phone_in:
        yield Question(attribute=(phone_in, phone))


def _find_reasons(
    reader: Reader, record: SubscriberRecord, query: PersonQuery, phone: str | None
) -> Iterator[MatchReason]:
    if query.email is not None and record.email is not None and to_email_key(record.email) == query.email:
        yield MatchReason.EMAIL
    if phone is not None and any(to_e164(each, reader.settings.region) == phone for each in _list_phones(record)):
        yield MatchReason.PHONE
    if query.ref is not None and record.ref == query.ref:
        yield MatchReason.REF


def _list_phones(record: SubscriberRecord) -> Iterator[str]:
    yield from filter(None, (record.phone, record.mobile))
