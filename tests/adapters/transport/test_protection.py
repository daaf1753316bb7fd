"""What protects a vendor that is down, and us from it: retry budget, breaker, call budget."""

import asyncio

import pytest

from adapters.calls import CallScope
from adapters.errors import BudgetExceededError, VendorError, VendorUnavailableError
from adapters.transport.breaker import Breaker, Pass
from adapters.transport.limits import ClientLimits
from adapters.transport.retry import RetryBudget
from tests.adapters.transport.fake_vendor import answer, build_scope, in_turn, read, until

DOWN = answer(b"", "503 X")


async def test_a_vendor_that_is_down_gets_a_fifth_more_requests_at_most(vendor, caller):
    """Retries must not become the load that keeps a vendor down."""
    fake = await vendor(DOWN)
    call = caller(fake.url, ClientLimits(backoff_s=0.001, breaker_failures=10_000))
    started = asyncio.get_running_loop().time()

    results = await asyncio.gather(*(call.send(within_s=20) for _ in range(500)), return_exceptions=True)

    took_s = asyncio.get_running_loop().time() - started
    assert {type(result) for result in results} == {VendorUnavailableError}
    assert 500 < len(fake.heads) <= 500 * 1.2 + 10 + took_s
    assert sum(record.attempts for record in call.records) == len(fake.heads)


def test_the_retry_budget_is_earned_and_refilled_slowly():
    """The bucket starts with its floor, earns a fifth a request, refills in its window, and never holds more."""
    budget = RetryBudget(ratio=0.2, floor=10, window_s=10)

    assert [budget.withdraw(0.0) for _ in range(11)] == [True] * 10 + [False]

    for _ in range(5):
        budget.deposit()
    assert [budget.withdraw(0.0), budget.withdraw(0.0)] == [True, False]
    assert [budget.withdraw(2.0) for _ in range(3)] == [True, True, False]

    for _ in range(1000):
        budget.deposit()
    assert sum(budget.withdraw(1000.0) for _ in range(50)) == 10


async def test_the_breaker_opens_answers_at_once_and_closes_by_itself(vendor, caller):
    """A dead vendor must cost callers nothing, get one trial at a time, and be used again once it answers."""
    healthy = asyncio.Event()

    async def script(reader, writer, n):
        await (answer(b"[1]") if healthy.is_set() else DOWN)(reader, writer, n)

    fake = await vendor(script)
    call = caller(fake.url, ClientLimits(attempts=1, breaker_failures=4, breaker_cooldown_s=0.2))
    loop = asyncio.get_running_loop()
    for _ in range(4):
        assert (await call.refused()).reason == "STATUS_503"

    started = loop.time()
    refused = [await call.refused() for _ in range(20)]
    assert {error.reason for error in refused} == {"BREAKER_OPEN"}
    assert (loop.time() - started) / 20 < 0.05
    assert len(fake.heads) == 4
    assert (call.last.attempts, call.last.error) == (0, "VENDOR_UNAVAILABLE BREAKER_OPEN")

    await asyncio.sleep(0.21)
    trials = [await call.refused() for _ in range(3)]
    assert [error.reason for error in trials] == ["STATUS_503", "BREAKER_OPEN", "BREAKER_OPEN"]

    healthy.set()
    await asyncio.sleep(0.21)
    replies = await asyncio.gather(*(call.send() for _ in range(5)), return_exceptions=True)
    assert sum(not isinstance(reply, VendorError) for reply in replies) == 1, "one trial at a time"
    assert (await call.send()).body == b"[1]"


async def test_a_cancelled_trial_does_not_keep_the_breaker_open(vendor, caller):
    """The one trial must be given back when its caller goes away."""

    async def hang(_reader, _writer, _n):
        await asyncio.sleep(60)

    fake = await vendor(in_turn(DOWN, hang, answer(b"[1]")))
    call = caller(fake.url, ClientLimits(attempts=1, breaker_failures=1, breaker_cooldown_s=0.05))
    await call.refused()
    await asyncio.sleep(0.06)
    trial = asyncio.create_task(call.client.send(read(), build_scope()))
    await until(lambda: len(fake.heads) == 2)
    assert (await call.refused()).reason == "BREAKER_OPEN"

    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)

    assert (await call.send()).body == b"[1]"


