"""
What questions cost at Taguchi V4, counted by its sandbox.
"""

import pytest

from adapters.contract import Source
from adapters.filters.tree import And, Comparison, Op, Or
from adapters.records import CampaignRecord, Entity, ListRecord
from adapters.vendors.taguchi_v4 import ADAPTER
from resolvers.campaign import campaign_subscribers, campaigns
from resolvers.context import RequestContext
from resolvers.ids import encode_id
from resolvers.list import MembersArgs, MemberState, members, membership_list
from resolvers.lookups import LookupArgs
from resolvers.node import EntityKey, NodesArgs, entities, nodes
from resolvers.pages import ConnectionArgs
from resolvers.selection import build_selection
from resolvers.subscriber import subscriber, subscriber_campaign, subscribers
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world
from tests.resolvers.asking import ask, build_context

PLAIN = build_selection("subscribers", "nodes.id")


@pytest.fixture(scope="module")
def seeded() -> World:
    return build_world(seed=1)


@pytest.fixture
def world(seeded: World) -> World:
    seeded.forget()
    return seeded


def context(world: World) -> RequestContext:
    """Build one request's context over the sandbox."""
    return build_context(Source(SOURCE, ADAPTER, ADAPTER.build_capability(build_settings()), world.adapter))


async def test_a_hundred_people_with_campaign_and_lists_are_three_calls(world):
    """A call per person would be two hundred."""
    ctx = context(world)

    page = await ask(subscribers, ConnectionArgs(first=100), ctx, selection=PLAIN)
    brought_by = await subscriber_campaign(page.nodes, None, ctx, PLAIN)
    memberships = [membership for person in page.nodes for membership in person.memberships]
    lists = await membership_list(memberships, None, ctx, PLAIN)

    assert (len(page.nodes), world.calls) == (100, 3)
    assert any(brought_by)
    held = {str(row["id"]) for row in world.sandbox.store.rows("list")}
    expected = [each.list_id if each.list_id in held else None for each in memberships]
    assert expected == [each and each.id for each in lists]


async def test_a_page_and_the_next_are_a_call_each(world):
    """Knowing whether there is a next page would cost a call."""
    first = await ask(subscribers, ConnectionArgs(first=25), context(world), selection=PLAIN)
    await ask(subscribers, ConnectionArgs(first=25, after=first.end_cursor), context(world), selection=PLAIN)

    assert world.calls == 2


async def test_people_of_all_campaigns_are_one_call(world):
    """A call per campaign would be ten."""
    ctx = context(world)
    page = await ask(campaigns, ConnectionArgs(first=10), ctx, selection=PLAIN)

    people = await campaign_subscribers(page.nodes, ConnectionArgs(first=5), ctx, PLAIN)

    assert all(not isinstance(each, Exception) for each in people)
    assert all(
        node.campaign_id == campaign.id
        for campaign, each in zip(page.nodes, people, strict=True)
        for node in each.nodes
    )
    assert world.calls <= 2 + len(page.nodes)


async def test_members_are_a_call_a_list(world):
    """A list's first page would cost several calls."""
    lists = [ListRecord(source=SOURCE, id=id_) for id_ in ("1", "2", "3")]

    pages = await members(lists, MembersArgs(first=10), context(world), PLAIN)

    assert all(
        any(each.list_id == list_.id for each in node.memberships)
        for list_, page in zip(lists, pages, strict=True)
        for node in page.nodes
    )
    assert world.calls == 3


async def test_active_members_are_active(world):
    """People who left would be shown among a list's members."""
    (page,) = await members(
        [ListRecord(source=SOURCE, id="1")], MembersArgs(first=50, state=MemberState.LEFT), context(world), PLAIN
    )

    assert page.nodes
    assert all(any(each.list_id == "1" and each.left_at for each in node.memberships) for node in page.nodes)


async def test_an_or_is_a_call_a_branch(world):
    """An OR would read the whole account."""
    tree = Or((Comparison("state", Op.EQ, "VIC"), Comparison("campaign_id", Op.EQ, "3")))

    page = await ask(subscribers, ConnectionArgs(filter=tree, first=10), context(world), selection=PLAIN)

    assert (len(page.nodes), world.calls) == (10, 2)


async def test_a_filter_that_cannot_be_narrowed_stays_in_its_budget(world):
    """A question about custom fields would read the whole account."""
    tree = And((Comparison("custom_fields", Op.EQ, "no such thing", "no such key"),))

    page = await ask(subscribers, ConnectionArgs(filter=tree, first=10), context(world), selection=PLAIN)

    assert (
        len(page.nodes),
        page.completeness[0].scanned_rows,
        page.completeness[0].state.value,
    ) == (0, 2000, "TRUNCATED")
    assert page.has_next_page
    assert world.calls <= 10


async def test_a_hundred_representations_cost_what_nodes_cost(world):
    """A gateway's references would cost a call each."""
    ids = tuple(encode_id(SOURCE, "subscriber", (str(id_),)) for id_ in range(1, 101))
    await ask(nodes, NodesArgs(ids), context(world), selection=PLAIN)
    cost = world.calls
    world.forget()

    await entities([EntityKey("Subscriber", SOURCE, str(id_)) for id_ in range(1, 101)], None, context(world), PLAIN)

    assert (cost, world.calls) == (1, 1)


async def test_a_look_up_is_a_call_and_its_campaign_another(world):
    """Looking one person up would cost more than asking the vendor by hand."""
    email = next(row["email"] for row in world.sandbox.store.rows("subscriber") if row["email"] and row["campaign_id"])
    ctx = context(world)

    person = await ask(subscriber, LookupArgs("email", email), ctx, selection=PLAIN)
    (campaign,) = await subscriber_campaign([person], None, ctx, PLAIN)

    assert isinstance(campaign, CampaignRecord)
    assert world.calls == 2


@pytest.mark.parametrize("id_", ["x", "-1", "1' or 1=1", "../1", "1?auth=", "9" * 40])
async def test_ids_no_vendor_gives_are_answered_without_a_call(world, id_):
    """A strange id would reach the vendor's path."""
    found = await ask(
        nodes, NodesArgs((encode_id(SOURCE, Entity.SUBSCRIBER, (id_,)),)), context(world), selection=PLAIN
    )

    assert (found, world.calls) == ((None,), 0)
