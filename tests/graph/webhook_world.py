"""The app over emulators of Sendios, and a vendor who tells it things."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.vendors.sendios.sandbox import Sandbox, create_sandbox
from graph.server.app import create_app
from graph.settings import load_settings
from resolvers.principal import LOCAL, Principal
from resolvers.writes.listening import SOON_S
from tests.graph.bulk_words import read_outcome
from tests.graph.conftest import connect

SECRET = "k7Qw2xYv9LmN4pRs6TzB8cDf1GhJ3aE5"
OTHER_SECRET = "Z1x2C3v4B5n6M7a8S9d0F1g2H3j4K5l6"
OLD_SECRET = "a1S2d3F4g5H6j7K8l9Q0w1E2r3T4y5U6"
TABLES = """
[sources.mails]
vendor = "sendios"
base_url = "http://127.0.0.1"
client_id = 123
auth = {{ key = {{ env = "MAILS_KEY" }} }}
projects = [1, 2]
{webhook}

[sources.others]
vendor = "sendios"
base_url = "http://127.0.0.1"
client_id = 123
auth = {{ key = {{ env = "MAILS_KEY" }} }}
projects = [1]
webhook = {{ secret = {{ env = "OTHERS_SECRET" }} }}
"""
WEBHOOK = 'webhook = { secret = { env = "MAILS_SECRET" } }'
ROTATING = 'webhook = { secret = [{ env = "MAILS_SECRET" }, { env = "MAILS_OLD_SECRET" }] }'
SEND = """
mutation ($to: String!) {
  sendMessage(input: {
    source: "mails", recipients: [{email: $to}], sendios: {kind: SYSTEM, typeId: "1", projectId: "1"}
  }) { told: operation { outcome } errors { code message reason } operation { id outcome } }
}
"""
LEARNT = "query ($id: ID!) { writeOperation(id: $id) { outcome errors { code reason message } } }"
HELD = "{ writeOperations { nodes { id outcome facts } } }"
LISTED = """
query ($unmatched: Boolean!) {
  webhookEvents(unmatched: $unmatched) { nodes { sourceId payload operationId receivedAt } }
}
"""


class World:
    """The real app over one emulator, its ledger in a file, and a vendor who tells it things."""

    def __init__(self, folder: Path, principal: Principal = LOCAL, webhook: str = WEBHOOK) -> None:
        self.sandbox: Sandbox = create_sandbox()
        path = folder / "sources.toml"
        path.write_text(TABLES.format(webhook=webhook))
        transports = {name: httpx.ASGITransport(self.sandbox.app) for name in ("mails", "others")}
        settings = load_settings(sources=path)
        self.app = create_app(settings, transports=transports, principal=principal)
        self.client = connect(self.app)

    async def run(self, query: str, **variables: Any) -> Any:
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables})
        return answer.json()

    async def send(self, to: str = "new@gmail.com") -> Any:
        body = await self.run(SEND, to=to)
        assert "errors" not in body, body
        return read_outcome(body["data"]["sendMessage"])

    async def tell(self, *events: dict[str, Any], secret: str = SECRET, source: str = "mails") -> httpx.Response:
        body = {str(place): event for place, event in enumerate(events)} | {"sign": None}
        return await self.client.post(f"/webhooks/{source}/{secret}", json=body)

    async def learn(self, payload: Any) -> Any:
        found = await self.run(LEARNT, id=payload["operation"]["id"])
        return found["data"]["writeOperation"]

    async def wait_for(self, outcome: str, payload: Any) -> Any:
        """Learn of a write until it has an outcome."""
        async with asyncio.timeout(10):
            while (learnt := await self.learn(payload))["outcome"] != outcome:  # noqa: ASYNC110 - the ledger is asked
                await asyncio.sleep(0.1)
        return learnt

    async def list_events(self, *, unmatched: bool = False) -> list[Any]:
        found = await self.run(LISTED, unmatched=unmatched)
        nodes: list[Any] = found["data"]["webhookEvents"]["nodes"]
        return nodes


async def hear() -> None:
    """Wait until everything that was told is judged."""
    await asyncio.sleep(2 * SOON_S)


def build_event(kind: str = "sent", to: str = "new@gmail.com", **others: Any) -> dict[str, Any]:
    return {"event": kind, "project_id": 1, "type_id": 1, "email": to, "mail_id": 7, **others}


def open_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, principal: Principal = LOCAL, webhook: str = WEBHOOK
) -> list[World]:
    monkeypatch.setenv("MAILS_KEY", "sandbox-key")
    monkeypatch.setenv("MAILS_SECRET", SECRET)
    monkeypatch.setenv("MAILS_OLD_SECRET", OLD_SECRET)
    monkeypatch.setenv("OTHERS_SECRET", OTHER_SECRET)
    return [World(tmp_path, principal, webhook)]


async def close(world: World) -> None:
    await world.client.aclose()
    await world.app.state.desks.aclose()
