"""
Records by their ids, or by the value of a field.

The vendor reads one contact, one segment and one message by its id; a list or a campaign is looked for among all of its
kind. Only addresses can be searched for, list by list.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.contract import Loaded
from adapters.errors import CapabilityError, FacadeError, InputError, VendorContractError
from adapters.records import Entity, Record, SubscriberRecord
from adapters.refusals import build_contract_error

from .account import Account
from .campaign_line import CampaignLine
from .compiler import build_keyword
from .contact_line import ContactLine
from .contact_rows import Origin, to_detailed_contact
from .endpoints import CAMPAIGN_STATUSES, CREATED, DATE, PageCall, build_contact, build_message
from .field_types import FieldTypes, choose_types
from .keys import is_id, parse_key
from .list_line import ONE_SECTION, build_list_line, fetch_list_ids
from .mapping import to_message
from .pages import PagedLine, Section, Sections, fetch_section
from .replies import read_found
from .segments import fetch_segment

Found = tuple[Record, ...] | FacadeError
ReadOne = Callable[[Account, str, CallScope, CallNote], Awaitable[Loaded]]


async def fetch_by_ids(
    account: Account, entity: Entity, ids: Sequence[str], scope: CallScope, purpose: str
) -> Mapping[str, Loaded]:
    """Read records by id; None for an id without a record, an error for one that cannot be read."""
    distinct = list(dict.fromkeys(ids))
    if entity in _READ_ONE:
        note, read = CallNote(purpose=purpose, keys=1), _READ_ONE[entity]
        found = await asyncio.gather(*(_guard(read(account, id_, scope, note)) for id_ in distinct))
        return dict(zip(distinct, found, strict=True))
    wanted = frozenset(filter(is_id, distinct))
    note = CallNote(purpose=purpose, keys=len(wanted))
    listed = await _LOOK_FOR[entity](account, wanted, scope, note) if wanted else {}
    return {id_: listed.get(id_) for id_ in distinct}


async def _guard(reading: Awaitable[Loaded]) -> Loaded:
    try:
        return await reading
    except FacadeError as error:
        return error


async def _read_contact(account: Account, id_: str, scope: CallScope, note: CallNote) -> Loaded:
    key = parse_key(id_)
    found = await account.fetch(build_contact(key, note), scope) if key else None
    if key is None or found is None:
        return None
    reply, data = found
    origin = Origin(account.source, account.zone, key.list_id)
    return account.build_item(Entity.SUBSCRIBER, reply, id_, lambda: to_detailed_contact(origin, key, data)).record


async def _read_segment(account: Account, id_: str, scope: CallScope, note: CallNote) -> Loaded:
    key = parse_key(id_)
    return await fetch_segment(account, key, scope, note) if key else None


async def _read_message(account: Account, id_: str, scope: CallScope, note: CallNote) -> Loaded:
    """Read what became of a message; a text that cannot stand in an address is no message's."""
    try:
        request = build_message(id_, note)
    except InputError:
        return None
    reply = await account.client.send(request, scope)
    found = read_found(reply)
    if found is None:
        return None
    data = found.data[0] if isinstance(found.data, list) and len(found.data) == 1 else found.data
    if isinstance(data, str):
        data = {"status": data}
    if not isinstance(data, dict):
        raise build_contract_error(reply, "something else than a message", "OBJECT_EXPECTED")
    return to_message(account.source, id_, data, account.zone)


async def _look_for_lists(
    account: Account, wanted: frozenset[str], scope: CallScope, note: CallNote
) -> Mapping[str, Loaded]:
    return await _look_for(build_list_line(account, note), ONE_SECTION, wanted, scope)


async def _look_for_campaigns(
    account: Account, wanted: frozenset[str], scope: CallScope, note: CallNote
) -> Mapping[str, Loaded]:
    line = CampaignLine(account, PageCall(CREATED, limit=account.size), note)
    return await _look_for(line, CAMPAIGN_STATUSES, wanted, scope)


