"""
Hostile operations against the real graph.

Each must be answered with few, clean errors and no vendor call, and must not hold up anyone else: the event loop is
ours for the whole of parsing, measuring and validating, so its time is the bystander's.
"""

import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph.settings import load_settings
from tests.graph.conftest import Graph

MAX_ERRORS = 9
MAX_CPU_S = 0.9

PYTHON_WORDS = re.compile(
    r"Traceback|File \"|line \d+, in|Error\(|object at 0x|NoneType|KeyError|ValueError|TypeError|AttributeError"
    r"|RecursionError|sys\.set_int_max|strawberry|graphql_core|\.py\b|<class|keyword argument|positional argument"
)

JSON = {"Content-Type": "application/json"}


def _doubling(levels: int, step: str, last: str, on: str = "Query") -> str:
    chain = " ".join(f"fragment F{i} on {on} {{ {step.replace('NEXT', f'F{i + 1}')} }}" for i in range(levels))
    return f"{chain} fragment F{levels} on {on} {{ {last} }}"


def _nest(levels: int) -> str:
    return (
        "{ lists { nodes { "
        + "members { nodes { memberships { list { " * levels
        + "id"
        + " } } } }" * levels
        + " } } }"
    )


DOCUMENTS: dict[str, str] = {
    "deep nesting": _nest(20),
    "deeper than the parser": "{ lists " * 5_000,
    "wide selections": "{ sources { " + "id " * 400 + "} }",
    "wide selections of different fields": "{ sources { " + " ".join(f"f{i}" for i in range(400)) + " } }",
    "alias bomb": "{ " + " ".join(f"a{i}: lists {{ nodes {{ id }} }}" for i in range(100)) + " }",
    "alias bomb below": "{ sources { " + " ".join(f"a{i}: id" for i in range(300)) + " } }",
    "doubling fragments": "{ ...F0 } " + _doubling(40, "...NEXT ...NEXT", "__typename"),
    "doubling fragments with aliases": "{ ...F0 } " + _doubling(40, "a: __typename ...NEXT ...NEXT", "__typename"),
    "doubling fragments without operation": _doubling(40, "...NEXT ...NEXT", "__typename"),
    "fragment cycle": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "fragment cycle through fields": "{ lists { nodes { ...A } } } fragment A on SubscriberList "
    "{ members { nodes { memberships { list { ...A } } } } }",
    "everyone spreads everyone": "{ ...F0 } "
    + " ".join(f"fragment F{i} on Query {{ {' '.join(f'...F{j}' for j in range(20))} }}" for i in range(20)),
    "unknown fragment": "{ ...Unknown }",
    "unused fragments": "{ __typename } " + " ".join(f"fragment F{i} on Query {{ __typename }}" for i in range(110)),
    "overlapping fields that differ": "{ "
    + " ".join(f"lists(first: {i + 1}) {{ nodes {{ id }} }}" for i in range(20))
    + " }",
    "overlapping fragments": "{ lists { ...A ...B } } "
    + " ".join(f"fragment {name} on SubscriberListConnection {{ {'nodes { id } ' * 100} }}" for name in "AB"),
    "directive overload": "{ __typename " + "@skip(if: false) " * 150 + "}",
    "unknown directives": "{ __typename " + "@x " * 450 + "}",
    "many tokens": "{ " + "id " * 50_000 + "}",
    "megabyte of comments": "#\n" * 100_000 + "{ __typename }",
    "long names": "{ " + " ".join("x" * 500 + str(i) for i in range(400)) + " }",
    "circular introspection": "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "repeated introspection": "{ "
    + " ".join(
        f"a{i}: __schema {{ types {{ fields {{ type {{ fields {{ name args {{ name }} }} }} }} }} }}" for i in range(20)
    )
    + " }",
    "deep introspection": '{ __type(name: "Query") { ' + "ofType { " * 60 + "name" + " }" * 60 + " } }",
    "5,000 digits": "{ lists(first: " + "1" * 5_000 + ") { nodes { id } } }",
    "200,000 digits": "{ lists(first: -" + "1" * 200_000 + ") { nodes { id } } }",
    "huge exponent": "{ lists(first: 1e" + "9" * 1_000 + ") { nodes { id } } }",
    "NaN": "{ lists(first: NaN) { nodes { id } } }",
    "deep list literal": "{ nodes(ids: " + "[" * 150 + "]" * 150 + ") { id } }",
    "deeper list literal": "{ nodes(ids: " + "[" * 400 + "]" * 400 + ") { id } }",
    "deep input object": "{ subscribers(filter: " + "{not: " * 150 + "{}" + "}" * 150 + ") { nodes { id } } }",
    "duplicate variables": "query(" + "$a: Int " * 200 + ") { lists(first: $a) { nodes { id } } }",
    "unused variables": "query(" + " ".join(f"$v{i}: Int" for i in range(200)) + ") { __typename }",
    "duplicate arguments": "{ lists(" + "first: 1 " * 200 + ") { nodes { id } } }",
    "deep variable type": "query($a: " + "[" * 150 + "Int" + "]" * 150 + ") { __typename }",
    "several operations": "query A { __typename } query B { __typename }",
    "too many operations": " ".join(f"query A{i} {{ __typename }}" for i in range(6)),
    "same operation twice": "query A { __typename } query A { __typename }",
    "byte order mark inside": "{ \ufeff __typename \ufeff nope }",
    "no operation": "fragment A on Query { __typename }",
    "nothing": "",
    "type definition": "type Query { a: Int }",
    "mutation": "mutation { nothing }",
    "subscription": "subscription { __typename }",
    "suggestions": "{ subscriber_s { id } }",
}


@pytest.fixture(scope="module")
def secrets() -> tuple[str, ...]:
    return ("sandbox-token",)


def _check(answer: httpx.Response, spent_s: float) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert spent_s < MAX_CPU_S
    assert 1 <= len(body["errors"]) <= MAX_ERRORS
    assert answer.status_code < 500
    assert len(answer.content) < 10_000
    assert PYTHON_WORDS.search(answer.text) is None, PYTHON_WORDS.search(answer.text)
    for error in body["errors"]:
        assert error["message"]
        assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR"
    return body


@pytest.mark.parametrize("query", DOCUMENTS.values(), ids=DOCUMENTS)
async def test_hostile_documents_are_refused_quickly_and_cleanly(graph: Graph, query: str) -> None:
    """One such document with a framework's defaults holds the server up for seconds, or for ever."""
    body = json.dumps({"query": query}).encode()

    started = time.process_time()
    answer = await graph.client.post("/graphql", content=body, headers=JSON)
    spent_s = time.process_time() - started

    refused = _check(answer, spent_s)
    assert not any((refused.get("data") or {}).values())
    assert await graph.calls() == []


QUERY = "query($id: ID!, $ids: [ID!]!) { node(id: $id) { id } nodes(ids: $ids) { id } }"
PAGE = "query($first: Int, $after: String) { lists(first: $first, after: $after) { nodes { id } } }"
FILTER = "query($filter: SubscriberFilter) { subscribers(filter: $filter) { nodes { id } } }"


def _deep(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"email": {"eq": "a"}}
    for _ in range(levels):
        tree = {"not": tree}
    return tree


VARIABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "malformed id": (QUERY, {"id": "nonsense", "ids": ["!", "", "a" * 1_000]}),
    "oversized id": (QUERY, {"id": "x" * 100_000, "ids": []}),
    "foreign id": (QUERY, {"id": "Z2lkOi8vc2hvcC9Qcm9kdWN0LzE=", "ids": []}),
    "null id": (QUERY, {"id": None, "ids": [None]}),
    "object id": (QUERY, {"id": {"a": 1}, "ids": [[["x"]]]}),
    "path in an id": (QUERY, {"id": "../../admin", "ids": ["%2e%2e%2f", "a?b#c", "a\r\nX: y"]}),
    "malformed cursor": (PAGE, {"after": "nonsense"}),
    "oversized cursor": (PAGE, {"after": "x" * 100_000}),
    "cursor of zeros": (PAGE, {"after": "AAAA"}),
    "too many rows": (PAGE, {"first": 1_001}),
    "no rows": (PAGE, {"first": 0}),
    "negative rows": (PAGE, {"first": -1}),
    "2^31 rows": (PAGE, {"first": 2**31}),
    "10^40 rows": (PAGE, {"first": 10**40}),
    "fraction of a row": (PAGE, {"first": 1.5}),
    "true rows": (PAGE, {"first": True}),
    "text rows": (PAGE, {"first": "10"}),
    "eq null": (FILTER, {"filter": {"email": {"eq": None}}}),
    "deep filter": (FILTER, {"filter": _deep(50)}),
    "deeper filter": (FILTER, {"filter": _deep(63)}),
    "unknown operator": (FILTER, {"filter": {"email": {"constructor": "x"}}}),
    "unknown field": (FILTER, {"filter": {"__proto__": {"eq": "x"}}}),
    "bad regular expression": (FILTER, {"filter": {"email": {"matches": "(a+)+$("}}}),
    "back reference": (FILTER, {"filter": {"email": {"matches": "(a)\\1"}}}),
    "long in": (FILTER, {"filter": {"email": {"in": ["x"] * 15_000}}}),
    "time without a zone": (FILTER, {"filter": {"createdAt": {"gt": "2026-01-01T00:00:00"}}}),
    "time of nowhere": (FILTER, {"filter": {"createdAt": {"gt": "0000-00-00T25:61:61Z"}}}),
    "two ways of looking up": (
        "query($by: SubscriberBy!) { subscriber(by: $by) { id } }",
        {"by": {"id": "a", "email": "b"}},
    ),
    "no way of looking up": ("query($by: SubscriberBy!) { subscriber(by: $by) { id } }", {"by": {}}),
    "unknown source": ('{ lists(source: "nowhere") { nodes { id } } }', {}),
    "path as a source": ('{ lists(source: "../retail") { nodes { id } } }', {}),
}


