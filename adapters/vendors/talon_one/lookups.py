"""
Records by their ids or by the exact value of a text field.

Profiles are searched for by up to 1000 integration ids in one call, and by one value of an attribute; audiences have no
call of their own, so their list is read until all are found. Source: T1-OAS-MGMT, getCustomersByAttributes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.contract import Loaded
from adapters.errors import CapabilityError, FacadeError, VendorContractError
from adapters.filters.fields import FIELDS, Kind
from adapters.records import Entity, Record

from .compiler import Question
from .reading import Ask, OwnRecord, Reader, find_key
from .values import is_id

Many = tuple[Record, ...] | FacadeError

MAX_ID_LENGTH: Final = 1000
"""Source: T1-OAS-MGMT, integrationId, maxLength."""

REF: Final = "ref"


async def fetch_by_ids(
    reader: Reader, entity: Entity, ids: Sequence[str], scope: CallScope, *, purpose: str
) -> Mapping[str, Loaded]:
    """Read records by vendor id; what cannot be an id is asked of nobody. A failed call fails its own ids."""
    can_be = _can_be_number if entity is Entity.AUDIENCE else _can_be_key
    wanted = [each for each in dict.fromkeys(ids) if can_be(each)]
    share = max(len(wanted), 1) if entity is Entity.AUDIENCE else reader.max_ids
    groups = [wanted[start : start + share] for start in range(0, len(wanted), share)]
    replies = await asyncio.gather(*(_fetch_group(reader, entity, group, scope, purpose) for group in groups))
    found = {key: each for reply in replies for key, each in reply.items()}
    return {each: found.get(each) for each in ids}


async def fetch_by_values(
    reader: Reader, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, purpose: str
) -> Mapping[str, Many]:
    """
    Read the records whose text field equals each value; a failed call fails its own values.

    Raises:
        CapabilityError: the source cannot look records up by the field.
    """
    distinct = list(dict.fromkeys(values))
    if name == REF and entity is Entity.SUBSCRIBER:
        loaded = await fetch_by_ids(reader, entity, distinct, scope, purpose=purpose)
        return {value: _to_many(each) for value, each in loaded.items()}
    if name == REF and entity is Entity.AUDIENCE:
        return await _fetch_audiences(reader, distinct, scope, purpose)
    attribute = find_attribute(reader, name) if entity is Entity.SUBSCRIBER else None
    if attribute is None:
        raise CapabilityError(
            f"The source {reader.client.source} cannot look records up by '{name}'.",
            hint="Look them up by `ref`, or name the field's attribute in the source's `attributes`.",
        )
    replies = await asyncio.gather(
        *(_fetch_by_value(reader, name, Question(attribute=(attribute, value)), scope, purpose) for value in distinct)
    )
    return dict(zip(distinct, replies, strict=True))


def find_attribute(reader: Reader, name: str) -> str | None:
    """Return the attribute that fills a common field of text, None where there is none."""
    known = FIELDS[Entity.SUBSCRIBER].get(name)
    if known is None or known.kind is not Kind.TEXT:
        return None
    return dict(reader.settings.attributes.pairs()).get(name)


async def search(reader: Reader, question: Question, scope: CallScope, purpose: str) -> list[OwnRecord]:
    """
    Read every profile that answers a question.

    Raises:
        VendorError: a call failed, or one of the profiles cannot be read.
    """
    ask = reader.ask_customers(question, CallNote(purpose=purpose, pushed=question.describe(), keys=1))
    return await _read_all(reader, ask, scope)


async def _read_all(reader: Reader, ask: Ask, scope: CallScope) -> list[OwnRecord]:
    """Read a list to its end, each record once."""
    found: dict[str, OwnRecord] = {}
    async with aclosing(reader.fetch_pages(ask, scope)) as pages:
        async for page in pages:
            for row in page.page.rows:
                record = reader.to_record(ask, page.page, row)
                if isinstance(record, VendorContractError):
                    raise record
                found.setdefault(record.id, record)
    return list(found.values())


async def _fetch_group(
    reader: Reader, entity: Entity, keys: Sequence[str], scope: CallScope, purpose: str
) -> Mapping[str, Loaded]:
    """Read one group of keys."""
    note = CallNote(purpose=purpose, keys=len(keys))
    audiences = entity is Entity.AUDIENCE
    ask = reader.ask_audiences(note) if audiences else reader.ask_customers(Question(ids=tuple(keys)), note)
    try:
        return await _find(reader, ask, frozenset(keys), scope)
    except FacadeError as error:
        return dict.fromkeys(keys, error)


async def _find(reader: Reader, ask: Ask, wanted: frozenset[str], scope: CallScope) -> Mapping[str, Loaded]:
    """
    Read pages until every key has its row; other rows are passed over.

    A key without a row has no record, unless a row without a key might have been its.
    """
    found: dict[str, Loaded] = {}
    lost: Loaded = None
    async with aclosing(reader.fetch_pages(ask, scope)) as pages:
        async for page in pages:
            for row in page.page.rows:
                key = find_key(ask.entity, row)
                if key is None:
                    lost = reader.to_record(ask, page.page, row)
                elif key in wanted and key not in found:
                    found[key] = reader.to_record(ask, page.page, row)
            if len(found) == len(wanted):
                break
    return {key: found.get(key, lost) for key in wanted}


async def _fetch_by_value(reader: Reader, name: str, question: Question, scope: CallScope, purpose: str) -> Many:
    """Search for one value of an attribute; rows of another one are passed over."""
    value = question.attribute[1] if question.attribute else None
    try:
        records = await search(reader, question, scope, purpose)
    except FacadeError as error:
        return error
    return tuple(record for record in records if getattr(record, name) == value)


async def _fetch_audiences(reader: Reader, refs: Sequence[str], scope: CallScope, purpose: str) -> Mapping[str, Many]:
    """Read the audiences with these external ids; several integrations may use one."""
    ask = reader.ask_audiences(CallNote(purpose=purpose, keys=len(refs)))
    try:
        records = await _read_all(reader, ask, scope)
    except FacadeError as error:
        return dict.fromkeys(refs, error)
    return {ref: tuple(record for record in records if record.ref == ref) for ref in refs}


def _to_many(loaded: Loaded) -> Many:
    if loaded is None:
        return ()
    return loaded if isinstance(loaded, FacadeError) else (loaded,)


def _can_be_number(text: str) -> bool:
    return is_id(text) and str(int(text)) == text


def _can_be_key(text: str) -> bool:
    """Say whether a text can be an integration id: it has a length, and letters that can be sent."""
    return 0 < len(text) <= MAX_ID_LENGTH and text.encode("utf-8", "replace").decode() == text
