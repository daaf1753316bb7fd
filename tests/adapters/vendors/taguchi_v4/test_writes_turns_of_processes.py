"""Writes that send a whole record back, from several processes over one ledger: none undoes what another changed."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from adapters.contract import Outcome, WriteResult
from adapters.errors import InProgressError, LedgerError
from adapters.ledger.store import Store, open_ledger
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.adapter import TaguchiV4Adapter, open_source
from resolvers.writes.desk import LedgerJournal
from tests.adapters.ledger.conftest import Clock, build_new
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world, scope
from tests.adapters.vendors.taguchi_v4.written import command, writes

RECORD = (SOURCE, "subscriber", "1")
LEASE_S = 0.6
FIELDS = [
    "title",
    "first_name",
    "last_name",
    "extra",
    "phone",
    "mobile",
    "address",
    "address2",
    "address3",
    "suburb",
    "state",
    "country",
    "postcode",
]

TAKES = """
import asyncio, sys, time
from adapters.ledger.store import open_ledger

async def take():
    ledger = await open_ledger(sys.argv[1], lease_s=float(sys.argv[2]))
    print(await ledger.take_turn(tuple(sys.argv[3:]), "gone"), flush=True)
    time.sleep(60)

asyncio.run(take())
"""
"""A process that takes a turn, and never ends it."""


@dataclass(frozen=True)
class Process:
    """One of our servers, as far as turns go: an adapter with its own locks, and its own way to the ledger."""

    adapter: TaguchiV4Adapter
    ledger: Store

    async def write(self, key: str, fields: dict[str, Any], within_s: float = 20.0) -> WriteResult:
        """Carry out one change of the person, as the pipeline does."""
        entry = (await self.ledger.begin(build_new(key))).entry
        asked = command("updateSubscriber", 1, fields=fields)
        prepared = await self.adapter.prepare_write(asked, scope(), purpose="test")
        return await self.adapter.send_write(prepared, scope(within_s), LedgerJournal(self.ledger, entry.id))


@pytest.fixture
def world() -> World:
    """One person."""
    return build_world({"subscriber": [{"id": 1, "email": "a@b.example"}]})


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """Where the ledger is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@asynccontextmanager
async def running(world: World, url: str, count: int = 2) -> AsyncIterator[Sequence[Process]]:
    """Run so many of our servers."""
    transport = httpx.ASGITransport(world.sandbox.app)
    ledgers = [await open_ledger(url, lease_s=LEASE_S) for _ in range(count)]
    try:
        yield [Process(open_source(SOURCE, build_settings(), transport), ledger) for ledger in ledgers]
    finally:
        for ledger in ledgers:
            await ledger.aclose()


def held(world: World) -> dict[str, Any]:
    """The person as the vendor has it."""
    return dict(world.sandbox.store.row("subscriber", 1) or {})


async def test_changes_of_different_fields_by_two_processes_all_stay(world: World, url: str) -> None:
    """Broken, of two processes that read the person at once the later would undo what the earlier wrote."""
    world.sandbox.faults.add(Fault("delay", seconds=0.01, match="_method=PUT"))
    async with running(world, url) as processes:
        changes = [processes[at % 2].write(name, {name: name.upper()}) for at, name in enumerate(FIELDS)]

        results = await asyncio.gather(*changes)

    assert {result.outcome for result in results} == {Outcome.APPLIED}
    assert [held(world)[name.replace("_", "")] for name in FIELDS] == [name.upper() for name in FIELDS]


async def test_who_is_slow_keeps_the_turn(world: World, url: str) -> None:
    """Broken, a vendor that takes longer than a lease would let another process write over the record meanwhile."""
    world.sandbox.faults.add(Fault("delay", seconds=2 * LEASE_S, match="_method=PUT", times=1))
    async with running(world, url) as (slow, other):
        first = asyncio.create_task(slow.write("1", {"title": "slow"}))
        await asyncio.sleep(1.5 * LEASE_S)
        assert not await other.ledger.take_turn(RECORD, "other")
        second = await other.write("2", {"extra": "other"})

        assert [second.outcome, (await first).outcome] == [Outcome.APPLIED] * 2
    assert (held(world)["title"], held(world)["extra"]) == ("slow", "other")