async def _look_for(
    line: PagedLine, sections: Sequence[str], wanted: frozenset[str], scope: CallScope
) -> Mapping[str, Loaded]:
    """
    Look for records in all sections side by side.

    What was not found may stand in a section that failed or did not show all it counts, or behind an id that cannot be
    read: then it is an error.
    """
    replies = await asyncio.gather(*(_fetch_section(line, each, scope, wanted) for each in sections))
    items = [item for reply in replies if isinstance(reply, Section) for item in reply.items]
    failed = [fault for reply in replies if (fault := reply.fault if isinstance(reply, Section) else reply)]
    failed += [item.record for item in items if item.id is None and isinstance(item.record, VendorContractError)]
    found: dict[str, Loaded] = {item.id: item.record for item in items if item.id is not None}
    return {id_: found.get(id_, failed[0] if failed else None) for id_ in wanted}


async def _fetch_section(
    line: PagedLine, section: str, scope: CallScope, wanted: frozenset[str]
) -> Section | FacadeError:
    try:
        return await fetch_section(line, section, scope, wanted)
    except FacadeError as error:
        return error


_READ_ONE: Final[Mapping[Entity, ReadOne]] = {
    Entity.SUBSCRIBER: _read_contact,
    Entity.AUDIENCE: _read_segment,
    Entity.MESSAGE: _read_message,
}
_LOOK_FOR: Final = {Entity.LIST: _look_for_lists, Entity.CAMPAIGN: _look_for_campaigns}


async def fetch_by_values(
    account: Account,
    entity: Entity,
    name: str,
    values: Sequence[str],
    scope: CallScope,
    *,
    parts: frozenset[str],
    purpose: str,
) -> Mapping[str, Found]:
    """
    Read the contacts with each address, or the message a caller knows by its own id.

    Raises:
        CapabilityError: the vendor cannot look up by the field.
    """
    distinct = list(dict.fromkeys(values))
    if (entity, name) == (Entity.MESSAGE, "ref"):
        loaded = await fetch_by_ids(account, entity, distinct, scope, purpose)
        return {id_: _as_found(each) for id_, each in loaded.items()}
    if (entity, name) != (Entity.SUBSCRIBER, "email"):
        raise CapabilityError(
            f"Taximail cannot look {entity.plural} up by '{name}'.", hint="Look contacts up by `email`, others by id."
        )
    try:
        lists = await fetch_list_ids(account, scope, purpose)
    except FacadeError as error:
        return dict.fromkeys(distinct, error)
    types = choose_types(account, parts, purpose)
    found = await asyncio.gather(*(_find_address(account, lists, each, scope, purpose, types) for each in distinct))
    return dict(zip(distinct, found, strict=True))


def _as_found(loaded: Loaded) -> Found:
    if isinstance(loaded, FacadeError):
        return loaded
    return () if loaded is None else (loaded,)


async def _find_address(  # noqa: PLR0917 - what a search of lists takes
    account: Account, lists: Sections, email: str, scope: CallScope, purpose: str, types: FieldTypes | None
) -> Found:
    try:
        contacts = await search_lists(account, lists, email, scope, purpose, types)
    except FacadeError as error:
        return error
    return tuple(each for each in contacts if each.email == email)


async def search_lists(  # noqa: PLR0917 - what a search of lists takes
    account: Account,
    lists: Sections,
    email: str,
    scope: CallScope,
    purpose: str,
    types: FieldTypes | None = None,
) -> list[SubscriberRecord]:
    """
    Search all lists for an address, side by side, and return what each has found, which may be more.

    Calls: one a list, and where `types` are wanted one more for each list that has found somebody.

    Raises:
        VendorError: a list is missing or cannot be searched, or a row it found cannot be read: it may be the one looked
            for.
    """
    if lists.faults:
        raise lists.faults[0]
    keyword = build_keyword(email)
    note = CallNote(purpose, (f"keyword_search={keyword}",), keys=1)
    line = ContactLine(account, PageCall(DATE, limit=account.size), note, lists.names, keyword=keyword, types=types)
    pages = await asyncio.gather(*(fetch_section(line, each, scope) for each in lists.names if keyword))
    found: list[SubscriberRecord] = []
    for item in (item for page in pages for item in page.items):
        if isinstance(item.record, VendorContractError):
            raise item.record
        if isinstance(item.record, SubscriberRecord):
            found.append(item.record)
    return found
