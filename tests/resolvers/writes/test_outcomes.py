"""What is told of a write: what is known, and never more than that."""

import asyncio
import contextlib
import json
import sqlite3

import httpx
import pytest

from adapters.contract import Outcome
from adapters.errors import CapabilityError, ConsentError, FacadeError, ForbiddenError, InputError, LedgerError
from adapters.ledger import State
from resolvers.principal import Principal, Scope
from resolvers.writes.desk import AGAIN_S, ClosingError
from tests.resolvers.writes.conftest import EMAIL, World, build_write
from tests.resolvers.writes.fake_writer import CHECK

READER = Principal("reader", frozenset({Scope.READ, Scope.PII}))
WRITER = Principal("writer", frozenset({Scope.READ, Scope.WRITE}))


async def test_a_write_that_is_done_is_applied_and_entered(world: World) -> None:
    """Broken, the plainest write would not be told."""
    payload = await world.write(build_write("k"))

    (row,) = await world.rows()
    assert (payload.outcome, payload.key, payload.errors) == (Outcome.APPLIED, ("fake", "1"), ())
    assert payload.operation == row
    assert (row.state, row.outcome, row.step, row.known_by) == (State.DONE, "APPLIED", "person.write", {"person": "1"})
    assert row.command["values"]["fields"]["email"] == EMAIL


@pytest.mark.parametrize(
    ("args", "principal", "expected"),
    [
        (build_write("k"), READER, ForbiddenError),
        (build_write("k", kind="sendMessage"), WRITER, ForbiddenError),
        (build_write("k", consent="asked"), WRITER, ForbiddenError),
        (build_write("k", unsubscribed_too=True), WRITER, ForbiddenError),
        (build_write("k", kind="approveActivity"), WRITER, CapabilityError),
        (build_write("k", fields={"email": "nobody"}), WRITER, InputError),
        (build_write("k", fields={"state": "back"}), WRITER, ConsentError),
    ],
)
async def test_what_is_refused_is_not_entered(
    world: World, args: object, principal: Principal, expected: type[FacadeError]
) -> None:
    """Broken, a refused mutation would use its key up, or reach the vendor."""
    answer = await world.ask(args, world.context(principal))  # type: ignore[arg-type] # a case

    assert isinstance(answer, expected)
    assert await world.rows() == []
    assert world.vendor.received == 0


LOST: dict[str, Exception | httpx.Response] = {
    "hang": httpx.ReadTimeout("no answer"),
    "reset": httpx.ReadError("reset"),
    "bad gateway": httpx.Response(502, text="<html>"),
}


@pytest.mark.parametrize("how", LOST)
async def test_a_lost_answer_leaves_the_write_unknown_and_sent_once(world: World, how: str) -> None:
    """Broken, a write that was done would be told as failed, or be done twice."""
    world.vendor.after = lambda _number: LOST[how]

    payload = await world.write(build_write("k"))
    again = await world.write(build_write("k"))

    assert len(world.vendor.writes) == 1
    assert payload.outcome is again.outcome is Outcome.UNKNOWN
    assert payload.operation.check == CHECK
    (error,) = payload.errors
    assert (error.code, error.retryable) == ("OUTCOME_UNKNOWN", False)
    assert again == payload


async def test_a_vendor_that_could_not_be_reached_was_sent_nothing(world: World) -> None:
    """Broken, a write that never left would be told as possibly done."""
    world.vendor.before = lambda _number: httpx.ConnectError("refused")

    payload = await world.write(build_write("k"))

    assert payload.outcome is Outcome.NOT_SENT
    assert [error.code for error in payload.errors] == ["VENDOR_UNAVAILABLE"]
    assert world.vendor.writes == []


async def test_a_refusal_changed_nothing_and_says_why(world: World) -> None:
    """Broken, a caller would not be told what the vendor did not like."""
    world.vendor.before = lambda _number: httpx.Response(400)

    payload = await world.write(build_write("k"))

    (error,) = payload.errors
    assert payload.outcome is Outcome.REJECTED
    assert (error.code, error.vendor_status, error.vendor_message) == ("VENDOR_REJECTED", 400, "no such thing")
    assert len(world.vendor.writes) == 0


