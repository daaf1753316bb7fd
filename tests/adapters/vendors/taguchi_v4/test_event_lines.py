"""Feeds over awkward events, whose ids collide between kinds: every page is the next part of the one right line."""

import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from adapters.contract import SliceQuery
from adapters.errors import CapabilityError, CursorError, NotFoundError, VendorContractError
from adapters.evidence import Finding, Verdict
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS
from adapters.filters.order import BY_ID, Order, Position
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Op
from adapters.records import Entity, EventKey, EventKind, FeedEventRecord, FeedKey, FeedSide
from adapters.vendors.taguchi_v4.adapter import open_source
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.collation import COLLATIONS
from tests.adapters.vendors.taguchi_v4.event_world import FAR, FEED, build_event_world, keys, read_events
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings

EVENT = Entity.FEED_EVENT
ORDERS = ["id", "occurred_at", "next_at", "event_ref", "data", "campaign_id", "parent_id"]
FILTERS: Sequence[Filter] = (
    EVERYTHING,
    EVERYTHING,
    Comparison("kind", Op.EQ, "logged"),
    Comparison("kind", Op.DIFFERS, "logged"),
    Comparison("test", Op.EQ, value=True),
    Comparison("processed", Op.IS_NULL),
    Comparison("event_ref", Op.IN, ("o", "c")),
    Comparison("id", Op.GTE, str(FAR)),
    Comparison("campaign_id", Op.PRESENT),
    And((Comparison("kind", Op.EQ, "scheduled"), Comparison("data", Op.PRESENT))),
)
WORLDS: dict[str, tuple[SandboxOptions, dict[str, Any]]] = {
    "plain": (SandboxOptions(), {}),
    "clamped": (SandboxOptions(page_clamp=7, unstable_ties=True), {}),
    "small_pages": (SandboxOptions(subsecond_times=True, page_clamp=3, unstable_ties=True), {"max_page": 2}),
    "unstated": (SandboxOptions(page_clamp=4, collation="C", empty="204"), {"max_page": None}),
    "one_by_one": (SandboxOptions(unstable_ties=True, page_clamp=1), {"max_page": 1}),
}


def expect(world: World, pushed: Filter, order: Order) -> list[EventKey]:
    """What the line must hold."""
    read, matches = COLUMNS[EVENT][order.field].build_reader(), build_predicate(pushed, FIELDS[EVENT])
    collate = COLLATIONS[world.sandbox.options.collation]

    def place(record: FeedEventRecord) -> tuple[Any, ...]:
        value = read(record)
        if value is None:
            return (1, 0, record.key)
        return (0, collate(value) if isinstance(value, str) else value, record.key)

    return keys(sorted(filter(matches, read_events(world)), key=place, reverse=order.descending))


async def walk(world: World, query: SliceQuery, sizes: Sequence[int]) -> list[EventKey]:
    """Read a whole line page by page."""
    found: list[EventKey] = []
    after: Position | None = None
    for page in range(1_000):
        limit = sizes[page % len(sizes)]
        slice_ = await world.read(
            SliceQuery(EVENT, query.pushed, query.order, after, limit, purpose="test", feed=query.feed)
        )
        found += keys(slice_.records)
        if slice_.end:
            return found
        after = slice_.positions[-1]
    raise AssertionError("the line never ended")


@pytest.mark.parametrize("name", WORLDS)
async def test_every_line_is_the_reference_line(name: str) -> None:
    """An event lost or shown twice where ids collide, times tie or values are missing would show here."""
    options, changes = WORLDS[name]
    world = build_event_world(3, 24 if name == "one_by_one" else 60, options, **changes)
    chance = random.Random(name)  # noqa: S311 - the same cases every time
    for _ in range(10 if name == "one_by_one" else 60):
        order = Order(chance.choice(ORDERS), descending=chance.random() < 0.5)
        pushed, sizes = chance.choice(FILTERS), chance.choice([[1], [2], [3, 1], [7], [100]])

        found = await walk(world, SliceQuery(EVENT, pushed, order, feed=FEED), sizes)

        assert found == expect(world, pushed, order), (order, pushed, sizes)


async def test_a_page_of_a_feed_is_one_call() -> None:
    """Every further call would be paid for each person whose events are shown."""
    world = build_event_world(3, 60)

    await world.read(SliceQuery(EVENT, feed=FEED, limit=10))

    assert world.queries == ["subscriber/7/subject-feed?sort=id&order=asc&limit=11"]


