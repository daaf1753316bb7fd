"""A sandbox with one busy subscriber, whose events of the two kinds share ids, times and texts."""

import random
from collections.abc import Sequence
from typing import Any

from adapters.records import Entity, EventKey, FeedEventRecord, FeedKey, FeedSide
from adapters.vendors.taguchi_v4.event_rows import to_feed_event
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_world

PERSON = 7
FEED = FeedKey(Entity.SUBSCRIBER, str(PERSON), FeedSide.SUBJECT)
SECONDS = ["2024-05-01T10:00:00", "2024-05-01T10:00:01", "2024-05-01T10:00:02", "2024-06-02T00:00:00"]
TEXTS = ["", "null", "Null", "a-eq-b", "100%", "1_0", "é"]
FAR = 2**53
"""Ids from here on are not exact as floating-point numbers."""


def build_event_world(seed: int, count: int, options: SandboxOptions | None = None, **settings: Any) -> World:
    """Build a world in which one subscriber has about so many events."""
    chance = random.Random(seed)  # noqa: S311 - the same events every time
    world = build_world({"subscriber": [{"id": PERSON}]}, options=options, **settings)
    for id_ in sorted(chance.sample(range(1, count), count // 2)):
        token = id_ + FAR * (id_ % 2)
        for kind in chance.choice([("logged",), ("scheduled",), ("logged", "scheduled")]):
            add_event(world, chance, token, kind)
    return world


def add_event(world: World, chance: random.Random, token: int, kind: str) -> None:
    """Add a random event of a kind with an id."""

    def pick(values: Sequence[Any]) -> Any:
        return None if chance.random() < 0.25 else chance.choice(values)

    times = {"timestamp": chance.choice(SECONDS)}
    if kind == "scheduled":
        times = {"next_timestamp": pick(SECONDS), "last_timestamp": pick(SECONDS), "start_timestamp": SECONDS[0]}
    world.sandbox.store.insert_event(
        {
            "type": kind,
            "id": token,
            "subscriber_id": PERSON,
            "event_ref": chance.choice(["s", "o", "c"]),
            "test": chance.random() < 0.3,
            "parent_id": pick([3, 4, FAR + 5]),
            "campaign_id": pick([1, 2, 40]),
            "activity_id": pick([1, 2]),
            "data": pick(TEXTS),
            "custom_fields": [{"field": "ip", "data": pick(["10.0.0.1", "", "null"])}] if chance.random() < 0.4 else [],
            **times,
        }
    )


def read_events(world: World, feed: FeedKey = FEED) -> list[FeedEventRecord]:
    """What the vendor really holds in a feed."""
    rows = world.sandbox.store.feed_rows(feed.holder.value, int(feed.id), f"{feed.side}-feed")
    return [to_feed_event(SOURCE, row, feed) for row in rows]


def keys(records: Sequence[Any]) -> list[EventKey]:
    """What events are known by."""
    return [record.key for record in records]
