"""
Segments, which are known by their id alone, and the parts of records that cost calls of their own.
"""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.calls import CallNote, CallScope
from adapters.errors import FacadeError
from adapters.records import AudienceRecord, Entity

from .account import Account
from .endpoints import DATE, ContactSearch, PageCall, build_contacts
from .extensions import COUNT_PART, FIELDS_PART
from .field_types import fetch_fields
from .keys import InnerKey, is_id, parse_key
from .mapping import to_segment
from .replies import read_count

SIZE_PART = "size"

Part = object | FacadeError | None

ONE_ROW = PageCall(DATE, limit=1)


async def fetch_segment(account: Account, key: InnerKey, scope: CallScope, note: CallNote) -> AudienceRecord | None:
    """Ask for one row of a segment, whose reply counts them all; None where there is no such list or segment."""
    found = await account.fetch(build_contacts(ContactSearch(key.list_id, key.inner_id), ONE_ROW, note), scope)
    return None if found is None else to_segment(account.source, key, found[1])


async def fetch_parts(
    account: Account, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
) -> Mapping[str, Part]:
    """Read one part of many records, one call each, side by side; nothing for a part that is none of this vendor's."""
    read = _READ.get((entity, part))
    if read is None:
        return {}
    distinct, note = list(dict.fromkeys(ids)), CallNote(purpose=purpose, keys=1)

    async def guard(id_: str) -> Part:
        try:
            return await read(account, id_, scope, note)
        except FacadeError as error:
            return error

    return dict(zip(distinct, await asyncio.gather(*map(guard, distinct)), strict=True))


async def _read_size(account: Account, id_: str, scope: CallScope, note: CallNote) -> Part:
    key = parse_key(id_)
    segment = await fetch_segment(account, key, scope, note) if key else None
    return segment.size if segment else None


async def _read_list_size(account: Account, id_: str, scope: CallScope, note: CallNote) -> Part:
    """Source: taximail-contacts.txt, Showing: `subscriber_count` counts the list, whatever is searched for."""
    found = await account.fetch(build_contacts(ContactSearch(id_), ONE_ROW, note), scope) if is_id(id_) else None
    return read_count(found[1], "subscriber_count") if found else None


async def _read_fields(account: Account, id_: str, scope: CallScope, note: CallNote) -> Part:
    return await fetch_fields(account, id_, scope, note) if is_id(id_) else None


_READ = {
    (Entity.AUDIENCE, SIZE_PART): _read_size,
    (Entity.LIST, COUNT_PART): _read_list_size,
    (Entity.LIST, FIELDS_PART): _read_fields,
}
