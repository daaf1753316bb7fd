"""What `/metrics` counts, and whom it answers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.calls import CallRecord
from adapters.sandbox import Fault
from adapters.vendors.talon_one.sandbox import Keys
from adapters.vendors.talon_one.sandbox import create_sandbox as create_tenant
from graph.server.app import create_app
from graph.server.guard import Doors
from graph.server.http import HttpOptions
from graph.server.metrics import MAX_SERIES, Metrics
from graph.settings import load_settings
from tests.graph.conftest import build_small_app, connect
from tests.graph.real_vendor import OpenGraph, RealVendor, describe_source, open_graph, serving_vendor

PROMO = """
[sources.promo]
vendor = "talon_one"
base_url = "http://127.0.0.1"
deployment = "sandbox.europe-west1.talon.one"
platform_name = "Marketing Graph"
auth = { key = { env = "PROMO_KEY" } }
management = { key = { env = "PROMO_KEY" } }
"""
BULK = "mutation ($input: ChangeAudiencesInput!) { changeAudiences(input: $input) { errors { code } } }"
LISTS = "{ lists(first: 3) { nodes { vendorId name } } }"


@pytest.fixture
def vendor() -> Iterator[RealVendor]:
    """The vendor behind its own server."""
    with serving_vendor(subscribers=20) as served:
        yield served


@pytest.fixture
async def graph(vendor: RealVendor, tmp_path: Path) -> AsyncIterator[OpenGraph]:
    """A graph that has counted nothing yet."""
    async with open_graph(tmp_path, describe_source("retail", vendor.url, "attempt_s = 2")) as opened:
        vendor.behave()
        yield opened


def read(text: str) -> dict[tuple[str, ...], float]:
    """Every number of the page by its name and labels, in the order of the labels' names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_drift_and_calls_are_counted(
    vendor: RealVendor, graph: OpenGraph, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator must learn that a vendor changed a field before the users tell."""
    vendor.misbehave(Fault("retyped_field", field="name", value={"secret": "value"}, only=(2,)))

    with caplog.at_level(logging.WARNING, "graph.server.metrics"):
        for _ in range(2):
            await graph.ask(LISTS)
        vendor.misbehave(Fault("status", status=400))
        await graph.ask(LISTS)
    page = await graph.client.get("/metrics")

    assert page.headers["content-type"].startswith("text/plain; version=")
    assert read(page.text) == {
        ("marketing_graph_vendor_calls_total", "VENDOR_BAD_RESPONSE", "retail"): 2,
        ("marketing_graph_vendor_calls_total", "VENDOR_REJECTED", "retail"): 1,
        ("marketing_graph_vendor_drift_total", "list", "name", "retail"): 2,
    }
    logged = [record.message for record in caplog.records if record.name == "graph.server.metrics"]
    assert len(logged) == 1
    assert "retail" in logged[0]
    assert "secret" not in page.text + logged[0]


async def test_an_operation_that_nobody_waited_for_is_counted(graph: OpenGraph, vendor: RealVendor) -> None:
    """Calls of clients who left are the ones an operator asks after."""
    vendor.misbehave(Fault("hang"))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await graph.client.post("/graphql", json={"query": LISTS})
    page = await graph.client.get("/metrics")

    assert read(page.text) == {("marketing_graph_vendor_calls_total", "CANCELLED", "retail"): 1}


async def test_answers_that_were_not_sent_for_are_told_apart() -> None:
    """One bad record that is remembered for an hour is no drift of an hour."""
    metrics = Metrics()
    for cache in ("miss", "shared", "hit", "hit"):
        call = CallRecord("retail", "fake", "list", "GET", "/", status=200, cache=cache)
        call.note_unreadable("list", "name")
        metrics.count([call])

    assert read(metrics.print().decode()) == {
        ("marketing_graph_vendor_calls_total", "OK", "retail"): 1,
        ("marketing_graph_vendor_calls_total", "SHARED", "retail"): 1,
        ("marketing_graph_vendor_calls_total", "HIT", "retail"): 2,
        ("marketing_graph_vendor_drift_total", "list", "name", "retail"): 1,
    }


async def test_what_the_worker_calls_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, the ten thousand calls of a bulk write would be nowhere to be seen."""
    monkeypatch.setenv("PROMO_KEY", "sandbox-key")
    path = tmp_path / "sources.toml"
    await asyncio.to_thread(path.write_text, PROMO)
    tenant = create_tenant(keys=Keys(cdp="sandbox-key", integration="sandbox-key", management="sandbox-key"))
    app = create_app(load_settings(sources=path), transports={"promo": httpx.ASGITransport(tenant.app)})
    items = [{"ref": f"kim{number}", "join": ["1"]} for number in range(101)]
    async with app.router.lifespan_context(app), connect(app) as client:
        given = {"source": "promo", "items": items}
        payload = (await client.post("/graphql", json={"query": BULK, "variables": {"input": given}})).json()["data"]
        counted: dict[tuple[str, ...], float] = {}
        async with asyncio.timeout(20):
            while not counted:
                await asyncio.sleep(0.05)
                counted = read((await client.get("/metrics")).text)

    assert payload == {"changeAudiences": {"errors": []}}
    assert counted == {("marketing_graph_vendor_calls_total", "OK", "promo"): len(tenant.calls.entries)}


async def test_what_is_not_compiled_is_counted_by_its_reason(graph: OpenGraph) -> None:
    """Broken, an operator would not learn why operations run slowly."""
    for query in ("{ __typename __schema { queryType { name } } }", "{ __typename }"):
        for _ in range(2):
            await graph.ask(query)

    page = await graph.client.get("/metrics")

    assert read(page.text) == {("marketing_graph_executor_fallbacks_total", "introspection"): 2}


async def test_series_are_bounded() -> None:
    """A vendor whose fields are different every day must not fill the memory."""
    metrics = Metrics()
    for number in range(MAX_SERIES + 50):
        call = CallRecord("retail", "fake", "list", "GET", "/", status=200)
        call.note_unreadable("list", f"field{number}")
        metrics.count([call])

    counted = read(metrics.print().decode())

    assert counted["marketing_graph_vendor_calls_total", "OK", "retail"] == MAX_SERIES + 50
    assert counted["marketing_graph_vendor_drift_total", "list", "other", "retail"] == 50
    assert len(counted) == MAX_SERIES + 2


@pytest.mark.parametrize(
    ("caller", "host", "local_only", "status"),
    [
        ("127.0.0.1", "127.0.0.1", True, 200),
        ("127.0.0.1", "evil.example", True, 421),
        ("192.0.2.7", "127.0.0.1", True, 403),
        ("192.0.2.7", "127.0.0.1", False, 403),
    ],
)
async def test_only_this_machine_is_answered(caller: str, host: str, local_only: bool, status: int) -> None:
    """The names of sources and how they fare are the operator's, whoever else the server answers."""
    app = build_small_app(HttpOptions(doors=Doors(local_only=local_only)))
    transport = httpx.ASGITransport(app, client=(caller, 40_000))

    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        answer = await client.get("/metrics")

    assert answer.status_code == status
