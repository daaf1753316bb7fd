"""Reads a request's body within a size and a time."""

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from graph.errors import RefusedError, refuse_request
from graph.server.limits import RequestLimits

DISCARDED_BYTES = 4 * 1024 * 1024
DISCARD_S = 1.0


async def read_body(headers: Mapping[str, str], receive: Receive, limits: RequestLimits) -> bytes:
    """Return the whole body; raises `RefusedError` 413 or 408, `ClientDisconnect` when nobody waits any more."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > limits.body_bytes:
        await _discard(receive)
        raise refuse_size(limits.body_bytes)
    try:
        async with asyncio.timeout(limits.body_s):
            return await _collect(receive, limits)
    except TimeoutError:
        raise refuse_request(
            408,
            f"The request's body did not arrive within {limits.body_s:g} seconds.",
            reason="BODY_TOO_SLOW",
            headers={"Connection": "close"},
        ) from None


async def _collect(receive: Receive, limits: RequestLimits) -> bytes:
    parts = bytearray()
    more = True
    while more:
        message = await _next(receive)
        parts += message.get("body", b"")
        more = message.get("more_body", False)
        if len(parts) > limits.body_bytes:
            await (_discard(receive) if more else asyncio.sleep(0))
            raise refuse_size(limits.body_bytes)
    return bytes(parts)


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message


async def _discard(receive: Receive) -> None:
    """Read on for a moment, so that a client still sending gets to see the refusal instead of a reset."""
    left = DISCARDED_BYTES
    try:
        async with asyncio.timeout(DISCARD_S):
            while left > 0:
                message = await _next(receive)
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def refuse_size(most: int) -> RefusedError:
    """Build the refusal of a body with more bytes than these."""
    return refuse_request(
        413,
        f"The request's body has more than {most:,} bytes.",
        reason="BODY_TOO_LARGE",
        headers={"Connection": "close"},
    )
