"""Large bulk writes: accepted at once, sent in chunks, each item told of, carried on where a process has gone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.calls import CallScope
from adapters.contract import Outcome, WriteCommand
from adapters.errors import ConsentError, InputError
from adapters.ledger import Entry, ItemEntry, State
from adapters.ledger.store import open_ledger
from resolvers.principal import LOCAL
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.desk import WriteDesk
from resolvers.writes.looking import LOOK_EVERY_S
from resolvers.writes.operations import OperationArgs, write_operation
from resolvers.writes.payload_items import count_items
from resolvers.writes.pipeline import INLINE_ITEMS
from resolvers.writes.worker import BulkWorker, judge_items
from tests.resolvers.writes.bulk_writer import CHUNK, KIND, REFUSED, BulkVendor, build_bulk_source, bulk_writer_of
from tests.resolvers.writes.conftest import SELECTION, World

PEOPLE = 230
LEASE_S = 1.0


def _build_scope(entry: Entry, items: int) -> CallScope:
    now = asyncio.get_running_loop().time()
    return CallScope(entry.id, entry.tenant, deadline_at=now + 5.0, max_calls=items)


class BulkWorld(World):
    """A world whose vendor takes people in bulk, and whose desks have a worker."""

    vendor: BulkVendor

    def take_in_bulk(self, **ability: Any) -> None:
        self.source = build_bulk_source(self.vendor, **ability)

    async def open_bulk_desk(self, lease_s: float = LEASE_S) -> WriteDesk:
        worker = BulkWorker({"fake": self.source}, _build_scope)
        self.desks.append(WriteDesk(await open_ledger(self.url, lease_s=lease_s), worker))
        return self.desks[-1]

    async def wait_for(
        self, id_: str, done: Callable[[Entry], bool] = lambda entry: entry.state is State.DONE
    ) -> Entry:
        async with asyncio.timeout(20):
            while True:
                entry = await self.desks[-1].ledger.fetch(id_)
                assert entry is not None
                if done(entry):
                    return entry
                await asyncio.sleep(0.02)

    async def items(self, id_: str) -> list[ItemEntry]:
        items, more = await self.desks[-1].ledger.fetch_items(id_, after=-1, limit=1000)
        assert not more
        return items


@pytest.fixture
async def bulk(tmp_path: Path) -> AsyncIterator[BulkWorld]:
    made = BulkWorld(f"sqlite:///{tmp_path}/ledger.db", BulkVendor())
    made.take_in_bulk()
    await made.open_bulk_desk()
    yield made
    made.vendor.gate.set()
    for desk in made.desks:
        await desk.aclose()


def _build_bulk(
    count: int = PEOPLE,
    key: str | None = None,
    others: Mapping[int, dict[str, Any]] | None = None,
    values: Mapping[str, Any] | None = None,
) -> WriteArgs:
    """Build a bulk mutation; `others` are items by their place."""
    people = {place: {"email": f"kim{place}@shop.example"} for place in range(count)}
    items = (people | dict(others or {})).values()
    return WriteArgs(command=WriteCommand(kind=KIND, source="fake", values=values or {}, items=tuple(items)), key=key)


async def test_many_items_are_accepted_at_once_and_sent_in_chunks(bulk: BulkWorld) -> None:
    """Broken, a caller would wait for ten thousand people, or all of them would be held at once."""
    bulk.vendor.gate.clear()
    payload = await bulk.write(_build_bulk())
    assert payload.outcome is Outcome.ACCEPTED
    assert payload.operation is not None
    assert payload.operation.counts == {"WAITING": PEOPLE}

    bulk.vendor.gate.set()
    entry = await bulk.wait_for(payload.operation.id)

    assert (entry.outcome, entry.counts) == ("APPLIED", {"APPLIED": PEOPLE})
    assert [len(chunk) for chunk in bulk.vendor.chunks] == [50, 50, 50, 50, 30]
    assert bulk.vendor.emails == [f"kim{place}@shop.example" for place in range(PEOPLE)]
    assert [(item.place, item.vendor_id) for item in await bulk.items(entry.id)] == list(enumerate(bulk.vendor.emails))
    assert bulk_writer_of(bulk.source).largest == CHUNK


async def test_each_chunk_has_a_deadline_and_calls_of_its_own(bulk: BulkWorld) -> None:
    """Broken, a write of many chunks would end with the deadline of the first."""
    payload = await bulk.write(_build_bulk())
    assert payload.operation is not None
    await bulk.wait_for(payload.operation.id)

    scopes = bulk_writer_of(bulk.source).scopes
    assert len({id(scope) for scope in scopes}) == 5
    assert [scope.spent for scope in scopes] == [1] * 5
    assert {(scope.tenant, scope.operation_id) for scope in scopes} == {(LOCAL.tenant, payload.operation.id)}


async def test_few_items_are_written_while_their_caller_waits(bulk: BulkWorld) -> None:
    """Broken, whoever changes ten people would have to ask what became of them."""
    payload = await bulk.write(_build_bulk(10))

    assert payload.outcome is Outcome.APPLIED
    assert len(bulk.vendor.emails) == 10


async def test_a_key_asked_again_meanwhile_is_answered_at_once(bulk: BulkWorld) -> None:
    """Broken, a retry would send everybody twice, or wait for an end that is minutes away."""
    bulk.vendor.gate.clear()
    first = await bulk.write(_build_bulk(key="k"))
    again = await bulk.write(_build_bulk(key="k"))
    assert again.outcome is Outcome.ACCEPTED
    assert (first.operation and first.operation.id) == (again.operation and again.operation.id)

    bulk.vendor.gate.set()
    assert first.operation is not None
    await bulk.wait_for(first.operation.id)
    done = await bulk.write(_build_bulk(key="k"))

    assert done.outcome is Outcome.APPLIED
    assert len(bulk.vendor.emails) == PEOPLE


async def test_each_item_is_told_what_became_of_it(bulk: BulkWorld) -> None:
    """Broken, one bad person would take its chunk along, or be lost among the others."""
    others: dict[int, dict[str, Any]] = {
        7: {"email": "nobody"},
        60: {"email": REFUSED},
        61: {"email": "gone@shop.example", "left": True},
    }
    payload = await bulk.write(_build_bulk(others=others))
    assert payload.operation is not None
    entry = await bulk.wait_for(payload.operation.id)

    assert entry.outcome == "MIXED"
    assert entry.counts == {"APPLIED": PEOPLE - 3, "NOT_SENT": 1, "REJECTED": 1, "SKIPPED": 1}
    items = await bulk.items(entry.id)
    assert (items[7].outcome, items[60].outcome, items[61].outcome) == ("NOT_SENT", "REJECTED", "SKIPPED")
    assert items[7].error is not None
    assert items[7].error["path"] == ["input", "items", "7", "email"]
    assert items[61].error == {"code": "SKIPPED", "message": "They have left."}
    assert len(bulk.vendor.emails) == PEOPLE - 2


def _build_left(count: int) -> dict[int, dict[str, Any]]:
    """Build as many people who have left."""
    return {place: {"email": f"gone{place}@shop.example", "left": True} for place in range(count)}


async def test_a_chunk_of_which_nobody_is_left_is_left_out_and_not_sent(bulk: BulkWorld) -> None:
    """Broken, an empty request would be sent, or people who are left out would be told as an error of ours."""
    args = _build_bulk(others=_build_left(CHUNK))
    planned = await bulk.write(replace(args, dry_run=True))
    payload = await bulk.write(args)
    assert payload.operation is not None

    entry = await bulk.wait_for(payload.operation.id)

    assert (entry.outcome, entry.counts) == ("APPLIED", {"APPLIED": PEOPLE - CHUNK, "SKIPPED": CHUNK})
    assert len(bulk.vendor.emails) == PEOPLE - CHUNK
    assert len(bulk.vendor.chunks) == PEOPLE // CHUNK
    assert count_items(planned) == {"PLANNED": PEOPLE - CHUNK, "SKIPPED": CHUNK}


async def test_a_write_of_which_nobody_is_left_needs_consent(bulk: BulkWorld) -> None:
    """Broken, a dry run would plan, and a small write tell as done, what reaches nobody."""
    large, small = _build_bulk(others=_build_left(PEOPLE)), _build_bulk(3, others=_build_left(3))

    for args in (replace(large, dry_run=True), small):
        with pytest.raises(ConsentError):
            await bulk.write(args)


async def test_what_can_be_checked_without_the_vendor_is_refused_before_anything_is_entered(bulk: BulkWorld) -> None:
    """Broken, half of a write whose last item is wrong would be done."""
    bulk.take_in_bulk(reads_nothing=True)

    with pytest.raises(InputError) as caught:
        await bulk.write(_build_bulk(others={229: {"email": "nobody"}}))

    assert caught.value.path == ("input", "items", 229, "email")
    assert (list(await bulk.rows()), bulk.vendor.chunks) == ([], [])


async def test_a_lost_answer_leaves_its_chunk_unknown_and_the_others_go_on(bulk: BulkWorld) -> None:
    """Broken, one lost answer would end the write, or be sent again."""
    bulk.vendor.after = lambda number: httpx.ReadError("gone") if number == 2 else None
    payload = await bulk.write(_build_bulk())
    assert payload.operation is not None
    entry = await bulk.wait_for(payload.operation.id)

    assert (entry.outcome, entry.counts) == ("UNKNOWN", {"APPLIED": PEOPLE - CHUNK, "UNKNOWN": CHUNK})
    assert entry.check
    assert {item.place for item in await bulk.items(entry.id) if item.outcome == "UNKNOWN"} == set(range(50, 100))
    assert len(bulk.vendor.emails) == PEOPLE


async def test_what_a_lost_answer_would_have_said_is_read_later(bulk: BulkWorld) -> None:
    """Broken, items that a read can tell of would stay UNKNOWN, or a look would ask for ten thousand at once."""
    bulk.take_in_bulk(read_back="people.read")
    bulk.vendor.after = lambda number: httpx.ReadError("gone") if number == 2 else None
    payload = await bulk.write(_build_bulk(others={7: {"email": REFUSED}}))
    assert payload.operation is not None
    entry = await bulk.wait_for(payload.operation.id)
    assert entry.counts == {"APPLIED": PEOPLE - CHUNK - 1, "UNKNOWN": CHUNK, "REJECTED": 1}
    missing = bulk.vendor.chunks[1][0]
    kept = bulk.vendor.people.pop(missing)

    first = await _look(bulk, entry.id)
    assert (first.outcome, first.counts["UNKNOWN"], first.check) == ("UNKNOWN", 1, entry.check)

    bulk.vendor.people[missing] = kept
    await asyncio.sleep(LOOK_EVERY_S)
    second = await _look(bulk, entry.id)
    assert (second.outcome, second.counts) == ("MIXED", {"APPLIED": PEOPLE - 1, "REJECTED": 1})

    await asyncio.sleep(LOOK_EVERY_S)
    assert await _look(bulk, entry.id) == second
    assert bulk.vendor.looks == 2


async def _look(bulk: BulkWorld, id_: str) -> Entry:
    (entry,) = await write_operation([None], OperationArgs(id_), bulk.context(), SELECTION)
    assert isinstance(entry, Entry)
    return entry


async def test_a_write_that_was_left_behind_is_carried_on_and_nothing_is_repeated(bulk: BulkWorld) -> None:
    """Broken, a crash would write finished chunks again, or lose those that waited."""
    payload = await bulk.write(_build_bulk(others={7: {"email": "nobody"}}))
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
    asked = asyncio.create_task(bulk.write(_build_bulk(count, "k", values={"mails": True})))
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
    payload = await bulk.write(_build_bulk())
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
    payload = await bulk.write(_build_bulk())
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
    payload = await bulk.write(_build_bulk())
    assert payload.operation is not None
    assert bulk.desks[0].worker is not None
    await bulk.vendor.arrived.wait()
    bulk.desks[0].worker.sources = {}
    bulk.vendor.gate.set()

    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": CHUNK, "NOT_SENT": PEOPLE - CHUNK}


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ({"APPLIED": 3}, "APPLIED"),
        ({"APPLIED": 3, "SKIPPED": 1}, "APPLIED"),
        ({"APPLIED": 3, "REJECTED": 1}, "MIXED"),
        ({"NOT_SENT": 3, "REJECTED": 1}, "MIXED"),
        ({"REJECTED": 2, "SKIPPED": 1}, "REJECTED"),
        ({"SKIPPED": 2}, "NOT_SENT"),
        ({"APPLIED": 3, "UNKNOWN": 1, "REJECTED": 2}, "UNKNOWN"),
        ({"APPLIED": 3, "ACCEPTED": 1}, "ACCEPTED"),
    ],
)
def test_one_word_is_said_of_all_only_where_it_is_true_of_all(counts: dict[str, int], word: str) -> None:
    """Broken, a write of which a part was refused would be told as done."""
    assert judge_items(counts).value == word


@pytest.mark.parametrize(
    "trouble", [httpx.Response(429), httpx.ConnectError("refused")], ids=["asked to pause", "cannot be reached"]
)
async def test_a_vendor_that_is_away_for_a_while_is_waited_for(
    bulk: BulkWorld, trouble: httpx.Response | httpx.ConnectError
) -> None:
    """Broken, one pause of the vendor would end a write of thousands after its first chunk."""
    bulk.vendor.before = lambda number: trouble if 2 <= number <= 4 else None
    payload = await bulk.write(_build_bulk())
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
    payload = await bulk.write(_build_bulk())
    assert payload.operation is not None

    entry = await bulk.wait_for(payload.operation.id)

    assert entry.counts == {"APPLIED": CHUNK, "NOT_SENT": PEOPLE - CHUNK}
    assert (await bulk.items(entry.id))[CHUNK].error is not None
    assert bulk.vendor.received > 2


async def test_a_stop_does_not_wait_for_a_vendor_that_is_away(bulk: BulkWorld) -> None:
    """Broken, a server could not be stopped while a vendor is away, or would give up what the next can send."""
    bulk.vendor.before = lambda number: httpx.Response(429) if number >= 2 else None
    payload = await bulk.write(_build_bulk())
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
