"""
The vendor behind a real socket, and the graph over it as an operator would set it up: a file, secrets by environment.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn

from adapters.contract import Source
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from graph.server.app import create_app
from graph.server.serving import address_of, listen
from graph.server.sources import load_sources
from graph.settings import load_settings
from tests.graph.conftest import connect

TOKEN: Final = 'tök"en/+%&=\\<x>-7f3a91'
USER: Final = "ops@example.com"
PASSWORD: Final = 'p|ss wörd/+%&=\\<"y">-c4e8'
ENVIRONMENT: Final = {"RETAIL_TOKEN": TOKEN, "RETAIL_PASSWORD": PASSWORD}
BY_TOKEN: Final = 'auth = { token = { env = "RETAIL_TOKEN" } }'
BY_PASSWORD: Final = f'auth = {{ username = "{USER}", password = {{ env = "RETAIL_PASSWORD" }} }}'

_START_LIMIT_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class RealVendor:
    """A sandbox behind a server: its inside, to interfere with, and its address."""

    sandbox: Sandbox
    url: str

    def misbehave(self, *faults: Fault) -> None:
        """Put faults in force, beside those already there."""
        self.sandbox.faults.add(*faults)

    def behave(self) -> None:
        """Take every fault back and forget the calls."""
        self.sandbox.faults.clear()
        self.sandbox.calls.clear()

    def received(self, match: str = "") -> list[str]:
        """The calls received, as the sandbox writes them, whose line holds a text."""
        return [call.line for call in self.sandbox.calls.entries if match in call.line]

    def rows(self, resource: str) -> list[dict[str, Any]]:
        """The vendor's own rows, in the order of their ids."""
        return sorted(self.sandbox.store.rows(resource), key=lambda row: int(row["id"]))


@contextmanager
def serving_vendor(*, options: SandboxOptions | None = None, subscribers: int = 300) -> Iterator[RealVendor]:
    """Serve a seeded sandbox on a free port of this machine for the time of the block."""
    sandbox = create_sandbox(
        subscribers=subscribers, events=0, token=TOKEN, users={USER: PASSWORD}, options=options or SandboxOptions()
    )
    with serving(sandbox.app) as url:
        yield RealVendor(sandbox, url)


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an ASGI application in a thread of its own, and yield its address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        give_up_at = time.monotonic() + _START_LIMIT_S
        while not server.started and time.monotonic() < give_up_at:
            time.sleep(0.01)
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def describe_source(name: str, url: str, *lines: str, auth: str = BY_TOKEN) -> str:
    """Write one source's table of `sources.toml`."""
    head = [f"[sources.{name}]", 'vendor = "taguchi_v4"', f'base_url = "{url}"', "organization_id = 1", auth]
    return "\n".join([*head, *lines, ""])


@dataclass(frozen=True, slots=True)
class OpenGraph:
    """The graph over real sources."""

    client: httpx.AsyncClient
    sources: Mapping[str, Source]

    async def ask(self, query: str, *, explain: bool = True, **variables: Any) -> "Answered":
        """Send an operation and keep everything that came of it."""
        started = time.monotonic()
        answer = await self.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"X-Explain": "1"} if explain else {},
        )
        return Answered(answer, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class Answered:
    """A response and how long it took."""

    response: httpx.Response
    spent_s: float

    @property
    def body(self) -> dict[str, Any]:
        """The response's members."""
        members: dict[str, Any] = self.response.json()
        return members

    @property
    def data(self) -> Any:
        """The data of an answer."""
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors of an answer, none where it has no such member."""
        found: list[dict[str, Any]] = self.body.get("errors", [])
        return found

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The calls of the plan."""
        found: list[dict[str, Any]] = self.body["extensions"]["plan"]["calls"]
        return found

    @property
    def spoken(self) -> str:
        """What a client without `X-Explain` sees, as text."""
        body = self.body
        body["extensions"].pop("plan", None)
        return json.dumps(body, ensure_ascii=False)


@asynccontextmanager
async def open_graph(folder: Path, *tables: str, **settings: Any) -> AsyncIterator[OpenGraph]:
    """Open the real app over the sources of a file."""
    file = folder / "sources.toml"
    await asyncio.to_thread(file.write_text, "\n".join(tables), encoding="utf-8")
    sources = load_sources(file, ENVIRONMENT)
    app = create_app(load_settings(**{"cache": False, **settings}), sources=sources)
    async with app.router.lifespan_context(app), connect(app) as client:
        client.timeout = httpx.Timeout(60)
        yield OpenGraph(client, sources.by_name)


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the graph says of stored rows, where ids and names are asked for."""
    return [{"vendorId": str(row["id"]), "name": row["name"]} for row in rows]
