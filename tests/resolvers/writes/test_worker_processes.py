"""Large bulk writes: carried on where a process has gone, and where a vendor is away for a while."""

import asyncio
from dataclasses import dataclass, fields, replace

import httpx
import pytest

from adapters.calls import CallScope
from adapters.contract import PreparedWrite, WriteCommand
from adapters.ledger import Ledger, State
from resolvers.writes.arguments import digest_person
from resolvers.writes.desk import WriteDesk
from resolvers.writes.pipeline import INLINE_ITEMS
from tests.adapters.ledger.conftest import build_new
from tests.resolvers.writes.bulk_world import LEASE_S, PEOPLE, BulkWorld, build_bulk
from tests.resolvers.writes.bulk_writer import CHUNK, KIND, BulkWriter, bulk_writer_of


async def test_a_write_that_was_left_behind_is_carried_on_and_nothing_is_repeated(bulk: BulkWorld) -> None:
    """Broken, a crash would write finished chunks again, or lose those that waited."""
    payload = await bulk.write(build_bulk(others={7: {"email": "nobody"}}))
    assert payload.operation is not None
    id_ = payload.operation.id
    await bulk.wait_for(id_, lambda _entry: len(bulk.vendor.chunks) >= 1)
    bulk.vendor.gate.clear()
    await bulk.wait_for(id_, lambda entry: entry.counts.get("SENT", 0) > 0 and len(bulk.vendor.chunks) > 1)
    before = len(bulk.vendor.chunks)
    await _drop(bulk.desks[0])
    bulk.vendor.gate.set()

    other = await bulk.open_bulk_desk()
    await asyncio.sleep(1.2 * LEASE_S)
    await other.take_over()
    entry = await bulk.wait_for(id_)

    emails = bulk.vendor.emails
    assert len(emails) == len(set(emails)) == PEOPLE - 1
    unknown = entry.counts["UNKNOWN"]
    assert unknown in {CHUNK - 1, CHUNK}
    assert entry.counts == {"APPLIED": PEOPLE - 1 - unknown, "UNKNOWN": unknown, "NOT_SENT": 1}
    assert 1 < before < len(bulk.vendor.chunks)


async def _drop(desk: WriteDesk) -> None:
    """End a desk's work as a process that is killed does: without a word to the ledger."""
    for task in [*desk._running]:
        task.cancel()
        await asyncio.wait([task])


@pytest.mark.parametrize("count", [PEOPLE, 80], ids=["the worker's", "its caller's"])
@pytest.mark.parametrize("killed", [True, False], ids=["killed", "stopped"])
async def test_what_mails_people_is_not_carried_on(bulk: BulkWorld, count: int, killed: bool) -> None:
    """Broken, people who have opted out since it was asked for would be mailed, hours later, by another process."""
    asked = asyncio.create_task(bulk.write(build_bulk(count, "k", values={"mails": True})))
    bulk.vendor.gate.clear()
    await bulk.vendor.arrived.wait()
    (row,) = await bulk.rows()
    await (_drop(bulk.desks[0]) if killed else bulk.desks.pop(0).aclose(within_s=0.1))
    asked.cancel()
    received = bulk.vendor.received
    bulk.vendor.gate.set()

    other = await bulk.open_bulk_desk()
    await asyncio.sleep(1.2 * LEASE_S)
    await other.settle()
    await other.take_over()
    entry = await bulk.wait_for(row.id)

    assert bulk.vendor.received == received
    sent = min(count, CHUNK) if count > INLINE_ITEMS else count
    assert entry.counts == {"UNKNOWN": sent} | ({"NOT_SENT": count - sent} if count > sent else {})
    left = [item.error for item in await bulk.items(row.id) if item.outcome == "NOT_SENT"]
    assert all(error and error["reason"] == "INTERRUPTED" for error in left)
    assert (entry.state, entry.outcome) == (State.DONE, "UNKNOWN")


async def test_a_stop_ends_after_the_chunk_and_the_next_start_goes_on(bulk: BulkWorld) -> None:
    """Broken, a new version could be rolled out only while nobody writes, or leave people UNKNOWN."""
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None
    await bulk.wait_for(payload.operation.id, lambda _entry: bool(bulk.vendor.chunks))
    await bulk.desks.pop(0).aclose()
    assert len(bulk.vendor.emails) < PEOPLE

    other = await bulk.open_bulk_desk()
    await asyncio.sleep(0.05)
    await other.settle()
    await other.take_over()
    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": PEOPLE}
    assert len(bulk.vendor.emails) == PEOPLE


async def test_of_two_processes_one_goes_on_and_the_other_tells_what_it_knows(bulk: BulkWorld) -> None:
    """Broken, a process that was only slow would send what another one sends, or call it NOT_SENT."""
    other = await bulk.open_bulk_desk()
    bulk.vendor.gate.clear()
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None
    await bulk.vendor.arrived.wait()
    await bulk.desks[0].ledger.let_go()
    await other.take_over()
    left = await bulk.wait_for(payload.operation.id, lambda entry: entry.counts.get("SENT") == CHUNK)
    assert left.counts == {"UNKNOWN": CHUNK, "SENT": CHUNK, "WAITING": PEOPLE - 2 * CHUNK}

    bulk.vendor.gate.set()
    await bulk.wait_for(payload.operation.id)
    entry = await bulk.wait_for(payload.operation.id, lambda entry: "UNKNOWN" not in entry.counts)

    assert entry.counts == {"APPLIED": PEOPLE}
    assert len(bulk.vendor.emails) == len(set(bulk.vendor.emails)) == PEOPLE
    assert bulk.vendor.received == 5