async def test_the_turn_of_a_killed_process_is_taken_over(world: World, url: str) -> None:
    """Broken, a crash between a read and its write would keep everybody from the record for ever."""
    async with running(world, url, 1) as (process,):
        arguments = (url, f"{3 * LEASE_S}", *RECORD)
        killed = await asyncio.create_subprocess_exec(
            sys.executable, "-c", TAKES, *arguments, stdout=asyncio.subprocess.PIPE
        )
        assert killed.stdout is not None
        assert await killed.stdout.readline() == b"True\n"
        killed.kill()
        await killed.wait()

        late = await process.write("1", {"title": "late"}, within_s=0.3)
        nothing = writes(world)
        after = await process.write("2", {"title": "after"})

    assert (late.outcome, nothing) == (Outcome.NOT_SENT, [])
    assert (after.outcome, held(world)["title"]) == (Outcome.APPLIED, "after")


async def test_nobody_waits_for_another_process_longer_than_the_request_may_take(world: World, url: str) -> None:
    """Broken, a request would hang, or send what it has read too early."""
    async with running(world, url) as (process, other):
        await other.ledger.take_turn(RECORD, "other")
        began_at = time.monotonic()

        result = await process.write("1", {"title": "late"}, within_s=0.3)

        assert time.monotonic() - began_at < LEASE_S
    assert (result.outcome, type(result.error), writes(world)) == (Outcome.NOT_SENT, InProgressError, [])
    assert result.error is not None
    assert (result.error.code, result.error.reason) == ("IN_PROGRESS", "RECORD_BUSY")


async def test_a_turn_ends_with_its_write(world: World, url: str) -> None:
    """Broken, the next write would wait for the lease to run out, whatever became of the one before."""
    world.sandbox.faults.add(Fault("status", status=400, match="_method=PUT", times=1))
    async with running(world, url) as (process, other):
        refused = await process.write("1", {"title": "refused"})

        assert refused.outcome is Outcome.REJECTED
        assert await other.ledger.take_turn(RECORD, "next")


async def test_nothing_is_sent_once_the_turn_may_be_anothers(world: World, url: str) -> None:
    """Broken, a process that stood still for longer than its lease would write over what came meanwhile."""
    async with running(world, url, 1) as (process,):
        entry = (await process.ledger.begin(build_new("1"))).entry
        journal = LedgerJournal(process.ledger, entry.id)
        async with journal.hold(RECORD, 5.0):
            await journal.note_sending("first")
            time.sleep(1.5 * LEASE_S)  # noqa: ASYNC251 - the process stands still

            with pytest.raises(LedgerError) as refused:
                await journal.note_sending("second")
        await journal.note_sending("third")

    assert refused.value.reason == "RECORD_BUSY"


async def test_nothing_is_sent_where_the_ledger_knows_that_the_turn_is_anothers(url: str) -> None:
    """Broken, a machine that slept, whose own clock stood, would write over what came meanwhile."""
    clock = Clock()
    ours, theirs = [await open_ledger(url, lease_s=10.0, clock=clock) for _ in range(2)]
    journal = LedgerJournal(ours, (await ours.begin(build_new("1"))).entry.id)
    async with journal.hold(RECORD, 5.0):
        clock.go(seconds=11)
        assert await theirs.take_turn(RECORD, "b")

        with pytest.raises(LedgerError) as refused:
            await journal.note_sending("write", [0])
    await ours.aclose()
    await theirs.aclose()

    assert (refused.value.reason, journal.sent, journal.lost) == ("RECORD_BUSY", set(), False)


async def test_other_writes_know_nothing_of_turns(world: World, tmp_path: Any) -> None:
    """Broken, every mutation would cost the ledger more than its own rows."""
    async with running(world, f"sqlite:///{tmp_path}/ledger.db", 1) as (process,):
        await process.ledger.take_turn(RECORD, "other")
        entry = (await process.ledger.begin(build_new("1"))).entry
        asked = command("upsertSubscriber", fields={"email": "a@b.example", "title": "T"})
        prepared = await process.adapter.prepare_write(asked, scope(), purpose="test")

        result = await process.adapter.send_write(prepared, scope(1.0), LedgerJournal(process.ledger, entry.id))

    assert (result.outcome, held(world)["title"]) == (Outcome.APPLIED, "T")
