"""Bodies: unpacked, and stopped where they are too long."""

import gzip
import zlib
from pathlib import Path

import pytest

from adapters.errors import (
    VendorContractError,
)
from adapters.transport.limits import ClientLimits
from tests.adapters.transport.fake_vendor import answer, in_turn


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
async def test_packed_bodies_are_unpacked(vendor, caller, pack):
    """We ask for gzip and deflate, so we must read them."""
    name = "gzip" if pack is gzip.compress else "deflate"
    fake = await vendor(answer(pack(b"[1,2,3]"), headers=(f"Content-Encoding: {name}",)))

    reply = await caller(fake.url).send()

    assert reply.body == b"[1,2,3]"
    assert "accept-encoding: gzip, deflate" in fake.heads[0].lower()


async def endless(_reader, writer, _n):
    """Send 200 MB, in pieces."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
    for _ in range(2000):
        writer.write(b"1" * 100_000)
        await writer.drain()


def build_bomb(size_mb: int) -> bytes:
    """Build a gzip stream of zeros that is a thousand times smaller than what it holds."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size_mb)) + packer.flush()


def read_resident_kb(which: str) -> int:
    """Return this process's resident memory, now (`VmRSS`) or at its peak (`VmHWM`)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1])


def forget_peak() -> None:
    """Let the peak start again from here, whatever an earlier test held; proc(5), clear_refs."""
    Path("/proc/self/clear_refs").write_text("5")


def test_a_peak_is_seen_after_a_higher_one() -> None:
    """Measured from the highest peak of the whole run, a bomb after a greedy test would go unseen."""
    for size_mb in (120, 60):
        before_kb = read_resident_kb("VmRSS")
        forget_peak()
        held = b"1" * (size_mb * 1_000_000)
        assert len(held) == size_mb * 1_000_000
        del held
        assert read_resident_kb("VmHWM") - before_kb > size_mb * 900


@pytest.mark.parametrize("kind", ["endless", "bomb"])
async def test_too_long_a_body_is_stopped_at_the_limit(vendor, caller, kind):
    """A huge body or a bomb must not fill the memory."""
    script = endless if kind == "endless" else answer(build_bomb(200), headers=("Content-Encoding: gzip",))
    fake = await vendor(in_turn(script, answer(b"[1]")))
    call = caller(fake.url, ClientLimits(attempt_s=5))
    before_kb = read_resident_kb("VmRSS")
    forget_peak()

    raised = await call.refused(within_s=5)

    grown_kb = read_resident_kb("VmHWM") - before_kb
    assert (type(raised), raised.reason) == (VendorContractError, "BODY_TOO_LARGE")
    assert grown_kb < 30_000
    assert (await call.send()).body == b"[1]"


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)], ids=["at the limit", "one more"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_the_body_limit_is_exact_and_counts_unpacked_bytes(vendor, caller, size, fits, packed):
    """The setting says what a reply may hold, not what it weighs on the wire."""
    body = b"7" * size
    headers = ("Content-Encoding: gzip",) if packed else ()
    fake = await vendor(answer(gzip.compress(body) if packed else body, headers=headers))
    call = caller(fake.url, ClientLimits(max_body_bytes=1000))

    if fits:
        assert (await call.send()).body == body
    else:
        assert (await call.refused()).reason == "BODY_TOO_LARGE"
