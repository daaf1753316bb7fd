"""Mutations by HTTP over a fake vendor: what a client sends, and what it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from graph.server.app import create_app
from graph.server.sources import OpenSources
from graph.settings import load_settings
from resolvers.ids import encode_id
from resolvers.principal import LOCAL, Principal
from tests.graph.conftest import Connection, connect, play
from tests.resolvers.writes.fake_writer import FakeVendor, build_writing_source

UPSERT = """
mutation ($email: String!, $key: String, $dry: Boolean) {
  upsertSubscriber(
    input: {source: "fake", fields: {email: $email, firstName: "Ann"}, idempotencyKey: $key, dryRun: $dry}
  ) {
    outcome sourceId warnings requests { step method url body } before after
    errors { code reason message path retryable vendorStatus vendorMessage }
    operation { id state outcome idempotencyKey check createdAt items { nodes { place } } counts { count } itemCount }
  }
}
"""
EXECUTORS = ("compiled", "core")


class Writing:
    """The real app over one fake vendor."""

    def __init__(self, principal: Principal = LOCAL) -> None:
        self.vendor = FakeVendor()
        sources = OpenSources({"fake": build_writing_source(vendor=self.vendor)})
        self.app: FastAPI = create_app(load_settings(), sources=sources, principal=principal)
        self.client = connect(self.app)

    async def run(self, query: str, *, executor: str = "compiled", **variables: Any) -> dict[str, Any]:
        headers = {"X-Executor": executor}
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        assert answer.status_code == 200
        assert "retry-after" not in answer.headers
        members: dict[str, Any] = answer.json()
        return members


@pytest.fixture
async def writing() -> AsyncIterator[Writing]:
    made = Writing()
    yield made
    made.vendor.gate.set()
    await made.client.aclose()
    await made.app.state.desks.aclose()


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_a_mutation_is_done_and_told(writing: Writing, executor: str) -> None:
    """Broken, nothing could be written."""
    answer = await writing.run(UPSERT, executor=executor, email="ann@shop.example", key="k")

    assert "errors" not in answer
    payload = answer["data"]["upsertSubscriber"]
    assert (payload["outcome"], payload["sourceId"], payload["errors"]) == ("APPLIED", "fake", [])
    operation = payload["operation"]
    assert (operation["state"], operation["outcome"], operation["idempotencyKey"]) == ("DONE", "APPLIED", "k")
    assert (operation["items"], operation["counts"], operation["itemCount"]) == ({"nodes": []}, [], 0)
    assert writing.vendor.writes == [{"email": "ann@shop.example", "first_name": "Ann"}]


async def test_a_dry_run_shows_what_would_then_be_sent(writing: Writing) -> None:
    """Broken, a preview would show something else than is done."""
    planned = await writing.run(UPSERT, email="ann@shop.example", dry=True)
    assert writing.vendor.received == 0
    await writing.run(UPSERT, email="ann@shop.example")

    payload = planned["data"]["upsertSubscriber"]
    assert (payload["outcome"], payload["operation"]) == ("PLANNED", None)
    (request,) = payload["requests"]
    assert [request["body"]] == writing.vendor.writes


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_mutations_of_one_operation_are_done_in_their_order(writing: Writing, executor: str) -> None:
    """Broken, a person would be changed before being made; or one failure would hide what was done before it."""
    names = [f"m{number}" for number in range(6)]
    fields = "\n".join(
        f'{name}: upsertSubscriber(input: {{source: "fake", fields: {{email: "{name}{at}x.example"}}}}) {{ outcome }}'
        for name, at in zip(names, "@@ @@@", strict=True)
    )

    answer = await writing.run(f"mutation {{ {fields} }}", executor=executor)

    done = [name for name in names if name != "m2"]
    assert [write["email"].split("@")[0] for write in writing.vendor.writes] == done
    assert [answer["data"][name] for name in done] == [{"outcome": "APPLIED"}] * 5
    assert answer["data"]["m2"] is None
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["m2"], "BAD_USER_INPUT")


async def test_a_failed_mutation_is_a_payload_and_not_an_error(writing: Writing) -> None:
    """Broken, a gateway would send it again."""
    writing.vendor.after = lambda _number: httpx.Response(502)

    answer = await writing.run(UPSERT, email="ann@shop.example")

    payload = answer["data"]["upsertSubscriber"]
    assert "errors" not in answer
    assert payload["outcome"] == "UNKNOWN"
    assert payload["errors"][0]["code"] == "OUTCOME_UNKNOWN"
    assert payload["operation"]["check"]


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_the_ledger_is_read_and_learns(writing: Writing, executor: str) -> None:
    """Broken, a client could not find out what became of its write."""
    writing.vendor.after = lambda _number: httpx.Response(502)
    lost = await writing.run(UPSERT, email="ann@shop.example", key="k")
    id_ = lost["data"]["upsertSubscriber"]["operation"]["id"]
    listing = """{ writeOperations(filter: {outcomeIn: [UNKNOWN], mutationIn: ["upsertSubscriber"]}) {
        nodes { id } edges { cursor } pageInfo { hasNextPage } totalCount completeness { state } } }"""

    before = await writing.run(listing, executor=executor)
    found = await writing.run(
        "query ($id: ID!) { writeOperation(id: $id) { outcome check errors { code } } }", executor=executor, id=id_
    )
    after = await writing.run(listing, executor=executor)

    assert [node["id"] for node in before["data"]["writeOperations"]["nodes"]] == [id_]
    assert found["data"]["writeOperation"] == {"outcome": "APPLIED", "check": None, "errors": []}
    assert after["data"]["writeOperations"]["nodes"] == []


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_the_ledger_is_listed_whole_for_a_filter_that_is_null(writing: Writing, executor: str) -> None:
    """A variable nobody set would be told as an error of ours."""
    await writing.run(UPSERT, email="ann@shop.example", key="k")
    listing = "query ($filter: WriteOperationFilter) { writeOperations(filter: $filter) { nodes { outcome } } }"

    found = await writing.run(listing, executor=executor, filter=None)

    assert found["data"]["writeOperations"]["nodes"] == [{"outcome": "APPLIED"}]


ELSEWHERE = encode_id("elsewhere", "subscriber", ("1",))


@pytest.mark.parametrize(
    ("given", "reason", "path"),
    [
        (f'updateSubscriber(input: {{id: "{ELSEWHERE}", fields: {{}}}})', "SOURCE_UNKNOWN", "input.id"),
        ('updateSubscriber(input: {id: "nonsense", fields: {}})', "ID_INVALID", "input.id"),
        (
            'updateSubscriber(input: {byEmail: {source: "elsewhere", email: "a@b.c"}, fields: {}})',
            "SOURCE_UNKNOWN",
            "input.byEmail.source",
        ),
        ('upsertSubscriber(input: {source: "elsewhere", fields: {}})', "SOURCE_UNKNOWN", "input.source"),
        (
            'sendMessage(input: {source: "fake", recipients: [{id: "nonsense"}]})',
            "ID_INVALID",
            "input.recipients.0.id",
        ),
        (
            'unsubscribePerson(input: {email: "a@b.c", sources: ["fake", "elsewhere"]})',
            "SOURCE_UNKNOWN",
            "input.sources.1",
        ),
    ],
)
async def test_what_is_wrong_in_an_input_is_named_from_its_beginning(
    writing: Writing, given: str, reason: str, path: str
) -> None:
    """Broken, a form could not show the error beside the field it is about."""
    told = "parts { outcome }" if given.startswith("unsubscribePerson") else "warnings"
    (error,) = (await writing.run(f"mutation {{ {given} {{ {told} }} }}"))["errors"]

    assert error["extensions"]["reason"] == reason
    assert ".".join(map(str, error["extensions"]["inputPath"])) == path


async def test_a_connection_that_closes_does_not_end_the_write(writing: Writing) -> None:
    """Broken, an impatient client would leave a write nobody knows of."""
    body = json.dumps({"query": UPSERT, "variables": {"email": "ann@shop.example", "key": "k"}}).encode()
    writing.vendor.gate.clear()
    leaving = Connection([{"type": "http.request", "body": body}, {"type": "http.disconnect"}])
    played = asyncio.ensure_future(play(writing.app, leaving))
    await writing.vendor.arrived.wait()
    writing.vendor.gate.set()
    await played

    again = await writing.run(UPSERT, email="ann@shop.example", key="k")

    assert again["data"]["upsertSubscriber"]["outcome"] == "APPLIED"
    assert len(writing.vendor.writes) == 1


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_the_ledger_is_counted_when_that_is_asked_for(writing: Writing, executor: str) -> None:
    """Broken, a page could not say how many writes there are, or would count them for nobody."""
    for number in range(3):
        await writing.run(UPSERT, email=f"{number}@shop.example")
    counted = """{
      all: writeOperations(first: 1) { totalCount nodes { items { totalCount } } }
      none: writeOperations(first: 1, filter: {outcomeIn: [UNKNOWN]}) { totalCount }
      webhookEvents { totalCount }
    }"""
    counts: list[object] = []
    ledger = (await writing.app.state.desks.find()).ledger
    event.listen(ledger._engine.sync_engine, "before_cursor_execute", lambda *said: counts.append(said[2]))

    await writing.run("{ writeOperations { nodes { id } } }", executor=executor)
    uncounted = [said for said in counts if "count(*)" in str(said)]
    told = (await writing.run(counted, executor=executor))["data"]

    assert told == {
        "all": {"totalCount": 3, "nodes": [{"items": {"totalCount": 0}}]},
        "none": {"totalCount": 0},
        "webhookEvents": {"totalCount": 0},
    }
    assert uncounted == []
