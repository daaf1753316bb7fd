"""The shapes `marketing-graph explain` shows of calls whose keys nobody knows yet."""

import asyncio
import json
import re
from pathlib import Path

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

LISTS = json.dumps([encode_id("sandbox", "list", (id_,)) for id_ in ("3", "4")])


async def _explain(folder: Path, query: str) -> str:
    file = folder / "operation.graphql"
    file.write_text(query)
    return await asyncio.to_thread(explain_file, file, "{}", None, None)


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
    calls = body["extensions"]["plan"]["calls"]
    sent = {_to_shape(call["url"]) for call in {call["purpose"]: call for call in reversed(calls)}.values()}

    assert "errors" not in body
    assert len(sent) > 8
    assert sent - shown == set()


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
