"""
A vendor that sends wrong rows, or fails for a moment or in one place, over a real socket.

Expected rows come from the sandbox's own store.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.graph.real_vendor import OpenGraph, RealVendor, describe_source, open_graph, serving_vendor
from tests.graph.vendor_side import node_id

LISTS = "{ lists(first: 3) { nodes { vendorId name } pageInfo { hasNextPage } } }"


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


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"vendorId": str(row["id"]), "name": row["name"]} for row in rows]


def number(place: dict[str, Any]) -> int:
    return int(place["vendorId"])


# for a moment


MOMENTS = {
    "reset before the answer": (Fault("reset", times=1), "RESET"),
    "reset in the body": (Fault("reset", after_bytes=30, times=1), "RESET"),
    "short body": (Fault("short_body", times=1), "RESET"),
    "hang": (Fault("hang", times=1), "TIMEOUT"),
    "500": (Fault("status", status=500, times=1), "STATUS_500"),
    "503": (Fault("status", status=503, times=1), "STATUS_503"),
    "429 for a second": (Fault("status", status=429, retry_after="1", times=1), "THROTTLED"),
}


@pytest.mark.parametrize(("fault", "word"), MOMENTS.values(), ids=MOMENTS)
async def test_a_moment_of_trouble_is_not_seen(vendor: RealVendor, graph: OpenGraph, fault: Fault, word: str) -> None:
    """One slip of the network must not become an error on somebody's page; the plan still tells it."""
    vendor.misbehave(fault)

    answered = await graph.ask(LISTS)

    assert answered.errors == []
    assert answered.data["lists"]["nodes"] == named(vendor.rows("list")[:3])
    assert [(call["attempts"], call["retries"]) for call in answered.calls] == [(2, [word])]
    assert len(vendor.received()) == 2


HARMLESS = {
    "another content type": Fault("content_type", content_type="text/html"),
    "an extra field": Fault("extra_field", field="colour", value={"deep": [1]}),
    "a field missing": Fault("missing_field", field="status"),
    "a null": Fault("retyped_field", field="ref", value=None),
}


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS)
async def test_harmless_changes_are_accepted(vendor: RealVendor, graph: OpenGraph, fault: Fault) -> None:
    """A vendor adds fields and mislabels good JSON without asking anybody."""
    vendor.misbehave(fault)

    answered = await graph.ask(LISTS)

    assert answered.errors == []
    assert answered.data["lists"]["nodes"] == named(vendor.rows("list")[:3])


async def test_no_content_is_nothing_found(tmp_path: Path) -> None:
    """The document's 204, where other vendors send an empty list."""
    with serving_vendor(options=SandboxOptions(empty="204"), subscribers=20) as vendor:
        async with open_graph(tmp_path, describe_source("retail", vendor.url)) as graph:
            answered = await graph.ask(
                '{ lists(filter: {name: {eq: "no such list"}}) { nodes { id } } list(by: {ref: "no such"}) { id } '
                f'node(id: "{node_id("list", 900_000, "retail")}") {{ id }} }}'
            )

    assert answered.errors == []
    assert answered.data == {"lists": {"nodes": []}, "list": None, "node": None}


# in one place


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

    answered = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ ... on SubscriberList {{ vendorId }} }} }}")

    assert answered.data["nodes"] == [{"vendorId": "1"}, None, {"vendorId": "3"}]
    assert [(error["path"], error["extensions"]["reason"]) for error in answered.errors] == [
        (["nodes", 1], "RECORD_UNREADABLE")
    ]


async def test_one_unreadable_record_does_not_close_a_page(vendor: RealVendor, graph: OpenGraph) -> None:
    """The rows around it are sound: they are shown, what is missing is said, and the cursor leads past it."""
    rows = [{**row, "name": {"a": 7}} if row["id"] == 2 else row for row in vendor.rows("list")[:4]]
    vendor.misbehave(Fault("json", body=json.dumps(rows), times=1))
    page = "nodes { vendorId } pageInfo { endCursor } completeness { state reason }"

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


# rows out of place