@pytest.mark.parametrize(("query", "variables"), VARIABLES.values(), ids=VARIABLES)
async def test_hostile_values_are_refused_with_code_and_no_vendor_call(
    graph: Graph, query: str, variables: dict[str, Any]
) -> None:
    """A value that reaches a vendor's URL unchecked is the vendor's problem, and then ours."""
    started = time.process_time()
    answer = await graph.client.post("/graphql", json={"query": query, "variables": variables})
    spent_s = time.process_time() - started

    body = _check(answer, spent_s)
    assert {error["extensions"]["code"] for error in body["errors"]} <= {"BAD_USER_INPUT", "BAD_REQUEST"}
    assert await graph.calls() == []


ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Subscriber { vendorId } } }"
REPRESENTATIONS: dict[str, Any] = {
    "no type": {"sourceId": "sandbox", "vendorId": "1"},
    "unknown type": {"__typename": "Product", "sourceId": "sandbox", "vendorId": "1"},
    "type of ours that is no entity": {"__typename": "PageInfo"},
    "number as type": {"__typename": 1},
    "no key": {"__typename": "Subscriber"},
    "half a key": {"__typename": "Subscriber", "sourceId": "sandbox"},
    "null key": {"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": None},
    "object key": {"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": {"$gt": ""}},
    "list key": {"__typename": "Subscriber", "sourceId": ["sandbox"], "vendorId": "1"},
    "long key": {"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": "1" * 5_000},
    "unknown source": {"__typename": "Subscriber", "sourceId": "nowhere", "vendorId": "1"},
    "scalar": "Subscriber",
    "number": 1,
    "list": [],
}