async def test_a_source_that_is_gone_ends_its_writes(bulk: BulkWorld) -> None:
    """Broken, a write to a source that was taken out of the file would be tried for ever."""
    bulk.vendor.gate.clear()
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None
    assert bulk.desks[0].worker is not None
    await bulk.vendor.arrived.wait()
    bulk.desks[0].worker.sources = {}
    bulk.vendor.gate.set()

    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": CHUNK, "NOT_SENT": PEOPLE - CHUNK}


@pytest.mark.parametrize(
    "trouble", [httpx.Response(429), httpx.ConnectError("refused")], ids=["asked to pause", "cannot be reached"]
)
async def test_a_vendor_that_is_away_for_a_while_is_waited_for(
    bulk: BulkWorld, trouble: httpx.Response | httpx.ConnectError
) -> None:
    """Broken, one pause of the vendor would end a write of thousands after its first chunk."""
    bulk.vendor.before = lambda number: trouble if 2 <= number <= 4 else None
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None
    waiting = await bulk.wait_for(payload.operation.id, lambda _entry: bulk.vendor.received >= 2)
    assert waiting.counts.get("NOT_SENT") is None

    entry = await bulk.wait_for(payload.operation.id)

    assert (entry.outcome, entry.counts) == ("APPLIED", {"APPLIED": PEOPLE})
    assert bulk.vendor.emails == [f"kim{place}@shop.example" for place in range(PEOPLE)]


async def test_a_vendor_that_stays_away_is_given_up_in_the_end(bulk: BulkWorld) -> None:
    """Broken, a write to a vendor that never comes back would be under way for ever."""
    assert bulk.desks[0].worker is not None
    bulk.desks[0].worker.patience_s = 1.0
    bulk.vendor.before = lambda number: httpx.Response(429) if number >= 2 else None
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None

    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": CHUNK, "NOT_SENT": PEOPLE - CHUNK}
    assert (await bulk.items(entry.id))[CHUNK].error is not None
    assert bulk.vendor.received > 2


async def test_a_stop_does_not_wait_for_a_vendor_that_is_away(bulk: BulkWorld) -> None:
    """Broken, a server could not be stopped while a vendor is away, or would give up what the next can send."""
    bulk.vendor.before = lambda number: httpx.Response(429) if number >= 2 else None
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None
    await bulk.wait_for(payload.operation.id, lambda entry: entry.counts.get("WAITING") == PEOPLE - CHUNK)
    async with asyncio.timeout(0.9):
        await bulk.desks.pop(0).aclose()

    bulk.vendor.before = lambda _number: None
    other = await bulk.open_bulk_desk()
    await asyncio.sleep(0.05)
    await other.take_over()
    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": PEOPLE}


@dataclass
class _Erasing(BulkWriter):
    """Takes so long to prepare a chunk that somebody in it is erased meanwhile."""

    ledger: Ledger | None = None

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Prepare the chunk once the person is erased."""
        assert self.ledger is not None
        await self.ledger.erase_people([digest_person("email", "kim3@shop.example")])
        return await super().prepare_write(command, scope, purpose=purpose)


async def test_who_is_erased_while_their_chunk_is_prepared_is_not_sent(bulk: BulkWorld) -> None:
    """Broken, somebody would be written at the vendor again after the erasure, and be told of as skipped."""
    writer = bulk_writer_of(bulk.source)
    given = {each.name: getattr(writer, each.name) for each in fields(writer) if each.init}
    erasing = _Erasing(**given, ledger=bulk.desks[0].ledger)
    bulk.source = replace(bulk.source, adapter=erasing)
    desk = await bulk.open_bulk_desk()

    payload = await bulk.write(build_bulk(), bulk.context(desk=desk))
    assert payload.operation is not None
    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": PEOPLE - 1, "SKIPPED": 1}
    assert sorted(bulk.vendor.emails) == sorted(f"kim{place}@shop.example" for place in range(PEOPLE) if place != 3)


async def test_a_write_whose_own_words_are_forgotten_comes_to_an_end(bulk: BulkWorld) -> None:
    """Broken, it would be taken over again and again, for ever."""
    ledger = bulk.desks[0].ledger
    command = {"kind": KIND, "source": "fake", "values": {}}
    about = {"people": frozenset({"kim"}), "items": [{"email": "a@b.co"}], "item_people": [frozenset()]}
    new = build_new("k", mutation=KIND, source="fake", command=command, **about)
    left = (await ledger.begin(new)).entry
    await ledger.erase_people(["kim"])
    await ledger.let_go()

    await bulk.desks[0].take_over()
    entry = await bulk.wait_for(left.id)

    assert (entry.outcome, entry.counts, bulk.vendor.emails) == ("NOT_SENT", {"NOT_SENT": 1}, [])
