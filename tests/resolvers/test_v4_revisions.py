"""
Saved revisions at Taguchi V4: with the page that brings their records, or many in one call.
"""

from typing import Any

import pytest

from adapters.records import ActivityRecord, Entity, RevisionChoice
from resolvers.activity import (
    activities,
    activity,
    campaign_activities,
)
from resolvers.campaign import campaigns
from resolvers.ids import ACTIVITY_REVISION, TEMPLATE_REVISION, encode_id
from resolvers.lookups import LookupArgs
from resolvers.node import NodesArgs, nodes
from resolvers.pages import ConnectionArgs
from resolvers.revisions import RevisionsArgs, revision_activity, revisions, template_revision
from resolvers.selection import Selected
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_world
from tests.resolvers.asking import ask
from tests.resolvers.v4_messages import PLAIN, context, select_revisions

HISTORY = RevisionsArgs(RevisionChoice.HISTORY)


LATEST = RevisionsArgs()


@pytest.fixture(scope="module")
def seeded() -> World:
    return build_world(seed=1, people=50, full_pages=True)


@pytest.fixture
def world(seeded: World) -> World:
    seeded.forget()
    return seeded


def stored(world: World, id_: str) -> dict[str, Any]:
    """Return an activity as the vendor keeps it."""
    row = world.sandbox.store.row("activity", int(id_))
    assert row is not None
    return row


async def test_thirty_activities_with_their_latest_revision_are_one_call(world):
    """A call per activity would be thirty more."""
    ctx = context(world)

    page = await ask(activities, ConnectionArgs(first=30), ctx, selection=select_revisions("LATEST"))
    found = await revisions(page.nodes, LATEST, ctx, PLAIN)

    assert (len(page.nodes), world.calls) == (30, 1)
    assert [[each.id for each in group] for group in found] == [
        [str(each["id"]) for each in stored(world, node.id)["revisions"][-1:]] for node in page.nodes
    ]


@pytest.mark.parametrize("choice", list(RevisionChoice))
@pytest.mark.parametrize("below", ["nodes", "edges"])
async def test_each_choice_of_revisions_is_asked_for_with_the_page(world, choice, below):
    """Deployed revisions would be shown as approved ones, or as none."""
    ctx = context(world)

    page = await ask(activities, ConnectionArgs(first=10), ctx, selection=select_revisions(choice.name, below=below))
    await revisions(page.nodes, RevisionsArgs(choice), ctx, PLAIN)

    assert world.queries == [f"activity/?sort=id&order=asc&limit=11&revisions={choice.value}"]
    assert all(node.revision_choice is choice for node in page.nodes)


async def test_revisions_are_asked_for_only_when_selected(world):
    """Content nobody reads would be fetched with every page."""
    page = await ask(activities, ConnectionArgs(first=10), context(world), selection=select_revisions())

    assert all(node.revision_choice is None for node in page.nodes)
    assert "revisions" not in world.queries[0]


async def test_revisions_of_records_that_came_without_are_one_call(world):
    """Activities another relation brought would cost a call each."""
    ctx = context(world)
    page = await ask(activities, ConnectionArgs(first=30), ctx, selection=PLAIN)

    latest: list[Any] = await revisions(page.nodes, LATEST, ctx, PLAIN)
    history: list[Any] = await revisions(page.nodes, HISTORY, ctx, PLAIN)

    assert world.calls == 3
    assert all(not group or group == whole[-1:] for group, whole in zip(latest, history, strict=True))
    assert any(len(whole) > 1 for whole in history)


async def test_two_choices_in_one_operation_are_two_calls(world):
    """One call would answer for another choice than was asked."""
    ctx = context(world)
    selection = select_revisions("LATEST")

    page = await ask(activities, ConnectionArgs(first=20), ctx, selection=selection)
    await revisions(page.nodes, LATEST, ctx, PLAIN)
    await revisions(page.nodes, HISTORY, ctx, PLAIN)

    assert world.calls == 2


async def test_a_revision_of_an_activity_that_is_gone_is_nothing(world):
    """A stale record would fail the field."""
    gone = ActivityRecord(source=SOURCE, id="999999")

    assert await revisions([gone], LATEST, context(world), PLAIN) == [None]


async def test_a_look_up_with_revisions_is_one_call(world):
    """The activity would be read twice."""
    selection = Selected("activity", {"revisions": Selected("activity.revisions", {}, {"which": "HISTORY"})})
    ctx = context(world)

    found = await ask(activity, LookupArgs("id", encode_id(SOURCE, Entity.ACTIVITY, ("1",))), ctx, selection=selection)
    history: Any
    (history,) = await revisions([found], HISTORY, ctx, PLAIN)

    assert world.queries == ["activity/1?revisions=history"]
    assert len(history) == len(stored(world, "1")["revisions"])


async def test_template_revisions_of_activities_are_found_in_their_templates(world):
    """A revision would be shown with another template's layout, or cost a call each."""
    ctx = context(world)
    page = await ask(activities, ConnectionArgs(first=30), ctx, selection=select_revisions("LATEST"))
    found: list[Any] = [each for group in await revisions(page.nodes, LATEST, ctx, PLAIN) for each in group]

    made_with = await template_revision(found, None, ctx, PLAIN)

    assert world.calls == 2
    assert any(made_with)
    for revision, layout in zip(found, made_with, strict=True):
        if layout is not None:
            assert (layout.id, layout.template_id) == (revision.template_revision_id, revision.template_id)


async def test_a_revision_leads_back_to_its_activity_without_a_call(world):
    """Going up would cost what going down did."""
    ctx = context(world)
    page = await ask(activities, ConnectionArgs(first=5), ctx, selection=select_revisions("HISTORY"))
    found: list[Any] = [each for group in await revisions(page.nodes, HISTORY, ctx, PLAIN) for each in group]

    parents = await revision_activity(found, None, ctx, PLAIN)

    assert [each.activity_id for each in found] == [parent.id for parent in parents]
    assert world.calls == 1


async def test_activities_below_campaigns_bring_their_revisions(world):
    """Revisions of children would cost calls of their own."""
    ctx = context(world)
    page = await ask(campaigns, ConnectionArgs(first=20), ctx, selection=PLAIN)

    below = await campaign_activities(page.nodes, ConnectionArgs(first=5), ctx, select_revisions("DEPLOYED"))
    await revisions([node for each in below for node in each.nodes], RevisionsArgs(RevisionChoice.DEPLOYED), ctx, PLAIN)

    assert world.calls == 2


async def test_revisions_are_nodes_below_their_record(world):
    """An id this graph gave would find nothing, or another record's revision."""
    ctx = context(world)
    history: Any
    (history,) = await revisions([ActivityRecord(source=SOURCE, id="1")], HISTORY, ctx, PLAIN)
    ids = [
        *(encode_id(SOURCE, ACTIVITY_REVISION, ("1", each.id)) for each in history),
        encode_id(SOURCE, ACTIVITY_REVISION, ("2", history[0].id)),
        encode_id(SOURCE, ACTIVITY_REVISION, ("999999", "1")),
        encode_id(SOURCE, TEMPLATE_REVISION, ("1", "1")),
        encode_id(SOURCE, Entity.TEMPLATE, ("1",)),
    ]
    world.forget()

    found = await ask(nodes, NodesArgs(tuple(ids)), context(world), selection=PLAIN)

    assert found[: len(history)] == tuple(history)
    assert found[len(history) : -2] == (None, None)
    assert found[-2].template_id == found[-1].id == "1"
