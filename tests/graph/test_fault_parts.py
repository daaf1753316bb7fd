"""
A vendor that fails in one place of an operation, over a real socket.

Expected rows come from the sandbox's own store.
"""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.sandbox import Fault
from tests.graph.real_vendor import OpenGraph, RealVendor, describe_source, open_graph, serving_vendor
from tests.graph.vendor_side import node_id


@pytest.fixture(scope="module")
def vendor() -> Iterator[RealVendor]:
    """The vendor behind its own server, for all tests here."""
    with serving_vendor() as served:
        yield served


@pytest.fixture(autouse=True)
def _sound_again(vendor: RealVendor) -> Iterator[None]:
    yield
    vendor.behave()


@pytest.fixture
async def graph(vendor: RealVendor, tmp_path: Path) -> AsyncIterator[OpenGraph]:
    """A graph that has never seen its source, which is all that is known of its page size."""
    async with open_graph(tmp_path, describe_source("retail", vendor.url, "attempt_s = 2")) as opened:
        vendor.behave()
        yield opened


async def test_a_relation_that_fails_leaves_its_parents(vendor: RealVendor, graph: OpenGraph) -> None:
    """The people stay, each membership without its list, and each says so at its place."""
    vendor.misbehave(Fault("status", status=403, match="/list/"))

    answered = await graph.ask(
        "{ subscribers(first: 30) { nodes { vendorId memberships { listId list { name } } campaign { vendorId } } } }"
    )

    nodes = answered.data["subscribers"]["nodes"]
    rows = vendor.rows("subscriber")[:30]
    campaigns = {row["id"] for row in vendor.rows("campaign")}
    places = [
        ["subscribers", "nodes", place, "memberships", entry, "list"]
        for place, row in enumerate(rows)
        for entry in range(len(row["lists"]))
    ]
    assert places
    assert sorted(error["path"] for error in answered.errors) == places
    assert {error["extensions"]["code"] for error in answered.errors} == {"VENDOR_AUTH"}
    assert [node["memberships"] for node in nodes] == [
        [{"listId": str(entry["list_id"]), "list": None} for entry in row["lists"]] for row in rows
    ]
    assert [node["campaign"] is None for node in nodes] == [row["campaign_id"] not in campaigns for row in rows]


async def test_children_that_fail_leave_their_parents(vendor: RealVendor, graph: OpenGraph) -> None:
    """Of three lists one's members fail: two pages of members and one error."""
    vendor.misbehave(Fault("status", status=400, match="list_id-eq-2&"))

    answered = await graph.ask("{ lists(first: 3) { nodes { vendorId members(first: 2) { nodes { vendorId } } } } }")

    members = [node["members"] for node in answered.data["lists"]["nodes"]]
    assert [page is None for page in members] == [False, True, False]
    assert [error["path"] for error in answered.errors] == [["lists", "nodes", 1, "members"]]


async def test_nodes_fail_one_window_at_a_time(vendor: RealVendor, graph: OpenGraph) -> None:
    """Ids of another type, or far away, are other calls; they keep their records."""
    vendor.misbehave(Fault("html", match="campaign"))
    ids = [node_id(kind, each, "retail") for each in (1, 2) for kind in ("list", "campaign")]

    answered = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ id }} }}")

    assert [node and node["id"] for node in answered.data["nodes"]] == [ids[0], None, ids[2], None]
    assert [error["path"] for error in answered.errors] == [["nodes", 1], ["nodes", 3]]
    assert {error["extensions"]["reason"] for error in answered.errors} == {"BODY_HTML"}


