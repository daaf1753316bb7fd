"""
Activities: the connection, the look-up, whom they reach, and what they belong to.
"""

from collections.abc import Sequence

from adapters.contract import Loaded
from adapters.errors import FacadeError
from adapters.filters.tree import Comparison, Op
from adapters.records import ActivityRecord, CampaignRecord, Entity, TemplateRecord
from resolvers.children import ChildrenSpec, fetch_children_connection
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_referred
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.references import fetch_reference_lists
from resolvers.selection import Selection

ACTIVITIES = ConnectionSpec("activities", Entity.ACTIVITY)
OF_CAMPAIGN = ChildrenSpec(
    "campaign.activities",
    Entity.ACTIVITY,
    field="campaign_id",
    tells="which messages a campaign has",
    belongs=lambda campaign_id: Comparison("campaign_id", Op.EQ, campaign_id),
)
OF_TEMPLATE = ChildrenSpec(
    "template.activities",
    Entity.ACTIVITY,
    field="template_id",
    tells="which messages a template is used by",
    belongs=lambda template_id: Comparison("template_id", Op.EQ, template_id),
)


async def activities(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ActivityRecord] | FacadeError | None]:
    """Read one page of activities of one source, or of all the caller sees."""
    return await fetch_connections(ACTIVITIES, parents, args, ctx, selection)


async def activity(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[ActivityRecord | FacadeError | None]:
    """Find one activity by global id or reference."""
    return await fetch_lookups(Entity.ACTIVITY, parents, args, ctx, selection)


async def campaign_activities(
    parents: Sequence[CampaignRecord], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ActivityRecord] | FacadeError | None]:
    """Read one page of the activities of each campaign."""
    keys = [(parent.source, parent.id) for parent in parents]
    return await fetch_children_connection(OF_CAMPAIGN, keys, args, ctx, selection)


async def template_activities(
    parents: Sequence[TemplateRecord], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ActivityRecord] | FacadeError | None]:
    """Read one page of the activities made with each template."""
    keys = [(parent.source, parent.id) for parent in parents]
    return await fetch_children_connection(OF_TEMPLATE, keys, args, ctx, selection)


async def activity_campaign(
    parents: Sequence[ActivityRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[CampaignRecord | FacadeError | None]:
    """Find the campaign of each activity."""
    del args
    return await fetch_referred(Entity.CAMPAIGN, parents, "campaign_id", ctx, selection)


async def activity_template(
    parents: Sequence[ActivityRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[TemplateRecord | FacadeError | None]:
    """Find the template of each activity."""
    del args
    return await fetch_referred(Entity.TEMPLATE, parents, "template_id", ctx, selection)


async def target_lists(
    parents: Sequence[ActivityRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[tuple[Loaded, ...] | FacadeError | None]:
    """Find the lists each activity goes to."""
    del args
    holders = [(parent.source, parent.target_list_ids) for parent in parents]
    return await fetch_reference_lists(Entity.LIST, holders, ctx, selection)


async def target_views(
    parents: Sequence[ActivityRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[tuple[Loaded, ...] | FacadeError | None]:
    """Find the views that narrow whom each activity reaches."""
    del args
    holders = [(parent.source, parent.target_view_ids) for parent in parents]
    return await fetch_reference_lists(Entity.VIEW, holders, ctx, selection)