@pytest.mark.parametrize("representation", REPRESENTATIONS.values(), ids=REPRESENTATIONS)
async def test_a_bad_representation_fails_alone(graph: Graph, representation: Any) -> None:
    """Strawberry's own `_entities` fails as a whole, with Python's words, and hands unchecked keys to resolvers."""
    good = {"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": "1"}

    answer = await graph.client.post("/graphql", json={"query": ENTITIES, "variables": {"r": [good, representation]}})
    body = _check(answer, 0)

    first, second = body["data"]["_entities"]
    assert (first["vendorId"], second) == ("1", None)
    assert [error["path"] for error in body["errors"]] == [["_entities", 1]]
    assert len(await graph.calls()) == 1


@pytest.mark.parametrize(
    "key", ["../campaign/1", "1/../../campaign/1", "1?auth=x", "1#", "%2e%2e%2f", "1\r\nX: y", "-1"]
)
async def test_a_key_never_leaves_its_place_in_the_address(graph: Graph, key: str) -> None:
    """A key that is a path could read, or later delete, something else with our credentials."""
    body = await graph.run(ENTITIES, r=[{"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": key}])

    assert body["data"] == {"_entities": [None]}
    assert await graph.calls() == []


async def test_extra_keys_of_a_representation_are_ignored(graph: Graph) -> None:
    """A gateway sends what other subgraphs know; Strawberry answers with the resolver's Python signature."""
    representation = {"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": "1", "price": {"amount": 1}}

    body = await graph.run(ENTITIES, r=[representation])

    assert body["data"] == {"_entities": [{"__typename": "Subscriber", "vendorId": "1"}]}


