"""Runs an ASGI app on a socket until it is told to stop."""

import gc
import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from adapters.errors import SettingsError
from graph.server.connection import Connection

BACKLOG: Final = 1024

STOP_S: Final = 5
"""Seconds that running operations get when the server is told to stop."""

GARBAGE_THRESHOLD: Final = 50_000
"""
How many objects are made before cycles are looked for. An answer is made of thousands, none of them in a cycle: to look
through them after every 700, as Python does, took a quarter of the processor's time.
"""


def listen(host: str, port: int) -> socket.socket:
    """
    Open the listening socket; port 0 takes a free one.

    Raises:
        SettingsError: the address cannot be had.
    """
    # asyncio switches Nagle's delay, 40 ms an answer, off only where the socket itself says that it is TCP
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or "no such port"
        raise SettingsError(f"Cannot listen on {host}:{port} ({reason}). Choose another --port or --host.") from None
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address a client would use, as `http://127.0.0.1:8000`."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Any, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until a signal comes; `ready` is called once requests are answered."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        http=Connection,
        timeout_graceful_shutdown=STOP_S,
    )
    _Server(config, ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _collect_seldom()
            self._ready()


def _collect_seldom() -> None:
    """Look for cycles seldom, and never again among what was made at the start: it stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 10, 10)
    gc.enable()