async def test_impatient_callers_do_not_open_the_breaker(vendor, caller):
    """A request that had little time left says nothing about the vendor."""

    async def slow(reader, writer, n):
        await asyncio.sleep(0.05)
        await answer(b"[1]")(reader, writer, n)

    fake = await vendor(slow)
    call = caller(fake.url, ClientLimits(breaker_failures=2))
    for _ in range(4):
        await call.refused(within_s=0.01)

    assert (await call.send()).body == b"[1]"


def test_only_failures_in_a_row_open_the_breaker():
    """A vendor that fails now and then must stay in use."""
    breaker = Breaker("retail", failures=3, cooldown_s=10)

    for healthy in (False, False, True, False, False):
        _attempt(breaker, 0.0, healthy=healthy)

    _attempt(breaker, 0.0, healthy=False)
    assert not breaker.enter(9.9)
    assert breaker.enter(10.0)
    assert not breaker.enter(10.0)


@pytest.mark.parametrize("healthy", [None, False], ids=["given up", "failed"])
def test_an_older_attempt_does_not_end_the_trial(healthy: bool | None):
    """Broken, a vendor that is down gets one more call for every one that still waits for it."""
    breaker = Breaker("retail", failures=3, cooldown_s=10)
    older = _enter(breaker, 0.0)
    for _ in range(3):
        _attempt(breaker, 0.0, healthy=False)

    trial = _enter(breaker, 10.0)
    breaker.leave(10.1, older, healthy=healthy)
    assert not breaker.enter(10.2)

    breaker.leave(10.3, trial, healthy=None)
    assert breaker.enter(10.4), "a trial that says nothing leaves room for the next one"


def test_a_failed_trial_starts_the_cool_down_anew():
    """Broken, a vendor that is down is tried without a rest."""
    breaker = Breaker("retail", failures=1, cooldown_s=10)
    _attempt(breaker, 0.0, healthy=False)
    _attempt(breaker, 10.0, healthy=False)

    assert not breaker.enter(19.9)
    assert breaker.enter(20.0)


def _enter(breaker: Breaker, now: float) -> Pass:
    entered = breaker.enter(now)
    assert entered is not None
    return entered


def _attempt(breaker: Breaker, now: float, *, healthy: bool | None) -> None:
    breaker.leave(now, _enter(breaker, now), healthy=healthy)


async def test_a_request_may_not_make_more_vendor_calls_than_its_budget(vendor, caller):
    """The call budget must be kept before a call is made, not noticed after."""
    fake = await vendor(answer())
    call = caller(fake.url)
    scope = CallScope("op", "t", asyncio.get_running_loop().time() + 1, max_calls=2)
    await call.client.send(read(), scope)
    await call.client.send(read(), scope)

    with pytest.raises(BudgetExceededError):
        await call.client.send(read(), scope)

    assert (len(fake.heads), len(scope.calls)) == (2, 2)


async def test_a_status_that_is_the_vendor_code_s_to_judge_is_an_answer_and_no_outage(vendor, caller):
    """A vendor that says 503 of what was sent is not down: nothing is repeated, and the next caller is answered."""
    fake = await vendor(answer(b'{"err_msg": "Field duplicate."}', "503 X"))
    call = caller(fake.url, ClientLimits(breaker_failures=2, backoff_s=0.001))
    request = read(judged=frozenset({503}))

    replies = [await call.send(request) for _ in range(5)]

    assert {(reply.status, reply.body) for reply in replies} == {(503, b'{"err_msg": "Field duplicate."}')}
    assert len(fake.heads) == 5


@pytest.mark.parametrize(
    ("status", "headers"),
    [("500 X", ()), ("503 X", ("Retry-After: 3000",))],
    ids=["another status", "a time to ask again"],
)
async def test_what_is_not_the_vendor_code_s_to_judge_stays_a_failure(vendor, caller, status, headers):
    """A time says that the vendor is busy, whatever the status may say of other requests."""
    fake = await vendor(answer(b"", status, headers))
    call = caller(fake.url, ClientLimits(attempts=1))

    error = await call.refused(read(judged=frozenset({503})))

    assert (type(error), error.maybe_processed) == (VendorUnavailableError, not headers)


async def test_a_path_may_be_shown_without_what_works_once(vendor, caller):
    """A token in a plan or a log could be used by whoever reads it first."""
    fake = await vendor(answer())
    call = caller(fake.url, ClientLimits())
    request = read(path="import/k3y/commit/t0ken", shown="import/{key}/commit/{token}")

    await call.send(request)

    assert fake.heads[0].startswith("GET /import/k3y/commit/t0ken?auth=")
    assert call.last.url == "/import/{key}/commit/{token}?auth=REDACTED"
