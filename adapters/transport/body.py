"""Reading a reply's body: bounded while it streams, unpacked within the same bound, parsed without trust."""

import zlib
from collections.abc import AsyncIterable
from typing import Any, Protocol

import httpx
import orjson

from adapters.calls import CallRecord
from adapters.errors import VendorContractError
from adapters.transport.faults import ENCODING, TOO_LARGE, FaultError
from adapters.transport.wire import find_header

_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class Answered(Protocol):
    """What `decode_json` reads of a reply."""

    body: bytes
    call: CallRecord


async def read_body(response: httpx.Response, max_bytes: int) -> bytes:
    """
    Read a whole body of at most `max_bytes` after unpacking.

    Raises:
        FaultError: TOO_LARGE as soon as one byte too many is seen; ENCODING when it cannot be unpacked.
    """
    encoding = (find_header(response, "content-encoding") or "").strip().lower()
    if encoding in {"identity", ""}:
        return await _read_plain(_stream_of(response), max_bytes)
    if encoding in _PACKED:
        return await _read_packed(_stream_of(response), max_bytes)
    raise FaultError(ENCODING)


def _stream_of(response: httpx.Response) -> httpx.AsyncByteStream:
    """Return the raw bytes as they arrive; httpx's own reading would also unpack them, without a bound."""
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("A vendor's transport must be an asynchronous one.")
    return response.stream


async def _read_plain(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    """Join chunks up to the limit; a single one, as most bodies are, is not copied."""
    body: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise FaultError(TOO_LARGE)
        body.append(chunk)
    return b"".join(body)


async def _read_packed(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    """Unpack chunks up to the limit; a bomb is stopped at the limit, not after it went off."""
    unpacker = zlib.decompressobj(_ZLIB_OR_GZIP)
    body, packed = bytearray(), False
    async for chunk in chunks:
        packed = packed or bool(chunk)
        try:
            body += unpacker.decompress(chunk, max_bytes + 1 - len(body))
        except zlib.error:
            raise FaultError(ENCODING) from None
        if len(body) > max_bytes:
            raise FaultError(TOO_LARGE)
    if packed and (not unpacker.eof or unpacker.unused_data):
        raise FaultError(ENCODING)
    return bytes(body)


def decode_json(reply: Answered) -> Any:
    """
    Parse a reply's body as JSON.

    Raises:
        VendorContractError: it is empty, an HTML page, not UTF-8, holds NaN, is nested more than 1,024 deep (orjson's
            own bound) or is otherwise no JSON. The content type is not asked: vendors mislabel good JSON. Integers
            beyond 64 bits come as floats.
    """
    try:
        return orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        reason, what = _describe(reply.body)
    reply.call.error = f"{VendorContractError.code} {reason}"
    raise VendorContractError(
        f"Source '{reply.call.source}' sent {what}.",
        source=reply.call.source,
        vendor=reply.call.vendor,
        operation=reply.call.operation,
        status=reply.call.status,
        reason=reason,
    )


def _describe(body: bytes) -> tuple[str, str]:
    """Say what stands where JSON was expected, without repeating any of it."""
    text = body.strip()
    if not text:
        return "BODY_EMPTY", "an empty answer where data was expected"
    if text.startswith(b"<"):
        return "BODY_HTML", "a web page where data was expected"
    return "BODY_NOT_JSON", "an answer that is not JSON"
