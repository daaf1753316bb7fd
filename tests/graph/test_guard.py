"""What a request must be before anything looks at it: sizes, times, names, and JSON that means one thing."""

import asyncio
import gzip
from typing import Any

import httpx
import pytest

from graph.server.guard import Doors
from graph.server.http import HttpOptions
from graph.server.limits import RequestLimits
from tests.graph.conftest import Connection, build_small_app, connect, play, reason_of

JSON = {"Content-Type": "application/json"}
LIMITS = RequestLimits()


def _padded(size: int) -> bytes:
    body = b'{"query": "{ echo }", "more": "%s"}'
    return body % (b"x" * (size - len(body) + 2))


async def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(http: httpx.AsyncClient) -> None:
    """A bound that is off, or missing, lets one request take the memory of many."""
    fits = await http.post("/graphql", content=_padded(LIMITS.body_bytes), headers=JSON)
    over = await http.post("/graphql", content=_padded(LIMITS.body_bytes + 1), headers=JSON)

    assert fits.status_code == 200
    assert (over.status_code, reason_of(over.json())) == (413, "BODY_TOO_LARGE")
    assert over.headers["connection"] == "close"


async def test_a_body_without_length_is_bounded_as_it_comes() -> None:
    """A chunked body declares nothing; counting must not wait for its end."""
    part = {"type": "http.request", "body": b" " * 65_536, "more_body": True}
    connection = Connection([dict(part) for _ in range(1_000)])

    await play(build_small_app(), connection)

    assert (connection.status, reason_of(connection.json)) == (413, "BODY_TOO_LARGE")
    assert len(connection.script) > 800


async def test_a_slow_body_is_given_up() -> None:
    """A body that drips would hold a connection for ever; uvicorn itself never gives up."""
    options = HttpOptions(request=RequestLimits(body_s=0.05))
    connection = Connection([{"type": "http.request", "body": b"{", "more_body": True}])

    async with asyncio.timeout(5):
        await play(build_small_app(options), connection)

    assert (connection.status, reason_of(connection.json)) == (408, "BODY_TOO_SLOW")


async def test_a_client_that_leaves_while_sending_gets_no_answer() -> None:
    """Answering nobody, or logging a failure, would hide real ones."""
    part = {"type": "http.request", "body": b"{", "more_body": True}
    connection = Connection([part, {"type": "http.disconnect"}])

    await play(build_small_app(), connection)

    assert connection.sent == []


async def test_headers_at_the_limit_pass_and_above_are_refused() -> None:
    """uvicorn passes on 200 KB of headers."""

    async def send(size: int) -> Connection:
        connection = Connection([{"type": "http.request", "body": b'{"query": "{ echo }"}'}])
        taken = len("host127.0.0.1content-typeapplication/jsonx-pad")
        await play(build_small_app(), connection, {"x-pad": "x" * (size - taken)})
        return connection

    fits, over = await send(LIMITS.header_bytes), await send(LIMITS.header_bytes + 1)

    assert fits.status == 200
    assert (over.status, reason_of(over.json)) == (431, "HEADERS_TOO_LARGE")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonp",
        "application/json; charset=utf-16",
        "application/json, text/plain",
    ],
)
async def test_only_json_in_utf_8_is_read(http: httpx.AsyncClient, content_type: str | None) -> None:
    """What a page can post without a preflight must never reach the schema."""
    headers = {"Content-Type": content_type} if content_type else {}

    answer = await http.post("/graphql", content=b'{"query": "{ echo }"}', headers=headers)

    assert answer.status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'])
async def test_json_may_be_written_in_several_ways(http: httpx.AsyncClient, content_type: str) -> None:
    """Clients spell the type as the specification lets them."""
    answer = await http.post("/graphql", content=b'{"query": "{ echo }"}', headers={"Content-Type": content_type})

    assert answer.status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, identity"])
