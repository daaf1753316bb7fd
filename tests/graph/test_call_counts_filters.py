"""
What filters and orders cost: the very calls the vendor received, and that they brought the right answer.

The calls come from the sandbox's own log and must be those of the plan. Expected rows are read from the vendor itself,
past everything of ours.
"""

from typing import Any

import pytest

from tests.graph.conftest import Graph
from tests.graph.vendor_side import (
    ask,
    ids_of,
    read_rows,
)

FREE = {
    "nothing can match": "subscribers(filter: {or: []})",
    "an empty list": "subscribers(filter: {email: {in: []}})",
    "the complement of everything": "subscribers(filter: {not: {}})",
    "impossible branches": 'subscribers(filter: {or: [{email: {in: []}}, {and: [{or: []}, {ref: {eq: "a"}}]}]})',
    "nothing can match below": "campaigns(filter: {not: {}})",
}


@pytest.mark.parametrize("field", FREE.values(), ids=FREE)
async def test_what_can_match_nothing_costs_nothing(graph: Graph, field: str) -> None:
    """The answer is known before anybody is asked."""
    data = await ask(graph, f"{{ page: {field} {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}")

    assert data["page"] == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


LOCAL = {
    "a type name": "{ __typename }",
    "introspection": "{ __schema { types { name fields { name type { name } } } } }",
    "sources": "{ sources { id vendor capabilities { field operator } } }",
    "the subgraph's schema": "{ _service { sdl } }",
    "a field left out": "{ __typename subscribers(first: 100) @skip(if: true) { nodes { id } } }",
}


@pytest.mark.parametrize("query", LOCAL.values(), ids=LOCAL)
async def test_what_is_known_here_costs_nothing(graph: Graph, query: str) -> None:
    """Tools ask these all day."""
    assert await ask(graph, query)


FILTERS: dict[str, tuple[str, list[str], Any]] = {
    "a comparison": ('{state: {eq: "VIC"}}', ["state-eq-VIC"], lambda row: row["state"] == "VIC"),
    "two comparisons": (
        '{state: {eq: "VIC"}, email: {endsWith: ".org"}}',
        ["email-like-%.org & state-eq-VIC"],
        lambda row: row["state"] == "VIC" and (row["email"] or "").endswith(".org"),
    ),
    "a value, and not another": (
        '{state: {eq: "VIC", neq: "NSW", contains: ""}}',
        ["state-eq-VIC & state-neq-NSW & state-nt-null"],
        lambda row: row["state"] == "VIC",
    ),
    "a list of texts": (
        '{state: {in: ["VIC", "NSW"]}}',
        ["state-re-^(?:VIC|NSW)$"],
        lambda row: row["state"] in {"VIC", "NSW"},
    ),
    "either of two fields": (
        '{or: [{state: {eq: "VIC"}}, {firstName: {eq: "Zoe"}}]}',
        ["state-eq-VIC", "firstname-eq-Zoe"],
        lambda row: row["state"] == "VIC" or row["firstname"] == "Zoe",
    ),
    "anything but a value": (
        '{state: {neq: "VIC"}}',
        ["state-neq-VIC", "state-is-null"],
        lambda row: row["state"] != "VIC",
    ),
    "anything but two values": (
        '{state: {neq: "VIC"}, firstName: {neq: "Zoe"}}',
        ["firstname-neq-Zoe", "firstname-is-null"],
        lambda row: row["state"] != "VIC" and row["firstname"] != "Zoe",
    ),
    "dense ids": ("{vendorId: {in: [3, 4, 5, 6]}}", ["id-gte-3 & id-lte-6"], lambda row: row["id"] in {3, 4, 5, 6}),
    "members of a list": (
        '{memberships: {listId: {eq: "3"}}}',
        ["list_id-eq-3"],
        lambda row: 3 in {entry["list_id"] for entry in row["lists"]},
    ),
}


@pytest.mark.parametrize(("filter_", "branches", "keep"), FILTERS.values(), ids=FILTERS)
async def test_a_filter_is_one_call_a_branch(graph: Graph, filter_: str, branches: list[str], keep: Any) -> None:
    """The vendor has no OR: each branch is a call, and nothing else is."""
    rows = [row for row in await read_rows(graph, "subscriber") if keep(row)]

    data = await ask(
        graph,
        f"{{ subscribers(first: 10, filter: {filter_}) {{ nodes {{ vendorId }} }} }}",
        *(f"subscriber where {branch} by id, 11" for branch in branches),
    )

    assert ids_of(data["subscribers"]) == [row["id"] for row in rows][:10]


