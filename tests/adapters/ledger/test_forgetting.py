"""What the ledger forgets, and what it must not."""

import pytest

from adapters.errors import LedgerError
from adapters.ledger import NOWHERE, EntryFilter, ItemEntry, ItemState
from adapters.ledger.store import Store
from tests.adapters.ledger.conftest import Clock, Open, build_new

A_DAY_H = 24


async def test_old_writes_are_deleted_and_open_ones_stay(open_store: Open, clock: Clock) -> None:
    """Broken, the ledger would grow for ever, or lose a write that is still under way."""
    store = await open_store(clock=clock)
    old = (await store.begin(build_new("old", items=[{}], people=frozenset({"p"})))).entry
    under_way = (await store.begin(build_new("under way"))).entry
    await store.finish(old.id, "APPLIED", {})
    event, _ = await store.store_event("retail", "d", {})
    await store.match_event(event.id, old.id)
    clock.go(hours=A_DAY_H + 1)
    young = (await store.begin(build_new("young"))).entry
    await store.finish(young.id, "APPLIED", {})

    assert await store.purge(A_DAY_H) == 2

    left, _ = await store.fetch_page(EntryFilter(), after=None, limit=10)
    assert [entry.id for entry in left] == [young.id, under_way.id]
    assert await store.fetch_items(old.id, after=-1, limit=5) == ([], False)
    assert (await store.begin(build_new("old"))).new


async def test_nobody_who_is_erased_can_be_read_again(store: Store) -> None:
    """Broken, an erased person would live on in the ledger."""
    about = (await store.begin(build_new("signup:ann@b.c", people=frozenset({"ann", "ann's phone"})))).entry
    other = (await store.begin(build_new("2", people=frozenset({"bob"})))).entry
    await store.note_sending(about.id, "x")
    await store.note_done(about.id, "x", {"mail": "ann@b.c"})
    await store.finish(about.id, "REJECTED", {"errors": [{"message": "ann@b.c is wrong"}]})

    assert await store.erase_people(["ann", "nobody"]) == 1

    erased = await store.fetch(about.id)
    assert "values" not in erased.command
    assert (erased.result, erased.known_by, erased.outcome) == ({}, {}, "REJECTED")
    assert await store.fetch(other.id) == other
    assert await store.erase_people(["ann's phone"]) == 0
    assert erased.key == ""
    assert not (await store.begin(build_new("signup:ann@b.c"))).new


async def test_what_others_share_tells_only_of_what_names_nobody_else(store: Store) -> None:
    """Broken, whoever shares a number would be forgotten with its other owner, or nobody by the number alone."""
    people = {"ann": {"ann", "number"}, "bob": {"bob", "number"}, "either": {"number"}, "cy": {"cy"}}
    for key, known in people.items():
        await store.begin(build_new(key, people=frozenset(known)))
    items = [frozenset({"number"}), frozenset({"bob", "number"})]
    bulk = (await store.begin(build_new("bulk", items=[{"a": 1}, {"a": 2}], item_people=items))).entry

    assert await store.erase_people(["ann"], shared=["number"]) == 3

    rows, _ = await store.fetch_page(EntryFilter(), after=None, limit=10)
    assert {row.key for row in rows} == {"", "bob", "cy", "bulk"}
    found, _ = await store.fetch_items(bulk.id, after=-1, limit=5)
    assert [item.input for item in found] == [{}, {"a": 2}]


async def test_of_a_bulk_write_only_the_items_about_a_person_are_erased(store: Store) -> None:
    """Broken, one person's erasure would lose a thousand others' changes, or the erased one would still be written."""
    people = [frozenset({"ann"}), frozenset({"bob"}), frozenset({"ann"})]
    items = [{"email": "ann@b.c"}, {"email": "bob@b.c"}, {"email": "Ann@b.c"}]
    id_ = (await store.begin(build_new(items=items, item_people=people))).entry.id
    await store.note_sending(id_, "x", [0])

    assert await store.erase_people(["ann"]) == 1

    found, _ = await store.fetch_items(id_, after=-1, limit=5)
    assert [(item.state.value, item.outcome, item.input) for item in found] == [
        ("SENT", None, {}),
        ("WAITING", None, items[1]),
        ("DONE", "SKIPPED", {}),
    ]
    assert [item.place for item in await store.take_waiting(id_, 5)] == [1]


async def test_what_vendors_told_of_a_person_is_erased(store: Store) -> None:
    """Broken, an erased person would live on in what vendors told, where no write of ours is about it."""
    ann, _ = await store.store_event("retail", "1", {"email": "ann@b.c"})
    bob, _ = await store.store_event("retail", "2", {"email": "bob@b.c"})
    elsewhere, _ = await store.store_event("other", "3", {"email": "ann@b.c"})

    assert await store.erase_people([], sources=["retail"], is_about=lambda _source, told: "ann" in str(told)) == 1

    found, _ = await store.list_events(["retail", "other"], after=None, limit=5)
    told = {event.id: event.payload for event in found}
    assert told == {ann.id: {}, bob.id: bob.payload, elsewhere.id: elsewhere.payload}


