"""A vendor that fails for a moment, or for long, over a real socket."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.graph.real_vendor import OpenGraph, RealVendor, describe_source, named, open_graph, serving_vendor
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
