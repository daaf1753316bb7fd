"""Asking a sandbox as a client of the vendor would."""

import json
from typing import Any

import httpx

from adapters.vendors.taguchi_v4.sandbox import Sandbox

ROOT = "/admin/api/1"
AUTH = "auth=sandbox-token"
USER_AUTH = "auth=sandbox%40example.com%7Cpass%7Cword"


def client_of(sandbox: Sandbox) -> httpx.AsyncClient:
    """A client of an account, inside this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="https://edm2.example")


async def send(client: httpx.AsyncClient, method: str, path: str, body: Any = None, *more: str) -> httpx.Response:
    """Send a write the way the wrappers do: HTTP POST, the method in the query, an array of one record."""
    content = None if body is None else json.dumps(body if isinstance(body, list) else [body])
    headers = {} if content is None else {"content-type": "application/json"}
    query = "&".join((f"_method={method}", AUTH, *more))
    return await client.post(f"{ROOT}/{path}?{query}", content=content, headers=headers)


async def put_in(client: httpx.AsyncClient, resource: str, body: Any) -> dict[str, Any]:
    """Make a record and return it as it was answered."""
    reply = await send(client, "POST", f"{resource}/", body)
    assert reply.status_code == 200, reply.text
    row: dict[str, Any] = reply.json()[0]
    return row