async def test_an_erasure_is_narrowed_and_stays_told(store: Store) -> None:
    """Broken, one tenant would erase what another keeps, or nobody could learn what became of an erasure."""
    people = frozenset({"ann"})
    old = (await store.begin(build_new("old", people=people, source="retail"))).entry
    erasure = (await store.begin(build_new("erasure", people=people, source="retail"))).entry
    elsewhere = (await store.begin(build_new("elsewhere", people=people, source="other"))).entry

    assert await store.erase_people(["ann"], sources=["retail"], kept=[erasure.id]) == 1

    assert "values" not in (await store.fetch(old.id)).command
    assert await store.fetch(erasure.id) == erasure
    assert await store.fetch(elsewhere.id) == elsewhere


async def test_who_is_erased_while_being_written_stays_erased(store: Store) -> None:
    """Broken, the answer that comes after an erasure would bring the person back."""
    id_ = (await store.begin(build_new("1", people=frozenset({"ann"})))).entry.id
    items = [{"email": "ann@b.c"}, {"email": "bob@b.c"}]
    many = (await store.begin(build_new("2", items=items, item_people=[{"ann"}, {"bob"}]))).entry.id
    await store.note_sending(id_, "x")
    await store.note_sending(many, "x", [0, 1])
    await store.erase_people(["ann"])

    error = {"code": "VENDOR_REJECTED", "message": "ann@b.c or bob@b.c is wrong"}
    await store.note_done(id_, "x", {"mail": "ann@b.c"})
    entry = await store.finish(id_, "REJECTED", {"errors": [error]})
    ends = [ItemEntry(place=at, state=ItemState.DONE, outcome="REJECTED", input={}, error=error) for at in (0, 1)]
    await store.note_done(many, "x", {}, ends)

    found, _ = await store.fetch_items(many, after=-1, limit=5)
    assert (entry.is_erased, entry.outcome, entry.result, entry.known_by) == (True, "REJECTED", {}, {})
    assert [(item.outcome, item.error) for item in found] == [("REJECTED", None), ("REJECTED", error)]


async def test_nobody_can_be_guessed_out_of_the_digest_of_an_input(store: Store) -> None:
    """Broken, a digest of what an erased person's write said would stay, to be held against guesses."""
    about = (await store.begin(build_new("1", source="retail", people=frozenset({"ann"})))).entry
    many = (await store.begin(build_new("2", source="retail", items=[{}], item_people=[frozenset({"ann"})]))).entry
    everywhere = (await store.begin(build_new("3", source=NOWHERE, people=frozenset({"ann"})))).entry
    other = (await store.begin(build_new("4", source="retail", people=frozenset({"bob"})))).entry

    assert await store.erase_people(["ann"], sources=["retail"]) == 3

    for entry in (about, many, everywhere):
        kept = await store.fetch(entry.id)
        assert kept is not None
        assert (kept.input_hash, kept.is_erased) == ("", True)
    assert await store.fetch(other.id) == other
    assert not (await store.begin(build_new("2"))).new


async def test_who_was_erased_before_the_bytes_left_is_not_sent(store: Store) -> None:
    """Broken, a chunk that was taken before an erasure would write the person again, and be told as SKIPPED."""
    people = [frozenset({"ann"}), frozenset({"bob"})]
    entry = (await store.begin(build_new("bulk", items=[{"a": 1}, {"a": 2}], item_people=people))).entry
    assert len(await store.take_waiting(entry.id, 10)) == len(people)
    await store.erase_people(["ann"])

    with pytest.raises(LedgerError) as refused:
        await store.note_sending(entry.id, "chunk.1", [0, 1])

    assert (refused.value.reason, refused.value.retryable) == ("ITEM_ERASED", True)
    assert [item.place for item in await store.take_waiting(entry.id, 10)] == [1]
    await store.note_sending(entry.id, "chunk.1", [1])


async def test_who_is_erased_between_two_steps_keeps_the_second_from_nothing(store: Store) -> None:
    """Broken, an import whose first step has left would never be begun."""
    entry = (await store.begin(build_new("bulk", items=[{"a": 1}], item_people=[frozenset({"ann"})]))).entry
    await store.note_sending(entry.id, "upload", [0])
    await store.erase_people(["ann"])

    await store.note_sending(entry.id, "begin", [0])


async def test_what_is_learnt_of_somebody_who_is_erased_is_the_outcome_alone(store: Store) -> None:
    """Broken, a look or a notification under way while a person is erased would bring them back."""
    one = (await store.begin(build_new("one", people=frozenset({"ann"})))).entry
    bulk = (await store.begin(build_new("bulk", items=[{"a": 1}], item_people=[frozenset({"ann"})]))).entry
    for entry in (one, bulk):
        await store.note_sending(entry.id, "x", [0] if entry.items else [])
        await store.finish(entry.id, "UNKNOWN", {}, check="Look at ann@b.c.")
    await store.erase_people(["ann"])
    erased = await store.fetch(one.id)

    told = ItemEntry(place=0, state=ItemState.DONE, outcome="APPLIED", input={}, vendor_id="ann@b.c", error=None)
    for entry, items in ((one, ()), (bulk, (told,))):
        await store.learn(entry.id, "APPLIED", {"id": "ann@b.c", "facts": {"name": "Ann"}}, items, check="ann@b.c")
    learnt = [await store.fetch(entry.id) for entry in (one, bulk)]

    assert (erased.outcome, erased.check) == ("UNKNOWN", None)
    assert [(entry.outcome, entry.result) for entry in learnt] == [("APPLIED", {})] * 2
    assert learnt[0].check is None
    assert [item.vendor_id for item in (await store.fetch_items(bulk.id, after=-1, limit=5))[0]] == [None]
