"""
Records as they are before a write: always read now, never remembered.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from adapters.calls import CallNote
from adapters.errors import NotFoundError
from adapters.filters.pattern import any_of, literal_pattern
from adapters.identity import to_email_key
from adapters.records import Entity, RevisionChoice
from adapters.refusals import build_contract_error
from adapters.transport.client import VendorRequest
from adapters.vendors.taguchi_v4.endpoints import (
    MAX_QUERY_BYTES,
    ListCall,
    build_list,
    build_read,
    read_list_reply,
    read_one_reply,
)
from adapters.vendors.taguchi_v4.mapping import is_deleted
from adapters.vendors.taguchi_v4.texts import equal_to
from adapters.vendors.taguchi_v4.values import read_required_id
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask

TOGETHER = 10
"""Texts that are looked for in one call: their pattern fits an address, and who has them fits a reply."""

_LONGEST = MAX_QUERY_BYTES - 300  # the order and the limit take their part of an address

MOST_NAMESAKES = 20
"""Records of one reference or e-mail address that are looked at; with more of them nobody is meant."""


async def find_row(ask: Ask, entity: Entity, id_: str, revisions: RevisionChoice | None = None) -> Row | None:
    """
    Read a record by its id; None where there is none, or none any more.

    Raises:
        VendorContractError: it is another record, whose fields would be written over those of the one that is meant.
    """
    request = build_read(entity, id_, CallNote(purpose=ask.purpose), revisions)
    reply = await ask.client.send(_fresh(request), ask.scope)
    row = read_one_reply(reply)
    if row is not None and read_required_id(row) != id_:
        raise build_contract_error(reply, "another record than was asked for", "RECORD_OTHER")
    return None if row is None or is_deleted(row) else row


async def fetch_row(ask: Ask, entity: Entity, revisions: RevisionChoice | None = None) -> Row:
    """Read the record a mutation is about; raises `NotFoundError` where there is none."""
    row = await find_row(ask, entity, ask.target, revisions)
    if row is None:
        raise NotFoundError(
            f"Source '{ask.source}' has no such {entity.value}.", reason="RECORD_GONE", hint="Read it again."
        )
    return row


async def fetch_namesakes(ask: Ask, entity: Entity, wire: str, text: str) -> list[Row]:
    """Read the records in which a text field, by the vendor's name, is exactly this."""
    call = ListCall((equal_to(wire, text),), "id", MOST_NAMESAKES)
    reply = await ask.client.send(_fresh(build_list(entity, call, CallNote(purpose=ask.purpose))), ask.scope)
    return [row for row in read_list_reply(reply) if row.get(wire) == text and not is_deleted(row)]


async def fetch_many_namesakes(ask: Ask, entity: Entity, wire: str, texts: Sequence[str]) -> Mapping[str, list[Row]]:
    """
    Read the records in which a text field is exactly one of these, by text, several in a call.

    Where a reply holds as many rows as are looked at, some may be missing, and each text is asked for by itself.
    """
    distinct = list(dict.fromkeys(texts))
    groups = [distinct[start : start + TOGETHER] for start in range(0, len(distinct), TOGETHER)]
    replies = await asyncio.gather(*(_fetch_group(ask, entity, wire, group) for group in groups))
    return {text: rows for reply in replies for text, rows in reply.items()}


async def _fetch_group(ask: Ask, entity: Entity, wire: str, texts: Sequence[str]) -> Mapping[str, list[Row]]:
    line = f"{wire}-re-{any_of(texts)}"
    if len(texts) > 1 and len(quote(line)) <= _LONGEST:
        call = ListCall((line,), "id", MOST_NAMESAKES)
        reply = await ask.client.send(_fresh(build_list(entity, call, CallNote(purpose=ask.purpose))), ask.scope)
        rows = read_list_reply(reply)
        if len(rows) < MOST_NAMESAKES:
            kept = [row for row in rows if not is_deleted(row)]
            return {text: [row for row in kept if row.get(wire) == text] for text in texts}
    found = await asyncio.gather(*(fetch_namesakes(ask, entity, wire, text) for text in texts))
    return dict(zip(texts, found, strict=True))


async def fetch_by_address(ask: Ask, email: str) -> list[Row]:
    """Read the people of an e-mail address, in whichever spelling it is kept."""
    key = to_email_key(email)
    line = f"email-re-^\\s*{literal_pattern(key, ignore_case=True)}\\s*$"
    call = ListCall((line,), "id", MOST_NAMESAKES)
    reply = await ask.client.send(_fresh(build_list(Entity.SUBSCRIBER, call, CallNote(purpose=ask.purpose))), ask.scope)
    return [row for row in read_list_reply(reply) if is_address(row, email) and not is_deleted(row)]


def is_address(row: Row, email: str) -> bool:
    """Say whether a person is reached by this e-mail address, in whichever spelling."""
    kept = row.get("email")
    return isinstance(kept, str) and to_email_key(kept) == to_email_key(email)


def _fresh(request: VendorRequest) -> VendorRequest:
    """Ask the vendor itself: what is remembered may have moved."""
    return replace(request, remembered_as=None)
