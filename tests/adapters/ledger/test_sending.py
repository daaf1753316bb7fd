"""Writes under way: what is entered before and after each step, and whose they are."""

import asyncio

import pytest

from adapters.errors import LeaseLostError
from adapters.ledger import ItemEntry, ItemState, State
from adapters.ledger.store import Store
from tests.adapters.ledger.conftest import Clock, Open, build_new

LEASE_S = 30.0


async def test_a_write_goes_from_pending_through_sent_to_its_outcome(store: Store) -> None:
    """Broken, nobody could say how far a write had come."""
    id_ = (await store.begin(build_new())).entry.id

    await store.note_sending(id_, "subscriber.update")
    sent = await store.fetch(id_)
    await store.note_done(id_, "subscriber.update", {"import": "77"})
    done = await store.finish(id_, "APPLIED", {"id": "12"})

    assert (sent.state, sent.step) == (State.SENT, "subscriber.update")
    assert (done.state, done.outcome, done.result, done.known_by) == (
        State.DONE,
        "APPLIED",
        {"id": "12"},
        {"import": "77"},
    )


async def test_nothing_is_sent_of_a_write_that_somebody_settled(open_store: Open, clock: Clock) -> None:
    """Broken, a process that slept would send what has been told to be not sent."""
    slow = await open_store(lease_s=LEASE_S, clock=clock)
    other = await open_store(lease_s=LEASE_S, clock=clock)
    id_ = (await slow.begin(build_new())).entry.id
    clock.go(seconds=LEASE_S + 1)
    settled = await other.settle_expired()

    with pytest.raises(LeaseLostError):
        await slow.note_sending(id_, "subscriber.update")

    assert [(each.id, each.outcome) for each in settled] == [(id_, "NOT_SENT")]
    assert not await slow.renew(id_)
    assert (await slow.finish(id_, "APPLIED", {})).outcome == "NOT_SENT"


async def test_a_lease_that_is_renewed_is_not_settled(open_store: Open, clock: Clock) -> None:
    """Broken, a slow vendor's write would be given up while it is being done."""
    store = await open_store(lease_s=LEASE_S, clock=clock)
    id_ = (await store.begin(build_new())).entry.id
    for _ in range(3):
        clock.go(seconds=LEASE_S - 1)
        assert await store.renew(id_)

    assert await store.settle_expired() == []


async def test_an_answer_that_comes_after_all_is_kept(open_store: Open, clock: Clock) -> None:
    """Broken, a write would stay unknown though its process knows what became of it."""
    slow = await open_store(lease_s=LEASE_S, clock=clock)
    other = await open_store(lease_s=LEASE_S, clock=clock)
    id_ = (await slow.begin(build_new())).entry.id
    await slow.note_sending(id_, "subscriber.update")
    clock.go(seconds=LEASE_S + 1)
    (settled,) = await other.settle_expired()

    finished = await slow.finish(id_, "APPLIED", {"id": "12"})

    assert (settled.outcome, settled.result["errors"][0]["code"]) == ("UNKNOWN", "OUTCOME_UNKNOWN")
    assert settled.check
    assert (finished.outcome, finished.result, finished.check) == ("APPLIED", {"id": "12"}, None)


async def test_leases_end_with_the_process_that_says_so(open_store: Open) -> None:
    """Broken, a restart would wait for leases that nobody holds any more."""
    first, second = await open_store(), await open_store()
    id_ = (await first.begin(build_new())).entry.id
    assert await second.settle_expired() == []

    await first.let_go()

    assert [each.id for each in await second.settle_expired()] == [id_]


async def test_a_lease_runs_by_the_databases_clock(open_store: Open) -> None:
    """Broken, leases would last for ever, or not at all, without a clock of our own."""
    store = await open_store(lease_s=0.3)
    other = await open_store()
    await store.begin(build_new())
    assert await other.settle_expired() == []

    await asyncio.sleep(0.4)

    assert len(await other.settle_expired()) == 1


@pytest.mark.parametrize(
    ("before", "learned", "after"),
    [
        ("UNKNOWN", "APPLIED", "APPLIED"),
        ("UNKNOWN", "REJECTED", "REJECTED"),
        ("ACCEPTED", "APPLIED", "APPLIED"),
        ("ACCEPTED", "UNKNOWN", "ACCEPTED"),
        ("UNKNOWN", "UNKNOWN", "UNKNOWN"),
        ("APPLIED", "REJECTED", "APPLIED"),
        ("REJECTED", "APPLIED", "REJECTED"),
        ("NOT_SENT", "APPLIED", "NOT_SENT"),
    ],
)
async def test_only_what_is_open_is_learned(store: Store, before: str, learned: str, after: str) -> None:
    """Broken, what is known for good would be overwritten, or what is open never become known."""
    id_ = (await store.begin(build_new())).entry.id
    await store.note_sending(id_, "subscriber.update")
    await store.finish(id_, before, {"id": "12", "errors": [{"code": "X"}]}, check="look")

    entry = await store.learn(id_, learned, {"errors": []})

    assert entry.outcome == after
    changed = before != after
    assert entry.result == {"id": "12", "errors": [] if changed else [{"code": "X"}]}