async def test_compressed_bodies_are_refused_unread(http: httpx.AsyncClient, encoding: str) -> None:
    """A kilobyte can unpack to a gigabyte."""
    body = gzip.compress(b'{"query": "{ echo }"}')

    answer = await http.post("/graphql", content=body, headers={**JSON, "Content-Encoding": encoding})

    assert (answer.status_code, reason_of(answer.json())) == (415, "CONTENT_ENCODING")


BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "JSON_INVALID"),
    "half": (b'{"query": ', "JSON_INVALID"),
    "number": (b"1", "BODY_NOT_AN_OBJECT"),
    "text": (b'"{ echo }"', "BODY_NOT_AN_OBJECT"),
    "null": (b"null", "BODY_NOT_AN_OBJECT"),
    "true": (b"true", "BODY_NOT_AN_OBJECT"),
    "batch": (b'[{"query": "{ echo }"}]', "BATCH_UNSUPPORTED"),
    "empty batch": (b"[]", "BATCH_UNSUPPORTED"),
    "no query": (b"{}", "QUERY_MISSING"),
    "null query": (b'{"query": null}', "QUERY_MISSING"),
    "list query": (b'{"query": ["{ echo }"]}', "QUERY_MISSING"),
    "number name": (b'{"query": "{ echo }", "operationName": 1}', "PARAMETER_TYPE"),
    "false name": (b'{"query": "{ echo }", "operationName": false}', "PARAMETER_TYPE"),
    "text variables": (b'{"query": "{ echo }", "variables": "{}"}', "PARAMETER_TYPE"),
    "list variables": (b'{"query": "{ echo }", "variables": []}', "PARAMETER_TYPE"),
    "zero extensions": (b'{"query": "{ echo }", "extensions": 0}', "PARAMETER_TYPE"),
    "invalid UTF-8": (b'{"query": "{ echo }\xff"}', "JSON_INVALID"),
    "UTF-16": ('{"query": "{ echo }"}'.encode("utf-16"), "JSON_INVALID"),
    "byte order mark": (b'\xef\xbb\xbf{"query": "{ echo }"}', "JSON_INVALID"),
    "lone surrogate": (b'{"query": "{ echo(text: \\"\\ud800\\") }"}', "JSON_INVALID"),
    "lone surrogate in a key": (b'{"query": "{ echo }", "\\udfff": 1}', "JSON_INVALID"),
    "NUL in a value": (b'{"query": "{ echo }", "variables": {"a": "\\u0000"}}', "TEXT_NUL"),
    "NUL in a key": (b'{"query": "{ echo }", "variables": {"\\u0000": 1}}', "TEXT_NUL"),
    "NaN": (b'{"query": "{ echo }", "variables": {"a": NaN}}', "JSON_INVALID"),
    "infinity": (b'{"query": "{ echo }", "variables": {"a": 1e999}}', "JSON_INVALID"),
    "5,000 digits": (b'{"query": "{ echo }", "variables": {"a": %s}}' % (b"1" * 5_000), "JSON_INVALID"),
    "same key twice": (b'{"query": "{ echo }", "query": "{ broken }"}', "JSON_DUPLICATE_KEY"),
    "same variable twice": (b'{"query": "{ echo }", "variables": {"a": 1, "a": 2}}', "JSON_DUPLICATE_KEY"),
    "deep lists": (
        b'{"query": "{ echo }", "variables": {"a": %s%s}}' % (b"[" * 100_000, b"]" * 100_000),
        "JSON_INVALID",
    ),
    "deep lists cut off": (b"[" * 200_000, "JSON_INVALID"),
    "deep objects": (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, "JSON_INVALID"),
    "somewhat deep": (b'{"query": "{ echo }", "variables": {"a": %s%s}}' % (b"[" * 70, b"]" * 70), "JSON_TOO_COMPLEX"),
    "many values": (b'{"query": "{ echo }", "variables": {"a": [%s0]}}' % (b"[0]," * 10_000), "TOO_MANY_ITEMS"),
    "many values in lists": (
        b'{"query": "{ echo }", "variables": {"a": [%s0]}}' % (b"[0,0]," * 9_000),
        "JSON_TOO_COMPLEX",
    ),
    "two values": (b'{"query": "{ echo }"} {"query": "{ echo }"}', "JSON_INVALID"),
    "single quotes": (b"{'query': '{ echo }'}", "JSON_INVALID"),
}


