"""Faults of the socket, behind a real server."""

import asyncio
import time

import httpx
import pytest

from adapters.sandbox import Fault

from .conftest import ROWS, Toy


async def _get(address: str, timeout_s: float = 5.0) -> httpx.Response:
    async with httpx.AsyncClient(base_url=address, timeout=timeout_s) as client:
        return await client.get("/rows")


async def test_plain_answer(address: str) -> None:
    """Without faults the server answers like the vendor."""
    reply = await _get(address)

    assert (reply.status_code, reply.json()) == (200, ROWS)


async def test_reset_before_any_byte(toy: Toy, address: str) -> None:
    """The client must see a dropped connection and not the 500 a server sends for a failed application."""
    toy.faults.add(Fault("reset", times=1))

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await _get(address)

    assert (await _get(address)).status_code == 200
    assert [call.status for call in toy.calls.entries] == [None, 200]


@pytest.mark.parametrize("after_bytes", [0, 10])
async def test_reset_in_the_middle(toy: Toy, address: str, after_bytes: int) -> None:
    """The head and so many bytes arrive, then the connection breaks."""
    toy.faults.add(Fault("reset", after_bytes=after_bytes))
    seen: list[bytes] = []

    async with httpx.AsyncClient(base_url=address) as client, client.stream("GET", "/rows") as reply:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await _collect(reply, seen)

    assert reply.status_code == 200
    assert len(b"".join(seen)) <= after_bytes


async def _collect(reply: httpx.Response, seen: list[bytes]) -> None:
    async for chunk in reply.aiter_raw():
        seen.append(chunk)  # noqa: PERF401 - what came before the break must stay


async def test_short_body(toy: Toy, address: str) -> None:
    """A body shorter than its announced length must not pass for a whole one."""
    toy.faults.add(Fault("short_body"))

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await _get(address)


async def test_drip(toy: Toy, address: str) -> None:
    """A slow body must be slow between bytes, so that only an overall deadline catches it."""
    toy.faults.add(Fault("drip", bytes_per_s=400.0))
    pieces = 0
    started = time.monotonic()

    async with httpx.AsyncClient(base_url=address, timeout=0.5) as client, client.stream("GET", "/rows") as reply:
        async for _ in reply.aiter_raw():
            pieces += 1

    assert time.monotonic() - started > 0.3
    assert pieces > 3


async def test_delay(toy: Toy, address: str) -> None:
    """A delay holds the answer back, then gives it whole."""
    toy.faults.add(Fault("delay", seconds=0.2))
    started = time.monotonic()

    assert (await _get(address)).json() == ROWS
    assert time.monotonic() - started >= 0.2


async def test_hang_until_the_client_leaves(toy: Toy, address: str) -> None:
    """A hang must outlast the client's patience and cost the server nothing afterwards."""
    toy.faults.add(Fault("hang", times=1))

    with pytest.raises(httpx.ReadTimeout):
        await _get(address, timeout_s=0.2)

    assert (await _get(address)).status_code == 200
    assert [call.status for call in toy.calls.entries] == [None, 200]


async def test_hang_with_an_end(toy: Toy, address: str) -> None:
    """A hang of so many seconds ends in a dropped connection."""
    toy.faults.add(Fault("hang", seconds=0.1))

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await _get(address)


async def test_huge_body_can_be_left(toy: Toy, address: str) -> None:
    """A client that stops reading must not make the server unusable."""
    toy.faults.add(Fault("huge", times=1))
    seen = 0

    async with httpx.AsyncClient(base_url=address) as client, client.stream("GET", "/rows") as reply:
        async for chunk in reply.aiter_raw():
            seen += len(chunk)
            if seen > 1_000_000:
                break

    async with asyncio.timeout(5):
        assert (await _get(address)).status_code == 200


async def test_truncated_body_is_valid_http(toy: Toy, address: str) -> None:
    """A cut body with a matching length must arrive without a transport error."""
    toy.faults.add(Fault("truncate", after_bytes=5))

    assert len((await _get(address)).content) == 5
