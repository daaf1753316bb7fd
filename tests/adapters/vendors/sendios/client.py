"""How the vendor's clients speak to the emulator."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx

from adapters.vendors.sendios.sandbox import Sandbox, SandboxOptions, create_sandbox

SDK_KEY = "a1s2d3f4g5h6j7k8l"
HASHED = "957081746b54977d51bef9fc74f4d4fd023bab13"
ENCODED = "dGVzdEBleGFtcGxlLmNvbQ=="
USER = 8424


def authorize(key: str = HASHED, client_id: int = 123) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{key}".encode()).decode()}


def build(**options: Any) -> Sandbox:
    return create_sandbox(key=HASHED, options=SandboxOptions(**options))


async def send(
    sandbox: Sandbox, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Send a request as a client would, JSON under the form content type that curl gives it."""
    content = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", **(authorize() if headers is None else headers)}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="http://vendor") as client:
        return await client.request(method, path, content=content, headers=sent)


async def ask(sandbox: Sandbox, method: str, path: str, body: object = None) -> Any:
    """Send a request that must succeed, and return what stands in the envelope."""
    reply = await send(sandbox, method, path, body)
    assert reply.status_code == 200, reply.text
    assert reply.json()["_meta"]["status"] == "SUCCESS"
    return reply.json()["data"]


PUSH = {
    "type_id": 1,
    "project_id": 1,
    "email": "new@example.net",
    "data": {"some": "hi", "user": {"name": "John"}, "meta": {"tracking_id": 72348234}},
    "transactional_mail_settings": {"subject_id": 66, "template_id": 55},
}
