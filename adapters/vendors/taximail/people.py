"""
Finding one person: the lists, then all of them searched for the address side by side.

Source: taximail-contacts.txt, Showing, keyword_search. That the search takes letters in any case is our reading; what
it finds is compared here. Taximail has neither a field for a telephone number nor one for a caller's own key.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.contract import MatchReason, PeopleFound, PersonMatch, PersonQuery
from adapters.errors import CapabilityError, FacadeError, VendorContractError
from adapters.identity import to_email_key
from adapters.records import SubscriberRecord

from .account import Account
from .contact_line import ContactLine
from .endpoints import DATE, PageCall
from .field_types import choose_types
from .list_line import fetch_list_ids
from .lookups import search_lists
from .pages import Sections, fetch_section

_FIRST_PAGE_TOO: Final = 2
"""Searches that cost no more than reading a list of one page does, whose length must be asked for first."""


async def fetch_people(account: Account, query: PersonQuery, scope: CallScope, purpose: str) -> tuple[PersonMatch, ...]:
    """
    Find the contacts with an address, in whatever letters a list has it.

    Raises:
        CapabilityError: there is no address to look for.
        VendorError: a list cannot be searched.
    """
    email = find_address(account, query)
    lists = await fetch_list_ids(account, scope, purpose)
    types = choose_types(account, query.parts, purpose)
    return _choose(await search_lists(account, lists, email, scope, purpose, types), email)


def find_address(account: Account, query: PersonQuery) -> str:
    """Return the address a person is looked for by; raises `CapabilityError` where there is none."""
    if query.email is None:
        raise CapabilityError(
            f"The source {account.source} finds people by their e-mail address only.", hint="Look for an `email` too."
        )
    return query.email


def _choose(contacts: Iterable[SubscriberRecord], email: str) -> tuple[PersonMatch, ...]:
    wanted = to_email_key(email)
    found = (each for each in contacts if each.email is not None and to_email_key(each.email) == wanted)
    return tuple(PersonMatch(each, (MatchReason.EMAIL,)) for each in {each.id: each for each in found}.values())


async def fetch_many_people(
    account: Account, queries: Sequence[PersonQuery], scope: CallScope, purpose: str
) -> Mapping[PersonQuery, PeopleFound]:
    """
    Find the contacts with each address: the lists are read once, and each list searched for every address or read to
    its end, whichever takes fewer calls. What cannot be read fails everybody: it may be anybody's.
    """
    refused = CapabilityError(f"The source {account.source} finds people by their e-mail address only.")
    emails = {query: query.email for query in queries if query.email is not None}
    found: list[SubscriberRecord] = []
    if emails:
        try:
            lists = await fetch_list_ids(account, scope, purpose)
            found = await _fetch_contacts(account, lists, frozenset(emails.values()), scope, purpose)
        except FacadeError as error:
            return {query: error if query in emails else refused for query in queries}
    return {query: _choose(found, emails[query]) if query in emails else refused for query in queries}


async def _fetch_contacts(
    account: Account, lists: Sections, emails: frozenset[str], scope: CallScope, purpose: str
) -> list[SubscriberRecord]:
    """Read all contacts that may have one of these addresses."""
    if lists.faults:
        raise lists.faults[0]
    found = await asyncio.gather(*(_fetch_of_list(account, each, emails, scope, purpose) for each in lists.names))
    return [record for records in found for record in records]


async def _fetch_of_list(
    account: Account, list_id: str, emails: frozenset[str], scope: CallScope, purpose: str
) -> list[SubscriberRecord]:
    line = ContactLine(account, PageCall(DATE, limit=account.size), CallNote(purpose, keys=len(emails)), (list_id,))
    if not await _prefers_pages(line, list_id, len(emails), scope):
        searches = (search_lists(account, Sections((list_id,)), each, scope, purpose) for each in sorted(emails))
        return [record for records in await asyncio.gather(*searches) for record in records]
    section = await fetch_section(line, list_id, scope)
    unreadable = [item.record for item in section.items if isinstance(item.record, VendorContractError)]
    if fault := next(iter(unreadable), section.fault):
        raise fault
    return [item.record for item in section.items if isinstance(item.record, SubscriberRecord)]


async def _prefers_pages(line: ContactLine, list_id: str, searches: int, scope: CallScope) -> bool:
    if searches <= _FIRST_PAGE_TOO:
        return False
    page = await line.fetch_page(list_id, 1, scope)
    return page is not None and page.total is not None and ceil(page.total / line.size) + 1 <= searches
