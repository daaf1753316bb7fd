"""
Whom a write is about, read from the vendor before anything is sent.

Source: taximail-contacts.txt, Showing and Contact's detail. An address is looked for by a search whose finds are
compared here.
"""

import asyncio
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Final

from adapters.calls import CallNote
from adapters.errors import InputError, NotFoundError, VendorContractError
from adapters.identity import to_email_key
from adapters.records import Entity, SubscriberRecord
from adapters.vendors.taximail.contact_line import ContactLine
from adapters.vendors.taximail.contact_rows import Origin, to_detailed_contact
from adapters.vendors.taximail.endpoints import DATE, PageCall, build_contact
from adapters.vendors.taximail.extensions import FIELDS_PART, TaximailField
from adapters.vendors.taximail.keys import InnerKey
from adapters.vendors.taximail.list_line import fetch_list_ids
from adapters.vendors.taximail.lookups import search_lists
from adapters.vendors.taximail.pages import Sections, fetch_section
from adapters.vendors.taximail.segments import fetch_parts

from .ask import INPUT, Ask, Path, read_key, read_list_id
from .columns import check_email

BY_EMAIL: Final = (INPUT, "byEmail")


def has_opted_out(record: SubscriberRecord) -> bool:
    """Say whether a contact has left its list, or may have: a status that is not known is not taken for consent."""
    return record.unsubscribed is not False


def has_left(record: SubscriberRecord) -> bool:
    """Say whether a list does not write to a contact any more: who opted out, or whose mail comes back."""
    return has_opted_out(record) or record.bounced is True


async def find_contact(ask: Ask, key: InnerKey) -> SubscriberRecord | None:
    """Read a contact with the types of its fields; None where there is none."""
    account = ask.account
    found = await account.fetch(build_contact(key, CallNote(ask.purpose)), ask.scope)
    if found is None:
        return None
    reply, data = found
    origin = Origin(account.source, account.zone, key.list_id)
    item = account.build_item(Entity.SUBSCRIBER, reply, str(key), lambda: to_detailed_contact(origin, key, data))
    if isinstance(item.record, VendorContractError):
        raise item.record
    return item.record if isinstance(item.record, SubscriberRecord) else None


async def fetch_contact(ask: Ask, key: InnerKey) -> SubscriberRecord:
    """Read a contact; raises `NotFoundError` where there is none."""
    record = await find_contact(ask, key)
    if record is None:
        raise _build_absence(ask)
    return record


async def fetch_subject(ask: Ask) -> SubscriberRecord:
    """
    Read the one contact a mutation is about, by id, or by address and list.

    Raises:
        InputError: it is not said on which list the address is meant.
        NotFoundError: there is no such contact.
    """
    named = ask.values.get("by_email")
    if named is None:
        return await fetch_contact(ask, ask.key)
    list_id = read_list_id(named.get("list_id"), (*BY_EMAIL, "listId"))
    found = await find_address(ask, list_id, named["email"], (*BY_EMAIL, "email"))
    if found is None:
        raise _build_absence(ask)
    return await fetch_contact(ask, read_key(found.id, BY_EMAIL))


async def fetch_everywhere(ask: Ask, email: str) -> list[SubscriberRecord]:
    """Read the contacts with an address on all lists; raises `NotFoundError` where there is none."""
    check_email(email, (*BY_EMAIL, "email"))
    lists = await fetch_list_ids(ask.account, ask.scope, ask.purpose)
    found = await search_lists(ask.account, lists, email, ask.scope, ask.purpose)
    same = {each.id: each for each in found if _has_address(each, email)}
    if not same:
        raise _build_absence(ask)
    return list(same.values())


async def find_address(ask: Ask, list_id: str, email: str, path: Path) -> SubscriberRecord | None:
    """
    Find the contact with an address on a list; None where there is none.

    Raises:
        InputError: several contacts of the list have the address, so that nobody is meant.
    """
    check_email(email, path)
    found = await search_lists(ask.account, Sections((list_id,)), email, ask.scope, ask.purpose)
    same = {each.id: each for each in found if _has_address(each, email)}
    if len(same) > 1:
        raise InputError("Several contacts of the list have this address.", hint="Say `id`.", path=path)
    return next(iter(same.values()), None)


def _has_address(record: SubscriberRecord, email: str) -> bool:
    return record.email is not None and to_email_key(record.email) == to_email_key(email)


def _build_absence(ask: Ask) -> NotFoundError:
    return NotFoundError(
        f"Source '{ask.source}' has no such contact.", reason="CONTACT_NOT_FOUND", hint="Look the person up."
    )


async def fetch_fields(ask: Ask, list_id: str) -> frozenset[str]:
    """Read the columns of a list's custom fields; raises `NotFoundError` where there is no such list."""
    found = (await fetch_parts(ask.account, Entity.LIST, FIELDS_PART, [list_id], ask.scope, purpose=ask.purpose))[
        list_id
    ]
    if isinstance(found, Exception):
        raise found
    if not isinstance(found, tuple):
        raise NotFoundError(
            f"Source '{ask.source}' has no list {list_id}.", reason="LIST_NOT_FOUND", hint="Look at the list's id."
        )
    return frozenset(field.key for field in found if isinstance(field, TaximailField))


async def fetch_members(ask: Ask, list_id: str, emails: Iterable[str]) -> Mapping[str, list[SubscriberRecord]]:
    """
    Read the contacts of a list that have some addresses, by what addresses are compared by.

    Each is searched for, or all pages of the list are read, whichever takes fewer calls.

    Raises:
        VendorError: a page cannot be read, or a row that may be one of them.
    """
    wanted = {to_email_key(email): email for email in emails}
    line = ContactLine(ask.account, PageCall(DATE, limit=ask.account.size), CallNote(ask.purpose), (list_id,))
    if await _prefers_pages(ask, line, list_id, len(wanted)):
        section = await fetch_section(line, list_id, ask.scope)
        if section.fault is not None:
            raise section.fault
        rows = [item.record for item in section.items]
    else:
        searches = (
            search_lists(ask.account, Sections((list_id,)), each, ask.scope, ask.purpose) for each in wanted.values()
        )
        rows = [record for found in await asyncio.gather(*searches) for record in found]
    members: dict[str, list[SubscriberRecord]] = {}
    for row in {id(row): row for row in rows}.values():
        if isinstance(row, VendorContractError):
            raise row
        if isinstance(row, SubscriberRecord) and row.email is not None and to_email_key(row.email) in wanted:
            members.setdefault(to_email_key(row.email), []).append(row)
    return members


async def _prefers_pages(ask: Ask, line: ContactLine, list_id: str, searches: int) -> bool:
    if searches <= 1:
        return False
    page = await line.fetch_page(list_id, 1, ask.scope)
    return page is not None and page.total is not None and ceil(page.total / line.size) <= searches