async def test_one_unreadable_record_fails_alone(vendor: RealVendor, graph: OpenGraph) -> None:
    """Read by id, its neighbours in the same reply are sound."""
    rows = [{**row, "name": {"a": 7}} if row["id"] == 2 else row for row in vendor.rows("list")[:3]]
    vendor.misbehave(Fault("json", body=json.dumps(rows)))
    ids = [node_id("list", each, "retail") for each in (1, 2, 3)]

    answered = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ ... on SubscriberList {{ vendorId name }} }} }}")

    assert [node and node["vendorId"] for node in answered.data["nodes"]] == ["1", None, "3"]
    assert [(error["path"], error["extensions"]["reason"]) for error in answered.errors] == [
        (["nodes", 1], "RECORD_UNREADABLE")
    ]


async def test_one_unreadable_record_does_not_close_a_page(vendor: RealVendor, graph: OpenGraph) -> None:
    """The rows around it are sound: they are shown, what is missing is said, and the cursor leads past it."""
    rows = [{**row, "name": {"a": 7}} if row["id"] == 2 else row for row in vendor.rows("list")[:4]]
    vendor.misbehave(Fault("json", body=json.dumps(rows), times=1))
    page = "nodes { vendorId name } pageInfo { endCursor } completeness { state reason }"

    answered = await graph.ask(f'{{ lists(source: "retail", first: 3) {{ {page} }} }}')

    shown = answered.data["lists"]
    assert [node["vendorId"] for node in shown["nodes"]] == ["1", "3", "4"]
    assert [(state["state"], "list 2" in state["reason"]) for state in shown["completeness"]] == [("PARTIAL", True)]
    assert [(error["path"], error["extensions"]["reason"]) for error in answered.errors] == [
        (["lists"], "RECORD_UNREADABLE")
    ]


async def test_a_record_that_is_gone_is_null(vendor: RealVendor, graph: OpenGraph) -> None:
    """404 for one id is an answer: there is none."""
    vendor.misbehave(Fault("status", status=404, match="/list/7"))

    answered = await graph.ask(f'{{ node(id: "{node_id("list", 7, "retail")}") {{ id }} }}')

    assert (answered.errors, answered.data) == ([], {"node": None})


async def test_another_record_than_asked_for_is_refused(vendor: RealVendor, graph: OpenGraph) -> None:
    """A neighbour's data in somebody's place is the worst answer of all."""
    other = vendor.rows("subscriber")[7]
    vendor.misbehave(Fault("json", body=json.dumps([other])))
    ids = [node_id("subscriber", each, "retail") for each in (2, 3)]

    one = await graph.ask(f'{{ node(id: "{ids[0]}") {{ ... on Subscriber {{ email }} }} }}')
    window = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ ... on Subscriber {{ email }} }} }}")

    assert (one.data, window.data) == ({"node": None}, {"nodes": [None, None]})
    assert {error["extensions"]["reason"] for error in one.errors + window.errors} == {"RECORD_OTHER", "BOUND_IGNORED"}
    assert str(other["email"]) not in one.spoken + window.spoken


async def test_a_page_whose_second_call_fails_is_no_short_page(vendor: RealVendor, graph: OpenGraph) -> None:
    """Half a page that looks whole would lose the other half without a word."""
    vendor.misbehave(Fault("status", status=400, match="id-gt-"))

    answered = await graph.ask(
        '{ subscribers(first: 20, filter: {customField: {key: "no such", value: {isNull: false}}}) { nodes { id } } }'
    )

    assert answered.data == {"subscribers": None}
    assert [error["extensions"]["code"] for error in answered.errors] == ["VENDOR_REJECTED"]


async def test_a_vendor_that_repeats_its_page_is_no_loop(vendor: RealVendor, graph: OpenGraph) -> None:
    """The same rows whatever is asked: the second call shows it."""
    vendor.misbehave(Fault("json", body=json.dumps(vendor.rows("list")[:5])))

    answered = await graph.ask("{ lists(first: 40) { nodes { id } } }")

    assert answered.data == {"lists": None}
    assert [error["extensions"]["reason"] for error in answered.errors] == ["BOUND_IGNORED"]
    assert len(vendor.received()) == 2
