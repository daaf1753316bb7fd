"""One log-in for everybody, one renewal for each session that ended, and no session id anywhere it can be read."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.calls import CallScope
from adapters.errors import (
    BudgetExceededError,
    VendorAuthError,
    VendorContractError,
    VendorError,
    VendorTimeoutError,
    VendorUnavailableError,
)
from adapters.transport.auth import LogInAuth
from adapters.transport.client import Reply, VendorRequest
from adapters.transport.session import SESSION_REFUSED, LogIn, SessionAuth
from tests.adapters.transport.fake_vendor import PATIENT, SECRET, Caller, answer, build_scope, read, until

LOG_IN = VendorRequest("user.login", "user/login", method="POST", safe=True, purpose="session")
REFUSED = answer(b"no", "401 Unauthorized")


@dataclass
class Doorman:
    """A vendor that opens sessions and takes only the newest; `opens` counts them, `shown` is what calls brought."""

    opens: int = 0
    bodies: list[bytes] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    log_in_answers: list[str] = field(default_factory=list)
    takes_none: bool = False

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, n: int) -> None:
        head = self.heads()[-1]
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if "/user/login" in head.split("\r\n")[0]:
            await self._open(body, reader, writer)
            return
        token = headers.get("authorization", "").removeprefix("bearer ")
        self.shown.append(token)
        good = token == f"session-{self.opens}" and not self.takes_none
        await (answer() if good else REFUSED)(reader, writer, n)

    async def _open(self, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.bodies.append(body)
        if self.gate is not None:
            await self.gate.wait()
        if self.log_in_answers:
            await answer(b"{}", self.log_in_answers.pop(0))(reader, writer, 0)
            return
        self.opens += 1
        await answer(json.dumps({"id": f"session-{self.opens}"}).encode())(reader, writer, 0)

    heads: Callable[[], list[str]] = list


def read_session(reply: Reply) -> str:
    """Read the doorman's session, or raise what its refusal means."""
    place: dict[str, Any] = {
        "source": "retail",
        "vendor": "taximail",
        "operation": "user.login",
        "status": reply.status,
    }
    if reply.status != 200:
        raise VendorAuthError("refused", **place)
    try:
        return str(json.loads(reply.body)["id"])
    except (ValueError, KeyError):
        raise VendorContractError("no session", **place) from None


def build_auth() -> SessionAuth:
    """Build credentials whose calls need a session."""
    credentials = LogInAuth((("api_key", SecretStr("key")), ("secret_key", SecretStr(SECRET))))
    return SessionAuth(LogIn(LOG_IN, read_session, lambda reply: reply.status == 401), credentials)


@pytest.fixture
async def doorman(vendor, caller):
    """A doorman and a caller that must log in."""
    door = Doorman()
    fake = await vendor(door)
    door.heads = lambda: fake.heads
    return door, caller(fake.url, PATIENT, build_auth())


def operations(scope: CallScope) -> list[str]:
    """What a plan shows, in order."""
    return [call.operation for call in scope.calls]


async def test_the_first_call_logs_in_and_the_next_ones_do_not(doorman):
    """Every call would otherwise cost two."""
    door, call = doorman

    await call.send()
    await call.send()

    assert [record.operation for record in call.records] == ["user.login", "subscriber.list", "subscriber.list"]
    assert door.shown == ["session-1", "session-1"]
    assert json.loads(door.bodies[0]) == {"api_key": "key", "secret_key": SECRET}


async def test_a_log_in_carries_no_session_and_calls_no_keys(doorman):
    """A secret goes only where it must."""
    door, call = doorman

    await call.send()

    log_in, other = door.heads()
    assert "authorization" not in log_in.lower()
    assert "content-type: application/json" in log_in.lower()
    assert "Authorization: Bearer session-1" in other


async def test_a_plan_shows_the_log_in_as_a_call_of_its_own_without_a_secret(doorman, watch):
    """A plan that hides a call, or shows a key, cannot be trusted."""
    _, call = doorman

    await call.send()

    record = call.records[0]
    assert (record.operation, record.method, record.url, record.purpose) == (
        "user.login",
        "POST",
        "/user/login",
        "session",
    )
    assert record.status == 200
    assert [text for text in watch.texts if "session-1" in text] == []


