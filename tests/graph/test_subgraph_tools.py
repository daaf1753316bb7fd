"""Our graph as one of a company's: composed by both composers in use, and resolved through Apollo's gateway."""

from typing import Any

import httpx
import pytest

from tests.served_fixture import RunNode, print_schema

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def composed(run_node: RunNode, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("composed") / "schema.graphql"
    file.write_text(print_schema(), encoding="utf-8")
    found: dict[str, Any] = run_node("compose.mjs", str(file))
    return found


@pytest.mark.parametrize("composer", ["apollo", "guild"])
def test_our_subgraph_composes_with_a_partners(composed: dict[str, Any], composer: str) -> None:
    """A company could not put the graph beside its own."""
    assert composed[composer]["errors"] == []
    assert "type Subscriber" in composed[composer]["supergraph"]


def test_the_gateway_resolves_our_entities_from_a_partners_keys(served: str, run_node: RunNode) -> None:
    """A query that starts in another graph would find nothing of ours, or pay one request for each entity."""
    known = _subscribers(served, first=3)
    operation = {
        "query": "query Orders($ids: [ID!]!) { orders(buyers: $ids) { number buyer { vendorId email } } }",
        "variables": {"ids": [subscriber["vendorId"] for subscriber in known]},
    }

    [answer] = run_node("gateway.mjs", f"{served}/graphql", given=[operation])

    assert answer["data"]["orders"] == [
        {"number": f"order-{subscriber['vendorId']}", "buyer": subscriber} for subscriber in known
    ]
    assert len(answer["requests"]) == 1
    assert len(answer["requests"][0]["representations"]) == len(known)


def test_an_entity_that_is_gone_nulls_only_its_own_place(served: str, run_node: RunNode) -> None:
    """One stale key in a partner's data would empty the whole answer."""
    [known] = _subscribers(served, first=1)
    operation = {
        "query": "query Orders($ids: [ID!]!) { orders(buyers: $ids) { buyer { email } } }",
        "variables": {"ids": [known["vendorId"], "999999999"]},
    }

    [answer] = run_node("gateway.mjs", f"{served}/graphql", given=[operation])

    # the gateway keeps the key it was given, and has nothing else to say about it
    assert answer["data"]["orders"] == [{"buyer": {"email": known["email"]}}, {"buyer": {"email": None}}]
    assert answer.get("errors") is None


def _subscribers(served: str, *, first: int) -> list[dict[str, Any]]:
    query = "query Some($first: Int!) { subscribers(first: $first) { nodes { vendorId email } } }"
    reply = httpx.post(f"{served}/graphql", json={"query": query, "variables": {"first": first}}, trust_env=False)
    nodes: list[dict[str, Any]] = reply.json()["data"]["subscribers"]["nodes"]
    assert len(nodes) == first
    return nodes
