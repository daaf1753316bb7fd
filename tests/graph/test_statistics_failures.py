"""Statistics beside a failure: what it takes along, and what stands."""

from collections.abc import Iterator

import httpx
import pytest

from adapters.contract import Source
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox
from resolvers.principal import LOCAL, Principal, Scope
from tests.adapters.vendors.taguchi_v4.world import build_settings
from tests.graph.conftest import Graph, code_of
from tests.graph.sandbox_asking import SOURCE, Asking
from tests.graph.statistics_fields import CHANGE, COUNT


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """An account of its own, for faults."""
    return create_sandbox(subscribers=20, events=2_000)


@pytest.fixture(autouse=True)
def _sound_again(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.faults.clear()


def open_asking(sandbox: Sandbox, principal: Principal = LOCAL) -> Asking:
    settings = build_settings()
    adapter = ADAPTER.open(SOURCE, settings, httpx.ASGITransport(sandbox.app))
    return Asking({SOURCE: Source(SOURCE, ADAPTER, ADAPTER.build_capability(settings), adapter)}, principal)


async def test_a_failed_period_fails_its_field_alone(sandbox: Sandbox) -> None:
    """Half of the periods would read as if nothing had happened in the other half."""
    sandbox.faults.add(Fault("html", match="period=day"))
    asking = open_asking(sandbox)
    result = await asking.run(
        '{ campaigns(first: 2) { nodes { name both: stats(events: ["s"], periods: [ALL, DAY]) { period } '
        'sound: stats(events: ["o"]) { eventCode } } } }'
    )

    assert result.data is not None
    assert [call.operation for call in asking.calls] == ["campaign.list", *["stats.campaign"] * 2]
    nodes = result.data["campaigns"]["nodes"]
    assert [node["both"] for node in nodes] == [None, None]
    assert [node["sound"] for node in nodes] == [[{"eventCode": "o"}]] * 2
    assert {str(error.path) for error in result.errors or ()} == {
        str(["campaigns", "nodes", place, "both"]) for place in range(2)
    }


async def test_numbers_stand_when_only_their_names_fail(sandbox: Sandbox) -> None:
    """Nothing that was counted may be lost because a look-up failed."""
    sandbox.faults.add(Fault("html", match="/event/"))
    asking = open_asking(sandbox)
    result = await asking.run(
        '{ eventStatistics(source: "sandbox", events: ["s"]) { eventCode eventType { name } points { count } } }'
    )

    assert result.data is not None
    (series,) = result.data["eventStatistics"]
    assert (series["eventCode"], series["eventType"], len(series["points"])) == ("s", None, 1)
    assert [str(error.path) for error in result.errors or ()] == ["['eventStatistics', 0, 'eventType']"]


async def test_numbers_stand_beside_a_failed_look_up_of_a_code(graph: Graph) -> None:
    """Whether `t` exists is not known then; what `s` counted is."""
    (vendor,) = graph.vendors
    await vendor.post("/_sandbox/faults", json=[{"kind": "html", "match": "/event/", "times": 1}])
    try:
        body = await graph.run('{ eventStatistics(source: "sandbox", events: ["s", "t"]) { eventCode } }')
    finally:
        await vendor.delete("/_sandbox/faults")

    assert body["data"] == {"eventStatistics": [{"eventCode": "s"}]}
    assert code_of(body) == "VENDOR_BAD_RESPONSE"
    assert body["errors"][0]["path"] == ["eventStatistics"]


async def test_numbers_are_the_same_without_the_scope_for_people(sandbox: Sandbox) -> None:
    """Numbers tell of nobody, so an analyst gets them too."""
    query = (
        f'{{ eventStatistics(source: "sandbox", events: ["s", "o"]) {{ {COUNT} }} '
        f"lists(first: 5) {{ nodes {{ stats {{ {CHANGE} }} }} }} }}"
    )
    analyst = Principal("analyst", frozenset({Scope.READ}))

    assert await open_asking(sandbox, analyst).ask(query) == await open_asking(sandbox).ask(query)