async def test_looking_again_waits_a_while(open_store: Open, clock: Clock) -> None:
    """Broken, a caller that asks every moment would make as many vendor calls."""
    first, second = await open_store(clock=clock), await open_store(clock=clock)
    id_ = (await first.begin(build_new())).entry.id

    looks = [await first.start_look(id_, 5), await second.start_look(id_, 5)]
    clock.go(seconds=6)
    looks.append(await second.start_look(id_, 5))

    assert looks == [True, False, True]


async def test_items_become_done_one_by_one(store: Store) -> None:
    """Broken, a bulk write would send an item twice or forget one."""
    id_ = (await store.begin(build_new(items=[{"n": number} for number in range(5)]))).entry.id
    first = await store.take_waiting(id_, 2)
    await store.note_sending(id_, "chunk.1", [item.place for item in first])
    done = [
        ItemEntry(place=item.place, state=ItemState.DONE, outcome="APPLIED", input={}, vendor_id=f"v{item.place}")
        for item in first
    ]
    await store.note_done(id_, "chunk.1", {}, done)

    rest = await store.take_waiting(id_, 10)
    items, _ = await store.fetch_items(id_, after=-1, limit=2)

    assert [item.place for item in first] == [0, 1]
    assert [item.place for item in rest] == [2, 3, 4]
    assert [(item.outcome, item.vendor_id, item.input) for item in items] == [
        ("APPLIED", "v0", {"n": 0}),
        ("APPLIED", "v1", {"n": 1}),
    ]
    assert (await store.fetch(id_)).counts == {"APPLIED": 2, "WAITING": 3}


async def test_a_bulk_write_is_carried_on_by_one_other(open_store: Open, clock: Clock) -> None:
    """Broken, a bulk write would end with the process that began it, or be carried on by two."""
    first, *others = [await open_store(lease_s=LEASE_S, clock=clock) for _ in range(3)]
    id_ = (await first.begin(build_new(items=[{"n": number} for number in range(4)]))).entry.id
    await first.note_sending(id_, "chunk.1", [0, 1])
    clock.go(seconds=LEASE_S + 1)
    carried_on = ("updateSubscriber",)
    assert await others[0].settle_expired(carried_on) == []

    taken = await asyncio.gather(*(other.take_abandoned(carried_on) for other in others))

    (entry,) = [each for each in taken if each is not None]
    new_owner = others[taken.index(entry)]
    assert entry.counts == {"UNKNOWN": 2, "WAITING": 2}
    assert [item.place for item in await new_owner.take_waiting(id_, 10)] == [2, 3]
    with pytest.raises(LeaseLostError):
        await first.take_waiting(id_, 10)


async def test_a_bulk_write_that_nobody_carries_on_is_settled_item_by_item(open_store: Open, clock: Clock) -> None:
    """Broken, items would wait for ever."""
    store = await open_store(lease_s=LEASE_S, clock=clock)
    id_ = (await store.begin(build_new(items=[{"n": number} for number in range(3)]))).entry.id
    await store.note_sending(id_, "chunk.1", [0])
    clock.go(seconds=LEASE_S + 1)

    (entry,) = await store.settle_expired()

    assert (entry.outcome, entry.counts) == ("UNKNOWN", {"UNKNOWN": 1, "NOT_SENT": 2})


async def test_every_chunks_word_is_kept_and_finds_its_write(store: Store) -> None:
    """Broken, what a vendor tells of an earlier chunk would be about no write that we know."""
    id_ = (await store.begin(build_new(items=[{}, {}, {}]))).entry.id
    for key in ("first", "second", "second", "third"):
        await store.note_done(id_, "import", {"import": key})

    known = (await store.fetch(id_)).known_by
    assert known == {"import": "first", "import #2": "second", "import #3": "third"}
    for key in ("first", "second", "third"):
        assert [each.id for each in await store.fetch_known_by("retail", "import", key)] == [id_]
    assert await store.fetch_known_by("retail", "import #2", "second") == []
