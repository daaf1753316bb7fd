"""Turns to write over a record: one holder at a time, in however many processes."""

import asyncio

import pytest

from adapters.errors import LedgerError
from adapters.ledger import State
from tests.adapters.ledger.conftest import Clock, Open, build_new

RECORD = ("retail", "subscriber", "1")
OTHERS = [("retail", "subscriber", "11"), ("retail", "list", "1"), ("other", "subscriber", "1")]
A_DAY_H = 24


async def test_a_turn_is_one_holders(open_store: Open) -> None:
    """Broken, two processes would write over one record at once."""
    ours, theirs = await open_store(), await open_store()

    took = await asyncio.gather(*(store.take_turn(RECORD, f"{at}") for at in range(5) for store in (ours, theirs)))

    assert took.count(True) == 2, "one holder, who may ask twice"
    assert all([await theirs.take_turn(other, "x") for other in OTHERS])


async def test_a_turn_that_is_ended_is_free(open_store: Open) -> None:
    """Broken, the second write would wait until the first one's lease has run out; or anybody could end it."""
    ours, theirs = await open_store(), await open_store()
    assert await ours.take_turn(RECORD, "a")

    await theirs.end_turn(RECORD, "b")
    assert not await theirs.take_turn(RECORD, "b")
    await ours.end_turn(RECORD, "a")

    assert await theirs.take_turn(RECORD, "b")


async def test_the_turn_of_who_has_gone_runs_out(open_store: Open, clock: Clock) -> None:
    """Broken, a crash would keep everybody from a record for ever; or a slow holder would lose it while it is there."""
    ours, theirs = await open_store(clock=clock, lease_s=10.0), await open_store(clock=clock, lease_s=10.0)
    assert await ours.take_turn(RECORD, "a")
    clock.go(seconds=9)
    assert await ours.renew_turn(RECORD, "a")
    clock.go(seconds=9)
    assert not await theirs.take_turn(RECORD, "b")
    clock.go(seconds=2)

    assert await theirs.take_turn(RECORD, "b")

    assert not await ours.renew_turn(RECORD, "a")
    await ours.end_turn(RECORD, "a")
    assert await theirs.renew_turn(RECORD, "b")


async def test_turns_of_who_has_gone_are_purged(open_store: Open, clock: Clock) -> None:
    """Broken, every crash would leave a row for ever; or a purge would end a turn that is held."""
    store = await open_store(clock=clock, lease_s=10.0)
    assert await store.take_turn(RECORD, "gone")
    clock.go(seconds=11)
    assert await store.take_turn(OTHERS[0], "held")

    await store.purge(A_DAY_H)

    assert not await store.renew_turn(RECORD, "gone")
    assert await store.renew_turn(OTHERS[0], "held")


async def test_nothing_is_sent_over_a_record_whose_turn_is_anothers(open_store: Open, clock: Clock) -> None:
    """Broken, a machine that slept, whose own clock stood, would write over what came meanwhile."""
    ours, theirs = await open_store(clock=clock, lease_s=10.0), await open_store(clock=clock, lease_s=10.0)
    entry = (await ours.begin(build_new("1"))).entry
    assert await ours.take_turn(RECORD, "a")
    clock.go(seconds=11)
    assert await theirs.take_turn(RECORD, "b")

    with pytest.raises(LedgerError) as refused:
        await ours.note_sending(entry.id, "person.write", turn=(RECORD, "a"))

    assert refused.value.reason == "RECORD_BUSY"
    left = await ours.fetch(entry.id)
    assert left is not None
    assert left.state is State.PENDING


async def test_a_turn_lasts_on_from_when_something_is_sent(open_store: Open, clock: Clock) -> None:
    """Broken, the turn could end while the bytes are on their way, though its write has just been renewed."""
    ours, theirs = await open_store(clock=clock, lease_s=10.0), await open_store(clock=clock, lease_s=10.0)
    entry = (await ours.begin(build_new("1"))).entry
    assert await ours.take_turn(RECORD, "a")
    clock.go(seconds=9)

    await ours.note_sending(entry.id, "person.write", turn=(RECORD, "a"))

    clock.go(seconds=9)
    assert not await theirs.take_turn(RECORD, "b")
