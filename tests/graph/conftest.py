"""
Two graphs to test with.

`http`: a small schema behind the real HTTP face, since what HTTP does must not depend on what the graph is about.
`graph`: the real thing over the vendors' sandboxes, in this process.

What the graph costs, and how it takes bad input and failing vendors, is tested with both executors.
"""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
import strawberry
from fastapi import FastAPI
from graphql import GraphQLSchema

from adapters.calls import CallRecord, CallScope
from adapters.contract import SandboxParts
from adapters.errors import CursorError, NotFoundError, SettingsError, VendorRateLimitedError
from adapters.registry import find_vendors
from graph.context import GraphContext, build_graph_context
from graph.execution.engine import ExecutorName
from graph.server.app import create_app
from graph.server.http import HttpOptions, build_http_app
from graph.server.sources import embedded_sandbox
from graph.settings import load_settings
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.principal import LOCAL, Principal

BOTH_EXECUTORS = (
    "test_bad_input",
    "test_call_counts",
    "test_collector",
    "test_fault",
    "test_federation",
    "test_plan",
    "test_unreadable_rows",
)
"""How the modules begin whose tests run under either executor."""

SECRET = "hunter2"
ORIGIN = "http://127.0.0.1"


LONG = "test_fault"
"""How the modules begin that wait for vendors in trouble: under graphql-core too only with the other long runs."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of some modules under either executor."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name.startswith(BOTH_EXECUTORS):
        marks = [pytest.mark.bars] if name.startswith(LONG) else []
        core = pytest.param(ExecutorName.CORE, marks=marks)
        metafunc.parametrize("executor", [ExecutorName.COMPILED, core], indirect=True)


@pytest.fixture(autouse=True)
def executor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ExecutorName:
    """The executor of every app whose settings do not name another."""
    chosen: ExecutorName = getattr(request, "param", ExecutorName.COMPILED)
    monkeypatch.setenv("MARKETING_GRAPH_EXECUTOR", chosen)
    return chosen


@strawberry.input
class Pattern:
    """An input that may hold itself."""

    word: str | None = None
    parts: list["Pattern"] | None = None


@strawberry.type
class Thing:
    """A thing with things in it."""

    name: str = "thing"

    @strawberry.field
    def things(self, first: int = 2) -> list["Thing"]:
        return [Thing() for _ in range(first)]

    @strawberry.field
    def other(self) -> "Thing":
        return Thing()


@strawberry.type
class Query:
    """Everything that can come of a field."""

    @strawberry.field
    def thing(self, pattern: Pattern | None = None) -> Thing:
        return Thing(name=str(pattern.word) if pattern else "thing")

    @strawberry.field
    def echo(self, text: strawberry.ID | None = None) -> str:
        return text or ""

    @strawberry.field
    def number(self, of: int = 1) -> int:
        return of

    @strawberry.field
    def broken(self) -> str | None:
        url = f"https://vendor.example/?auth={SECRET}"
        raise RuntimeError(f"no answer from {url}")

    @strawberry.field
    def misconfigured(self) -> str | None:
        raise SettingsError(f"the token {SECRET} is wrong")

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFoundError("There is no such thing.", reason="GONE", hint="Ask for another.")

    @strawberry.field
    def refused(self) -> str | None:
        raise CursorError("The cursor is malformed.", path=("after",))

    @strawberry.field
    def limited(self) -> str | None:
        raise VendorRateLimitedError(
            "The vendor asked us to slow down.",
            source="retail",
            vendor="taguchi_v4",
            operation="subscriber.list",
            status=429,
            vendor_message="slow down",
            retry_after_s=7.0,
        )

    @strawberry.field
    def noticed(self, info: strawberry.Info) -> str:
        error = NotFoundError("A part is missing.")
        info.context.request.notices.append(FacadeErrorAt(error, ("noticed",)))
        return "the rest"

    @strawberry.field
    def called(self, info: strawberry.Info) -> str:
        call = CallRecord("retail", "taguchi_v4", "subscriber.list", "GET", "/subscriber/?auth=REDACTED", rows=3)
        info.context.request.scope.record(call)
        return "called"

    @strawberry.field
    async def slow(self, seconds: float) -> str:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            CANCELLED.append("slow")
            raise
        return "at last"


CANCELLED: list[str] = []
SMALL_SCHEMA: GraphQLSchema = strawberry.Schema(Query)._schema


def build_context(operation_id: str, deadline_s: float = 20.0) -> GraphContext:
    deadline_at = asyncio.get_running_loop().time() + deadline_s
    scope = CallScope(operation_id, LOCAL.tenant, deadline_at)
    return build_graph_context(RequestContext(operation_id=operation_id, principal=LOCAL, sources={}, scope=scope))


def build_small_app(options: HttpOptions | None = None, deadline_s: float = 20.0) -> FastAPI:
    return build_http_app(
        SMALL_SCHEMA,
        lambda operation_id: build_context(operation_id, deadline_s),
        lambda _executor, _request, *, explain: None,
        options or HttpOptions(executor=ExecutorName(load_settings().executor)),
    )


def connect(app: Callable[..., Awaitable[None]]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the small schema."""
    async with connect(build_small_app()) as client:
        yield client


