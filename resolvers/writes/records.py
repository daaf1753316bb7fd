"""The record a payload is about."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from adapters.contract import Outcome
from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.lookups import fetch_references
from resolvers.selection import Selection
from resolvers.writes.payload import PayloadRecord

_UNREAD = frozenset({Outcome.PLANNED, Outcome.NOT_SENT, Outcome.REJECTED})
"""Outcomes after which the record is as it was; it is read only where somebody names it."""


async def payload_record(
    entity: Entity, parents: Sequence[PayloadRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Tell the record of each payload: as the vendor's answer showed it, or read now."""
    del args
    keys = [
        (parent.source, None if parent.record is not None or parent.key is None else parent.key[1])
        for parent in parents
    ]
    read = await fetch_references(entity, keys, ctx, selection)
    return [parent.record if parent.record is not None else found for parent, found in zip(parents, read, strict=True)]


def build_payload_batch(entity: Entity) -> Any:
    """Return the batch function of payloads about one kind of record."""
    return partial(payload_record, entity)
