"""How the sandbox's own tests ask it: as the vendor's public client does."""

from typing import Any

import httpx
import orjson

from adapters.vendors.taguchi_v5.sandbox import Sandbox, SandboxOptions, create_sandbox

TOKEN = "sandbox-token"
PROD, TEST = "/abc123/prod", "/abc123/test"
OK = {"code": 200, "name": "OK", "description": ""}
NO_IDENTITY = {
    "code": 400,
    "name": "Bad Request",
    "description": "Subscriber profile object did not contain required identifying fields",
}
U1 = {
    "organizationId": 482,
    "ref": "u1",
    "email": "jane@example.com",
    "firstname": "J",
    "custom": {"tier": "gold"},
    "lists": [
        {"listId": 12, "unsubscribedTimestamp": None},
        {"listId": 13, "unsubscribedTimestamp": "2025-01-15T08:00:00Z"},
    ],
}


async def ask(
    sandbox: Sandbox, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send one request as the public client does."""
    given = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json", "user-agent": "Segment (Actions)"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://v5.example") as client:
        content = None if body is None else orjson.dumps(body)
        return await client.request(method, path, content=content, headers=given if headers is None else headers)


async def post(sandbox: Sandbox, items: Any, path: str = f"{PROD}/subscriber") -> Any:
    """Send items and return the statuses."""
    reply = await ask(sandbox, "POST", path, items)
    assert reply.status_code == 200, reply.text
    return reply.json()


def build(**options: Any) -> Sandbox:
    """Build a sandbox whose page says this."""
    return create_sandbox(options=SandboxOptions(**options))


def find(sandbox: Sandbox, ref: str) -> dict[str, Any] | None:
    """Find a kept profile by its reference."""
    return next((row for row in sandbox.store.rows if row["ref"] == ref), None)