async def test_thousands_of_representations_are_refused(graph: Graph) -> None:
    """The list is the only argument a gateway lets a stranger lengthen at will."""
    good = {"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": "1"}

    answer = await graph.client.post("/graphql", json={"query": ENTITIES, "variables": {"r": [good] * 2_000}})

    _check(answer, 0)
    assert await graph.calls() == []


@pytest.fixture
async def closed(open_graph: Any) -> AsyncIterator[Graph]:
    """The graph as one would serve it to strangers."""
    async with open_graph(introspection=False, graphiql=False) as opened:
        yield opened


async def test_introspection_and_the_playground_can_be_switched_off(closed: Graph) -> None:
    """Both show a stranger everything there is to ask for."""
    page = await closed.client.get("/graphql", headers={"Accept": "text/html"})
    asset = await closed.client.get("/graphql/assets/page.js")
    refused = await closed.run("{ __schema { types { name } } }")
    guessed = await closed.run("{ subscriber_s { id } }")

    assert (page.status_code, asset.status_code) == (405, 404)
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["GRAPHQL_VALIDATION_FAILED"] * len(
        refused["errors"]
    )
    assert "Did you mean" not in json.dumps(guessed)


@pytest.mark.parametrize(
    "query",
    [
        "{ _service { sdl } }",
        "{ harmless: _service { __typename } }",
        "{ ...Text } fragment Text on Query { _service { sdl } }",
    ],
)
async def test_the_text_for_gateways_is_switched_off_with_introspection(closed: Graph, query: str) -> None:
    """It is the whole schema with all its descriptions."""
    refused = await closed.run(query)

    assert "data" not in refused
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert "Introspection is switched off" in refused["errors"][0]["message"]


async def test_a_bystander_is_not_held_up(graph: Graph) -> None:
    """The costliest hostile documents one after the other must leave room for a small one in between."""
    longest_s = 0.0
    for query in DOCUMENTS.values():
        started = time.process_time()
        await graph.client.post("/graphql", json={"query": query})
        longest_s = max(longest_s, time.process_time() - started)

    assert longest_s < MAX_CPU_S
    assert (await graph.run("{ __typename }"))["data"] == {"__typename": "Query"}


def test_the_limits_are_the_ones_promised() -> None:
    """The numbers stand in the README; a change of a default is a change of the promise."""
    settings = load_settings()

    assert (settings.limit_tokens, settings.limit_depth, settings.limit_fields) == (1_000, 15, 300)
    assert (settings.limit_aliases, settings.limit_root_fields, settings.limit_operations) == (60, 20, 5)
    assert (settings.limit_body_bytes, settings.limit_header_bytes, settings.limit_body_s) == (262_144, 32_768, 5.0)
    assert settings.limit_bulk_body_bytes == 4 * 1024**2
    assert (settings.limit_vendor_calls, settings.limit_deadline_s, settings.limit_representations) == (100, 20.0, 500)
