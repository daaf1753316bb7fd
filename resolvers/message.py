"""
Single messages, and the opt-outs that a source lists by time.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from adapters.errors import FacadeError
from adapters.records import SUBSCRIBER_KEY, Entity, MessageRecord, SubscriberRecord, UnsubscribeRecord
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.loaders.keys import ValueKey
from resolvers.loaders.record import load_all
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_references
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.parts import find_parts
from resolvers.selection import Selection

UNSUBSCRIBES = ConnectionSpec("unsubscribes", Entity.UNSUBSCRIBE)


async def message(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[MessageRecord | FacadeError | None]:
    """Find one message by global id or vendor id."""
    return await fetch_lookups(Entity.MESSAGE, parents, args, ctx, selection)


async def unsubscribes(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[UnsubscribeRecord] | FacadeError | None]:
    """Read one page of opt-outs of one source, or of all the caller sees."""
    return await fetch_connections(UNSUBSCRIBES, parents, args, ctx, selection)


async def unsubscribe_subscriber(
    parents: Sequence[UnsubscribeRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[SubscriberRecord | FacadeError | None]:
    """
    Find the person of each opt-out: by the id in its entry, otherwise by what else the entry knows, all at once.

    None where the entry knows neither, or the source no such person any more.
    """
    del args
    by_id, by_key = await asyncio.gather(
        fetch_references(
            Entity.SUBSCRIBER, [(parent.source, parent.subscriber_id) for parent in parents], ctx, selection
        ),
        load_all(ctx.by_value(Entity.SUBSCRIBER), [_build_key(parent, selection) for parent in parents]),
    )
    return [_choose(*found) for found in zip(by_id, by_key, strict=True)]


def _build_key(parent: UnsubscribeRecord, selection: Selection) -> ValueKey | None:
    if parent.subscriber_id is not None or parent.subscriber_key is None:
        return None
    parts = find_parts(Entity.SUBSCRIBER, selection)
    return ValueKey(parent.source, SUBSCRIBER_KEY, parent.subscriber_key, selection.path, parts)


def _choose(by_id: Any, by_key: Sequence[SubscriberRecord] | FacadeError | None) -> Any:
    if by_id is not None or isinstance(by_key, FacadeError):
        return by_key if by_id is None else by_id
    return by_key[0] if by_key else None
