"""
Campaigns: the connection, the look-up, and the subscribers one brought.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.filters.tree import Comparison, Op
from adapters.records import CampaignRecord, Entity, SubscriberRecord
from resolvers.children import ChildrenSpec, fetch_children_connection
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.selection import Selection

CAMPAIGNS = ConnectionSpec("campaigns", Entity.CAMPAIGN)
BROUGHT = ChildrenSpec(
    "campaign.subscribers",
    Entity.SUBSCRIBER,
    field="campaign_id",
    tells="which people a campaign brought",
    belongs=lambda campaign_id: Comparison("campaign_id", Op.EQ, campaign_id),
)


async def campaigns(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[CampaignRecord] | FacadeError | None]:
    """Read one page of campaigns of one source, or of all the caller sees."""
    return await fetch_connections(CAMPAIGNS, parents, args, ctx, selection)


async def campaign(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[CampaignRecord | FacadeError | None]:
    """Find one campaign by global id or reference."""
    return await fetch_lookups(Entity.CAMPAIGN, parents, args, ctx, selection)


async def campaign_subscribers(
    parents: Sequence[CampaignRecord], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[SubscriberRecord] | FacadeError | None]:
    """Read one page of the subscribers each campaign brought."""
    keys = [(parent.source, parent.id) for parent in parents]
    return await fetch_children_connection(BROUGHT, keys, args, ctx, selection)
