"""
What is remembered between operations, as callers see it: fewer vendor calls, and a plan that says so.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from resolvers.principal import Principal, Scope
from tests.graph.conftest import Graph

OpenGraph = Callable[..., AbstractAsyncContextManager[Graph]]

LISTS = "{ lists(first: 2) { nodes { name } } }"
PEOPLE = "{ subscribers(first: 2) { nodes { vendorId email } } }"


@pytest.fixture
async def remembering(open_graph: OpenGraph) -> AsyncIterator[Graph]:
    """A graph that remembers, as it is served."""
    async with open_graph(cache=True) as opened:
        yield opened


async def plan(graph: Graph, query: str, **headers: str) -> list[dict[str, Any]]:
    answer = await graph.client.post("/graphql", json={"query": query}, headers={"X-Explain": "1", **headers})
    calls: list[dict[str, Any]] = answer.json()["extensions"]["plan"]["calls"]
    return calls


async def test_an_operation_asked_again_costs_no_vendor_call(remembering: Graph) -> None:
    """Broken, every visitor of a page would cost the vendor what the first one did."""
    first, second = await remembering.run(LISTS), await remembering.run(LISTS)

    assert first["data"] == second["data"]
    assert len(await remembering.calls()) == 1


async def test_a_remembered_answer_shows_as_such(remembering: Graph) -> None:
    """Broken, nobody could tell a fresh number from an old one."""
    (miss,), (hit,) = await plan(remembering, LISTS), await plan(remembering, LISTS)

    assert (miss["cache"], miss["ageS"], miss["attempts"]) == ("miss", None, 1)
    assert (hit["cache"], hit["attempts"], hit["rows"]) == ("hit", 0, miss["rows"])
    assert 0 <= hit["ageS"] < 60


async def test_callers_at_the_same_time_share_one_call(remembering: Graph) -> None:
    """Broken, a crowd would reach the vendor as a crowd."""
    plans = await asyncio.gather(*(plan(remembering, PEOPLE) for _ in range(20)))

    assert len(await remembering.calls()) == 1
    assert sorted(call["cache"] for (call,) in plans) == ["miss", *["shared"] * 19]


@pytest.mark.parametrize(
    ("query", "headers"),
    [(LISTS, {"X-Max-Staleness": "0"}), (f"query @maxStaleness(seconds: 0) {LISTS}", {})],
    ids=["header", "operation"],
)
async def test_a_caller_may_ask_for_the_present(remembering: Graph, query: str, headers: dict[str, str]) -> None:
    """Broken, whoever must be sure could not be."""
    await remembering.run(LISTS)

    (call,) = await plan(remembering, query, **headers)

    assert call["cache"] == "miss"
    assert len(await remembering.calls()) == 2


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        (LISTS, {"X-Max-Staleness": "soon"}),
        (LISTS, {"X-Max-Staleness": "-1"}),
        (LISTS, {"X-Max-Staleness": "inf"}),
        (f"query @maxStaleness(seconds: -1) {LISTS}", {}),
        (f"query ($s: Int! = -1) @maxStaleness(seconds: $s) {LISTS}", {}),
    ],
    ids=["a word", "less than nothing", "for ever", "an operation's less than nothing", "a variable's"],
)
async def test_an_age_that_is_none_is_refused(remembering: Graph, query: str, headers: dict[str, str]) -> None:
    """Broken, a slip would quietly mean the default."""
    answer = await remembering.client.post("/graphql", json={"query": query}, headers=headers)

    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] in {"BAD_REQUEST", "BAD_USER_INPUT"}
    assert await remembering.calls() == []


async def test_failures_are_asked_again(remembering: Graph) -> None:
    """Broken, a vendor that is well again would seem down for minutes."""
    (vendor,) = remembering.vendors
    await vendor.post("/_sandbox/faults", json={"kind": "status", "status": 403})
    failed = await remembering.run(LISTS)
    await vendor.delete("/_sandbox/faults")

    healed = await remembering.run(LISTS)

    assert failed["data"] == {"lists": None}
    assert "errors" not in healed


async def test_who_may_see_less_is_never_given_what_others_asked_for(open_graph: OpenGraph) -> None:
    """Broken, a caller without `pii` could read addresses that a colleague has just read, or be shown asterisks."""
    masked = Principal("analyst", frozenset({Scope.READ, Scope.EXPLAIN}))
    async with open_graph(cache=True) as whole, open_graph(principal=masked, cache=True) as part:
        for _ in range(2):
            open_, hidden = await asyncio.gather(whole.run(PEOPLE), part.run(PEOPLE))

            assert all("@" in node["email"] for node in open_["data"]["subscribers"]["nodes"] if node["email"])
            assert {node["email"] for node in hidden["data"]["subscribers"]["nodes"]} <= {"***", None}
