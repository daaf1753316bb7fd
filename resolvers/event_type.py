"""
Event types: the connection, the look-up, and which one is a campaign's success.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.records import CampaignRecord, Entity, EventTypeRecord
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_referred
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.selection import Selection

EVENT_TYPES = ConnectionSpec("eventTypes", Entity.EVENT_TYPE)


async def event_types(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[EventTypeRecord] | FacadeError | None]:
    """Read one page of event types of one source, or of all the caller sees."""
    return await fetch_connections(EVENT_TYPES, parents, args, ctx, selection)


async def event_type(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[EventTypeRecord | FacadeError | None]:
    """Find one event type by global id or reference."""
    return await fetch_lookups(Entity.EVENT_TYPE, parents, args, ctx, selection)


async def success_event(
    parents: Sequence[CampaignRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[EventTypeRecord | FacadeError | None]:
    """Find the event that counts as the success of each campaign."""
    del args
    return await fetch_referred(Entity.EVENT_TYPE, parents, "success_event_ref", ctx, selection)
