"""Finding writes again, and what vendors told of them."""

import asyncio
from datetime import timedelta

from adapters.ledger import EntryFilter, State
from adapters.ledger.store import Store
from tests.adapters.ledger.conftest import Clock, Open, build_new


async def test_pages_are_newest_first_and_lead_to_the_oldest(store: Store) -> None:
    """Broken, paging would repeat or hide writes."""
    ids = [(await store.begin(build_new(str(number)))).entry.id for number in range(5)]

    first, more = await store.fetch_page(EntryFilter(), after=None, limit=3)
    second, end = await store.fetch_page(EntryFilter(), after=first[-1].id, limit=3)

    assert [entry.id for entry in first + second] == ids[::-1]
    assert (more, end) == (True, False)


async def test_a_filter_selects(open_store: Open, clock: Clock) -> None:
    """Broken, a caller would see another's writes, or not find an own one."""
    store = await open_store(clock=clock)
    began_at = clock.at
    first = (await store.begin(build_new("1"))).entry
    await store.note_sending(first.id, "x")
    await store.finish(first.id, "UNKNOWN", {})
    clock.go(hours=1)
    second = (await store.begin(build_new("2", principal="bob", source="shop", mutation="createList"))).entry

    async def find(**conditions: object) -> list[str]:
        page, _ = await store.fetch_page(EntryFilter(**conditions), after=None, limit=10)  # type: ignore[arg-type] # by name
        return [entry.id for entry in page]

    assert await find(principal="ann") == [first.id]
    assert await store.count(EntryFilter(principal="ann")) == 1
    assert await find(sources=("shop",)) == [second.id]
    assert await find(mutations=("createList", "x")) == [second.id]
    assert await find(outcomes=("UNKNOWN",)) == [first.id]
    assert await find(states=(State.PENDING,)) == [second.id]
    assert await find(since=began_at + timedelta(minutes=1)) == [second.id]
    assert await find(until=began_at + timedelta(minutes=1)) == [first.id]
    assert await find(sources=()) == []


async def test_a_write_is_found_by_what_its_vendor_calls_it(store: Store) -> None:
    """Broken, a vendor's message about a write would find nobody."""
    ids = [(await store.begin(build_new(str(number)))).entry.id for number in range(2)]
    for id_ in ids:
        await store.note_known_by(id_, {"mail": "m-1"})
        await store.note_sending(id_, "x")
        await store.note_done(id_, "y", {"mail": "m-1", "import": "i"})

    found = await store.fetch_known_by("retail", "mail", "m-1")

    assert [entry.id for entry in found] == ids[::-1]
    assert found[0].known_by == {"mail": "m-1", "import": "i"}
    assert await store.fetch_known_by("other", "mail", "m-1") == []
    assert await store.fetch_known_by("retail", "mail", "m-2") == []


async def test_an_event_is_kept_once_and_matched(store: Store) -> None:
    """Broken, a vendor that delivers twice would be believed twice, or an event nobody expects be lost."""
    id_ = (await store.begin(build_new())).entry.id
    first, new = await store.store_event("retail", "d1", {"event": "bounce", "mail": "\0"})
    again, new_again = await store.store_event("retail", "d1", {"event": "other"})
    other, _ = await store.store_event("retail", "d2", [1])
    await store.match_event(first.id, id_)

    unmatched, more = await store.list_events(["retail"], unmatched=True, after=None, limit=5)

    assert (new, new_again) == (True, False)
    assert again == first
    assert first.payload == {"event": "bounce", "mail": "\0"}
    assert unmatched == [other]
    assert not more
    assert await store.list_events(["shop"], unmatched=True, after=None, limit=5) == ([], False)


async def test_events_that_come_at_once_are_each_kept_once(store: Store) -> None:
    """Broken, one body of a vendor would take as many transactions as it has events, or be kept twice."""
    known, _ = await store.store_event("retail", "d1", {"a": 1})
    events = [("d2", {"a": 2}), ("d1", {"a": 9}), ("d3", {"a": 3}), ("d2", {"a": 2})]

    kept = await store.store_events("retail", events)

    assert [(event.digest, event.payload["a"], new) for event, new in kept] == [
        ("d2", 2, True),
        ("d1", 1, False),
        ("d3", 3, True),
        ("d2", 2, True),
    ]
    assert kept[1][0] == known
    assert await store.count_events(["retail"]) == 3
    assert await store.store_events("retail", []) == []


async def test_what_was_open_about_a_person_is_found_again(open_store: Open, clock: Clock) -> None:
    """Broken, what a vendor tells of a person would find no write, or one that it cannot be about."""
    store = await open_store(clock=clock)

    async def begin(key: str, **given: object) -> str:
        clock.go(minutes=1)
        return (await store.begin(build_new(key, **given))).entry.id

    whole = await begin("1", people=frozenset({"ann"}))
    bulk = await begin("2", items=({"n": 0}, {"n": 1}), item_people=(frozenset({"bob"}), frozenset({"ann", "nan"})))
    await begin("3", source="shop", people=frozenset({"ann"}))
    await begin("4", people=frozenset({"bob"}))
    settled = await begin("5", people=frozenset({"ann"}))
    clock.go(minutes=1)
    told_at = clock.at
    clock.go(minutes=1)

    async def find(*people: str) -> list[tuple[str, tuple[int, ...]]]:
        found = await store.fetch_open_about("retail", people, told_at)
        return [(entry.id, places) for entry, places in found]

    await begin("6", people=frozenset({"ann"}))
    await store.finish(settled, "APPLIED", {})
    assert await find("ann", "nan") == [(settled, ()), (bulk, (1,)), (whole, ())]
    told_at = clock.at
    clock.go(minutes=1)
    await store.finish(whole, "UNKNOWN", {})
    assert [id_ for id_, _ in await find("ann")][1:] == [bulk, whole]
    assert await find("eve") == []


async def test_the_same_events_in_another_order_are_kept_at_once(open_store: Open) -> None:
    """Broken, two deliveries of one telling would lock each other out, and one be refused."""
    stores = [await open_store() for _ in range(2)]
    for turn in range(10):
        events = [(f"{turn:03}{number:061}", {"n": number}) for number in range(200)]
        tellings = zip(stores, (events, events[::-1]), strict=True)
        kept = await asyncio.gather(*(store.store_events("retail", some) for store, some in tellings))
        assert sum(new for some in kept for _, new in some) == 200
