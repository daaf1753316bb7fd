"""
A vendor that sends wrong rows, over a real socket.

Expected rows come from the sandbox's own store.
"""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import Fault
from tests.graph.real_vendor import OpenGraph, RealVendor, describe_source, named, open_graph, serving_vendor
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


def number(place: dict[str, Any]) -> int:
    return int(place["vendorId"])


# for a moment
# in one place
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
