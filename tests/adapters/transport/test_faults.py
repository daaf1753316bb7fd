"""The read column of the fault matrix, as far as the wire goes: every fault ends in its error, and then it works."""

import asyncio
import gzip
import socket

import pytest

from adapters.errors import (
    VendorContractError,
    VendorTimeoutError,
    VendorUnavailableError,
)
from adapters.transport.limits import ClientLimits
from tests.adapters.transport.fake_vendor import PATIENT, SHORT, answer, build_scope, in_turn, read, until


async def hang(_reader, _writer, _n):
    """Accept the request and never answer."""
    await asyncio.sleep(60)


async def slow_headers(_reader, writer, _n):
    """Send the head one letter at a time."""
    for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]":
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip(_reader, writer, _n):
    """Send a body that never stops, a byte now and then, so that no single read takes long."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def reset_before(_reader, writer, _n):
    """Break the connection instead of answering."""
    writer.transport.abort()


async def close_before(_reader, writer, _n):
    """Close the connection politely instead of answering."""
    writer.close()


async def reset_in_body(_reader, writer, _n):
    """Break the connection in the middle of a body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"[" * 500)
    await writer.drain()
    await asyncio.sleep(0.02)
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def broken_chunks(_reader, writer, _n):
    """Promise a chunk and close in the middle of it."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n[1,2")
    await writer.drain()
    writer.close()


short_body = answer(b"[1,2", length=1000)

TRANSIENT = {
    "hang": (hang, VendorTimeoutError, "TIMEOUT"),
    "slow headers": (slow_headers, VendorTimeoutError, "TIMEOUT"),
    "drip": (drip, VendorTimeoutError, "TIMEOUT"),
    "reset before the answer": (reset_before, VendorUnavailableError, "RESET"),
    "close before the answer": (close_before, VendorUnavailableError, "RESET"),
    "reset in the body": (reset_in_body, VendorUnavailableError, "RESET"),
    "short body": (short_body, VendorUnavailableError, "RESET"),
    "broken chunks": (broken_chunks, VendorUnavailableError, "RESET"),
    "500": (answer(b"<html>boom", "500 X"), VendorUnavailableError, "STATUS_500"),
    "502": (answer(b"<html>boom", "502 X"), VendorUnavailableError, "STATUS_502"),
    "503": (answer(b"<html>boom", "503 X"), VendorUnavailableError, "STATUS_503"),
    "503 with Retry-After": (
        answer(b"", "503 X", ("Retry-After: 30",)),
        VendorUnavailableError,
        "STATUS_503",
    ),
    "504": (answer(b"<html>boom", "504 X"), VendorUnavailableError, "STATUS_504"),
}
transient = pytest.mark.parametrize(("script", "error", "reason"), TRANSIENT.values(), ids=TRANSIENT.keys())


def limits_of(error):
    """Only what is to time out may be short of time, so that a busy machine changes nothing."""
    return SHORT if error is VendorTimeoutError else PATIENT


@transient
async def test_a_passing_fault_is_retried_away(vendor, caller, script, error, reason):
    """A read must survive one bad attempt, and the plan must say so."""
    fake = await vendor(in_turn(script, answer(b"[1]")))
    call = caller(fake.url, limits_of(error))

    reply = await call.send()

    assert (reply.status, reply.body) == (200, b"[1]")
    assert (call.last.attempts, call.last.retries, call.last.error) == (2, (reason,), None)


@transient
async def test_a_lasting_fault_ends_in_its_error_within_the_deadline(vendor, caller, script, error, reason):
    """A vendor that stays broken must cost three attempts and no more time than they may take."""
    fake = await vendor(in_turn(script, script, script, answer(b"[1]")))
    call = caller(fake.url, limits_of(error))
    started = asyncio.get_running_loop().time()

    raised = await call.refused()

    assert type(raised) is error
    assert (raised.reason, raised.source, raised.vendor) == (reason, "retail", "taguchi_v4")
    assert asyncio.get_running_loop().time() - started < 3 * SHORT.attempt_s + 1
    assert (call.last.attempts, len(fake.heads)) == (3, 3)
    assert raised.code in (call.last.error or "")
    assert (await call.send()).body == b"[1]", "the next call works"


@transient
async def test_a_write_is_sent_once_whatever_happens(vendor, caller, script, error, reason):
    """Nothing but a read may be sent a second time by the transport."""
    fake = await vendor(script)
    call = caller(fake.url, limits_of(error))

    raised = await call.refused(read(method="PUT", body=b"[{}]"))

    assert (type(raised), len(fake.heads)) == (error, 1)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_kept_connection_that_breaks_is_not_used_for_a_hidden_second_send(vendor, caller, method):
    """aiohttp re-sends idempotent requests by itself on a reused connection; then writes would go out twice."""
    fake = await vendor(in_turn(answer(), close_before))
    call = caller(fake.url, ClientLimits(attempts=1))
    await call.send()

    raised = await call.refused(read(method=method))

    assert (raised.reason, len(fake.heads), fake.connections) == ("RESET", 2, 1)


FINAL = {
    "301": (answer(b"", "301 X", ("Location: http://127.0.0.1:9/other",)), "REDIRECT"),
    "302 to itself": (answer(b"", "302 X", ("Location: /",)), "REDIRECT"),
    "307": (answer(b"", "307 X", ("Location: //elsewhere.example/",)), "REDIRECT"),
    "308": (answer(b"", "308 X", ("Location: /",)), "REDIRECT"),
    "304": (answer(b"", "304 X"), "REDIRECT"),
    "gzip header on plain text": (answer(b"[1,2,3]", headers=("Content-Encoding: gzip",)), "BODY_ENCODING"),
    "deflate header on plain text": (answer(b"[1,2,3]", headers=("Content-Encoding: deflate",)), "BODY_ENCODING"),
    "cut gzip": (answer(gzip.compress(b"[1,2,3]")[:-9], headers=("Content-Encoding: gzip",)), "BODY_ENCODING"),
    "gzip and then more": (
        answer(gzip.compress(b"[1]") + b"[2]", headers=("Content-Encoding: gzip",)),
        "BODY_ENCODING",
    ),
    "unknown encoding": (answer(b"[1]", headers=("Content-Encoding: br",)), "BODY_ENCODING"),
    "two encodings": (answer(b"[1]", headers=("Content-Encoding: gzip, gzip",)), "BODY_ENCODING"),
    "not HTTP": (answer(b"", "two hundred"), "NOT_HTTP"),
}


@pytest.mark.parametrize(("script", "reason"), FINAL.values(), ids=FINAL.keys())
async def test_an_answer_against_the_contract_is_refused_without_a_retry(vendor, caller, script, reason):
    """What would come again must not be asked for again, and a redirect never followed."""
    fake = await vendor(in_turn(script, answer(b"[1]")))
    call = caller(fake.url)

    raised = await call.refused()

    assert type(raised) is VendorContractError
    assert (raised.reason, len(fake.heads)) == (reason, 1)
    assert (await call.send()).body == b"[1]"


@pytest.mark.parametrize("status", [200, 201, 204, 400, 401, 403, 404, 405, 406, 409, 422])
async def test_a_status_below_500_is_the_vendor_code_s_to_judge(vendor, caller, status):
    """The transport must not swallow the refusals a vendor documents, nor their bodies."""
    body = b"" if status == 204 else b"<html><body>no</body></html>"
    fake = await vendor(answer(body, f"{status} X"))
    call = caller(fake.url)

    reply = await call.send()

    assert (reply.status, reply.body, call.last.status) == (status, body, status)


async def test_a_server_error_that_is_not_passing_is_not_retried(vendor, caller):
    """501 will be 501 again."""
    fake = await vendor(answer(b"", "501 X"))

    raised = await caller(fake.url).refused()

    assert (type(raised), raised.reason, raised.status) == (VendorUnavailableError, "STATUS_501", 501)
    assert len(fake.heads) == 1


async def test_a_refused_connection_is_retried_and_then_unavailable(caller):
    """Nobody listening is the plainest outage."""
    call = caller("http://127.0.0.1:1")

    raised = await call.refused()

    assert (type(raised), raised.reason, call.last.attempts) == (VendorUnavailableError, "CONNECT", 3)


async def test_the_request_s_deadline_ends_an_attempt_early(vendor, caller):
    """A request with little time left must be answered then, not after the vendor's own time-out."""
    fake = await vendor(hang)
    started = asyncio.get_running_loop().time()

    raised = await caller(fake.url).refused(within_s=0.5)

    assert (type(raised), raised.reason) == (VendorTimeoutError, "DEADLINE")
    assert asyncio.get_running_loop().time() - started < 2.5
    assert len(fake.heads) == 1


