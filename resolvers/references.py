"""
Several records that one record refers to, by ids it holds as a list.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.contract import Loaded
from adapters.errors import VendorContractError
from adapters.records import Entity, Unreadable
from resolvers.context import RequestContext
from resolvers.lookups import fetch_references
from resolvers.selection import Selection

Ids = tuple[str, ...] | Unreadable | None

PART_UNREADABLE = "PART_UNREADABLE"
"""Reason of the error for a part of an otherwise sound record."""


async def fetch_reference_lists(
    entity: Entity, holders: Sequence[tuple[str, Ids]], ctx: RequestContext, selection: Selection
) -> list[Any]:
    """
    Find the records that each (source, ids) refers to, in the holders' order and each in the order of its ids.

    None where a holder has no list, an error where its list cannot be read; in a list, None for an id without a record
    and an error for a failed call.
    """
    keys = list(dict.fromkeys((source, id_) for source, ids in holders for id_ in _list_ids(ids)))
    found = dict(zip(keys, await fetch_references(entity, keys, ctx, selection), strict=True))
    return [_collect(source, ids, found, ctx) for source, ids in holders]


def _list_ids(ids: Ids) -> Iterable[str]:
    return ids if isinstance(ids, tuple) else ()


def _collect(
    source: str, ids: Ids, found: dict[tuple[str, str], Loaded], ctx: RequestContext
) -> tuple[Loaded, ...] | VendorContractError | None:
    if isinstance(ids, Unreadable):
        return build_unreadable_error(source, ids, ctx)
    return None if ids is None else tuple(found[source, id_] for id_ in ids)


def build_unreadable_error(source: str, part: Unreadable, ctx: RequestContext) -> VendorContractError:
    """Build the error of a part that cannot be read."""
    return VendorContractError(
        f"Source '{source}' sent {part.what}.",
        source=source,
        vendor=ctx.source(source).vendor,
        operation="record",
        reason=PART_UNREADABLE,
    )
