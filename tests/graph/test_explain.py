"""The plan of an answered operation, the cost of one that has not run, and what is refused for it."""

from typing import Any

import pytest

from resolvers.principal import Principal, Scope
from tests.graph.conftest import Graph, code_of, reason_of

PLANNED = [
    *("source", "vendor", "operation", "method", "url", "purpose", "pushed", "residual", "reasons", "keys"),
    *("rows", "status", "attempts", "retries", "cache", "ageS", "startedMs", "durationMs", "error"),
]
"""What a plan says of each call; the playground and people's own tools read these names."""

PEOPLE = "query($n: Int) { subscribers(first: $n) { nodes { email campaign { name } memberships { list { name } } } } }"


async def test_the_plan_lists_the_calls_the_vendor_received(graph: Graph) -> None:
    """A plan that leaves a call out, or shows one that was not made, is worse than none."""
    body = await graph.run(PEOPLE, explain=True, n=100)
    plan = body["extensions"]["plan"]
    received = await graph.calls()

    assert "errors" not in body
    assert [call["method"] for call in plan["calls"]] == [call["method"] for call in received]
    assert [call["rows"] for call in plan["calls"]] == [call["rows"] for call in received]
    assert {call["purpose"] for call in plan["calls"]} == {
        "subscribers",
        "subscribers.nodes.campaign",
        "subscribers.nodes.memberships.list",
    }
    assert len(received) == 3


async def test_a_planned_call_says_everything_about_itself(graph: Graph) -> None:
    """The panel in the playground and people who tune an operation read these names."""
    filter_ = '{email: {endsWith: ".com"}, or: [{ref: {eq: "a"}}, {phone: {eq: "1"}}]}'
    body = await graph.run(f"{{ subscribers(filter: {filter_}) {{ nodes {{ id }} }} }}", explain=True)

    calls = body["extensions"]["plan"]["calls"]
    assert list(calls[0]) == PLANNED
    assert calls[0]["cache"] == "off"
    assert calls[0]["source"] == "sandbox"
    assert "auth=REDACTED" in calls[0]["url"]
    assert "email-like-%.com" in calls[0]["pushed"]
    assert calls[0]["residual"]
    assert calls[0]["reasons"]


async def test_the_plan_hides_values_from_those_who_may_not_see_people(open_graph: Any) -> None:
    """An address in a filter is personal data, also in the request that carries it."""
    query = '{ subscribers(filter: {ref: {eq: "crm-000001"}}) { nodes { id } } }'
    reader = Principal("reader", frozenset({Scope.READ, Scope.EXPLAIN}))
    async with open_graph(principal=reader) as graph:
        body = await graph.run(query, explain=True)

    calls = body["extensions"]["plan"]["calls"]
    assert len(body["data"]["subscribers"]["nodes"]) == 1
    assert "crm-000001" not in str(body)
    assert calls[0]["url"].startswith("/admin/api/1/subscriber/?query=***&")
    assert calls[0]["pushed"] == ["***"]


async def test_the_plan_needs_its_scope(open_graph: Any) -> None:
    """Addresses and filters of vendor calls are nothing for everybody."""
    async with open_graph(principal=Principal("reader", frozenset({Scope.READ}))) as graph:
        refused = await graph.run("{ __typename }", explain=True)
        answered = await graph.run("{ __typename }")

    assert code_of(refused) == "FORBIDDEN"
    assert "data" not in refused
    assert answered["data"] == {"__typename": "Query"}


async def test_reading_needs_its_scope(open_graph: Any) -> None:
    """A principal without `read` must not get as far as a resolver."""
    async with open_graph(principal=Principal("nobody", frozenset())) as graph:
        answer = await graph.client.post(
            "/graphql",
            json={"query": "{ lists { nodes { id } } }"},
            headers={"Accept": "application/graphql-response+json"},
        )
        calls = await graph.calls()

    assert (answer.status_code, code_of(answer.json())) == (403, "FORBIDDEN")
    assert calls == []


async def test_an_operation_that_cannot_fit_the_budget_is_refused_before_any_call(graph: Graph) -> None:
    """A hundred lists with a page of members each is a hundred calls after the first; better to know before."""
    query = "query($n: Int) { lists(first: $n) { nodes { members(first: 1) { nodes { id } } } } }"

    fits = await graph.run(query, n=30)
    made = len(await graph.calls())
    await graph.forget_calls()
    refused = await graph.run(query, n=100)

    assert "errors" not in fits
    assert made == 31
    assert (code_of(refused), reason_of(refused)) == ("BUDGET_EXCEEDED", "VENDOR_CALLS")
    assert "could make 101 vendor calls" in refused["errors"][0]["message"]
    assert "`lists.nodes.members`" in refused["errors"][0]["extensions"]["hint"]
    assert await graph.calls() == []


def _lists(below: str) -> str:
    return f"lists(first: 100) {{ nodes {{ {below} }} }}"


