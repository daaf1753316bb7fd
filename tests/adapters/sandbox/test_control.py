"""The control path and the call log."""

from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters.sandbox import REDACTED, CallLog, Fault, ReceivedCall, VirtualClock

from .conftest import Toy


async def test_health(client: httpx.AsyncClient) -> None:
    """Whoever waits for the sandbox needs a sign of life that is no vendor call."""
    reply = await client.get("/_sandbox/health")

    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


async def test_calls_are_logged_without_secrets(toy: Toy, client: httpx.AsyncClient) -> None:
    """The log must tell order and repetition, and never the secret."""
    await client.get("/rows?auth=s3cret&query=a&query=b")
    await client.post("/plain?auth=s3cret%7Cbar")

    query = (("auth", REDACTED), ("query", "a"), ("query", "b"))
    expected = (ReceivedCall("GET", "/rows", query, 6, 200), ReceivedCall("POST", "/plain", query[:1], None, 200))
    assert expected == toy.calls.entries


async def test_written_bodies_are_logged(toy: Toy, client: httpx.AsyncClient) -> None:
    """Whoever counts writes must see what was written, also when the answer was lost."""
    toy.faults.add(Fault("status", status=502, nth=2))

    await client.post("/rows", content='[{"id":"7"}]')
    await client.post("/rows", content=b"\xff")

    assert [(call.body, call.status) for call in toy.calls.entries] == [('[{"id":"7"}]', 200), ("\ufffd", 502)]


def test_long_bodies_do_not_fill_memory() -> None:
    """A sandbox may serve for weeks, and bulk writes are long: the oldest calls must go first."""
    log = CallLog(kept_body_chars=10)

    for path, length in (("/1", 6), ("/2", 6), ("/3", 4), ("/4", 30), ("/5", 1)):
        log.begin(ReceivedCall("POST", path, body="x" * length))

    assert [call.path for call in log.entries] == ["/5"]


async def test_rows_logged_are_rows_sent(toy: Toy, client: httpx.AsyncClient) -> None:
    """A fault that drops rows must show in the log, or call counts lie."""
    toy.faults.add(Fault("clamp", count=1))

    await client.get("/rows")

    assert [call.rows for call in toy.calls.entries] == [1]


async def test_faults_over_http(toy: Toy, client: httpx.AsyncClient) -> None:
    """Faults must be reachable for somebody in another process."""
    posted = await client.post("/_sandbox/faults", json=[{"kind": "status", "status": 500}, {"kind": "empty"}])

    assert posted.json() == [{"kind": "status", "status": 500}, {"kind": "empty"}]
    assert (Fault("status", status=500), Fault("empty")) == toy.faults.faults
    assert (await client.delete("/_sandbox/faults")).json() == []
    assert (await client.get("/rows")).status_code == 200


@pytest.mark.parametrize(
    "body", [b"{", b"1", b'{"kind":"typo"}', b'{"kind":"empty","typo":1}'], ids=["no JSON", "a number", "kind", "key"]
)
async def test_bad_fault_over_http(toy: Toy, client: httpx.AsyncClient, body: bytes) -> None:
    """A mistyped fault must be refused, not ignored."""
    reply = await client.post("/_sandbox/faults", content=body)

    assert reply.status_code == 400
    assert toy.faults.faults == ()


async def test_calls_over_http(toy: Toy, client: httpx.AsyncClient) -> None:
    """The log must be readable and clearable from outside, and not log that."""
    await client.get("/rows?auth=s3cret")

    listed = (await client.get("/_sandbox/calls")).json()

    query = [["auth", REDACTED]]
    assert [{"method": "GET", "path": "/rows", "query": query, "rows": 6, "status": 200, "body": None}] == listed
    assert (await client.delete("/_sandbox/calls")).json() == []
    assert toy.calls.entries == ()


async def test_control_is_untouched_by_faults(toy: Toy, client: httpx.AsyncClient) -> None:
    """A fault on every call must not lock its owner out."""
    toy.faults.add(Fault("status", status=500))

    assert (await client.get("/_sandbox/health")).status_code == 200


async def test_mounted_below_a_path(toy: Toy) -> None:
    """The embedded sandbox sits below a path of another application: vendor and control paths must hold there too."""
    outer = Starlette(routes=[Mount("/vendor", app=toy.app)])
    transport = httpx.ASGITransport(app=outer)

    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        await client.get("/vendor/rows")
        health = await client.get("/vendor/_sandbox/health")

    assert health.status_code == 200
    assert [call.path for call in toy.calls.entries] == ["/rows"]


async def test_odd_bytes_in_the_query_are_logged(toy: Toy, client: httpx.AsyncClient) -> None:
    """A broken query string must reach the vendor's code, not break the log."""
    await client.get("/rows?query=%ff")

    assert toy.calls.entries[0].query[0][1] == "\ufffd"
    assert (await client.get("/_sandbox/calls")).status_code == 200


def test_clock_moves_only_when_told() -> None:
    """A simulator whose now drifts would not answer the same on every run."""
    clock = VirtualClock(datetime(2025, 1, 1, tzinfo=UTC))

    clock.advance(90)

    assert datetime(2025, 1, 1, 0, 1, 30, tzinfo=UTC) == clock.now_at
