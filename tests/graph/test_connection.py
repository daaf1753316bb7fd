"""The real server's connections: what a client may send besides a body is bounded."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from uvicorn.server import ServerState

from graph.server.connection import HEAD_BYTES, MAX_WAITING, Connection

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
        START + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        START + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /gr\xffaphql HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused(served: str, request_head: bytes) -> None:
    """A head that two readers take for different requests would be read as one of them."""
    assert (await _send(served, request_head)).startswith(b"HTTP/1.1 400")


WHOLE = START + b"Content-Length: 26\r\n\r\n" + BODY
LAST = START + b"Connection: close\r\nContent-Length: 26\r\n\r\n" + BODY
OFFERS = {
    "h2c": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n",
    "a web socket": b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n",
}


@pytest.mark.parametrize("what", OFFERS)
async def test_an_offer_of_another_protocol_is_passed_over(served: str, what: str) -> None:
    """Java's client offers HTTP/2 with its first request: its body would be lost, or be taken for the next request."""
    offering = START + OFFERS[what] + b"Content-Length: 26\r\n\r\n"

    said = await _send(served, (offering + BODY) * 3 + LAST)
    assert said.count(b"HTTP/1.1 200") == said.count(b'"__typename":"Query"') == 4

    said = await _send(served, offering, BODY[:9], BODY[9:] + LAST)
    assert said.count(b"HTTP/1.1") == said.count(b'"__typename":"Query"') == 2


async def test_a_trailer_is_no_header(served: str) -> None:
    """What a proxy in front takes out of the head, or the guard looks at there, would come in behind the body."""
    head = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    body = b"\r\n1a\r\n" + BODY + b"\r\n0\r\n"

    said = await _send(served, head + body + b"Content-Type: application/json\r\n\r\n" + LAST)
    assert said.startswith(b"HTTP/1.1 415")

    typed = head + b"Content-Type: application/json\r\n"
    said = await _send(served, typed + body + b"X-Explain: 1\r\n\r\n" + LAST)
    assert said.count(b"HTTP/1.1 200") == 2
    assert b'"plan"' not in said


async def test_a_body_in_short_chunks_is_no_head(served: str) -> None:
    """A body within its limits would be refused for the sizes around its chunks."""
    chunks = b"10\r\n" + b" " * 0x10 + b"\r\n"
    said = await _send(
        served,
        START + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1a\r\n" + BODY + b"\r\n",
        *[chunks * 10_000] * 25,
        b"0\r\n\r\n",
    )

    assert said.startswith(b"HTTP/1.1 413")


async def test_what_was_asked_before_nonsense_is_answered(served: str) -> None:
    """A write would be done, and the answer to it be that its request was none."""
    said = await _send(served, WHOLE + b"NONSENSE\r\n\r\n" + WHOLE)

    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1") == 1


async def test_few_requests_wait_for_the_one_before(served: str) -> None:
    """A quarter of a megabyte of short requests would take thirty megabytes, and with every answer as much again."""
    said = await _send(served, WHOLE + b"GET / HTTP/1.1\r\n\r\n" * 5_000)

    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1") == MAX_WAITING + 1


class _Impatient(Connection):
    """A connection that waits for a head a moment only."""

    head_s = 1.0


@pytest.mark.parametrize("begun", [b"", b"POST /graphql HT", START, START + b"X-Slow: "])
async def test_a_head_that_does_not_end_is_given_up(begun: bytes) -> None:
    """A client that sends a byte now and then would hold a connection for ever, and so all of them."""

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("nothing was asked")

    config, state = uvicorn.Config(app, log_level="critical", ws="none"), ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: _Impatient(config, state, {}), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(begun)
        async with asyncio.timeout(5):
            for _ in range(4 if begun.endswith(b" ") else 0):
                writer.write(b"a")
                await asyncio.sleep(0.05)
            said = await reader.read()
        writer.close()

    assert said.startswith(b"HTTP/1.1 400")


class _Written(asyncio.Transport):
    """A transport that keeps what is written in one go as one."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.parts.append(bytes(data))

    def writelines(self, list_of_data: Any) -> None:
        self.parts.append(b"".join(list_of_data))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def resume_reading(self) -> None:
        pass


async def _answer(asked: bytes, *said: dict[str, Any]) -> _Written:
    """Let an app that says this answer what is asked."""

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        for message in said:
            await send(message)

    connection, transport = (
        Connection(uvicorn.Config(app, log_level="critical", ws="none"), ServerState(), {}),
        _Written(),
    )
    connection.connection_made(transport)
    connection.data_received(asked)
    await asyncio.gather(*connection.tasks)
    connection.connection_lost(None)
    return transport


HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
OK = {"type": "http.response.body", "body": b"ok"}


async def test_an_answer_is_written_in_one_go() -> None:
    """A client would be woken for the head alone, and every answer cost the system twice."""
    transport = await _answer(WHOLE, HEAD, OK)

    assert transport.parts == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"]


async def test_who_waits_to_be_told_to_go_on_is_told_at_once() -> None:
    """Client and server would wait for each other."""
    transport = await _answer(WHOLE.replace(b"\r\n", b"\r\nExpect: 100-continue\r\n", 1), HEAD, OK)

    assert [part[:12] for part in transport.parts] == [b"HTTP/1.1 100", b"HTTP/1.1 200"]


async def test_a_head_without_a_body_is_written_too() -> None:
    """Who asks for the head alone, or whose answer breaks off, would get nothing."""
    asked_for = await _answer(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", HEAD, {**OK, "body": b""})
    broken_off = await _answer(WHOLE, HEAD)

    assert [part[:12] for part in asked_for.parts] == [b"HTTP/1.1 200"]
    assert ([part[:12] for part in broken_off.parts], broken_off.closed) == ([b"HTTP/1.1 200"], True)
