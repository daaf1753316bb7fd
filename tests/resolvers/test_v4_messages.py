"""
Activities, templates, imports, views and event types at Taguchi V4: what leads where, and what it costs.
"""

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Source
from adapters.errors import ForbiddenError, VendorContractError
from adapters.filters.tree import Comparison, Op
from adapters.records import ActivityRecord, CampaignRecord, Entity, MembershipRecord, RevisionChoice
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from resolvers.activity import (
    activities,
    activity,
    activity_template,
    campaign_activities,
    target_lists,
    target_views,
    template_activities,
)
from resolvers.campaign import campaigns
from resolvers.context import RequestContext
from resolvers.event_type import event_type, event_types, success_event
from resolvers.ids import ACTIVITY_REVISION, TEMPLATE_REVISION, encode_id
from resolvers.lookups import LookupArgs
from resolvers.node import NodesArgs, nodes
from resolvers.pages import ConnectionArgs
from resolvers.revisions import RevisionsArgs, revision_activity, revisions, template_revision
from resolvers.selection import Selected, build_selection
from resolvers.subscriber_import import import_lists, import_of, imports, manifest, manifest_source_lists
from resolvers.template import templates
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world
from tests.resolvers.asking import WITHOUT_PII, ask, build_context

PLAIN = build_selection("activities", "nodes.id")
HISTORY = RevisionsArgs(RevisionChoice.HISTORY)
LATEST = RevisionsArgs()


@pytest.fixture(scope="module")
def seeded() -> World:
    return build_world(seed=1, people=50, full_pages=True)


@pytest.fixture
def world(seeded: World) -> World:
    seeded.forget()
    return seeded


def context(world: World) -> RequestContext:
    """Build one request's context over the sandbox."""
    return build_context(Source(SOURCE, ADAPTER, ADAPTER.build_capability(build_settings()), world.adapter))


def select_revisions(*words: str, below: str = "nodes") -> Selected:
    """Select the revisions of a page's records, by one choice or none."""
    inner: dict[str, Selected] = {"id": Selected()}
    if words:
        inner["revisions"] = Selected(f"x.{below}.revisions", {}, {"which": words[0]})
    fields = {"node": Selected("x.edges.node", inner)} if below == "edges" else inner
    return Selected("x", {below: Selected(f"x.{below}", fields)})


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

    latest = await revisions(page.nodes, LATEST, ctx, PLAIN)
    history = await revisions(page.nodes, HISTORY, ctx, PLAIN)

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
    (history,) = await revisions([found], HISTORY, ctx, PLAIN)

    assert world.queries == ["activity/1?revisions=history"]
    assert len(history) == len(stored(world, "1")["revisions"])


async def test_template_revisions_of_activities_are_found_in_their_templates(world):
    """A revision would be shown with another template's layout, or cost a call each."""
    ctx = context(world)
    page = await ask(activities, ConnectionArgs(first=30), ctx, selection=select_revisions("LATEST"))
    found = [each for group in await revisions(page.nodes, LATEST, ctx, PLAIN) for each in group]

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
    found = [each for group in await revisions(page.nodes, HISTORY, ctx, PLAIN) for each in group]

    parents = await revision_activity(found, None, ctx, PLAIN)

    assert [each.activity_id for each in found] == [parent.id for parent in parents]
    assert world.calls == 1


@pytest.mark.parametrize(("full_pages", "calls"), [(True, 2), (False, 3)])
async def test_fifty_campaigns_with_their_activities_are_two_calls(full_pages, calls):
    """A call per campaign would be fifty; a server that may cut its replies is asked once behind the last activity."""
    world = build_world(seed=1, people=50, full_pages=full_pages)
    ctx = context(world)

    page = await ask(campaigns, ConnectionArgs(first=50), ctx, selection=PLAIN)
    below = await campaign_activities(page.nodes, ConnectionArgs(first=10), ctx, PLAIN)

    assert (len(page.nodes), world.calls) == (50, calls)
    rows = world.sandbox.store.rows("activity")
    assert [
        [str(row["id"]) for row in rows if str(row["campaign_id"]) == campaign.id][:10] for campaign in page.nodes
    ] == [[node.id for node in each.nodes] for each in below]


