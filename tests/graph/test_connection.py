"""The real server's connections: what a client may send besides a body is bounded."""

import asyncio
from urllib.parse import urlsplit

import pytest

from graph.server.connection import HEAD_BYTES

START = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
BODY = b'{"query":"{ __typename }"}'
MUCH = 2 * HEAD_BYTES
CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"


async def _send(address: str, *parts: bytes) -> bytes:
    """Send parts over one connection, as far as they are taken, and return what the server says until it closes."""
    where = urlsplit(address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def _parts_of(data: bytes) -> list[bytes]:
    return [data[at : at + 60_000] for at in range(0, len(data), 60_000)]


ENDLESS = {
    "a header's value": START + b"X-Long: " + b"a" * MUCH,
    "a header's name": START + b"X" * MUCH,
    "headers": START + b"X-Some: more\r\n" * (MUCH // 14),
    "an address": b"POST /" + b"a" * MUCH,
    "a chunk's extension": START + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * MUCH,
    "trailers": START + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X-Some: more\r\n" * (MUCH // 14),
}


@pytest.mark.parametrize("what", ENDLESS)
async def test_what_has_no_end_is_refused_before_it_fills_the_memory(served: str, what: str) -> None:
    """One client could send a head until the server has no memory left."""
    said = await _send(served, *_parts_of(ENDLESS[what]))

    assert said == b"" or said.startswith((b"HTTP/1.1 400", b"HTTP/1.1 408", b"HTTP/1.1 431"))
    assert (await _send(served, START + b"Connection: close\r\nContent-Length: 26\r\n\r\n" + BODY)).startswith(
        b"HTTP/1.1 200"
    )


async def test_a_long_body_is_no_head(served: str) -> None:
    """A body of some megabytes would be refused as a head instead of by its own limit, with an answer that explains."""
    said = await _send(
        served, START + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n", *[CHUNK] * 80, b"0\r\n\r\n"
    )

    assert said.startswith(b"HTTP/1.1 413")


async def test_many_requests_of_one_connection_are_counted_one_by_one(served: str) -> None:
    """A gateway's connection would be closed once its requests together were long."""
    padded = START + b"X-Long: " + b"a" * 7_000 + b"\r\nContent-Length: 26\r\n"
    requests = [padded + b"\r\n" + BODY] * (HEAD_BYTES // 7_000 + 10)
    where = urlsplit(served)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    for request in requests:
        writer.write(request)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
    writer.close()


@pytest.mark.parametrize(
    "request_head",
    [
        b"NONSENSE\r\n\r\n",
        START + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        START + b"Content-Length: -1\r\n\r\n",
        START + b"Bad Name: x\r\n\r\n",
        START + b"X-Null: a\x00b\r\n\r\n",
        b"POST /gr\xffaphql HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused(served: str, request_head: bytes) -> None:
    """A head that two readers take for different requests would be read as one of them."""
    assert (await _send(served, request_head)).startswith(b"HTTP/1.1 400")