async def test_a_line_read_backwards_goes_on_from_either_twin() -> None:
    """A position depends on its event alone, so turning round at it must find the same neighbours."""
    world = build_event_world(3, 60)
    line = await world.read(SliceQuery(EVENT, feed=FEED, limit=100))
    for place, position in enumerate(line.positions[1:], start=1):
        query = SliceQuery(EVENT, order=Order(descending=True), after=position, limit=100, feed=FEED)

        back = await world.read(query)

        assert keys(back.records) == keys(line.records)[:place][::-1]


async def test_ids_past_53_bits_stay_exact() -> None:
    """Two neighbouring tokens that become one number would be one event."""
    world = build_event_world(1, 1)
    for token in (FAR + 1, FAR + 2, 2**63 - 1):
        world.sandbox.store.insert_event(
            {"id": token, "subscriber_id": 7, "event_ref": "s", "timestamp": "2024-05-01T10:00:00"}
        )

    found = await world.read(SliceQuery(EVENT, feed=FEED))

    assert [record.id for record in found.records] == [str(FAR + 1), str(FAR + 2), str(2**63 - 1)]


@pytest.mark.parametrize("feed", [FeedKey(Entity.LIST, "1", FeedSide.SUBJECT), None])
async def test_feeds_that_do_not_exist_are_refused_without_a_call(feed: FeedKey | None) -> None:
    """A list causes no events: asking for them would be answered with an address error."""
    world = build_event_world(1, 1)

    with pytest.raises(CapabilityError):
        await world.read(SliceQuery(EVENT, feed=feed))

    assert world.queries == []


async def test_a_feed_of_an_impossible_id_is_empty_without_a_call() -> None:
    """What cannot be an id must never become part of an address."""
    world = build_event_world(1, 1)

    found = await world.read(SliceQuery(EVENT, feed=FeedKey(Entity.SUBSCRIBER, "../list", FeedSide.SUBJECT)))

    assert (found.records, found.end, found.calls, world.queries) == ((), True, 0, [])


async def test_a_feed_of_a_missing_record_is_not_found() -> None:
    """Saying that nothing happened to somebody who is gone would be a guess."""
    world = build_event_world(1, 1)

    with pytest.raises(NotFoundError):
        await world.read(SliceQuery(EVENT, feed=FeedKey(Entity.SUBSCRIBER, "8", FeedSide.OBJECT)))


@pytest.mark.parametrize("parts", [("5",), ("5 other",), (5,), ("logged 5",), ("x logged",), ("5 logged", "1")])
async def test_positions_that_are_none_are_refused(parts: tuple[Any, ...]) -> None:
    """A cursor made by hand must not become part of a query."""
    world = build_event_world(1, 1)

    with pytest.raises(CursorError):
        await world.read(SliceQuery(EVENT, order=BY_ID, after=Position(parts), feed=FEED))


async def test_a_vendor_that_ors_its_predicates_is_caught() -> None:
    """Rows from before the page's place would be shown a second time."""
    world = build_event_world(3, 60, SandboxOptions(or_predicates=True))
    after = Position((f"{FAR + 1} {EventKind.SCHEDULED}",))

    with pytest.raises(VendorContractError):
        await world.read(SliceQuery(EVENT, Comparison("test", Op.EQ, value=False), after=after, feed=FEED))


@pytest.mark.parametrize("descending", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("clamp", [1, 2, 3, None])
@pytest.mark.parametrize("count", [2, 4, 30])
async def test_a_vendor_that_was_seen_to_widen_gets_one_predicate(
    *, count: int, clamp: int | None, descending: bool
) -> None:
    """A second one would bring events of everything else, and no page of the feed could be shown."""
    options = SandboxOptions(or_predicates=True, page_clamp=clamp, unstable_ties=True)
    world = build_event_world(3, count, options)
    finding = Finding("conjunction", "Predicates are ANDed", Verdict.DISPROVED, (), "", "")
    transport = httpx.ASGITransport(world.sandbox.app)
    checked = World(world.sandbox, open_source(SOURCE, build_settings(), transport, {finding.fact: finding}))
    order = Order(descending=descending)

    found = await walk(checked, SliceQuery(EVENT, order=order, feed=FEED), [3])

    assert found == expect(world, EVERYTHING, order)
    assert found
    assert all(query.count("query=") <= 1 for query in checked.queries)
