"""
Single messages, and the opt-outs that a source lists by time.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.records import Entity, MessageRecord, SubscriberRecord, UnsubscribeRecord
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_references
from resolvers.pages import ConnectionArgs, ConnectionRecord
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
    """Find the person of each opt-out, where its entry has the person's id."""
    del args
    keys = [(parent.source, parent.subscriber_id) for parent in parents]
    return await fetch_references(Entity.SUBSCRIBER, keys, ctx, selection)
