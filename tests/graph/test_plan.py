"""
`extensions.plan` and `marketing-graph explain` against what the vendor really received, sound and in trouble.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters.sandbox import Fault
from graph.cli import main
from tests.graph.conftest import Graph
from tests.graph.real_vendor import (
    ENVIRONMENT,
    TOKEN,
    OpenGraph,
    RealVendor,
    describe_source,
    open_graph,
    serving_vendor,
)
from tests.graph.vendor_side import planned_lines, received_lines, to_line


@pytest.fixture(scope="module")
def vendor() -> Iterator[RealVendor]:
    """The vendor behind its own server, for all tests here."""
    with serving_vendor() as served:
        yield served


@pytest.fixture
async def troubled(vendor: RealVendor, tmp_path: Path) -> AsyncIterator[OpenGraph]:
    """A graph over that vendor, which is sound again after the test."""
    async with open_graph(tmp_path, describe_source("retail", vendor.url, "attempt_s = 1")) as opened:
        vendor.behave()
        yield opened
    vendor.behave()


async def test_every_answer_has_its_operations_id(graph: Graph) -> None:
    """It is what somebody reads out to the operator; the answer, its errors and its header must agree."""
    answers = [
        await graph.client.post("/graphql", json={"query": query})
        for query in ("{ __typename }", "{ nope }", "{", "{ subscribers(first: 0) { nodes { id } } }")
    ]

    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == len(answers)
    assert [answer.json()["extensions"]["operationId"] for answer in answers] == ids
    assert [error["extensions"]["operationId"] for answer in answers[1:] for error in answer.json()["errors"]] == ids[
        1:
    ]


async def test_there_is_no_plan_unless_asked_for(graph: Graph) -> None:
    """Addresses of vendor calls belong into no answer by default."""
    body = await graph.run("{ subscribers(first: 1) { nodes { id } } }")

    assert set(body["extensions"]) == {"operationId"}


async def test_the_plan_says_what_each_call_was_for(graph: Graph) -> None:
    """Place in the operation, keys it serves, rows it brought, in the order of their sending."""
    body = await graph.run(
        "{ people: subscribers(first: 50) { nodes { campaign { name } memberships { list { name } } } } }", explain=True
    )
    calls = body["extensions"]["plan"]["calls"]
    nodes = body["data"]["people"]["nodes"]
    received = await graph.calls()

    assert [(call["purpose"], call["operation"]) for call in calls] == [
        ("people", "subscriber.list"),
        ("people.nodes.campaign", "campaign.list"),
        ("people.nodes.memberships.list", "list.list"),
    ]
    assert [call["rows"] for call in calls] == [call["rows"] for call in received]
    assert calls[1]["keys"] >= len({node["campaign"]["name"] for node in nodes if node["campaign"]})
    assert [call["startedMs"] for call in calls] == sorted(call["startedMs"] for call in calls)
    assert all(0 <= call["durationMs"] <= body["extensions"]["plan"]["durationMs"] for call in calls)


async def test_the_plan_says_what_was_pushed_and_what_was_checked(graph: Graph) -> None:
    """Somebody who wonders about the calls of a filter must find the reason."""
    body = await graph.run(
        '{ subscribers(first: 3, filter: {state: {eq: "VIC"}, memberships: {listId: {eq: "3"}, state: {eq: ACTIVE}}}) '
        "{ nodes { id } } }",
        explain=True,
    )
    call = body["extensions"]["plan"]["calls"][0]

    assert set(call["pushed"]) == {"state-eq-VIC", "list_id-eq-3"}
    assert "ACTIVE" in call["residual"]
    assert call["reasons"]
    assert all(f"query={predicate}" in call["url"] for predicate in call["pushed"])


RETRIED = {
    "reset twice": ([Fault("reset", times=2)], 3, ["RESET", "RESET"], None),
    "502, then a time-out, then an answer": (
        [Fault("status", status=502, nth=1), Fault("delay", seconds=3, nth=2)],
        3,
        ["STATUS_502", "TIMEOUT"],
        None,
    ),
    "500 for ever": ([Fault("status", status=500)], 3, ["STATUS_500", "STATUS_500"], "VENDOR_UNAVAILABLE STATUS_500"),
    "refused": ([Fault("status", status=403)], 1, [], "VENDOR_AUTH CREDENTIALS_REFUSED"),
    "a web page": ([Fault("html")], 1, [], "VENDOR_BAD_RESPONSE BODY_HTML"),
}


@pytest.mark.parametrize(("faults", "attempts", "retries", "error"), RETRIED.values(), ids=RETRIED)
async def test_the_plan_counts_what_the_vendor_received(  # noqa: PLR0917 - parametrised
    vendor: RealVendor, troubled: OpenGraph, faults: list[Fault], attempts: int, retries: list[str], error: str | None
) -> None:
    """A plan that hides what was sent again hides the load it made."""
    vendor.misbehave(*faults)

    answered = await troubled.ask("{ lists(first: 2) { nodes { id } } }")

    (call,) = answered.calls
    assert (call["attempts"], call["retries"], call["error"]) == (attempts, retries, error)
    assert len(vendor.received()) == attempts
    assert len(set(vendor.received())) == 1


async def test_the_plan_shows_failed_calls_beside_the_others(vendor: RealVendor, troubled: OpenGraph) -> None:
    """Every call that reached the vendor is in it, once."""
    vendor.misbehave(Fault("status", status=400, match="/campaign/"))

    answered = await troubled.ask(
        "{ lists(first: 1) { nodes { id } } "
        "subscribers(first: 20) { nodes { campaign { id } memberships { list { id } } } } }"
    )

    received = [to_line(call.path, call.query) for call in vendor.sandbox.calls.entries]
    assert sorted(planned_lines(answered.body)) == sorted(received)
    assert [call["error"] for call in answered.calls if call["error"]] == ["VENDOR_REJECTED NOT_ACCEPTED"]
    assert TOKEN not in answered.response.text


EXPLAINED = {
    "a page": "{ subscribers(first: 100) { nodes { email } } }",
    "a filter": '{ subscribers(first: 9, filter: {state: {eq: "VIC"}, email: {contains: "5%"}}) { nodes { email } } }',
    "branches": '{ subscribers(first: 10, filter: {state: {neq: "VIC"}}) { nodes { email } } }',
    "an order": "{ campaigns(first: 10, orderBy: {field: NAME, direction: DESC}) { nodes { name } } }",
    "backwards": "{ lists(last: 10) { nodes { name } } }",
    "several": "{ lists(first: 3) { nodes { name } } campaigns(first: 4) { nodes { name } } }",
    "the same twice": "{ a: lists(first: 3) { nodes { name } } b: lists(first: 3) { nodes { ref } } }",
    "nothing": "{ lists(filter: {name: {in: []}}) { nodes { name } } }",
}


Explain = Callable[[str], list[str]]


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Run `marketing-graph explain` over a source that nobody can reach, and return the lines it prints."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    sources, operation = tmp_path / "sources.toml", tmp_path / "operation.graphql"
    sources.write_text(describe_source("sandbox", "http://127.0.0.1:9", "max_page = 1000"), encoding="utf-8")

    def run(query: str) -> list[str]:
        operation.write_text(query)
        status = main(["explain", str(operation), "--sources", str(sources)])
        printed = capsys.readouterr()
        assert (status, printed.err) == (0, "")
        return printed.out.splitlines()

    return run


@pytest.mark.parametrize("query", EXPLAINED.values(), ids=EXPLAINED)
async def test_explain_names_the_calls_that_are_then_made(graph: Graph, explain: Explain, query: str) -> None:
    """The first requests of an operation, word for word; an explanation that is not true costs more than none."""
    lines = await asyncio.to_thread(explain, query)
    urls = [urlsplit(line.split("GET ")[1]) for line in lines if "GET " in line]

    await graph.run(query)

    explained = [to_line(url.path, parse_qsl(url.query, keep_blank_values=True)) for url in urls]
    assert sorted(explained) == sorted(received_lines(await graph.calls()))


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("{ subscribers(first: 100) { nodes { campaign { name } memberships { list { name } } } } }", "Together 3 to"),
        ("{ a: lists { nodes { id } } b: lists { nodes { ref } } }", "Together 1 to"),
        ("{ __typename sources { id } }", "Together 0 vendor calls"),
    ],
    ids=["relations", "the same page twice", "nothing to call"],
)
def test_explain_counts_the_calls(explain: Explain, query: str, total: str) -> None:
    """The least it names is what a dense account costs."""
    assert explain(query)[-1].startswith(total)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (
            '{ subscriber(by: {email: "a@example.org"}) { id } }',
            "subscriber: look-ups by key, many in one call; 1 to 2 ",
        ),
        (
            "{ subscribers(first: 1) { nodes { memberships { list { name } } } } }",
            "subscribers.nodes.memberships.list: look-ups by key, many in one call; 1 to 100 ",
        ),
    ],
    ids=["a value that is looked for again", "a list of unknown length"],
)
def test_explain_names_no_most_that_can_be_passed(explain: Explain, query: str, line: str) -> None:
    """Whoever sets a budget by it would see the operation fail; a person may be on any number of lists."""
    assert any(each.startswith(line) for each in explain(query))
    assert "estimate" in explain(query)[-1]
