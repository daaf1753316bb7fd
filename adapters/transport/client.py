"""
The client of one source: sends a vendor request within its deadline, and says what happened.

One `send` is one logical call: one line of the plan, up to three attempts; a session that must be opened or renewed
for it is a call of its own (`session.py`). Replies with any status below 500, except 429 and redirects, are the vendor
code's to judge, and those above that the request says are.
"""

import asyncio
import logging
from collections.abc import Awaitable

import httpx

from adapters.calls import CallRecord, CallScope
from adapters.errors import InputError
from adapters.transport import faults
from adapters.transport.auth import Authorizer
from adapters.transport.body import read_body
from adapters.transport.breaker import Breaker
from adapters.transport.faults import NETWORK_ERRORS, Fault, classify
from adapters.transport.limits import ClientLimits
from adapters.transport.pause import Pause
from adapters.transport.redact import build_loggable_url, hide_secrets, silence_loggers
from adapters.transport.remembering import Judge, build_question, judge_status, name_place, send_remembering
from adapters.transport.requests import Answer, Errand, Reply, VendorRequest
from adapters.transport.retry import RetryBudget, draw_wait_s, may_repeat, parse_retry_after
from adapters.transport.session import SessionAuth
from adapters.transport.urls import check_base_url, check_path
from adapters.transport.wire import build_wire, find_header

__all__ = ["Answer", "Reply", "VendorClient", "VendorRequest"]

log = logging.getLogger(__name__)

_RETRIED_STATUS = frozenset({500, 502, 503, 504})
_TOO_MANY = 429
_FIRST_REDIRECT, _FIRST_REFUSAL, _FIRST_FAILURE = 300, 400, 500