async def test_an_inexact_answer_is_checked_and_continued(graph: Graph) -> None:
    """The vendor finds members whatever their state; who has left is dropped here, and the page filled up."""
    rows = await read_rows(graph, "subscriber", "list_id-eq-3")
    active = [
        row["id"]
        for row in rows
        if any(entry["list_id"] == 3 and entry["unsubscribed"] is None for entry in row["lists"])
    ]
    first_eleven = rows[10]["id"]

    data = await ask(
        graph,
        '{ list(by: {ref: "none"}) { id } subscribers(first: 10, filter: {memberships: {listId: {eq: 3}, '
        "state: {eq: ACTIVE}}}) { nodes { vendorId } } }",
        "list where ref-eq-none by id, 1000",
        "subscriber where list_id-eq-3 by id, 11",
        f"subscriber where list_id-eq-3 & id-gt-{first_eleven} by id, 50",
    )

    assert ids_of(data["subscribers"]) == active[:10]


async def test_a_scan_ends_with_its_budget_and_goes_on_from_the_cursor(graph: Graph) -> None:
    """A filter nobody passes must not read the whole account in one request, nor start again in the next."""
    query = """query($c: String) {
      subscribers(first: 5, after: $c, filter: {customField: {key: "no", value: {eq: "1"}}})
      { nodes { id } pageInfo { hasNextPage endCursor } completeness { state scannedRows } } }"""
    rows = await read_rows(graph, "subscriber") + await read_rows(graph, "subscriber", "id-gt-1025")
    sizes = [6, 50, 100, 200, 400, 800, 444]
    ends = [0, *(rows[sum(sizes[: place + 1]) - 1]["id"] for place in range(len(sizes)))]

    page = (
        await ask(
            graph,
            query,
            f"subscriber by id, {sizes[0]}",
            *(f"subscriber where id-gt-{end} by id, {size}" for end, size in zip(ends[1:], sizes[1:], strict=False)),
        )
    )["subscribers"]
    await graph.forget_calls()
    await graph.run(query, c=page["pageInfo"]["endCursor"])
    first_call = (await graph.calls())[0]

    assert page["nodes"] == []
    assert page["pageInfo"]["hasNextPage"]
    assert page["completeness"] == [{"state": "TRUNCATED", "scannedRows": 2_000}]
    assert ["query", f"id-gt-{ends[-1]}"] in first_call["query"]


async def test_an_order_by_a_unique_text_is_one_call_a_page(graph: Graph) -> None:
    """The vendor orders by its own collation; each page goes on from the last value."""
    query = """query($c: String) {
      subscribers(first: 10, after: $c, filter: {ref: {isNull: false}}, orderBy: {field: REF})
      { nodes { ref } pageInfo { endCursor } } }"""
    rows = await read_rows(graph, "subscriber", "ref-nt-null", limit=30, sort="ref")
    refs: list[str] = []
    cursor, lines = None, ["subscriber where ref-nt-null by ref, 12"]
    for _ in range(3):
        page = (await ask(graph, query, *lines, c=cursor))["subscribers"]
        refs += [node["ref"] for node in page["nodes"]]
        cursor, lines = page["pageInfo"]["endCursor"], [f"subscriber where ref-nt-null & ref-gte-{refs[-1]} by ref, 13"]

    assert refs == [row["ref"] for row in rows]


async def test_ties_are_two_calls_once_and_one_from_then_on(graph: Graph) -> None:
    """Hundreds share a state: their own order is that of their ids, which the vendor does not promise."""
    query = """query($c: String) { subscribers(first: 10, after: $c, filter: {state: {in: ["VIC", "NSW"]}},
      orderBy: {field: STATE}) { nodes { vendorId } pageInfo { endCursor } } }"""
    rows = await read_rows(graph, "subscriber", "state-eq-NSW", limit=20)
    both = "state-re-^(?:VIC|NSW)$"

    first = (
        await ask(
            graph,
            query,
            f"subscriber where {both} by state, 12",
            f"subscriber where {both} & state-eq-NSW by id, 11",
        )
    )["subscribers"]
    second = (
        await ask(
            graph,
            query,
            f"subscriber where {both} & state-eq-NSW & id-gt-{rows[9]['id']} by id, 11",
            c=first["pageInfo"]["endCursor"],
        )
    )["subscribers"]

    assert ids_of(first) + ids_of(second) == [row["id"] for row in rows]


async def test_an_order_by_text_over_branches_is_one_line(graph: Graph) -> None:
    """Lines ordered by a collation nobody knows cannot be merged: the common part is read and checked."""
    rows = await read_rows(graph, "subscriber", "ref-nt-null", sort="ref")
    wanted = [row["ref"] for row in rows if row["state"] == "VIC" or row["firstname"] == "Zoe"][:2]
    body = await graph.run(
        """{ subscribers(first: 2, filter: {ref: {isNull: false}, or: [{state: {eq: "VIC"}}, {firstName: {eq: "Zoe"}}]},
        orderBy: {field: REF}) { nodes { ref } } }"""
    )

    assert [node["ref"] for node in body["data"]["subscribers"]["nodes"]] == wanted
    assert all(["query", "ref-nt-null"] in call["query"] for call in await graph.calls())
