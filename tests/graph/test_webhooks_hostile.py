"""What nobody should send to a webhook, and what then becomes of it: kept as it came, and never believed."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.vendors.sendios.sandbox import create_sandbox
from graph.server.app import create_app
from graph.settings import load_settings
from tests.graph.conftest import connect
from tests.graph.webhook_world import SECRET, build_event

TABLES = """
[sources.mails]
vendor = "sendios"
base_url = "http://127.0.0.1"
client_id = 123
auth = { key = { env = "ANY_KEY" } }
projects = [1]
webhook = { secret = { env = "ANY_WEBHOOK" } }

[sources.forms]
vendor = "taguchi_v5"
base_url = "http://127.0.0.1/forms/prod"
organization_id = 1
identify_by = "email"
auth = { token = { env = "ANY_KEY" } }
webhook = { secret = { env = "ANY_WEBHOOK" } }

[sources.shop]
vendor = "taximail"
base_url = "http://127.0.0.1/v2"
auth = { api_key = { env = "ANY_KEY" }, secret_key = { env = "ANY_KEY" } }
webhook = { secret = { env = "ANY_WEBHOOK" } }
"""
LISTED = "{ webhookEvents(unmatched: true, first: 100) { nodes { payload } } }"
SOURCES = ("mails", "forms", "shop")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
EVENT = json.dumps(build_event())


def nest(deep: int) -> str:
    return '{"type": "x", "a": ' * deep + "1" + "}" * deep


UNREADABLE: dict[str, str | bytes] = {
    "a bare NUL": b'{"0": {"event": "se\x00nt"}}',
    "half a character": b'{"0": {"event": "\\ud800", "type": "\\udfff"}}',
    "a number of 5,000 digits": f'{{"0": {{"ts": {"9" * 5000}}}, "type": "x", "n": {"9" * 5000}}}',
    "a number beyond all": '{"0": {"ts": 1e999}, "type": "x", "n": 1e999}',
    "no number": '{"0": {"ts": NaN}, "type": "x", "n": NaN}',
    "another encoding": EVENT.encode("utf-16"),
    "nested without end": nest(5_000),
    "an event twice": f'{{"0": {EVENT}, "0": {{"event": "reject"}}, "type": "x", "type": "y"}}',
    "a word twice": '{"0": {"event": "reject", "event": "sent"}, "type": "x", "data": {"a": 1, "a": 2}}',
    "too many fields": "&".join(f"a{number}=1" for number in range(2_000)),
    "half an object": '{"0": {"email": "a=b@example.com"',
}
READABLE: dict[str, dict[str, str]] = {
    "an escaped NUL": {
        "mails": '{"0": {"event": "se\\u0000nt", "email": "\\u0000@b.co", "meta": {"a\\u0000": 1}}}',
        "forms": '{"type": "x\\u0000", "target": {"id": "\\u0000"}}',
        "shop": "email=a%00b%40example.com&webhooks_type=subscription%00",
    },
    "values of other kinds": {
        "mails": '{"0": {"event": ["sent"], "ts": [1], "type_id": {"a": 1}, "email": [0], "meta": {"a": [null, 1e5]}}}',
        "forms": '{"type": "x", "target": {"id": [1]}, "data": "x", "isTest": "no", "loggedTimestamp": {"a": 1}}',
        "shop": '{"type": {"subscription": 1}, "email": {"a": null}, "list_id": [[1.5, true, -1]], "x": {}}',
    },
    "times that are none": {
        "mails": '{"0": {"event": "sent", "ts": -99999999999, "type_id": 18446744073709551615, "email": "a@b.co"}}',
        "forms": '{"type": "x", "loggedTimestamp": "9999-99-99T99:99:99Z", "target": {"id": 18446744073709551615}}',
        "shop": '{"time": "0000-00-00", "list_id": 18446744073709551615, "subscriber_id": 1, "email": "a@b.co"}',
    },
    "very long words": {
        "mails": json.dumps({"9" * 50_000: {"event": "e" * 50_000, "email": "a@" + "b." * 20_000}}),
        "forms": json.dumps({"type": "t" * 50_000, "target": {"id": "1" * 50_000}}),
        "shop": json.dumps({"x": ["a@" + "b." * 125 + "!"] * 300, "list_id": "1" * 20_000}),
    },
    "nested deeply": {
        "mails": f'{{"0": {nest(50)}}}',
        "forms": nest(50),
        "shop": nest(50),
    },
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
async def client(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    if request.param == "postgresql":
        monkeypatch.setenv("MARKETING_GRAPH_LEDGER_URL", request.getfixturevalue("postgres_url"))
    monkeypatch.setenv("ANY_KEY", "sandbox-key")
    monkeypatch.setenv("ANY_WEBHOOK", SECRET)
    path = tmp_path / "sources.toml"
    path.write_text(TABLES)
    transport = httpx.ASGITransport(create_sandbox().app)
    app = create_app(load_settings(sources=path), transports=dict.fromkeys(SOURCES, transport))
    client = connect(app)
    yield client
    await client.aclose()
    await app.state.desks.aclose()


async def tell(client: httpx.AsyncClient, source: str, body: str | bytes, kind: str = JSON) -> int:
    told = await client.post(f"/webhooks/{source}/{SECRET}", content=body, headers={"content-type": kind})
    return told.status_code


async def list_payloads(client: httpx.AsyncClient) -> list[Any]:
    answer = (await client.post("/graphql", json={"query": LISTED})).json()
    assert "errors" not in answer, answer
    return [node["payload"] for node in answer["data"]["webhookEvents"]["nodes"]]


async def test_what_cannot_be_read_is_kept_whole_and_refused(client: httpx.AsyncClient) -> None:
    """Broken, a part of what was told would be believed and the rest lost, or the server would fail."""
    for name, body in UNREADABLE.items():
        for source in SOURCES:
            assert await tell(client, source, body) == await tell(client, source, body, FORM) == 400, (name, source)

    payloads = await list_payloads(client)

    kept = [payload["unreadable"] for payload in payloads]
    assert len(kept) == len(UNREADABLE) * len(SOURCES)
    assert set(kept) == {
        body if isinstance(body, str) else body.decode(errors="backslashreplace") for body in UNREADABLE.values()
    }


async def test_what_is_strange_is_kept_and_taken(client: httpx.AsyncClient) -> None:
    """Broken, a vendor would tell it for ever, or the list of what was told could not be shown."""
    for name, bodies in READABLE.items():
        for source, body in bodies.items():
            assert await tell(client, source, body) == await tell(client, source, body, FORM) == 200, (name, source)

    payloads = await list_payloads(client)

    assert len(payloads) == len(READABLE) * len(SOURCES)
    assert {"email": "a\0b@example.com", "webhooks_type": "subscription\0"} in payloads


async def test_all_values_of_a_forms_field_are_kept(client: httpx.AsyncClient) -> None:
    """Broken, the last of several people or lists would be all that was told."""
    assert await tell(client, "shop", "list_id=1&list_id=2&email=a%40b.co&email=", FORM) == 200

    assert await list_payloads(client) == [{"list_id": ["1", "2"], "email": ["a@b.co", ""]}]


async def test_many_tellings_at_once_are_each_kept_once(client: httpx.AsyncClient) -> None:
    """Broken, two deliveries of one telling would be kept twice, or one of them refused."""
    events = [build_event(n=number) for number in range(50)]
    bodies = [json.dumps({str(place): event for place, event in enumerate(some)}) for some in (events, events[::-1])]

    replies = await asyncio.gather(*(tell(client, "mails", bodies[number % 2]) for number in range(8)))

    assert set(replies) == {200}
    assert sorted(payload["n"] for payload in await list_payloads(client)) == sorted(event["n"] for event in events)