async def test_no_time_left_means_no_send(vendor, caller):
    """A request that is over must not reach the vendor."""
    fake = await vendor(answer())

    raised = await caller(fake.url).refused(within_s=0)

    assert (type(raised), fake.heads) == (VendorTimeoutError, [])


async def test_a_cancelled_call_gives_its_place_back(vendor, caller):
    """Clients go away at any time; their places and trials must not go with them."""
    fake = await vendor(in_turn(hang, hang, answer(b"[1]")))
    call = caller(fake.url, ClientLimits(concurrency=2, attempt_s=5))
    scope = build_scope()
    tasks = [asyncio.create_task(call.client.send(read(), scope)) for _ in range(4)]
    await until(lambda: len(fake.heads) == 2)

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert [each.error for each in scope.calls] == ["CANCELLED"] * 4
    assert (await call.send(within_s=1)).body == b"[1]"


async def test_no_more_calls_at_one_time_than_the_source_allows(vendor, caller):
    """A wide operation must not become a flood."""
    now, most = 0, 0

    async def count(reader, writer, n):
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0.01)
        now -= 1
        await answer()(reader, writer, n)

    fake = await vendor(count)
    call = caller(fake.url, ClientLimits(concurrency=3))

    await asyncio.gather(*(call.send() for _ in range(20)))

    assert (len(fake.heads), most) == (20, 3)
    assert fake.connections <= 3