@pytest.mark.parametrize("place", [1, 25, 50])
@pytest.mark.parametrize("mixed", [False, True])
async def test_one_campaign_of_ten_thousand_activities_costs_one_call_more(place, mixed):
    """Its activities would push all others out of page after page."""
    many = [{"campaign_id": place} for _ in range(10_000)]
    few = [{"campaign_id": number} for number in range(1, 51) for _ in range(3)]
    step = len(many) // len(few)
    among = [row for n, each in enumerate(few) for row in (*many[n * step : (n + 1) * step], each)]
    rows = among if mixed else many + few
    world = build_world({"campaign": [{"name": str(number)} for number in range(1, 61)], "activity": rows})
    ctx = context(world)

    page = await ask(campaigns, ConnectionArgs(first=50), ctx, selection=PLAIN)
    below = await campaign_activities(page.nodes, ConnectionArgs(first=10), ctx, PLAIN)

    assert [len(each.nodes) for each in below] == [10 if int(node.id) == place else 3 for node in page.nodes]
    assert world.calls <= 3


async def test_activities_below_campaigns_bring_their_revisions(world):
    """Revisions of children would cost calls of their own."""
    ctx = context(world)
    page = await ask(campaigns, ConnectionArgs(first=20), ctx, selection=PLAIN)

    below = await campaign_activities(page.nodes, ConnectionArgs(first=5), ctx, select_revisions("DEPLOYED"))
    await revisions([node for each in below for node in each.nodes], RevisionsArgs(RevisionChoice.DEPLOYED), ctx, PLAIN)

    assert world.calls == 2


async def test_templates_and_activities_lead_to_each_other(world):
    """An activity would stand below another template than its own."""
    ctx = context(world)
    page = await ask(templates, ConnectionArgs(first=20), ctx, selection=PLAIN)

    below = await template_activities(page.nodes, ConnectionArgs(first=5), ctx, PLAIN)
    flat = [node for each in below for node in each.nodes]
    above = await activity_template(flat, None, ctx, PLAIN)

    assert [node.template_id for node in flat] == [template.id for template in above]
    assert world.calls == 2


async def test_targets_are_lists_and_views_in_their_order(world):
    """Whom an activity reaches would be told wrongly; a call per activity would be a hundred."""
    ctx = context(world)
    page = await ask(activities, ConnectionArgs(first=100), ctx, selection=PLAIN)

    lists = await target_lists(page.nodes, None, ctx, PLAIN)
    views = await target_views(page.nodes, None, ctx, PLAIN)

    assert world.calls == 3
    held = {str(row["id"]) for row in world.sandbox.store.rows("list")}
    for node, each in zip(page.nodes, lists, strict=True):
        if node.target_list_ids is None:
            assert each is None
        else:
            assert [target and target.id for target in each] == [
                id_ if id_ in held else None for id_ in node.target_list_ids
            ]
    assert any(each for each in views)


async def test_targets_of_no_sense_fail_alone():
    """One bad text would fail every activity's targets, or pass as no target."""
    world = build_world({"list": [{"name": "A"}], "activity": [{"target_lists": "[1]"}, {"target_lists": "[1"}]})
    ctx = context(world)
    page = await ask(activities, ConnectionArgs(), ctx, selection=PLAIN)

    good, bad = await target_lists(page.nodes, None, ctx, PLAIN)

    assert [each.name for each in good] == ["A"]
    assert isinstance(bad, VendorContractError)
    assert (bad.reason, bad.source, bad.vendor) == ("PART_UNREADABLE", SOURCE, "taguchi_v4")
    assert page.nodes[1].extension.target_lists == "[1"


async def test_success_events_of_campaigns_are_one_call(world):
    """A call per campaign would be fifty."""
    ctx = context(world)
    page = await ask(campaigns, ConnectionArgs(first=50), ctx, selection=PLAIN)

    found = await success_event(page.nodes, None, ctx, PLAIN)

    assert world.calls == 2
    assert "re-" in world.queries[1]
    assert [each and each.ref for each in found] == [node.success_event_ref for node in page.nodes]


async def test_a_success_event_that_is_unknown_is_nothing(world):
    """A reference to nothing would fail the campaign, or find another event."""
    unknown = [CampaignRecord(source=SOURCE, id="1", success_event_ref=ref) for ref in ("nope", "S", "s|o", ".", "")]

    assert await success_event(unknown, None, context(world), PLAIN) == [None] * 5


@pytest.mark.parametrize("by", ["ref", "id"])
async def test_an_event_type_is_found_by_its_reference(world, by):
    """The key of an event type is a text: a number would be looked for."""
    value = "s" if by == "ref" else encode_id(SOURCE, Entity.EVENT_TYPE, ("s",))

    found = await ask(event_type, LookupArgs(by, value), context(world), selection=PLAIN)

    assert (found.id, found.ref, found.name) == ("s", "s", "Sent")
    assert world.queries == ["event/?query=ref-eq-s&sort=ref&order=asc&limit=1000"]


