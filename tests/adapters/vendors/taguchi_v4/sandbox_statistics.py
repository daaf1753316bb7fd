"""Asking a sandbox for statistics, and the replies the document shows."""

import json
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import httpx

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox

Mode = Literal["days", "instants", "buckets"]
Series = dict[str, list[list[Any]]]
Parameters = list[tuple[str, str]]
Row = dict[str, Any]


EXAMPLES = Path(__file__).parent / "sandbox_examples"


def example(name: str) -> dict[str, Series]:
    """One of the document's replies."""
    reply: dict[str, Series] = json.loads((EXAMPLES / f"stats-{name}.json").read_text())
    return reply


def bare(**options: Any) -> Sandbox:
    """An account with two subscribers and nothing that happened to them."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(**options))
    for _ in range(2):
        sandbox.store.insert("subscriber", {})
    return sandbox


async def reply_to(sandbox: Sandbox, kind: str, parameters: Parameters) -> httpx.Response:
    """The reply to a statistics request."""
    query = urlencode([*parameters, ("auth", "sandbox-token")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://edm2.example") as client:
        return await client.get(f"/admin/api/1/stats/{kind}?{query}")


async def counts(sandbox: Sandbox, kind: str, *parameters: tuple[str, str]) -> dict[str, Series]:
    """What a statistics request counts."""
    reply = await reply_to(sandbox, kind, list(parameters))
    assert reply.status_code == 200, reply.text
    counted: dict[str, Series] = reply.json()
    return counted


def log(sandbox: Sandbox, ref: str, at: str, **fields: Any) -> None:
    """Add a logged event."""
    sandbox.store.insert_event({"event_ref": ref, "timestamp": at, **fields})


# --- the document's examples ------------------------------------------------------------------------------------------
