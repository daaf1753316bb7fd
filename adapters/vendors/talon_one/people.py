"""
One person's profiles: a call for each thing the person is looked for by, side by side.

Talon.One compares attributes exactly (document: POST /v1/customer_search/no_total), so what it holds must be written as
it is asked for: an e-mail address in small letters, a telephone number as E.164. The rows that come are compared as
everywhere, and tell every reason. An address or a number in another form is not found, as a search has no alternatives.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from adapters.calls import CallNote, CallScope
from adapters.contract import Loaded, MatchReason, PeopleFound, PersonMatch, PersonQuery
from adapters.errors import CapabilityError, FacadeError
from adapters.identity import to_e164, to_email_key
from adapters.records import Entity, SubscriberRecord
from adapters.transport.client import VendorRequest

from .compiler import Question
from .endpoints import Window
from .lookups import fetch_by_ids, find_attribute, search
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


async def fetch_many_people(
    reader: Reader, queries: Sequence[PersonQuery], scope: CallScope, *, purpose: str
) -> Mapping[PersonQuery, PeopleFound]:
    """Find many people's profiles: those who are named by nothing but `ref` share searches, others have their own."""
    by_ref = {query: query.ref for query in queries if query.ref is not None and query == PersonQuery(ref=query.ref)}
    others = [query for query in dict.fromkeys(queries) if query not in by_ref]
    searches = asyncio.gather(*(_fetch_one(reader, query, scope, purpose) for query in others))
    profiles = await fetch_by_ids(reader, Entity.SUBSCRIBER, list(by_ref.values()), scope, purpose=purpose)
    found = {query: _to_found(profiles.get(ref)) for query, ref in by_ref.items()}
    return {**found, **dict(zip(others, await searches, strict=True))}


async def _fetch_one(reader: Reader, query: PersonQuery, scope: CallScope, purpose: str) -> PeopleFound:
    try:
        return await fetch_people(reader, query, scope, purpose=purpose)
    except FacadeError as error:
        return error


def _to_found(loaded: Loaded) -> PeopleFound:
    if isinstance(loaded, FacadeError):
        return loaded
    return (PersonMatch(loaded, (MatchReason.REF,)),) if isinstance(loaded, SubscriberRecord) else ()


def build_person_requests(reader: Reader, query: PersonQuery) -> Iterator[VendorRequest]:
    """Build the first page of each search for a person; raises `CapabilityError` as `fetch_people` does."""
    phone = None if query.phone is None else to_e164(query.phone, reader.settings.region)
    for question in _build_questions(reader, query, phone):
        note = CallNote(pushed=question.describe())
        yield reader.ask_customers(question, note).build(Window(reader.settings.max_page))


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
