"""
How a reply leaves: at once, late, slowly, partly or never.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NoReturn

from starlette.types import Receive, Send

from adapters.sandbox.faults import Fault
from adapters.sandbox.replies import Reply

DRIP_STEPS_PER_S = 20
FLUSH_S = 0.01  # what was sent before the drop should arrive


class ConnectionDroppedError(ConnectionResetError):
    """
    The simulator hung up. Under a server the client sees a dropped connection; inside one process this error reaches
    the caller.
    """


async def wait_for_faults(faults: Sequence[Fault], receive: Receive, send: Send) -> None:
    """
    Sit out the delays and hangs among these faults.

    Raises:
        ConnectionDroppedError: a hang is over, because the client left or its `seconds` ran out.
    """
    for fault in faults:
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds or 0.0)
        elif fault.kind == "hang":
            with suppress(TimeoutError):
                await asyncio.wait_for(_disconnect(receive), fault.seconds)
            await drop_connection(receive, send)


async def deliver(reply: Reply, faults: Sequence[Fault], receive: Receive, send: Send) -> None:
    """
    Send the reply, as the faults of delivery among these allow.
    """
    by_kind = {fault.kind: fault for fault in faults}
    reset = by_kind.get("reset")
    if reset is not None and reset.after_bytes is None:
        await drop_connection(receive, send)
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.build_headers()})
    cut_at = _cut_at(reply, by_kind)
    await _send_body(_chunks(reply, cut_at), by_kind.get("drip"), send, more_after=cut_at is not None)
    if cut_at is not None:
        await drop_connection(receive, send)


async def drop_connection(receive: Receive, send: Send) -> NoReturn:
    """
    Close the connection without finishing the answer; always raises `ConnectionDroppedError`.
    """
    transport = transport_of(send)
    if transport is not None:
        await asyncio.sleep(FLUSH_S)
        transport.abort()
        await _disconnect(receive)
    raise ConnectionDroppedError("connection dropped")


def transport_of(send: Send) -> asyncio.WriteTransport | None:
    """
    The socket behind `send`, None inside one process.

    Uvicorn's `send` is a method of the object that holds the transport. Aborting it is the only way from ASGI to drop
    a connection before the status line: a server answers 500 for an application that raises earlier.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport if callable(getattr(transport, "abort", None)) else None


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _cut_at(reply: Reply, by_kind: dict[str, Fault]) -> int | None:
    """After how many bytes of the body the connection is to be dropped; None for never."""
    fault = by_kind.get("reset") or by_kind.get("short_body")
    if fault is None:
        return None
    return len(reply.body) // 2 if fault.after_bytes is None else min(fault.after_bytes, len(reply.body))


def _chunks(reply: Reply, cut_at: int | None) -> Iterable[bytes]:
    if reply.stream is not None:
        return reply.stream()
    return iter((reply.body if cut_at is None else reply.body[:cut_at],))


async def _send_body(chunks: Iterable[bytes], drip: Fault | None, send: Send, *, more_after: bool) -> None:
    for chunk in chunks:
        for piece in _pieces(chunk, drip):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            if drip is not None:
                await asyncio.sleep(len(piece) / (drip.bytes_per_s or 1.0))
    if not more_after:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _pieces(chunk: bytes, drip: Fault | None) -> Iterator[bytes]:
    if drip is None:
        yield chunk
        return
    size = max(1, int((drip.bytes_per_s or 1.0) / DRIP_STEPS_PER_S))
    for start in range(0, len(chunk), size):
        yield chunk[start : start + size]