async def test_an_ended_session_is_renewed_once_and_the_call_repeated_once(doorman):
    """A session that runs out in mid-page must not be an error."""
    door, call = doorman
    await call.send()
    door.opens = 5

    reply = await call.send()

    assert reply.status == 200
    assert [record.operation for record in call.records[2:]] == ["subscriber.list", "user.login", "subscriber.list"]
    assert [record.error for record in call.records[2:]] == [SESSION_REFUSED, None, None]
    assert door.shown == ["session-1", "session-1", "session-6"]


async def test_a_refusal_after_a_renewal_stands(doorman):
    """Credentials that may not read something would otherwise log in for ever."""
    door, call = doorman
    door.takes_none = True

    reply = await call.send()

    assert reply.status == 401
    assert (len(door.shown), door.opens) == (2, 2)


async def test_many_calls_at_once_log_in_once(doorman):
    """A hundred fields of one operation need one session."""
    door, call = doorman

    replies = await asyncio.gather(*(call.send() for _ in range(30)))

    assert {reply.status for reply in replies} == {200}
    assert door.opens == 1


async def test_many_refusals_of_one_session_renew_it_once(doorman):
    """Each renewal may end the session before it: parallel calls would drive each other out."""
    door, call = doorman
    await call.send()
    door.opens = 5

    replies = await asyncio.gather(*(call.send() for _ in range(30)))

    assert {reply.status for reply in replies} == {200}
    assert (door.opens, len(door.bodies)) == (6, 2)


async def test_a_late_refusal_of_an_old_session_does_not_renew_the_new_one(doorman):
    """A slow reply tells of the session it was sent with."""
    door, call = doorman
    await call.send()
    auth = call.client._authorize
    old = auth._session
    door.opens = 5
    await call.send()

    assert await auth._open_after(old, call.client, build_scope()) is auth._session
    assert door.opens == 6


async def test_followers_survive_a_cancelled_leader(doorman):
    """A client that goes away must not fail the others."""
    door, call = doorman
    door.gate = asyncio.Event()
    leader = asyncio.create_task(call.send())
    await until(lambda: door.bodies)
    followers = [asyncio.create_task(call.send()) for _ in range(5)]
    await asyncio.sleep(0)

    leader.cancel()
    await asyncio.gather(leader, return_exceptions=True)
    door.gate.set()
    replies = await asyncio.gather(*followers)

    assert leader.cancelled()
    assert {reply.status for reply in replies} == {200}
    assert len(door.bodies) == 1


async def test_a_log_in_nobody_waits_for_any_more_still_serves_the_next_call(doorman):
    """Its session is open; a second one would be wasted."""
    door, call = doorman
    door.gate = asyncio.Event()
    leader = asyncio.create_task(call.send())
    await until(lambda: door.bodies)
    leader.cancel()
    await asyncio.gather(leader, return_exceptions=True)

    door.gate.set()
    reply = await call.send()

    assert (reply.status, door.opens) == (200, 1)


async def test_a_refused_log_in_is_the_error_of_all_who_waited(doorman):
    """Wrong keys: one log-in, and everybody is told."""
    door, call = doorman
    door.log_in_answers = ["401 Unauthorized"]

    errors = await asyncio.gather(*(call.send() for _ in range(5)), return_exceptions=True)

    assert {type(error) for error in errors} == {VendorAuthError}
    assert len(door.bodies) == 1
    assert (await call.send()).status == 200


async def test_a_leader_without_time_does_not_fail_those_who_have_some(doorman):
    """A follower has its own deadline and its own budget."""
    door, call = doorman
    door.gate = asyncio.Event()
    hurried = asyncio.create_task(call.refused(within_s=0.15))
    await until(lambda: door.bodies)
    patient = asyncio.create_task(call.send())

    error = await hurried
    door.gate.set()

    assert isinstance(error, VendorTimeoutError)
    assert (await patient).status == 200


