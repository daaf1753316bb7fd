"""The composition root: every setting arrives where it counts, and what was opened is closed."""

from typing import Any

import httpx
import pytest

from adapters.registry import find_vendors
from graph.server.app import create_app
from graph.server.sources import OpenSources, embedded_sandbox
from graph.settings import load_settings
from tests.graph.conftest import Graph, code_of, connect, reason_of

LISTS = "query($n: Int) { lists(first: $n) { nodes { id } } }"


@pytest.mark.parametrize(
    ("setting", "query", "code"),
    [
        ({"limit_depth": 2}, "{ lists { nodes { id } } }", "DOCUMENT_TOO_COMPLEX"),
        ({"limit_fields": 2}, "{ lists { nodes { id } } }", "DOCUMENT_TOO_COMPLEX"),
        ({"limit_aliases": 0}, "{ a: __typename }", "DOCUMENT_TOO_COMPLEX"),
        ({"limit_root_fields": 1}, "{ a: __typename b: __typename }", "DOCUMENT_TOO_COMPLEX"),
        ({"limit_operations": 1}, "query A { __typename } query B { __typename }", "DOCUMENT_TOO_COMPLEX"),
        ({"limit_tokens": 10}, "{ a: __typename b: __typename c: __typename }", "DOCUMENT_TOO_LARGE"),
        ({"limit_first": 5, "default_first": 5}, "{ lists(first: 6) { nodes { id } } }", "BAD_USER_INPUT"),
        ({"limit_representations": 1}, '{ nodes(ids: ["a", "b"]) { id } }', "BAD_USER_INPUT"),
        ({"limit_vendor_calls": 1}, "{ lists { nodes { id } } campaigns { nodes { id } } }", "BUDGET_EXCEEDED"),
        ({"introspection": False}, "{ __schema { types { name } } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_each_limit_can_be_set(open_graph: Any, setting: dict[str, Any], query: str, code: str) -> None:
    """A setting that is read and then forgotten is worse than none: the operator counts on it."""
    async with open_graph(**setting) as graph:
        body = await graph.run(query)

    assert {error["extensions"]["code"] for error in body["errors"]} == {code}


async def test_the_page_size_that_is_not_named_can_be_set(open_graph: Any) -> None:
    """It decides what an operation without `first` costs."""
    async with open_graph(default_first=3) as graph:
        body = await graph.run("{ lists { nodes { id } } }")

    assert len(body["data"]["lists"]["nodes"]) == 3


async def test_the_number_of_reported_errors_can_be_set(open_graph: Any) -> None:
    """Of a document and of variables alike."""
    async with open_graph(limit_reported_errors=1) as graph:
        document = await graph.run("{ a b c d }")
        names = ("a", "b", "c")
        declared = ", ".join(f"${name}: Int!" for name in names)
        fields = " ".join(f"{name}: lists(first: ${name}) {{ nodes {{ id }} }}" for name in names)
        variables = await graph.run(f"query({declared}) {{ {fields} }}")

    assert (len(document["errors"]), len(variables["errors"])) == (2, 2)


async def test_sizes_of_requests_can_be_set(open_graph: Any) -> None:
    """Both bounds sit outside the schema, where a slip is easily missed."""
    async with open_graph(limit_body_bytes=2_000, limit_header_bytes=2_000, limit_bulk_items=100) as graph:
        items = {"query": "{ __typename }", "variables": {"a": [0] * 101}}
        many = await graph.client.post("/graphql", json=items)
        body = await graph.client.post("/graphql", json={"query": "{ __typename }", "more": "x" * 2_000})
        headers = await graph.client.post("/graphql", json={"query": "{ __typename }"}, headers={"X-More": "x" * 2_000})

    assert (body.status_code, headers.status_code) == (413, 431)
    assert reason_of(many.json()) == "TOO_MANY_ITEMS"


_BOTH = "query Read { __typename } mutation Write { __typename }"


@pytest.mark.parametrize(
    ("more", "reads", "writes"),
    [
        ({"more": "x" * 300_000}, (413, "BODY_TOO_LARGE"), (200, None)),
        ({"variables": {"a": [[0] * 7_000] * 10}}, (400, "JSON_TOO_COMPLEX"), (200, None)),
        ({"variables": {"a": [[0] * 10_000] * 40}}, (400, "JSON_TOO_COMPLEX"), (400, "JSON_TOO_COMPLEX")),
        ({"variables": {"a": [0] * 10_001}}, (400, "TOO_MANY_ITEMS"), (400, "TOO_MANY_ITEMS")),
        ({"more": "x" * 4 * 1024**2}, (413, "BODY_TOO_LARGE"), (413, "BODY_TOO_LARGE")),
    ],
    ids=("bytes", "values", "too many values", "too many items", "too many bytes"),
)
async def test_a_mutation_may_hold_what_a_query_may_not(
    graph: Graph, more: dict[str, Any], reads: tuple[int, str], writes: tuple[int, str | None]
) -> None:
    """Broken, ten thousand people could not be written at once, or any query could take the memory of many."""
    told = []
    for name in ("Read", "Write"):
        answer = await graph.client.post("/graphql", json={"query": _BOTH, "operationName": name, **more})
        told.append((answer.status_code, None if answer.is_success else reason_of(answer.json())))

    assert told == [reads, writes]


async def test_hosts_and_origins_can_be_set(open_graph: Any) -> None:
    """Behind a proxy of one's own the server has another name."""
    headers = {"Host": "Graph.example", "Origin": "https://shop.example"}
    async with open_graph(allowed_hosts="Graph.example", allowed_origins="https://shop.example") as graph:
        known = await graph.client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        unknown = await graph.client.post("/graphql", json={"query": "{ __typename }"})

    assert known.headers["access-control-allow-origin"] == "https://shop.example"
    assert (known.status_code, unknown.status_code) == (200, 421)


async def test_the_deadline_can_be_set(open_graph: Any) -> None:
    """A vendor that hangs costs its part of the answer, within the time the operator allows."""
    async with open_graph(limit_deadline_s=0.3) as graph:
        (vendor,) = graph.vendors
        await vendor.post("/_sandbox/faults", json={"kind": "delay", "seconds": 5, "times": 1})
        body = await graph.run(LISTS, n=1)
        await vendor.delete("/_sandbox/faults")

    assert body["data"] == {"lists": None}
    assert code_of(body) == "VENDOR_TIMEOUT"


async def test_an_answer_comes_with_its_path_and_partial_data(graph: Graph) -> None:
    """One wrong field must not take the others' data along."""
    body = await graph.run('{ lists(first: 1) { nodes { id } } campaigns(after: "x") { nodes { id } } }')

    assert len(body["data"]["lists"]["nodes"]) == 1
    assert body["errors"][0]["path"] == ["campaigns"]
    assert reason_of(body) == "CURSOR_INVALID"


async def test_sources_are_closed_with_the_app() -> None:
    """Sessions and seeded stores left open pile up in tests and in reloads."""
    closed: list[str] = []

    class Transport(httpx.AsyncBaseTransport):
        async def aclose(self) -> None:
            closed.append("transport")

    sources = OpenSources({}, (Transport(),), (lambda: closed.append("sandbox"),))
    app = create_app(load_settings(), sources=sources)

    async with app.router.lifespan_context(app), connect(app) as client:
        assert (await client.get("/health")).json() == {"status": "ok"}
        assert closed == []

    assert closed == ["transport", "sandbox"]


async def test_without_a_file_the_sandbox_is_served() -> None:
    """The first thing somebody tries must not need a vendor's account."""
    sources = embedded_sandbox(find_vendors())
    app = create_app(load_settings(), sources=sources)

    async with app.router.lifespan_context(app), connect(app) as client:
        answer = await client.post(
            "/graphql", json={"query": "{ sources { id } subscribers(first: 1) { totalCount } }"}
        )

    assert answer.json()["data"]["sources"] == [{"id": name} for name in find_vendors()]
