"""A ledger that takes too long: what a caller is told by the deadline, and what is not sent after it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.contract import Outcome
from adapters.errors import FacadeError, LedgerError
from adapters.ledger import State
from resolvers.writes.payload import PayloadRecord
from resolvers.writes.people import write_people
from resolvers.writes.people_parts import UPSERT, PeopleArgs, PeoplePayload
from tests.resolvers.writes.conftest import EMAIL, SELECTION, World, build_write

DEADLINE_S = 0.3
IN_TIME_S = DEADLINE_S + 1.0


@contextmanager
def hold_up(world: World) -> Iterator[None]:
    """Keep everybody from writing to the ledger."""
    with contextlib.closing(sqlite3.connect(world.url.removeprefix("sqlite:///"), isolation_level=None)) as outside:
        outside.execute("BEGIN IMMEDIATE")
        yield
        outside.execute("ROLLBACK")


async def _ask(world: World, key: str | None = None) -> PayloadRecord | FacadeError:
    async with asyncio.timeout(IN_TIME_S):
        return await world.ask(build_write(key), world.context(deadline_s=DEADLINE_S))


async def _wait_for_end(world: World) -> str | None:
    async with asyncio.timeout(5):
        while True:
            rows = await world.rows()
            if rows and rows[0].state is State.DONE:
                return rows[0].outcome
            await asyncio.sleep(0.02)


async def test_a_ledger_held_up_after_sending_keeps_the_outcome_from_nobody(world: World) -> None:
    """Broken, a write that was done would be told as a time-out that may be repeated."""
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(_ask(world))
    await world.vendor.arrived.wait()
    with hold_up(world):
        world.vendor.gate.set()
        payload = await asked

    assert isinstance(payload, PayloadRecord)
    assert payload.outcome in {Outcome.APPLIED, Outcome.UNKNOWN}
    assert not any(error.retryable for error in payload.errors)
    assert payload.operation is not None
    assert await _wait_for_end(world) == "APPLIED"
    assert [row.id for row in await world.rows()] == [payload.operation.id]


async def test_a_ledger_held_up_while_the_answer_is_lost_leaves_the_write_unknown(world: World) -> None:
    """Broken, a write that may have been done would be told as one that was not."""
    world.vendor.gate.clear()
    asked = asyncio.ensure_future(_ask(world))
    await world.vendor.arrived.wait()
    with hold_up(world):
        payload = await asked

    assert isinstance(payload, PayloadRecord)
    assert (payload.outcome, payload.operation and payload.operation.outcome) == (Outcome.UNKNOWN, "UNKNOWN")
    assert [(error.code, error.retryable) for error in payload.errors] == [("OUTCOME_UNKNOWN", False)]


async def test_what_was_told_as_not_sent_is_not_sent_later(world: World) -> None:
    """Broken, a write that its caller repeats without a key would be done twice."""
    with hold_up(world):
        told = await _ask(world)

    assert isinstance(told, LedgerError)
    assert told.retryable
    await asyncio.sleep(0.3)
    assert world.vendor.received == 0
    assert [row.outcome for row in await world.rows()] in ([], ["NOT_SENT"])


async def test_parts_that_were_sent_are_told_though_the_ledger_is_held_up(world: World) -> None:
    """Broken, a write about one person everywhere would be told as failed, with parts of it done."""
    world.vendor.gate.clear()
    args = PeopleArgs(kind=UPSERT, named={"email": EMAIL}, fields={"first_name": "Ann"})
    ctx = world.context(deadline_s=DEADLINE_S)
    asked = asyncio.ensure_future(write_people([None], args, ctx, SELECTION))
    await world.vendor.arrived.wait()
    with hold_up(world):
        world.vendor.gate.set()
        async with asyncio.timeout(IN_TIME_S):
            (payload,) = await asked

    assert isinstance(payload, PeoplePayload)
    (part,) = payload.parts
    assert part.outcome in {Outcome.APPLIED, Outcome.UNKNOWN}
    assert part.operation is not None