class VendorClient:
    """Sends requests to one source through one transport; holds its breaker, budget, pause and places."""

    def __init__(
        self,
        *,
        source: str,
        vendor: str,
        base_url: str,
        transport: httpx.AsyncBaseTransport,
        authorize: Authorizer | SessionAuth,
        limits: ClientLimits = ClientLimits(),  # noqa: B008 - frozen
        judge_worth: Judge = judge_status,
    ) -> None:
        silence_loggers()
        self.source = source
        self.vendor = vendor
        self.limits = limits
        self._base_url = check_base_url(base_url, allow_private=True) + "/"
        self.place = name_place(source, self._base_url, authorize)
        self._judge_worth = judge_worth
        self._base_path = httpx.URL(self._base_url).path
        self.host = httpx.URL(self._base_url).netloc.decode()
        self._transport = transport
        self._authorize = authorize
        self._places = asyncio.Semaphore(limits.concurrency)
        self._breaker = Breaker(source, limits.breaker_failures, limits.breaker_cooldown_s)
        self._budget = RetryBudget(limits.retry_ratio, limits.retry_floor, limits.retry_window_s)
        self._pause = Pause(limits.max_pause_s)

    def describe_url(self, request: VendorRequest) -> str:
        """Return the path and query of a request as plans and logs may show them; its secret shows as REDACTED."""
        path = self._base_path + (request.shown or check_path(request.path))
        return build_loggable_url(path, request.params, self._authorize.hidden)

    async def send(self, request: VendorRequest, scope: CallScope) -> Reply:
        """
        Send a request and read its whole reply, within a session where the source's credentials open one.

        A read whose kind is remembered may be answered from `scope.memory`.

        What can be repeated is sent up to three times; anything else again only where the vendor provably did not act.
        The call is entered in `scope` first.

        Raises:
            BudgetExceededError: the operation has used up its vendor calls; nothing was sent.
            InputError: the URL would be too long; nothing was sent.
            VendorTimeoutError: no whole answer within the attempt's or the request's deadline.
            VendorUnavailableError: no connection, TLS failure, 5xx, or the breaker is open (`BREAKER_OPEN`).
            VendorRateLimitedError: 429, and waiting would not fit the deadline; `retry_after_s` when known.
            VendorContractError: a redirect, too long a body, an encoding that cannot be undone, not HTTP.
            VendorAuthError: no session could be opened.
        """
        kind, memory = request.remembered_as, scope.memory
        if memory is None or kind is None or not request.repeatable:
            return await self._send_now(request, scope)
        return await send_remembering(
            memory,
            build_question(self.place, request, scope, kind),
            scope,
            send=lambda: self._send_now(request, scope),
            record=lambda: self._build_record(request, scope, _now()),
            judge=self._judge_worth,
        )

    def _send_now(self, request: VendorRequest, scope: CallScope) -> Awaitable[Reply]:
        if isinstance(self._authorize, SessionAuth):
            return self._authorize.send(self, request, scope)
        return self.send_as(request, scope, self._authorize)

    async def send_as(self, request: VendorRequest, scope: CallScope, authorize: Authorizer) -> Reply:
        """Send one logical call with these credentials; raises as `send` does."""
        started_at = _now()
        call = self._build_record(request, scope, started_at)
        scope.record(call)
        try:
            answer = await self._send_with_retries(Errand(request, authorize, call, scope))
        except asyncio.CancelledError:
            call.error = "CANCELLED"
            raise
        finally:
            call.duration_ms = (_now() - started_at) * 1000
        call.status = answer.status
        if isinstance(answer, Answer):
            return Reply(answer.status, answer.body, call, authorize.secrets())
        error = answer.build_error(source=self.source, vendor=self.vendor, operation=request.operation)
        error.maybe_processed = error.maybe_processed or call.doubtful
        call.error = f"{error.code} {error.reason}"
        raise error

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()

    def _build_record(self, request: VendorRequest, scope: CallScope, now: float) -> CallRecord:
        """Build the plan's line for a request; one that is too long for a URL is the caller's to shorten."""
        url = self.describe_url(request)
        if len(url) > self.limits.max_url_bytes:
            raise InputError(
                f"This question is too long for one call to source '{self.source}'.",
                reason="CALL_TOO_LONG",
                hint="Use shorter or fewer values.",
            )
        return CallRecord(
            source=self.source,
            vendor=self.vendor,
            operation=request.operation,
            method=request.method,
            url=url,
            purpose=request.purpose,
            pushed=request.pushed,
            residual=request.residual,
            reasons=request.reasons,
            keys=request.keys,
            started_ms=(now - scope.started_at) * 1000,
        )

    async def _send_with_retries(self, errand: Errand) -> Answer | Fault:
        """Attempt until there is an answer, or no reason to go on."""
        self._budget.deposit()
        while True:
            answer = await self._attempt(errand)
            if isinstance(answer, Answer):
                return answer
            wait_s = self._wait_before_retry_s(errand, answer)
            if wait_s is None:
                return answer
            errand.call.retries += (answer.word,)
            errand.call.doubtful = errand.call.doubtful or not answer.unprocessed
            await asyncio.sleep(wait_s)

    def _wait_before_retry_s(self, errand: Errand, fault: Fault) -> float | None:
        """Return how long to wait before the next attempt, or None when there is to be none."""
        attempts, left_s = errand.call.attempts, errand.scope.remaining_s()
        if attempts >= self.limits.attempts or not may_repeat(self.limits, errand, fault):
            return None
        blindly = self.limits.backs_off_blindly and fault.status is not None and fault.retry_after_s is None
        if fault.kind is faults.THROTTLED and not blindly:
            asked_s = fault.retry_after_s if fault.status else None
            return 0.0 if asked_s is not None and asked_s < left_s else None
        wait_s = draw_wait_s(self.limits, errand, fault)
        if not (fault.kind.retried or blindly) or wait_s >= left_s or self._breaker.refuses(_now()):
            return None
        return wait_s if self._budget.withdraw(_now()) else None

    async def _attempt(self, errand: Errand) -> Answer | Fault:
        """Wait for a place and the end of a pause, then send, unless the breaker is open."""
        scope = errand.scope
        refused = await self._take_place(scope)
        if refused:
            return refused
        try:
            now = _now()
            while (pause_s := self._pause.left_s(now)) > 0 and not self._refuse(scope, now):
                await asyncio.sleep(pause_s)
                now = _now()  # others may have extended the pause
            return self._refuse(scope, now) or await self._guarded_exchange(errand, now)
        finally:
            self._places.release()

    async def _take_place(self, scope: CallScope) -> Fault | None:
        """Take one of the source's places, waiting for it while the request has time, or return why there is none."""
        if not self._places.locked():  # then nothing waits, and no clock need be set
            await self._places.acquire()
            return None
        refused = self._refuse(scope, _now())
        if refused:
            return refused
        try:
            async with asyncio.timeout_at(scope.deadline_at):
                await self._places.acquire()
        except TimeoutError:
            return Fault(faults.NO_TIME)
        return None

    def _refuse(self, scope: CallScope, now: float) -> Fault | None:
        """Return why nothing may be sent now, or None."""
        if self._breaker.refuses(now):
            return Fault(faults.BREAKER_OPEN)
        left_s = scope.deadline_at - now
        if left_s <= 0:
            return Fault(faults.NO_TIME)
        pause_s = self._pause.left_s(now)
        return Fault(faults.THROTTLED, retry_after_s=pause_s) if pause_s >= left_s else None

    async def _guarded_exchange(self, errand: Errand, now: float) -> Answer | Fault:
        """Make one attempt through the breaker, and tell it how the vendor did."""
        entered = self._breaker.enter(now)
        if entered is None:
            return Fault(faults.BREAKER_OPEN)
        healthy: bool | None = None
        try:
            errand.call.attempts += 1
            answer = await self._timed_exchange(errand, now)
            if isinstance(answer, Answer):
                healthy = True
            elif answer.kind is not faults.SHORT_OF_TIME:
                healthy = not answer.kind.outage
        finally:
            self._breaker.leave(_now(), entered, healthy=healthy)
        return answer

    async def _timed_exchange(self, errand: Errand, now: float) -> Answer | Fault:
        """Send and read within one deadline for everything; every trouble of the network becomes a value."""
        ends_at, deadline_at = now + self.limits.attempt_s, errand.scope.deadline_at
        whole = ends_at <= deadline_at
        try:
            async with asyncio.timeout_at(min(ends_at, deadline_at)):
                return await self._exchange(errand)
        except TimeoutError:
            return Fault(faults.TIMEOUT if whole else faults.SHORT_OF_TIME)
        except NETWORK_ERRORS as error:
            kind = classify(error)
        if kind in {faults.TLS, faults.ADDRESS}:
            log.error("Source %s: %s.", self.source, kind.message)
        return Fault(kind)

    async def _exchange(self, errand: Errand) -> Answer | Fault:
        """Send one request and read its body when the status is the vendor code's to judge."""
        wire = build_wire(self._base_url, errand.request, errand.authorize)
        response = await self._transport.handle_async_request(wire)
        try:
            fault = self._judge(response, errand.request)
            if fault:
                return fault
            body = await read_body(response, self.limits.max_body_bytes)
            if response.status_code >= _FIRST_REFUSAL:
                body = hide_secrets(body, errand.authorize.secrets())
            return Answer(response.status_code, body)
        finally:
            await response.aclose()

    def _judge(self, response: httpx.Response, request: VendorRequest) -> Fault | None:
        """Return the fault a status means by itself."""
        status = response.status_code
        if status == _TOO_MANY:
            retry_after_s = parse_retry_after(find_header(response, "retry-after"))
            self._pause.extend(_now(), retry_after_s or 0.0)
            return Fault(faults.THROTTLED, status, retry_after_s)
        if status >= _FIRST_FAILURE:
            retry_after_s = parse_retry_after(find_header(response, "retry-after"))
            if status in request.judged and retry_after_s is None:
                return None
            return Fault(faults.STATUS if status in _RETRIED_STATUS else faults.UNSUPPORTED, status, retry_after_s)
        if _FIRST_REDIRECT <= status < _FIRST_REFUSAL:
            return Fault(faults.REDIRECT, status)
        return None


def _now() -> float:
    """Return the running loop's time in seconds."""
    return asyncio.get_running_loop().time()