DAMAGE = {
    "none": [],
    "duplicate rows": [Fault("duplicate_rows", count=3)],
    "shuffled rows": [Fault("shuffled_rows")],
    "clamped to three": [Fault("clamp", count=3)],
    "all at once": [Fault("clamp", count=5), Fault("duplicate_rows", count=2), Fault("shuffled_rows")],
}
DAMAGED = pytest.mark.parametrize("faults", DAMAGE.values(), ids=DAMAGE)
PAGES = (
    "query($c: String) { lists(first: 7, after: $c) { nodes { vendorId name } pageInfo { hasNextPage endCursor } } }"
)


async def walk(graph: OpenGraph) -> list[dict[str, Any]]:
    """Follow the cursors from the first list to the last."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        answered = await graph.ask(PAGES, c=page["pageInfo"]["endCursor"])
        assert answered.errors == []
        page = answered.data["lists"]
        found += page["nodes"]
        assert len(found) < 1_000
    return found


@DAMAGED
async def test_pages_hold_the_right_rows(vendor: RealVendor, graph: OpenGraph, faults: list[Fault]) -> None:
    """No row twice, none lost, none out of order, whatever the vendor does to its replies."""
    vendor.misbehave(*faults)

    assert await walk(graph) == named(vendor.rows("list"))


@DAMAGED
async def test_nodes_hold_the_right_records(vendor: RealVendor, graph: OpenGraph, faults: list[Fault]) -> None:
    """Matched by id, never by place."""
    vendor.misbehave(*faults)
    ids = [node_id("list", row["id"], "retail") for row in vendor.rows("list")][::-1]

    answered = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ id ... on SubscriberList {{ name }} }} }}")

    assert answered.errors == []
    assert answered.data["nodes"] == [
        {"id": id_, "name": row["name"]} for id_, row in zip(ids, vendor.rows("list")[::-1], strict=True)
    ]


@DAMAGED
async def test_relations_lead_to_the_right_records(vendor: RealVendor, graph: OpenGraph, faults: list[Fault]) -> None:
    """Everybody's own campaign."""
    vendor.misbehave(*faults)
    names = {row["id"]: row["name"] for row in vendor.rows("campaign")}

    answered = await graph.ask("{ subscribers(first: 20) { nodes { vendorId campaign { name } } } }")

    assert answered.errors == []
    assert answered.data["subscribers"]["nodes"] == [
        {
            "vendorId": str(row["id"]),
            "campaign": {"name": names[row["campaign_id"]]} if row["campaign_id"] in names else None,
        }
        for row in vendor.rows("subscriber")[:20]
    ]


@DAMAGED
async def test_children_are_their_parents_own(vendor: RealVendor, graph: OpenGraph, faults: list[Fault]) -> None:
    """The first people of each campaign and the first members of each list, in the order of their ids."""
    vendor.misbehave(*faults)
    people = vendor.rows("subscriber")

    answered = await graph.ask(
        "{ campaigns(first: 6) { nodes { vendorId subscribers(first: 4) { nodes { vendorId } } } } "
        "lists(first: 3) { nodes { vendorId members(first: 4) { nodes { vendorId } } } } }"
    )

    assert answered.errors == []
    for node in answered.data["campaigns"]["nodes"]:
        brought = [row["id"] for row in people if row["campaign_id"] == number(node)]
        assert [number(child) for child in node["subscribers"]["nodes"]] == brought[:4]
    for node in answered.data["lists"]["nodes"]:
        members = [row["id"] for row in people if number(node) in {entry["list_id"] for entry in row["lists"]}]
        assert [number(child) for child in node["members"]["nodes"]] == members[:4]


@DAMAGED
async def test_look_ups_find_their_own(vendor: RealVendor, graph: OpenGraph, faults: list[Fault]) -> None:
    """Eight addresses in one call; none gets another's record."""
    vendor.misbehave(*faults)
    people = vendor.rows("subscriber")
    emails = [row["email"] for row in people]
    wanted = [row for row in people if row["email"] and emails.count(row["email"]) == 1][:8]
    fields = " ".join(
        f"p{place}: subscriber(by: {{email: {json.dumps(row['email'])}}}) {{ vendorId email }}"
        for place, row in enumerate(wanted)
    )

    answered = await graph.ask(f"{{ {fields} }}")

    assert answered.errors == []
    assert answered.data == {
        f"p{place}": {"vendorId": str(row["id"]), "email": row["email"]} for place, row in enumerate(wanted)
    }


