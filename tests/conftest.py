"""What holds for every test: no way out of this machine, and none of the operator's environment."""

import gc
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Generator
from types import FrameType
from typing import Any, Final

import pytest

pytest_plugins = ["tests.postgres_fixture", "tests.served_fixture"]

GARBAGE_AFTER: Final = 10_000
"""After how many new objects the collector looks for garbage: a test leaves little, beside schemas that stay."""


def _forbid_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Fail a connection that would leave the loopback interface, and resolve no name but `localhost`."""
    if event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        if not _is_local(arguments[1][0]):
            raise PermissionError(f"a test tried to reach {arguments[1]!r}; tests talk to loopback only")
    elif event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise socket.gaierror(socket.EAI_NONAME, "tests resolve no names")


def _is_local(host: Any) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    try:
        address = ipaddress.ip_address(host or "127.0.0.1")
    except ValueError:
        return bool(host == "localhost")
    return bool(address.is_loopback or address.is_unspecified)


sys.addaudithook(_forbid_outside)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# asyncio's runners leave a handler that is not Python's own alone; over Python's own they set theirs for every test and
# every fixture, and the signal module then prints the whole task with what it returned (an eighth of the suite's time)
signal.signal(signal.SIGINT, _interrupt)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Spare modules, schemas and the tests themselves from the collector, which would walk over them time and again."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 20)
    gc.enable()
    return collected


@pytest.fixture(autouse=True)
def _scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("MARKETING_GRAPH_"):
            monkeypatch.delenv(name)
