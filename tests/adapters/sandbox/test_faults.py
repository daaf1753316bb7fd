"""What each fault does to a reply, and which calls it hits."""

import gzip
import json
from typing import Any

import httpx
import pytest

from adapters.sandbox import ConnectionDroppedError, Fault

from .conftest import ROWS, Toy


async def _ids(client: httpx.AsyncClient, path: str = "/rows") -> list[int]:
    return [row["id"] for row in (await client.get(path)).json()]


async def test_no_fault(client: httpx.AsyncClient) -> None:
    """A simulator that misbehaves unasked would make every other test meaningless."""
    reply = await client.get("/rows")

    assert (reply.status_code, reply.json()) == (200, ROWS)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("duplicate_rows"), [1, 2, 3, 4, 5, 6, 1]),
        (Fault("duplicate_rows", count=2), [1, 2, 3, 4, 5, 6, 1, 2]),
        (Fault("missing_rows"), [1, 2, 4, 5, 6]),
        (Fault("missing_rows", count=6), []),
        (Fault("shuffled_rows"), [6, 4, 2, 5, 3, 1]),
        (Fault("clamp", count=2), [1, 2]),
    ],
    ids=["one duplicate", "two duplicates", "one missing", "all missing", "shuffled", "clamped"],
)
async def test_row_faults(toy: Toy, client: httpx.AsyncClient, fault: Fault, expected: list[int]) -> None:
    """Faults of rows must change exactly the rows they say."""
    toy.faults.add(fault)

    assert expected == await _ids(client)


@pytest.mark.parametrize(
    ("fault", "first_row"),
    [
        (Fault("extra_field", field="new", value=[1]), {"id": 1, "name": "row 1", "new": [1]}),
        (Fault("missing_field", field="id"), {"name": "row 1"}),
        (Fault("retyped_field", field="id", value={"a": 1}), {"id": {"a": 1}, "name": "row 1"}),
        (Fault("retyped_field", field="id"), {"id": None, "name": "row 1"}),
    ],
    ids=["extra", "missing", "retyped", "null"],
)
async def test_field_faults(toy: Toy, client: httpx.AsyncClient, fault: Fault, first_row: dict[str, Any]) -> None:
    """Drift of a field must show in every row."""
    toy.faults.add(fault)

    assert first_row == (await client.get("/rows")).json()[0]


async def test_row_faults_leave_other_replies_alone(toy: Toy, client: httpx.AsyncClient) -> None:
    """A fault of rows must not break a reply that has none."""
    toy.faults.add(Fault("missing_rows"))

    assert (await client.get("/plain")).text == "hello"


async def test_status_with_retry_after(toy: Toy, client: httpx.AsyncClient) -> None:
    """A rate limit without its header, or as JSON, would not be the vendor's."""
    toy.faults.add(Fault("status", status=429, retry_after="7"))

    reply = await client.get("/rows")

    assert (reply.status_code, reply.headers["retry-after"]) == (429, "7")
    assert "<html>" in reply.text


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault("empty"), 200, b""),
        (Fault("json", body="null"), 200, b"null"),
        (Fault("json", body=b'"\xff"'), 200, b'"\xff"'),
        (Fault("truncate"), 200, json.dumps(ROWS).encode()[: len(json.dumps(ROWS)) // 2]),
        (Fault("truncate", after_bytes=3), 200, json.dumps(ROWS).encode()[:3]),
    ],
    ids=["empty", "null", "invalid UTF-8", "half", "three bytes"],
)
async def test_body_faults(toy: Toy, client: httpx.AsyncClient, fault: Fault, status: int, body: bytes) -> None:
    """A broken body must be broken in the way asked for, in valid HTTP."""
    toy.faults.add(fault)

    reply = await client.get("/rows")

    assert (status, body) == (reply.status_code, reply.content)
    assert str(len(body)) == reply.headers["content-length"]


async def test_html_with_200(toy: Toy, client: httpx.AsyncClient) -> None:
    """The maintenance page must claim success, or it tests nothing."""
    toy.faults.add(Fault("html"))

    reply = await client.get("/rows")

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=UTF-8")


async def test_content_type(toy: Toy, client: httpx.AsyncClient) -> None:
    """Only the label changes, the rows stay."""
    toy.faults.add(Fault("content_type", content_type="text/plain"))

    reply = await client.get("/rows")

    assert (reply.headers["content-type"], reply.json()) == ("text/plain", ROWS)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirect(toy: Toy, client: httpx.AsyncClient, status: int) -> None:
    """A redirect must lead where asked."""
    toy.faults.add(Fault("redirect", status=status, location="http://elsewhere.example/"))

    reply = await client.get("/rows")

    assert (status, "http://elsewhere.example/") == (reply.status_code, reply.headers["location"])


