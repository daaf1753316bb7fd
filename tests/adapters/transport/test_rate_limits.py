"""A vendor that asks to be left alone for a while."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from adapters.errors import (
    VendorRateLimitedError,
    VendorUnavailableError,
)
from adapters.transport.limits import ClientLimits
from tests.adapters.transport.fake_vendor import PATIENT, answer, in_turn, read, until


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


async def test_a_short_retry_after_is_waited_for(vendor, caller):
    """A vendor that asks for a second must get it, and then its answer counts."""
    fake = await vendor(in_turn(answer(b"", "429 X", ("Retry-After: 1",)), answer(b"[1]")))
    call = caller(fake.url)
    started = asyncio.get_running_loop().time()

    reply = await call.send()

    assert reply.body == b"[1]"
    assert 0.99 <= asyncio.get_running_loop().time() - started < 3
    assert call.last.retries == ("THROTTLED",)


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        ("120", 120, 120),
        (http_date(3000), 540, 3000),  # made when tests are collected, and the last may run half an hour later
        ("999999999999999999999", 3600, 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600, 3600),
    ],
    ids=["long", "date", "absurd", "absurd date"],
)
async def test_a_long_retry_after_is_reported_at_once(vendor, caller, header, low, high):
    """Sleeping past the deadline helps nobody; the caller is told how long, within reason."""
    fake = await vendor(answer(b"", "429 X", (f"Retry-After: {header}",)))
    call = caller(fake.url)

    raised = await asyncio.wait_for(call.refused(), 1)

    assert type(raised) is VendorRateLimitedError
    assert low <= raised.retry_after_s <= high
    assert raised.status == 429
    assert len(fake.heads) == 1


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5e9", "NaN", "١٢"], ids=repr)
async def test_a_429_that_does_not_say_for_how_long_is_reported(vendor, caller, header):
    """Without a time there is nothing to wait for, and nonsense is no time."""
    headers = () if header is None else (f"Retry-After: {header}",)
    fake = await vendor(in_turn(answer(b"", "429 X", headers), answer(b"[1]")))
    call = caller(fake.url)

    raised = await call.refused()

    assert (type(raised), raised.retry_after_s, len(fake.heads)) == (VendorRateLimitedError, None, 1)
    assert (await call.send()).body == b"[1]"


async def test_a_429_pauses_the_whole_source(vendor, caller):
    """While one call waits, the others must not go on hitting the vendor."""
    fake = await vendor(in_turn(answer(b"", "429 X", ("Retry-After: 1",)), answer(b"[1]")))
    call = caller(fake.url)
    first = asyncio.create_task(call.send())
    await until(lambda: call.client._pause.until_at > 0)

    impatient = await call.refused(within_s=0.3)
    patient = await call.send()

    assert (type(impatient), impatient.status) == (VendorRateLimitedError, None)
    assert 0 < impatient.retry_after_s <= 1
    assert (patient.body, (await first).body) == (b"[1]", b"[1]")
    assert len(fake.heads) == 3


WRITE = {"method": "POST", "body": b"[{}]"}
BUSY = answer(b"", "503 X", ("Retry-After: 1",))


async def test_a_write_waits_out_a_503_that_names_a_time(vendor, caller):
    """The vendor did nothing yet and says when it will; sent sooner, it would only refuse again."""
    fake = await vendor(in_turn(BUSY, answer(b"[1]")))
    call = caller(fake.url)
    started = asyncio.get_running_loop().time()

    reply = await call.send(read(**WRITE))

    assert (reply.body, len(fake.heads), call.last.retries) == (b"[1]", 2, ("STATUS_503",))
    assert 0.99 <= asyncio.get_running_loop().time() - started < 3


@pytest.mark.parametrize(
    ("headers", "limits", "left_s"),
    [
        (("Retry-After: 30",), PATIENT, 5.0),
        (("Retry-After: 1",), PATIENT, 0.9),
        (("Retry-After: 0",), ClientLimits(waits_out_503=False), 5.0),
        (("Retry-After: 0",), ClientLimits(retry_floor=0.0), 5.0),
        (("Retry-After: 0",), ClientLimits(breaker_failures=1), 5.0),
    ],
    ids=["too long", "longer than is left", "a vendor whose 503 says something else", "no budget", "breaker"],
)
async def test_a_write_that_cannot_be_sent_again_was_not_done(vendor, caller, headers, limits, left_s):
    """It may be asked for once more by the caller, and is not left in doubt."""
    fake = await vendor(in_turn(answer(b"", "503 X", headers), answer(b"[1]")))
    call = caller(fake.url, limits)

    error = await asyncio.wait_for(call.refused(read(**WRITE), within_s=left_s), 0.8)

    assert (type(error), error.maybe_processed, error.retryable) == (VendorUnavailableError, False, True)
    assert (error.status, len(fake.heads)) == (503, 1)


@pytest.mark.parametrize("headers", [(), ("Retry-After: soon",)], ids=["absent", "nonsense"])
async def test_a_write_after_a_503_without_a_time_stays_in_doubt(vendor, caller, headers):
    """Whatever stands before the vendor may have passed it on; a second one may be sent twice."""
    fake = await vendor(in_turn(answer(b"", "503 X", headers), answer(b"[1]")))
    call = caller(fake.url)

    error = await call.refused(read(**WRITE))

    assert (type(error), error.maybe_processed, len(fake.heads)) == (VendorUnavailableError, True, 1)


async def test_a_write_that_was_lost_after_a_503_stays_in_doubt(vendor, caller):
    """The second time it may have been done; the first answer is no proof any more."""

    async def lose(_reader, writer, _n):
        writer.transport.abort()

    fake = await vendor(in_turn(answer(b"", "503 X", ("Retry-After: 0",)), lose, answer(b"[1]")))
    call = caller(fake.url)

    error = await call.refused(read(**WRITE))

    assert (error.reason, error.maybe_processed, len(fake.heads)) == ("RESET", True, 2)