async def test_event_types_are_a_page_in_the_vendors_order(world):
    """Texts would be put in an order of ours that the vendor's next page does not go on from."""
    page = await ask(event_types, ConnectionArgs(first=10), context(world), selection=PLAIN)
    rest = await ask(event_types, ConnectionArgs(first=100, after=page.end_cursor), context(world), selection=PLAIN)

    refs = [node.ref for node in (*page.nodes, *rest.nodes)]
    assert sorted(refs) == sorted(row["ref"] for row in world.sandbox.store.rows("event"))
    assert world.queries[1].startswith("event/?query=ref-gte-")


async def test_imports_tell_their_manifests_and_lists_without_passwords(world):
    """A password to a file server would be shown, or a call made per import."""
    ctx = context(world)
    page = await ask(imports, ConnectionArgs(first=20), ctx, selection=PLAIN)

    manifests = await manifest(page.nodes, None, ctx, PLAIN)
    sources = [source for each in manifests if each for source in each.sources]
    lists = await import_lists(page.nodes, None, ctx, PLAIN)
    below = await manifest_source_lists(sources, None, ctx, PLAIN)

    assert world.calls == 2
    assert sources
    assert "made-up" not in repr((page, manifests))
    told = {each and each.id for group in lists for each in group or ()}
    assert told == {each and each.id for group in below for each in group}
    assert told


async def test_a_manifest_of_no_sense_fails_alone():
    """One bad manifest would fail every import of the page."""
    world = build_world({"import": [{"manifest": "<manifest/>"}, {"manifest": "<manifest"}, {}]})
    ctx = context(world)
    page = await ask(imports, ConnectionArgs(), ctx, selection=PLAIN)

    good, bad, none = await manifest(page.nodes, None, ctx, PLAIN)

    assert (good.sources, none) == ((), None)
    assert isinstance(bad, VendorContractError)
    assert bad.reason == "PART_UNREADABLE"
    good, bad, none = await import_lists(page.nodes, None, ctx, PLAIN)
    assert (good, isinstance(bad, VendorContractError), none) == ((), True, None)


async def test_memberships_lead_to_their_imports(world):
    """A membership would tell another import, or cost a call each."""
    held = [str(row["id"]) for row in world.sandbox.store.rows("import")]
    memberships = [MembershipRecord(source=SOURCE, list_id="1", import_id=id_) for id_ in (*held, "9999", None)]

    found = await import_of(memberships, None, context(world), PLAIN)

    assert [each and each.id for each in found] == [*held, None, None]
    assert world.calls == 2


async def test_revisions_are_nodes_below_their_record(world):
    """An id this graph gave would find nothing, or another record's revision."""
    ctx = context(world)
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


async def test_a_server_that_widens_is_found_out_among_texts():
    """A server that joins predicates by OR would show event types twice without a word."""
    rows = [{"ref": ref, "name": "x"} for ref in "abcdef"]
    world = build_world({"event": rows}, options=SandboxOptions(or_predicates=True))
    args = ConnectionArgs(first=2, filter=Comparison("name", Op.EQ, "x"))
    page = await ask(event_types, args, context(world), selection=PLAIN)

    with pytest.raises(VendorContractError) as caught:
        await ask(event_types, replace(args, after=page.end_cursor), context(world), selection=PLAIN)

    assert [node.ref for node in page.nodes] == ["a", "b"]
    assert caught.value.reason == "BOUND_IGNORED"


async def test_free_texts_of_the_account_are_masked():
    """Free text may hold people; whoever may not see them would, in the raw fields of an activity or an import."""
    rows = {"activity": [{"data": "Ada"}], "template": [{"data": "Ada"}], "import": [{"params": "Ada", "name": "Fair"}]}
    world = build_world(rows)
    source = Source(SOURCE, ADAPTER, ADAPTER.build_capability(build_settings()), world.adapter)
    ctx = build_context(source, principal=WITHOUT_PII)

    found = [await ask(batch, ConnectionArgs(), ctx, selection=PLAIN) for batch in (activities, templates, imports)]

    assert "Ada" not in repr(found)
    assert [getattr(page.nodes[0].extension, "data", "***") for page in found] == ["***"] * 3
    assert found[2].nodes[0].name == "Fair"
    with pytest.raises(ForbiddenError):
        await ask(imports, ConnectionArgs(filter=Comparison("taguchi.params", Op.EQ, "Ada")), ctx, selection=PLAIN)
