"""The shapes `marketing-graph explain` shows of calls whose keys nobody knows yet."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph.server.explaining import explain_file
from resolvers.ids import encode_id
from tests.graph.conftest import Graph

EVERYTHING_BELOW = """
{
  subscriber(by: {ref: "crm-000001"}) { events(first: 2) { nodes { id } } campaign { name } }
  campaigns(first: 4) {
    nodes {
      activities(first: 2) { nodes { template { revisions { vendorId } } auditLog(first: 1) { nodes { id } } } }
      stats(events: ["o"]) { period }
      successEvent { name }
    }
  }
  lists(first: 2) { nodes { members(first: 3) { nodes { import { name } } } } }
}
"""


def _event(id_: int) -> str:
    return encode_id("sandbox", "feed_event", ("campaign", "3", "object", "scheduled", str(id_)))


def _refer(*representations: str) -> str:
    return f"{{ _entities(representations: [{', '.join(representations)}]) {{ __typename }} }}"


CAMPAIGN = encode_id("sandbox", "campaign", ("3",))
FOUR = '{__typename: "Campaign", sourceId: "sandbox", vendorId: "4"}'
OF_CAMPAIGNS = "campaigns { nodes { events { nodes"
NO_EVENT = encode_id("sandbox", "feed_event", ("list", "3", "behind", "logged", "1"))
MIXED = json.dumps(["bm9wZQ", CAMPAIGN, encode_id("nowhere", "list", ("3",)), NO_EVENT])
LISTS = json.dumps([encode_id("sandbox", "list", (id_,)) for id_ in ("3", "4")])


async def _explain(folder: Path, query: str, **variables: object) -> str:
    file = folder / "operation.graphql"
    file.write_text(query)
    return await asyncio.to_thread(explain_file, file, json.dumps(variables), None, _write_source(folder))


def _write_source(folder: Path) -> Path:
    """Name a source that is never asked, which is made sooner than a sandbox."""
    (folder / "token").write_text("made-up")
    file = folder / "sources.toml"
    file.write_text(f"""
        [sources.sandbox]
        vendor = "taguchi_v4"
        base_url = "http://127.0.0.1:9"
        organization_id = 1
        auth = {{ token = {{ file = "{folder / "token"}" }} }}
    """)
    return file


def _urls(text: str) -> list[str]:
    return [line.split(": GET ")[1] for line in text.splitlines() if ": GET " in line]


def _to_shape(url: str) -> str:
    """Write a sent or a shown request without its keys, how many they are, and the limit that follows from them."""
    url = re.sub(r"&query=\w+-neq-\d+|&?limit=[^&]*", "", url.partition("/admin/api/")[2])
    url = re.sub(r"-(gte|lte|eq)-(crm-)?[\d…]+", r"-\1-…", url)
    url = re.sub(r"(/[a-z]+)/[\d…]+(?=[/?])", r"\1/…", f"/{url.partition('/')[2]}")
    url = re.sub(r"-re-[^&]*", "-re-…", url)
    return re.sub(r"(&campaign_id=[\d…]+)+", "&campaign_id=…", url)


async def test_the_first_request_of_every_place_has_the_shape_shown(graph: Graph, tmp_path: Path) -> None:
    """A shape written beside the code that sends it would be another one some day."""
    shown = {_to_shape(url) for url in _urls(await _explain(tmp_path, EVERYTHING_BELOW))}
    body = await graph.run(EVERYTHING_BELOW, explain=True)
    sent = _first_shapes(body)

    assert "errors" not in body
    assert len(sent) > 8
    assert sent - shown == set()


AROUND_EVENTS = """
query ($event: ID!, $events: [ID!]!) {
  subscriber(by: {ref: "crm-000001"}) {
    one: events(first: 1, filter: {kind: {eq: LOGGED}}) { nodes { parent { id } children(first: 1) { nodes { id } } } }
    many: events(first: 9, filter: {kind: {eq: LOGGED}}) { nodes { parent { id } children(first: 9) { nodes { id } } } }
  }
  node(id: $event) { ... on FeedEvent { parent { id } children(first: 2) { nodes { id } } } }
  nodes(ids: $events) { ... on FeedEvent { parent { id } children(first: 2) { nodes { id } } } }
}
"""


async def test_what_leads_to_and_from_events_has_the_shape_shown(graph: Graph, tmp_path: Path) -> None:
    """Events have no address of their own at the vendor: only their shape shows in whose feed they are looked for."""
    logged = "filter: {kind: {eq: LOGGED}, parentId: {isNull: false}}"
    query = f'{{ subscriber(by: {{ref: "crm-000001"}}) {{ events(first: 3, {logged}) {{ nodes {{ id }} }} }} }}'
    ids = [node["id"] for node in (await graph.run(query))["data"]["subscriber"]["events"]["nodes"]]
    variables = {"event": ids[0], "events": ids[1:3]}

    shown = {_to_shape(url) for url in _urls(await _explain(tmp_path, AROUND_EVENTS, **variables))}
    body = await graph.run(AROUND_EVENTS, explain=True, **variables)
    sent = _first_shapes(body)

    assert "errors" not in body
    assert len(sent) == 6
    assert sent - shown == set()


def _first_shapes(body: dict[str, Any]) -> set[str]:
    """The shape of the first request of every place of an answered operation."""
    calls = body["extensions"]["plan"]["calls"]
    return {_to_shape(call["url"]) for call in {call["purpose"]: call for call in reversed(calls)}.values()}


SHAPES = {
    "value": (
        '{ subscriber(by: {email: "a@b.example"}) { id } }',
        "subscriber.list: GET /admin/api/1/subscriber/?query=email-eq-…&sort=id&order=asc&limit=",
    ),
    "global id": (
        f'{{ campaign(by: {{id: "{encode_id("sandbox", "campaign", ("3",))}"}}) {{ id }} }}',
        "campaign.read: GET /admin/api/1/campaign/…?auth=REDACTED",
    ),
    "nodes": (
        f"{{ nodes(ids: {LISTS}) {{ id }} }}",
        "list.list: GET /admin/api/1/list/?query=id-gte-…&query=id-lte-…&sort=id&order=asc&limit=…",
    ),
    "relation": (
        "{ subscribers(first: 5) { nodes { campaign { name } } } }",
        "campaign.list: GET /admin/api/1/campaign/?query=id-gte-…&query=id-lte-…&sort=id&order=asc&limit=…",
    ),
    "children": (
        "{ campaigns(first: 5) { nodes { activities(first: 2) { nodes { id } } } } }",
        "activity.list: GET /admin/api/1/activity/?query=campaign_id-gte-…&query=campaign_id-lte-…&sort=id&order=asc",
    ),
    "children in another order": (
        "{ campaigns(first: 5) { nodes { subscribers(first: 2, orderBy: {field: EMAIL}) { nodes { id } } } } }",
        "subscriber.list: GET /admin/api/1/subscriber/?query=campaign_id-eq-…&sort=email&order=asc&limit=",
    ),
    "members": (
        "{ lists(first: 5) { nodes { members(first: 2) { nodes { id } } } } }",
        "subscriber.list: GET /admin/api/1/subscriber/?query=list_id-eq-…&sort=id&order=asc&limit=",
    ),
    "feed": (
        "{ campaigns(first: 5) { nodes { events(first: 2) { nodes { id } } } } }",
        "event-feed.list: GET /admin/api/1/campaign/…/subject-feed?sort=id&order=asc&limit=",
    ),
    "revisions": (
        "{ templates(first: 5) { nodes { revisions(which: HISTORY) { vendorId } } } }",
        "GET /admin/api/1/template/?query=id-gte-…&query=id-lte-…&sort=id&order=asc&limit=…&revisions=history",
    ),
    "cause": (
        "{ campaigns(first: 5) { nodes { events(first: 2) { nodes { parent { id } } } } } }",
        "event-feed.list: GET /admin/api/1/subscriber/…/subject-feed?query=id-eq-…&query=type-eq-logged&sort=id",
    ),
    "causes of one person's events": (
        "{ subscribers(first: 5) { nodes { events(first: 2) { nodes { parent { id } } } } } }",
        "GET /admin/api/1/subscriber/…/subject-feed?query=id-gte-…&query=id-lte-…&query=type-eq-logged&sort=id",
    ),
    "consequences": (
        f'{{ {OF_CAMPAIGNS} {{ children(filter: {{eventRef: {{eq: "o"}}}}) {{ nodes {{ id }} }} }} }} }} }} }}',
        "/subject-feed?query=event_ref-eq-o&query=parent_id-eq-…&sort=id",
    ),
    "consequences in another order": (
        f"{{ {OF_CAMPAIGNS} {{ children(orderBy: {{field: OCCURRED_AT}}) {{ nodes {{ id }} }} }} }} }} }} }}",
        "/subject-feed?query=parent_id-eq-…&sort=timestamp",
    ),
    "event by id": (
        f'{{ node(id: "{_event(5)}") {{ id }} }}',
        "GET /admin/api/1/campaign/3/object-feed?query=id-eq-…&query=type-eq-scheduled&sort=id&order=asc&limit=",
    ),
    "events by id": (
        f'{{ nodes(ids: ["{_event(5)}", "{_event(7)}"]) {{ id }} }}',
        "GET /admin/api/1/campaign/3/object-feed?query=id-gte-…&query=id-lte-…&query=type-eq-scheduled&sort=id",
    ),
    "below a node": (
        f'{{ node(id: "{CAMPAIGN}") {{ ... on Campaign {{ events {{ nodes {{ id }} }} }} }} }}',
        "1 to 10 vendor calls\n  event-feed.list: GET /admin/api/1/campaign/…/subject-feed?sort=id",
    ),
    "revision by id": (
        f'{{ node(id: "{encode_id("sandbox", "template_revision", ("4", "79"))}") {{ id }} }}',
        "template.read: GET /admin/api/1/template/…?revisions=history",
    ),
    "entities": (
        _refer(FOUR),
        "campaign.read: GET /admin/api/1/campaign/…?auth=REDACTED",
    ),
    "entities of two types": (
        _refer(FOUR, *(f'{{__typename: "SubscriberList", sourceId: "sandbox", vendorId: {id_}}}' for id_ in (4, 5))),
        "list.list: GET /admin/api/1/list/?query=id-gte-…&query=id-lte-…&sort=id&order=asc&limit=…",
    ),
    "statistics": (
        '{ campaigns(first: 5) { nodes { stats(events: ["o"]) { period } } } }',
        "stats.campaign: GET /admin/api/1/stats/campaign?event=o&period=all&campaign_id=…&granularity=campaign",
    ),
    "statistics of an account": (
        '{ eventStatistics(source: "sandbox", events: ["o"]) { period } }',
        "stats.aggregate: GET /admin/api/1/stats/aggregate?event=o&period=all&auth=REDACTED",
    ),
}


@pytest.mark.parametrize(("query", "line"), SHAPES.values(), ids=SHAPES)
async def test_explain_shows_the_shape_of_every_kind_of_call(tmp_path: Path, query: str, line: str) -> None:
    """Whoever tunes an operation looks for the calls below its pages, which are most of them."""
    printed = await _explain(tmp_path, query)

    assert line in printed


async def test_an_id_of_nothing_is_refused_in_its_place(tmp_path: Path) -> None:
    """An explanation must not end in a traceback, nor promise a call that will not be made."""
    printed = await _explain(tmp_path, '{ node(id: "bm9wZQ") { id } }')

    assert "  refused: This is not an id of this graph." in printed
    assert "GET" not in printed


REFUSED_ITEMS = {
    "ids": (
        f"{{ nodes(ids: {MIXED}) {{ id }} }}",
        ["ids.0: This is not an id", "ids.2: There is no such source.", "ids.3: This is not an id"],
        "campaign.read: GET /admin/api/1/campaign/…",
    ),
    "representations": (
        _refer(FOUR, "7", FOUR.replace("sandbox", "nowhere"), '{__typename: "Nothing"}'),
        [f"representations.{number}: " for number in (1, 3)] + ["representations.2: There is no such source."],
        "campaign.read: GET /admin/api/1/campaign/…",
    ),
}


@pytest.mark.parametrize(("query", "refusals", "read"), REFUSED_ITEMS.values(), ids=REFUSED_ITEMS)
async def test_of_several_ids_only_the_bad_ones_are_refused(
    tmp_path: Path, query: str, refusals: list[str], read: str
) -> None:
    """The operation itself answers the good ones; told that all are refused, nobody would send it."""
    printed = await _explain(tmp_path, query)

    assert [refusal for refusal in refusals if f"  refused {refusal}" not in printed] == []
    assert printed.count("refused") == len(refusals)
    assert f"  {read}" in printed


async def test_too_many_ids_are_refused_as_a_whole(tmp_path: Path) -> None:
    """The operation reads none of them."""
    ids = [encode_id("sandbox", "list", (str(id_),)) for id_ in range(1, 502)]
    printed = await _explain(tmp_path, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)

    assert "  refused: 501 records were asked for at once." in printed
    assert "GET" not in printed
