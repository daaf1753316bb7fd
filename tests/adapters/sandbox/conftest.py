"""A toy vendor on the kit, in process and behind a real server."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import httpx
import pytest
import uvicorn

from adapters.sandbox import CallLog, FaultBoard, ReceivedRequest, Reply, SandboxApp

ROWS = [{"id": number, "name": f"row {number}"} for number in range(1, 7)]


class Toy:
    """A vendor that answers every request with six rows, and counts its work."""

    def __init__(self) -> None:
        self.calls = CallLog()
        self.faults = FaultBoard()
        self.worked = 0
        self.app = SandboxApp(self._answer, self.calls, self.faults, frozenset({"auth"}))

    def _answer(self, request: ReceivedRequest) -> Reply:
        self.worked += 1
        if request.path == "/plain":
            return Reply(200, b"hello", "text/plain")
        return Reply.of_rows(ROWS, _render, "application/json")


def _render(rows: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


@pytest.fixture
def toy() -> Toy:
    """A toy vendor without faults."""
    return Toy()


@pytest.fixture
async def client(toy: Toy) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the toy vendor inside this process."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=toy.app), base_url="http://toy") as client:
        yield client


@pytest.fixture
def address(toy: Toy) -> Iterator[str]:
    """The toy vendor behind uvicorn, on a free port of this machine."""
    with serving(toy.app) as address:
        yield address


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an ASGI application for the time of the block."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            asyncio.run(asyncio.sleep(0.01))
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
