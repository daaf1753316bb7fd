"""
Audiences: the connection, the look-up, their sizes and members, and the ones a person's record names.
"""

from collections.abc import Sequence

from adapters.errors import CapabilityError, FacadeError
from adapters.filters.tree import Comparison, Filter, Op, Some
from adapters.records import AudienceMembershipRecord, AudienceRecord, Entity, SubscriberRecord
from resolvers.children import ChildrenSpec, fetch_children_connection
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.loaders.keys import PartKey
from resolvers.loaders.record import load_all
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_referred
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.roles import find_parts_reader
from resolvers.selection import Selection

AUDIENCES = ConnectionSpec("audiences", Entity.AUDIENCE)
SIZE = "size"


async def audiences(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[AudienceRecord] | FacadeError | None]:
    """Read one page of audiences of one source, or of all the caller sees."""
    return await fetch_connections(AUDIENCES, parents, args, ctx, selection)


async def audience(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[AudienceRecord | FacadeError | None]:
    """Find one audience by global id, reference or vendor id."""
    return await fetch_lookups(Entity.AUDIENCE, parents, args, ctx, selection)


async def audience_size(
    parents: Sequence[AudienceRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[int | FacadeError | None]:
    """Tell how many members each audience has, all of a source's in as few calls as it allows; None where unknown."""
    del args
    keys = [_build_size_key(parent, ctx, selection) for parent in parents]
    asked = await load_all(ctx.parts, keys)
    return [asked[place] if key else parents[place].size for place, key in enumerate(keys)]


def _build_size_key(parent: AudienceRecord, ctx: RequestContext, selection: Selection) -> PartKey | None:
    """Return what to ask for a size; None where the record tells it, or its source cannot."""
    if parent.size is not None or find_parts_reader(ctx.source(parent.source)) is None:
        return None
    return PartKey(parent.source, Entity.AUDIENCE, SIZE, parent.id, selection.path)


async def audience_members(
    parents: Sequence[AudienceRecord], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[SubscriberRecord] | FacadeError | None]:
    """Read one page of each audience's members; an error for one whose source does not tell them."""
    told = [parent for parent in parents if parent.members_listable]
    keys = [(parent.source, parent.id) for parent in told]
    pages = iter(await fetch_children_connection(MEMBERS, keys, args, ctx, selection) if told else ())
    return [next(pages) if parent.members_listable else _refuse_members(parent) for parent in parents]


async def membership_audience(
    parents: Sequence[AudienceMembershipRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[AudienceRecord | FacadeError | None]:
    """Find the audience each person's place is in."""
    del args
    return await fetch_referred(Entity.AUDIENCE, parents, "audience_id", ctx, selection)


def _refuse_members(parent: AudienceRecord) -> CapabilityError:
    return CapabilityError(
        f"The source {parent.source} does not tell who is in this audience.",
        hint=parent.reason or "Ask for its definition.",
    )


def _build_belonging(audience_id: str) -> Filter:
    return Some("audiences", Comparison("audience_id", Op.EQ, audience_id))


MEMBERS = ChildrenSpec(
    "audience.members",
    Entity.SUBSCRIBER,
    field="audiences.audience_id",
    tells="who is in an audience",
    belongs=_build_belonging,
)