async def test_a_follower_without_time_does_not_wait_for_the_leader(doorman):
    """A deadline holds also while another request logs in."""
    door, call = doorman
    door.gate = asyncio.Event()
    patient = asyncio.create_task(call.send())
    await until(lambda: door.bodies)

    error = await call.refused(within_s=0.1)
    door.gate.set()

    assert (type(error), error.reason) == (VendorTimeoutError, "DEADLINE")
    assert (await patient).status == 200


async def test_a_log_in_counts_as_a_call_of_the_operation(doorman):
    """A budget of one call is spent by the log-in, and the next operation finds the session open."""
    door, call = doorman
    scope = build_scope()
    scope.max_calls = 1

    with pytest.raises(BudgetExceededError):
        await call.client.send(read(), scope)

    assert operations(scope) == ["user.login"]
    assert (await call.send()).status == 200
    assert door.opens == 1


async def test_a_write_refused_for_its_session_is_sent_once_more(doorman):
    """A refusal says that nothing was done; a caller would have to write again only because a session had ended."""
    door, call = doorman
    await call.send()
    door.opens = 5

    reply = await call.send(read(method="PUT", body=b"{}"))

    assert reply.status == 200
    assert door.shown == ["session-1", "session-1", "session-6"]


async def test_a_write_refused_again_after_a_renewal_is_not_sent_a_third_time(doorman):
    """Credentials that may not write something would otherwise try for ever."""
    door, call = doorman
    door.takes_none = True

    reply = await call.send(read(method="DELETE"))

    assert (reply.status, len(door.shown)) == (401, 2)


@pytest.mark.parametrize("log_in", ["503 Service Unavailable", "401 Unauthorized", "400 Bad Request"])
async def test_a_write_that_found_no_session_was_not_done(doorman, log_in):
    """The log-in's own fate says nothing of the write, which never left."""
    door, call = doorman
    door.log_in_answers = [log_in] * 9

    error = await call.refused(read(method="PUT", body=b"{}"))

    assert not error.maybe_processed
    assert door.shown == []


async def test_a_write_that_had_no_time_to_wait_for_a_session_was_not_done(doorman):
    """It waits for a log-in, not for its own answer."""
    door, call = doorman
    door.gate = asyncio.Event()

    error = await call.refused(read(method="PUT", body=b"{}"), within_s=0.1)
    door.gate.set()

    assert (error.reason, error.maybe_processed) == ("DEADLINE", False)


async def test_a_log_in_is_tried_again_when_the_vendor_stumbles(doorman):
    """Opening a second session harms nobody."""
    door, call = doorman
    door.log_in_answers = ["503 Service Unavailable"]

    assert (await call.send()).status == 200
    assert call.records[0].retries == ("STATUS_503",)


async def test_a_vendor_that_opens_nothing_is_down(doorman):
    """The error is the vendor's own, as for any other call."""
    door, call = doorman
    door.log_in_answers = ["503 Service Unavailable"] * 9

    errors: list[VendorError] = await asyncio.gather(call.refused(), call.refused())

    assert {type(error) for error in errors} == {VendorUnavailableError}
    assert len(door.bodies) == 3


async def test_a_session_repeated_in_a_refusal_is_hidden(vendor, caller):
    """A vendor may quote our own token, with a status that refuses or with one that does not."""

    async def script(reader, writer, n):
        if n == 1:
            await reader.readuntil(b"}")
            await answer(b'{"id": "s3ss10n"}')(reader, writer, n)
        else:
            await answer(b"what is s3ss10n?", "400 Bad Request" if n == 2 else "200 OK")(reader, writer, n)

    fake = await vendor(script)
    call = caller(fake.url, PATIENT, build_auth())

    refused, sound = await call.send(), await call.send()

    assert refused.body == refused.quotable == b"what is REDACTED?"
    assert (sound.body, sound.quotable) == (b"what is s3ss10n?", b"what is REDACTED?")
    assert SECRET not in repr(sound)


async def test_each_source_has_a_session_of_its_own(vendor, caller):
    """Two tenants' credentials must never share one."""
    door = Doorman()
    fake = await vendor(door)
    door.heads = lambda: fake.heads
    first: Caller = caller(fake.url, PATIENT, build_auth())
    second: Caller = caller(fake.url, PATIENT, build_auth())

    await first.send()
    await second.send()

    assert door.shown == ["session-1", "session-2"]