@pytest.mark.parametrize(("body", "reason"), BODIES.values(), ids=BODIES)
async def test_a_body_that_is_no_request_is_refused_with_its_reason(
    http: httpx.AsyncClient, body: bytes, reason: str
) -> None:
    """Each of these is a 500 with a Python sentence in the frameworks' defaults."""
    answer = await http.post("/graphql", content=body, headers=JSON)

    assert (answer.status_code, reason_of(answer.json())) == (400, reason)
    assert answer.json()["errors"][0]["extensions"]["hint"]
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8000", True),
        ("LOCALHOST:8000", True),
        ("[::1]:8000", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("[::1].evil.example", False),
        ("", False),
    ],
)
async def test_only_known_hosts_are_answered(http: httpx.AsyncClient, host: str, known: bool) -> None:
    """A page whose name is rebound to this address would otherwise read the answers as its own."""
    answer = await http.post("/graphql", json={"query": "{ echo }"}, headers={"Host": host})

    assert answer.status_code == (200 if known else 421)
    assert known or reason_of(answer.json()) == "HOST_UNKNOWN"


@pytest.mark.parametrize(
    ("origin", "host", "known"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://localhost", "localhost", True),
        ("https://localhost:443", "localhost", True),
        ("https://shop.example", "127.0.0.1", True),
        ("http://127.0.0.1:3000", "127.0.0.1:8000", False),
        ("http://evil.example", "127.0.0.1", False),
        ("https://shop.example.evil.example", "127.0.0.1", False),
        ("http://shop.example", "127.0.0.1", False),
        ("null", "127.0.0.1", False),
        ("file://127.0.0.1", "127.0.0.1", False),
        ("http://127.0.0.1:x", "127.0.0.1", False),
        ("", "127.0.0.1", False),
    ],
)
async def test_foreign_pages_may_not_send_operations(origin: str, host: str, known: bool) -> None:
    """Second line behind the media type: a browser bug there must not open the graph."""
    options = HttpOptions(doors=Doors(origins=frozenset({"https://shop.example"})))
    async with connect(build_small_app(options)) as client:
        answer = await client.post("/graphql", json={"query": "{ echo }"}, headers={"Origin": origin, "Host": host})

    assert answer.status_code == (200 if known else 403)


async def test_cross_origin_reading_is_off_until_an_origin_is_allowed(http: httpx.AsyncClient) -> None:
    """A CORS header sent by default would let any page read marketing data."""
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    options = HttpOptions(doors=Doors(origins=frozenset({"https://shop.example"})))
    async with connect(build_small_app(options)) as client:
        allowed = await client.options("/graphql", headers=headers)
        foreign = await client.options("/graphql", headers={**headers, "Origin": "https://evil.example"})
    default = await http.options("/graphql", headers=headers)

    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in foreign.headers
    assert "access-control-allow-origin" not in default.headers


async def test_two_hosts_are_none() -> None:
    """Readers differ in which of two Host headers they believe."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"host", b"evil.example")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    await build_small_app()(scope, receive, send)

    assert sent[0]["status"] == 421


@pytest.mark.parametrize(("caller", "answered"), [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False)])
async def test_only_this_machine_is_answered(caller: str, answered: bool) -> None:
    """Another server may put the app on any address; without authentication nobody else may read."""
    transport = httpx.ASGITransport(build_small_app(), client=(caller, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post("/graphql", json={"query": "{ echo }"})

    assert answer.status_code == (200 if answered else 403)
    assert answered or reason_of(answer.json()) == "CALLER_NOT_LOCAL"


async def test_websockets_are_closed() -> None:
    """Nothing listens there; an open socket would bypass every check above."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await build_small_app()({"type": "websocket", "path": "/graphql", "headers": []}, receive, send)

    assert [message["type"] for message in sent] == ["websocket.close"]