async def test_whatever_breaks_leaves_a_write_unknown_and_not_open(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Broken, a mistake of ours would leave a write under way for ever, or tell its inner words."""
    world.vendor.after = lambda _number: httpx.Response(200, json={"odd": "reply"})

    payload = await world.write(build_write("k"))

    (row,) = await world.rows()
    assert payload.outcome is Outcome.UNKNOWN
    assert (row.state, row.outcome) == (State.DONE, "UNKNOWN")
    assert "KeyError" not in json.dumps(row.result)
    assert "KeyError" in caplog.text


async def test_a_caller_that_goes_away_does_not_end_the_write(world: World) -> None:
    """Broken, a closed browser would leave a write nobody knows of."""
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(world.write(build_write("k")))
    await world.vendor.arrived.wait()
    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked
    (under_way,) = await world.rows()
    world.vendor.gate.set()

    payload = await world.write(build_write("k"))

    assert under_way.state is State.SENT
    assert payload.outcome is Outcome.APPLIED
    assert payload.operation.id == under_way.id
    assert len(world.vendor.writes) == 1


async def test_a_dry_run_sends_and_enters_nothing(world: World) -> None:
    """Broken, a preview would be the thing itself."""
    payload = await world.write(build_write("k", dry_run=True))

    assert payload.outcome is Outcome.PLANNED
    (request,) = payload.requests
    assert (request.method, request.url, request.body) == ("POST", "/fake/people?auth=REDACTED", {"email": EMAIL})
    assert (world.vendor.received, await world.rows()) == (0, [])


async def test_a_server_that_stops_finishes_what_is_under_way_and_begins_nothing(world: World) -> None:
    """Broken, a deployment would lose the answers of writes, or begin some it cannot finish."""
    world.vendor.gate.clear()
    desk = world.desks[0]
    asked = asyncio.ensure_future(world.write(build_write("k")))
    await world.vendor.arrived.wait()
    closing = asyncio.ensure_future(desk.aclose())
    await asyncio.sleep(0)

    late = await world.ask(build_write("late"))
    world.vendor.gate.set()
    await closing
    world.desks[0] = await world.open_desk()

    assert isinstance(late, ClosingError)
    assert (await asked).outcome is Outcome.APPLIED
    assert [row.key for row in await world.rows()] == ["k"]


async def test_what_does_not_end_before_the_stop_is_unknown(world: World) -> None:
    """Broken, a write that a stop cut off would stay under way until its lease ends, and then some."""
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(world.ask(build_write("k")))
    await world.vendor.arrived.wait()
    await world.desks[0].aclose(within_s=0.01)
    await asyncio.gather(asked, return_exceptions=True)
    world.desks[0] = await world.open_desk()

    (row,) = await world.rows()

    assert (row.state, row.outcome) == (State.DONE, "UNKNOWN")


async def test_what_is_done_is_told_though_the_ledger_fails(world: World) -> None:
    """Broken, a full disk would turn a write that was done into one that failed, and be sent again."""
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(world.write(build_write("k")))
    await world.vendor.arrived.wait()
    with contextlib.closing(sqlite3.connect(world.url.removeprefix("sqlite:///"))) as outside:
        outside.execute("ALTER TABLE writes RENAME TO gone")
        world.vendor.gate.set()
        payload = await asked
        outside.execute("ALTER TABLE gone RENAME TO writes")

    assert payload.outcome is Outcome.APPLIED
    assert any("ledger" in warning for warning in payload.warnings)

    again = await world.write(build_write("k"))

    assert (again.outcome, again.key) == (Outcome.APPLIED, ("fake", "1"))
    assert len(world.vendor.writes) == 1


async def test_what_another_process_gave_up_meanwhile_is_entered_still(world: World) -> None:
    """Broken, a caller that was told APPLIED would be told UNKNOWN under the same key."""
    desk = await world.open_desk(lease_s=0.2)
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(world.write(build_write("k"), world.context(desk=desk)))
    await world.vendor.arrived.wait()
    with contextlib.closing(sqlite3.connect(world.url.removeprefix("sqlite:///"))) as outside:
        outside.execute("ALTER TABLE writes RENAME TO gone")
        world.vendor.gate.set()
        told = await asked
        await asyncio.sleep(0.3)
        outside.execute("ALTER TABLE gone RENAME TO writes")
    await world.desks[0].settle()
    (given_up,) = await world.rows()
    await asyncio.sleep(AGAIN_S)

    (row,) = await world.rows()

    assert (told.outcome, given_up.outcome, row.outcome) == (Outcome.APPLIED, "UNKNOWN", "APPLIED")


async def test_nothing_is_sent_that_the_ledger_could_not_enter(world: World) -> None:
    """Broken, a write would leave that nobody could ever answer for."""
    with contextlib.closing(sqlite3.connect(world.url.removeprefix("sqlite:///"))) as outside:
        outside.execute("ALTER TABLE writes RENAME TO gone")
        refused = await world.ask(build_write("k"))
        outside.execute("ALTER TABLE gone RENAME TO writes")

    assert isinstance(refused, LedgerError)
    assert world.vendor.received == 0


async def test_a_lease_is_renewed_while_the_vendor_takes_its_time(world: World) -> None:
    """Broken, another process would give up a write that is being done."""
    lease_s = 1.0
    desk = await world.open_desk(lease_s=lease_s)
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(world.write(build_write("k"), world.context(desk=desk)))
    await world.vendor.arrived.wait()
    for _ in range(3):
        await asyncio.sleep(0.5 * lease_s)
        await world.desks[0].settle()
    (under_way,) = await world.rows()
    world.vendor.gate.set()

    assert under_way.state is State.SENT
    assert (await asked).outcome is Outcome.APPLIED
