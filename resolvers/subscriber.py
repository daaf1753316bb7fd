"""
Subscribers: the connection, the look-up, and what leads on from one.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.records import CampaignRecord, Entity, SubscriberRecord
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_referred
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.selection import Selection

SUBSCRIBERS = ConnectionSpec("subscribers", Entity.SUBSCRIBER)


async def subscribers(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[SubscriberRecord] | FacadeError | None]:
    """Read one page of subscribers of one source, or of all the caller sees."""
    return await fetch_connections(SUBSCRIBERS, parents, args, ctx, selection)


async def subscriber(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[SubscriberRecord | FacadeError | None]:
    """
    Find one subscriber by global id, reference, e-mail address or phone number.

    A value is compared exactly as the vendor stores it; Taguchi V4 tells upper from lower case in e-mail addresses.
    """
    return await fetch_lookups(Entity.SUBSCRIBER, parents, args, ctx, selection)


async def subscriber_campaign(
    parents: Sequence[SubscriberRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[CampaignRecord | FacadeError | None]:
    """Find the campaign that brought each subscriber."""
    del args
    return await fetch_referred(Entity.CAMPAIGN, parents, "campaign_id", ctx, selection)