MEMBERS = "members { nodes { id } }"
COSTS: dict[str, tuple[str, bool]] = {
    "nested pages": (
        f"{{ lists {{ nodes {{ members {{ nodes {{ memberships {{ list {{ {MEMBERS} }} }} }} }} }} }} }}",
        True,
    ),
    "fragments": (
        f"""{{ lists {{ nodes {{ ...F }} }} }}
        fragment F on SubscriberList {{ members {{ nodes {{ memberships {{ list {{ ...G }} }} }} }} }}
        fragment G on SubscriberList {{ {MEMBERS} }}""",
        True,
    ),
    "alias": (f"{{ {_lists(f'a: {MEMBERS}')} }}", True),
    "edges": (f"{{ lists(first: 100) {{ edges {{ node {{ {MEMBERS} }} }} }} }}", True),
    "last": (f"{{ lists(last: 100) {{ nodes {{ {MEMBERS} }} }} }}", True),
    "children in another order": (
        "{ campaigns(first: 100) { nodes { subscribers(first: 1, orderBy: {field: EMAIL}) { nodes { id } } } } }",
        True,
    ),
    "skipped": (f"{{ {_lists('members @skip(if: true) { nodes { id } } name')} }}", False),
    "not included": (
        f"query($no: Boolean = false) {{ {_lists('members @include(if: $no) { nodes { id } } name')} }}",
        False,
    ),
    "children": ("{ campaigns(first: 100) { nodes { subscribers(first: 1) { nodes { id } } } } }", False),
    "the same look-up thrice": (
        "{ subscribers(first: 100) { nodes { a: campaign { id } b: campaign { name } c: campaign { ref } } } }",
        False,
    ),
}


@pytest.mark.parametrize(("query", "refused"), COSTS.values(), ids=COSTS)
async def test_the_cost_follows_what_is_really_selected(graph: Graph, query: str, refused: bool) -> None:
    """A pass that forgets fragments, aliases, edges or `@skip` refuses what is cheap or lets through what is not."""
    body = await graph.run(query)

    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    assert ("BUDGET_EXCEEDED" in codes) is refused
    assert not refused or await graph.calls() == []


async def test_a_response_too_large_to_write_is_refused(graph: Graph) -> None:
    """Ten thousand people with ten fields each would hold everyone else up for a second."""
    fields = "vendorId email firstName lastName phone"
    query = f"{{ campaigns(first: 100) {{ nodes {{ subscribers(first: 100) {{ nodes {{ {fields} }} }} }} }} }}"

    body = await graph.run(query)

    assert (code_of(body), reason_of(body)) == ("BUDGET_EXCEEDED", "VALUES")
    assert await graph.calls() == []


async def test_lists_of_records_and_their_relations_count_as_values(graph: Graph) -> None:
    """Counted as one value each, the memberships of four thousand people held everyone else up for seconds."""
    below = "nodes { vendorId memberships { list { name } campaign { name } } }"
    many = await graph.run(f"{{ lists(first: 40) {{ nodes {{ members(first: 100) {{ {below} }} }} }} }}")
    few = await graph.run(
        "{ subscribers(first: 100) { nodes { vendorId email memberships { state list { name } } campaign { name } } } }"
    )

    assert (code_of(many), reason_of(many)) == ("BUDGET_EXCEEDED", "VALUES")
    assert "errors" not in few


async def test_what_rides_on_a_page_costs_nothing_of_its_own(open_graph: Any) -> None:
    """Activities with their content would be refused to whoever may make a single call."""
    async with open_graph(limit_vendor_calls=1) as graph:
        body = await graph.run("{ activities(first: 30) { nodes { revisions { vendorId } } } }")
        received = await graph.calls()

    assert "errors" not in body
    assert len(received) == 1


async def test_the_call_budget_can_be_set(open_graph: Any) -> None:
    """An operator with a small quota at a vendor must be able to say so."""
    async with open_graph(limit_vendor_calls=2) as graph:
        body = await graph.run("{ lists(first: 2) { nodes { members { nodes { id } } } } }")

    assert code_of(body) == "BUDGET_EXCEEDED"


@pytest.mark.parametrize(
    ("below", "residual"),
    [
        ("members(state: LEFT, first: 2)", 'some memberships (list_id = "…" and state = "LEFT")'),
        ("members(first: 2)", 'some memberships (list_id = "…")'),
    ],
)
async def test_a_call_below_several_records_says_what_is_checked_on_its_rows(
    graph: Graph, below: str, residual: str
) -> None:
    """The first rows below each would seem to be just those that are wanted."""
    query = f"{{ lists(first: 2) {{ nodes {{ {below} {{ nodes {{ vendorId }} }} }} }} }}"

    body = await graph.run(query, explain=True)

    _, *first = body["extensions"]["plan"]["calls"]
    assert [call["residual"] for call in first[:2]] == [residual] * 2
    assert all(call["reasons"] for call in first)