async def test_gzip_bomb(toy: Toy) -> None:
    """The bomb must be small on the wire and large inside, and be valid JSON."""
    toy.faults.add(Fault("gzip_bomb", size_bytes=10_000_000))
    transport = httpx.ASGITransport(app=toy.app)

    reply = await transport.handle_async_request(httpx.Request("GET", "http://toy/rows"))
    assert isinstance(reply.stream, httpx.AsyncByteStream)
    packed = b"".join([chunk async for chunk in reply.stream])

    assert len(packed) < 20_000
    unpacked = gzip.decompress(packed)
    assert len(unpacked) > 9_000_000
    assert json.loads(unpacked) == []


async def test_gzip_header_on_plain(toy: Toy, client: httpx.AsyncClient) -> None:
    """A decoder must trip over it."""
    toy.faults.add(Fault("gzip_header_on_plain"))

    with pytest.raises(httpx.DecodingError):
        await client.get("/rows")


async def test_huge(toy: Toy, client: httpx.AsyncClient) -> None:
    """The flood must be as long as asked for and parse in the end, so that only its size is wrong."""
    toy.faults.add(Fault("huge", size_bytes=1_000_000))

    reply = await client.get("/rows")

    assert 900_000 < len(reply.content) < 1_100_000
    assert "content-length" not in reply.headers


async def test_times(toy: Toy, client: httpx.AsyncClient) -> None:
    """A fault that outlives its times would fail retries that ought to succeed."""
    toy.faults.add(Fault("status", status=503, times=2))

    statuses = [(await client.get("/rows")).status_code for _ in range(3)]

    assert statuses == [503, 503, 200]


async def test_nth_matching_call(toy: Toy, client: httpx.AsyncClient) -> None:
    """`nth` counts matching calls only."""
    toy.faults.add(Fault("status", status=503, match="/b", nth=2))

    statuses = [(await client.get(path)).status_code for path in ("/a", "/b", "/a", "/b", "/b")]

    assert statuses == [200, 200, 200, 503, 200]


async def test_match_sees_the_unescaped_line_without_secrets(toy: Toy, client: httpx.AsyncClient) -> None:
    """Matching must reach into the query, and never need the secret."""
    toy.faults.add(Fault("status", status=418, match="GET /rows?auth=REDACTED&query=name-like-a%"))

    assert (await client.get("/rows?auth=s3cret&query=name-like-a%25")).status_code == 418
    assert (await client.get("/rows?auth=s3cret")).status_code == 200


async def test_faults_compose(toy: Toy, client: httpx.AsyncClient) -> None:
    """Faults that match together strike together, in order."""
    toy.faults.add(Fault("clamp", count=2), Fault("duplicate_rows"), Fault("content_type", content_type="text/x"))

    reply = await client.get("/rows")

    assert ([row["id"] for row in reply.json()], reply.headers["content-type"]) == ([1, 2, 1], "text/x")


@pytest.mark.parametrize("kind", ["status", "reset", "hang"])
@pytest.mark.parametrize("applied", [False, True])
async def test_applied_then_lost(toy: Toy, client: httpx.AsyncClient, kind: str, applied: bool) -> None:
    """Whether the vendor did its work before the answer was lost must be as asked, or write tests prove nothing."""
    toy.faults.add(Fault(kind, status=502, seconds=0.0, applied=applied))

    try:
        await client.get("/rows")
    except ConnectionDroppedError:
        assert kind != "status"

    assert int(applied) == toy.worked


async def test_clear(toy: Toy, client: httpx.AsyncClient) -> None:
    """After clear nothing misbehaves."""
    toy.faults.add(Fault("status", status=500))
    toy.faults.clear()

    assert (await client.get("/rows")).status_code == 200


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kind": "typo"}, "unknown fault"),
        ({"kind": "delay"}, "needs seconds"),
        ({"kind": "redirect"}, "needs location"),
    ],
    ids=["unknown kind", "no seconds", "no location"],
)
def test_bad_fault(settings: dict[str, Any], message: str) -> None:
    """A fault that cannot strike must not be accepted silently."""
    with pytest.raises(ValueError, match=message):
        Fault(**settings)
