"""Fixtures of the transport's tests: fake vendors, callers, and a watch over everything that may leak."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from pydantic import SecretStr

from adapters.transport.auth import Authorizer, QueryAuth
from adapters.transport.client import VendorClient
from adapters.transport.limits import ClientLimits
from adapters.transport.network import build_transport
from tests.adapters.transport.fake_vendor import PATIENT, SECRET, Caller, FakeVendor, Script, Watch


class _Lines(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.NOTSET)
        self.watch = watch
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.watch.texts.append(self.format(record))


@pytest.fixture(autouse=True)
def watch() -> Iterator[Watch]:
    """Every test of the transport runs at DEBUG level and ends with a search for the secret."""
    seen, root = Watch(), logging.getLogger()
    handler, level = _Lines(seen), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield seen
    root.removeHandler(handler)
    root.setLevel(level)
    assert seen.leaks() == []


@pytest.fixture
async def vendor() -> AsyncIterator[Callable[[Script], Awaitable[FakeVendor]]]:
    """Start fake vendors on free loopback ports; they end with the test."""
    servers: list[asyncio.Server] = []

    async def start(script: Script) -> FakeVendor:
        fake = FakeVendor(script)
        server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
        servers.append(server)
        fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return fake

    before = asyncio.all_tasks()
    yield start
    for server in servers:
        server.close()
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture
async def caller(watch: Watch) -> AsyncIterator[Callable[..., Caller]]:
    """Build callers over the real network transport; they are closed with the test."""
    made: list[Caller] = []

    def build(url: str, limits: ClientLimits = PATIENT, authorize: Authorizer | None = None) -> Caller:
        client = VendorClient(
            source="retail",
            vendor="taguchi_v4",
            base_url=url,
            transport=build_transport(url, connections=limits.concurrency),
            authorize=authorize or QueryAuth("auth", SecretStr(SECRET)),
            limits=limits,
        )
        made.append(Caller(client, watch))
        return made[-1]

    yield build
    for each in made:
        await each.client.aclose()
