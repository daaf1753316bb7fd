"""
Lists: the connection, the look-up, members, and what a membership leads to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.errors import FacadeError
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import CampaignRecord, Entity, ListRecord, MembershipRecord, SubscriberRecord
from resolvers.children import ChildrenSpec, fetch_children_connection
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_referred
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.selection import Selection

LISTS = ConnectionSpec("lists", Entity.LIST)


class MemberState(StrEnum):
    """Which members of a list are meant."""

    ACTIVE = "ACTIVE"
    LEFT = "LEFT"
    ANY = "ANY"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersArgs(ConnectionArgs):
    """A connection's arguments, and the state of the membership."""

    state: MemberState = MemberState.ANY


async def lists(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ListRecord] | FacadeError | None]:
    """Read one page of lists of one source, or of all the caller sees."""
    return await fetch_connections(LISTS, parents, args, ctx, selection)


async def list_(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[ListRecord | FacadeError | None]:
    """Find one list by global id or reference."""
    return await fetch_lookups(Entity.LIST, parents, args, ctx, selection)


async def members(
    parents: Sequence[ListRecord], args: MembersArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[SubscriberRecord] | FacadeError | None]:
    """
    Read one page of each list's members.

    The state is checked on the rows: Taguchi V4's `list_id` selects members whatever their state.
    """
    spec = MEMBERS[args.state]
    keys = [(parent.source, parent.id) for parent in parents]
    return await fetch_children_connection(spec, keys, args, ctx, selection)


async def membership_list(
    parents: Sequence[MembershipRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[ListRecord | FacadeError | None]:
    """Find the list of each membership."""
    del args
    return await fetch_referred(Entity.LIST, parents, "list_id", ctx, selection)


async def membership_campaign(
    parents: Sequence[MembershipRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[CampaignRecord | FacadeError | None]:
    """Find the campaign through which each membership came about."""
    del args
    return await fetch_referred(Entity.CAMPAIGN, parents, "campaign_id", ctx, selection)


def _build_member_filter(state: MemberState, list_id: str) -> Filter:
    here = Comparison("list_id", Op.EQ, list_id)
    if state is MemberState.ANY:
        return Some("memberships", here)
    return Some("memberships", And((here, Comparison("state", Op.EQ, state.value))))


def _build_members_spec(state: MemberState) -> ChildrenSpec:
    return ChildrenSpec(
        "list.members",
        Entity.SUBSCRIBER,
        field="memberships.list_id",
        tells="who is on a list",
        belongs=lambda list_id: _build_member_filter(state, list_id),
    )


MEMBERS = {state: _build_members_spec(state) for state in MemberState}
