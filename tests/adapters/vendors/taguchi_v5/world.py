"""One Taguchi V5 source over a sandbox of its own: what the adapter's tests look at the world through."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson

from adapters.calls import CallScope
from adapters.vendors.taguchi_v5.adapter import TaguchiV5Adapter, open_source
from adapters.vendors.taguchi_v5.sandbox import OPENAPI_FILE, Sandbox, SandboxOptions, create_sandbox
from adapters.vendors.taguchi_v5.sandbox.document import build_document, print_document
from adapters.vendors.taguchi_v5.settings import TaguchiV5Settings

SOURCE = "web"
TOKEN = "sandbox-token"
TABLE = {
    "vendor": "taguchi_v5",
    "base_url": "http://127.0.0.1/abc123/prod",
    "organization_id": 482,
    "auth": {"token": TOKEN},
    "openapi": {"file": str(OPENAPI_FILE)},
    "region": "AU",
    "identify_by": "email",
    "allow_retrieval": True,
    "identify_partitions_by": "ref",
    "allow_partition_retrieval": True,
}


def build_settings(**changes: Any) -> TaguchiV5Settings:
    """A source's table, as the embedded sandbox wants it; None takes a key out."""
    table = {key: value for key, value in (TABLE | changes).items() if value is not None}
    return TaguchiV5Settings.model_validate(table)


@dataclass(frozen=True)
class World:
    """A sandbox and the adapter that speaks to it."""

    sandbox: Sandbox
    adapter: TaguchiV5Adapter

    @property
    def lines(self) -> list[str]:
        """The calls the vendor received."""
        return [call.line for call in self.sandbox.calls.entries]

    def row(self, ref: str) -> dict[str, Any]:
        """What the vendor really holds of a person."""
        return next(row for row in self.sandbox.store.rows if row["ref"] == ref)


def build_world(folder: Path, options: Mapping[str, Any] | None = None, **settings: Any) -> World:
    """Build a world whose page and table say the same, with the OpenAPI file that such an endpoint offers."""
    said = SandboxOptions(**{"identify_by": "email", **(options or {})})
    sandbox = create_sandbox(options=said)
    file = folder / "openapi.json"
    file.write_bytes(print_document(build_document(said, "abc123", "prod")))
    table = {
        "openapi": {"file": str(file)},
        "identify_by": said.identify_by,
        "identify_partitions_by": said.identify_partitions_by,
        "webhook_mode": said.webhook_mode,
        **settings,
    }
    return World(sandbox, open_source(SOURCE, build_settings(**table), httpx.ASGITransport(sandbox.app)))


@dataclass
class FakeVendor(httpx.AsyncBaseTransport):
    """Answers every request alike and remembers what was asked."""

    status: int = 200
    body: Any = None
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        content = self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)
        return httpx.Response(self.status, content=content)


def scope(seconds: float = 30.0, max_calls: int = 10_000) -> CallScope:
    """A request with time and calls to spend."""
    now = asyncio.get_running_loop().time()
    return CallScope("op", "tenant", deadline_at=now + seconds, max_calls=max_calls, started_at=now)
