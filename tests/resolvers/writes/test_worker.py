"""Large bulk writes: accepted at once, sent in chunks, each item told of."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from adapters.calls import CallScope
from adapters.contract import Outcome, PersonMatch, PersonQuery
from adapters.errors import ConsentError, InputError
from adapters.ledger import Entry
from adapters.transport.requests import VendorRequest
from resolvers.principal import LOCAL
from resolvers.writes.looking import LOOK_EVERY_S
from resolvers.writes.operations import OperationArgs, write_operation
from resolvers.writes.payload_items import count_items
from resolvers.writes.worker import judge_items
from tests.resolvers.writes.bulk_world import PEOPLE, BulkWorld, build_bulk
from tests.resolvers.writes.bulk_writer import CHUNK, REFUSED, bulk_writer_of
from tests.resolvers.writes.conftest import SELECTION
from tests.resolvers.writes.fake_writer import writer_of
from tests.resolvers.writes.people_places import FindingWriter, build_source


async def test_many_items_are_accepted_at_once_and_sent_in_chunks(bulk: BulkWorld) -> None:
    """Broken, a caller would wait for ten thousand people, or all of them would be held at once."""
    bulk.vendor.gate.clear()
    payload = await bulk.write(build_bulk())
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
    payload = await bulk.write(build_bulk())
    assert payload.operation is not None
    await bulk.wait_for(payload.operation.id)

    scopes = bulk_writer_of(bulk.source).scopes
    assert len({id(scope) for scope in scopes}) == 5
    assert [scope.spent for scope in scopes] == [1] * 5
    assert {(scope.tenant, scope.operation_id) for scope in scopes} == {(LOCAL.tenant, payload.operation.id)}


async def test_few_items_are_written_while_their_caller_waits(bulk: BulkWorld) -> None:
    """Broken, whoever changes ten people would have to ask what became of them."""
    payload = await bulk.write(build_bulk(10))

    assert payload.outcome is Outcome.APPLIED
    assert len(bulk.vendor.emails) == 10


async def test_a_key_asked_again_meanwhile_is_answered_at_once(bulk: BulkWorld) -> None:
    """Broken, a retry would send everybody twice, or wait for an end that is minutes away."""
    bulk.vendor.gate.clear()
    first = await bulk.write(build_bulk(key="k"))
    again = await bulk.write(build_bulk(key="k"))
    assert again.outcome is Outcome.ACCEPTED
    assert (first.operation and first.operation.id) == (again.operation and again.operation.id)

    bulk.vendor.gate.set()
    assert first.operation is not None
    await bulk.wait_for(first.operation.id)
    done = await bulk.write(build_bulk(key="k"))

    assert done.outcome is Outcome.APPLIED
    assert len(bulk.vendor.emails) == PEOPLE


async def test_each_item_is_told_what_became_of_it(bulk: BulkWorld) -> None:
    """Broken, one bad person would take its chunk along, or be lost among the others."""
    others: dict[int, dict[str, Any]] = {
        7: {"email": "nobody"},
        60: {"email": REFUSED},
        61: {"email": "gone@shop.example", "left": True},
    }
    payload = await bulk.write(build_bulk(others=others))
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
    args = build_bulk(others=_build_left(CHUNK))
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
    large, small = build_bulk(others=_build_left(PEOPLE)), build_bulk(3, others=_build_left(3))

    for args in (replace(large, dry_run=True), small):
        with pytest.raises(ConsentError):
            await bulk.write(args)


class AskedWriter(FindingWriter):
    """A source that asks its vendor for whoever is looked for, and finds nobody."""

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Ask, and find nobody."""
        await self.client.send(VendorRequest("person.find", "people"), scope)
        return ()


@pytest.mark.parametrize(("mails", "asked"), [(True, ["person.find"]), (False, [])])
async def test_a_plan_tells_every_source_that_was_asked_who_has_opted_out(
    bulk: BulkWorld, mails: bool, asked: list[str]
) -> None:
    """Broken, a preview of what mails people would not show what it had asked elsewhere to know whom."""
    other = build_source("other")
    ctx = bulk.context()
    ctx.sources = {"fake": bulk.source, "other": replace(other, adapter=AskedWriter("other", writer_of(other).table))}

    planned = await bulk.write(replace(build_bulk(1, values={"mails": mails}), dry_run=True), ctx)

    assert [read.step for read in planned.reads] == asked


async def test_what_can_be_checked_without_the_vendor_is_refused_before_anything_is_entered(bulk: BulkWorld) -> None:
    """Broken, half of a write whose last item is wrong would be done."""
    bulk.take_in_bulk(reads_nothing=True)

    with pytest.raises(InputError) as caught:
        await bulk.write(build_bulk(others={229: {"email": "nobody"}}))

    assert caught.value.path == ("input", "items", 229, "email")
    assert (list(await bulk.rows()), bulk.vendor.chunks) == ([], [])


async def test_a_lost_answer_leaves_its_chunk_unknown_and_the_others_go_on(bulk: BulkWorld) -> None:
    """Broken, one lost answer would end the write, or be sent again."""
    bulk.vendor.after = lambda number: httpx.ReadError("gone") if number == 2 else None
    payload = await bulk.write(build_bulk())
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
    payload = await bulk.write(build_bulk(others={7: {"email": REFUSED}}))
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