@dataclass
class Connection:
    """
    One request played message by message, as no well-behaved client would send it.

    `script` gives the messages the server receives; after them the client waits. `sent` collects the response.
    """

    script: list[dict[str, Any]]
    pause_s: float = 0.0
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def receive(self) -> dict[str, Any]:
        if not self.script:
            await asyncio.Event().wait()
        await asyncio.sleep(self.pause_s)
        return self.script.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def json(self) -> Any:
        return json.loads(b"".join(message.get("body", b"") for message in self.sent[1:]))


async def play(
    app: Any,
    connection: Connection,
    headers: dict[str, str] | None = None,
    method: str = "POST",
    path: str = "/graphql",
) -> None:
    """Send a scripted request through an app."""
    given = {"host": "127.0.0.1", "content-type": "application/json", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1"),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, connection.receive, connection.send)


def code_of(body: dict[str, Any]) -> str:
    """The code of a body's only error."""
    (error,) = body["errors"]
    return str(error["extensions"]["code"])


def reason_of(body: dict[str, Any]) -> str | None:
    """The reason of a body's only error."""
    (error,) = body["errors"]
    reason: str | None = error["extensions"].get("reason")
    return reason


@dataclass(frozen=True)
class Graph:
    """The real graph over the vendors' sandboxes, in this process, with what the sandboxes were asked."""

    app: FastAPI
    client: httpx.AsyncClient
    vendors: tuple[httpx.AsyncClient, ...]

    async def run(self, query: str, *, explain: bool = False, **variables: Any) -> dict[str, Any]:
        """Send an operation and return the response's members."""
        headers = {"X-Explain": "1"} if explain else {}
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        members: dict[str, Any] = answer.json()
        return members

    async def calls(self) -> list[dict[str, Any]]:
        """The vendor calls received since they were last forgotten."""
        return [call for vendor in self.vendors for call in (await vendor.get("/_sandbox/calls")).json()]

    async def forget_calls(self) -> None:
        """Start counting again."""
        for vendor in self.vendors:
            await vendor.delete("/_sandbox/calls")


@contextmanager
def seed_every() -> Iterator[dict[str, SandboxParts]]:
    """Seed every vendor's sandbox anew, for tests whose writes are to stay among themselves."""
    parts = {name: package.sandbox() for name, package in find_vendors().items()}
    yield parts
    for each in parts.values():
        if each.close is not None:
            each.close()


@pytest.fixture(scope="session")
def sandboxes() -> Iterator[dict[str, SandboxParts]]:
    """Every vendor's sandbox, seeded once; what a test changes in them it must put back."""
    with seed_every() as parts:
        yield parts


@pytest.fixture(scope="session")
def parts(sandboxes: dict[str, SandboxParts]) -> SandboxParts:
    """The sandbox of Taguchi V4."""
    return sandboxes["taguchi_v4"]


@pytest.fixture
def open_graph(sandboxes: dict[str, SandboxParts]) -> Callable[..., AbstractAsyncContextManager[Graph]]:
    """
    Open the real app over sandboxes, with other settings or as another principal where asked.

    One vendor's source is named `sandbox`. Nothing is remembered unless `cache` says so: calls are counted.
    """

    @asynccontextmanager
    async def open_one(
        principal: Principal = LOCAL, vendors: Collection[str] = ("taguchi_v4",), **settings: Any
    ) -> AsyncIterator[Graph]:
        packages = {
            name: dataclasses.replace(package, sandbox=partial(_borrow, sandboxes[name]))
            for name, package in find_vendors().items()
            if name in vendors
        }
        sources = embedded_sandbox(packages)
        app = create_app(load_settings(**{"cache": False, **settings}), sources=sources, principal=principal)
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(connect(app))
            doors = [
                await stack.enter_async_context(connect(sandboxes[source.vendor].app))
                for source in sources.by_name.values()
            ]
            graph = Graph(app, client, tuple(doors))
            await graph.forget_calls()
            yield graph
            await app.state.desks.aclose()
            await sources.aclose()

    return open_one


def _borrow(parts: SandboxParts) -> SandboxParts:
    return dataclasses.replace(parts, close=None)


@pytest.fixture
async def graph(open_graph: Callable[..., AbstractAsyncContextManager[Graph]]) -> AsyncIterator[Graph]:
    """The real graph with default settings."""
    async with open_graph() as opened:
        yield opened