async def test_what_the_vendor_leaves_out_is_null_and_nobody_elses(vendor: RealVendor, graph: OpenGraph) -> None:
    """Five rows fall out of every reply: their places are empty, and everybody else stays in place."""
    vendor.misbehave(Fault("missing_rows", count=5))
    ids = [node_id("list", row["id"], "retail") for row in vendor.rows("list")]

    answered = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ id }} lists(first: 20) {{ nodes {{ id }} }} }}")

    assert answered.errors == []
    places = [None if node is None else node["id"] for node in answered.data["nodes"]]
    shown = [node["id"] for node in answered.data["lists"]["nodes"]]
    assert [id_ for place, id_ in zip(places, ids, strict=True) if place not in {None, id_}] == []
    assert places.count(None) == 5
    assert shown == [id_ for id_ in ids if id_ in shown]


# for long


async def test_a_vendor_that_is_down_is_left_alone(vendor: RealVendor, graph: OpenGraph) -> None:
    """After ten failed sends in a row nothing is sent, and the answer comes at once."""
    vendor.misbehave(Fault("reset"))
    answers = [await graph.ask(LISTS) for _ in range(4)]
    sent = len(vendor.received())

    started = time.monotonic()
    answered = await graph.ask(LISTS)
    spent_s = time.monotonic() - started

    assert {error["extensions"]["reason"] for each in answers for error in each.errors} <= {"RESET", "BREAKER_OPEN"}
    assert [error["extensions"]["reason"] for error in answered.errors] == ["BREAKER_OPEN"]
    assert (sent, len(vendor.received())) == (10, 10)
    assert answered.data == {"lists": None}
    assert spent_s < 1


@pytest.mark.bars
async def test_a_vendor_that_is_back_is_asked_again(vendor: RealVendor, graph: OpenGraph) -> None:
    """One trial call after the cool-down of five seconds, and then everybody's."""
    vendor.misbehave(Fault("reset"))
    for _ in range(4):
        await graph.ask(LISTS)
    vendor.behave()
    await asyncio.sleep(5.5)

    answered = [await graph.ask(LISTS) for _ in range(3)]

    assert [each.errors for each in answered] == [[], [], []]
    assert len(vendor.received()) == 3


async def test_the_requests_own_deadline_holds(vendor: RealVendor, tmp_path: Path) -> None:
    """A vendor may be given longer than the request has; what else was asked for is there in time."""
    vendor.misbehave(Fault("hang", match="/list/"))
    table = describe_source("retail", vendor.url, "attempt_s = 30")
    async with open_graph(tmp_path, table, limit_deadline_s=1.0) as graph:
        answered = await graph.ask("{ lists(first: 1) { nodes { id } } campaigns(first: 1) { nodes { vendorId } } }")

    assert [error["extensions"]["reason"] for error in answered.errors] == ["DEADLINE"]
    assert answered.data == {"lists": None, "campaigns": {"nodes": [{"vendorId": "1"}]}}
    assert answered.spent_s < 2.5


async def test_a_source_that_fails_comes_later(vendor: RealVendor, tmp_path: Path) -> None:
    """Of two sources one is down: the other's rows are shown, and the cursor comes back to what is owed."""
    with serving_vendor(subscribers=5) as other:
        other.misbehave(Fault("status", status=500))
        tables = [describe_source("a-shop", other.url), describe_source("b-shop", vendor.url)]
        query = """query($c: String) { lists(first: 100, after: $c) { nodes { sourceId vendorId }
          pageInfo { hasNextPage endCursor } completeness { sourceId state } } }"""
        async with open_graph(tmp_path, *tables) as graph:
            first = await graph.ask(query)
            page = first.data["lists"]
            other.behave()
            second = (await graph.ask(query, c=page["pageInfo"]["endCursor"])).data["lists"]
        expected = [{"sourceId": "a-shop", "vendorId": str(row["id"])} for row in other.rows("list")]

    assert page["nodes"] == [{"sourceId": "b-shop", "vendorId": str(row["id"])} for row in vendor.rows("list")]
    assert page["completeness"] == [{"sourceId": "a-shop", "state": "FAILED"}, {"sourceId": "b-shop", "state": "OK"}]
    assert [(error["path"], error["extensions"]["source"]) for error in first.errors] == [(["lists"], "a-shop")]
    assert page["pageInfo"]["hasNextPage"]
    assert second["nodes"] == expected
    assert not second["pageInfo"]["hasNextPage"]
