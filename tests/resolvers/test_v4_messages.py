"""
Activities, templates, imports, views and event types at Taguchi V4: what leads where, and what it costs.
"""

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Source
from adapters.errors import ForbiddenError, VendorContractError
from adapters.filters.tree import Comparison, Op
from adapters.records import CampaignRecord, Entity, MembershipRecord
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from resolvers.activity import (
    activities,
    activity_template,
    campaign_activities,
    target_lists,
    target_views,
    template_activities,
)
from resolvers.campaign import campaigns
from resolvers.event_type import event_type, event_types, success_event
from resolvers.ids import encode_id
from resolvers.lookups import LookupArgs
from resolvers.pages import ConnectionArgs
from resolvers.subscriber_import import import_lists, import_of, imports, manifest, manifest_source_lists
from resolvers.template import templates
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world
from tests.resolvers.asking import WITHOUT_PII, ask, build_context
from tests.resolvers.v4_messages import PLAIN, context


@pytest.fixture(scope="module")
def seeded() -> World:
    return build_world(seed=1, people=50, full_pages=True)


@pytest.fixture
def world(seeded: World) -> World:
    seeded.forget()
    return seeded


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

    good: Any
    bad: Any
    good, bad, none = await manifest(page.nodes, None, ctx, PLAIN)

    assert (good.sources, none) == ((), None)
    assert isinstance(bad, VendorContractError)
    assert bad.reason == "PART_UNREADABLE"
    lists, unread, absent = await import_lists(page.nodes, None, ctx, PLAIN)
    assert (lists, isinstance(unread, VendorContractError), absent) == ((), True, None)


async def test_memberships_lead_to_their_imports(world):
    """A membership would tell another import, or cost a call each."""
    held = [str(row["id"]) for row in world.sandbox.store.rows("import")]
    memberships = [MembershipRecord(source=SOURCE, list_id="1", import_id=id_) for id_ in (*held, "9999", None)]

    found = await import_of(memberships, None, context(world), PLAIN)

    assert [each and each.id for each in found] == [*held, None, None]
    assert world.calls == 2


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
