"""
Random pages of Taguchi V4 event feeds, by the real adapter over its sandbox, held against the reference.

A case is a number: everything random in it follows from that. Ids collide between kinds, times tie, values are missing.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.contract import Source
from adapters.errors import FilterError
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS, OPERATORS, FieldSpec, Kind
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or
from adapters.records import Entity, EventKey, FeedEventRecord, SubscriberRecord
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.collation import COLLATIONS
from resolvers.context import ReadLimits
from resolvers.events import events
from resolvers.pages import ConnectionArgs
from tests.adapters.vendors.taguchi_v4.event_world import (
    FAR,
    PERSON,
    SECONDS,
    TEXTS,
    add_event,
    build_event_world,
    keys,
    read_events,
)
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings
from tests.resolvers.asking import build_context, walk_pages

SPECS: Mapping[str, FieldSpec] = FIELDS[Entity.FEED_EVENT]
ORDERED = ["id", "id", "occurred_at", "occurred_at", "next_at", "event_ref", "data", "campaign_id", "parent_id"]
FILTERED = [
    "id",
    "kind",
    "test",
    "processed",
    "event_ref",
    "occurred_at",
    "next_at",
    "campaign_id",
    "parent_id",
    "data",
]
IDS = ["1", "3", "4", "5", "12", str(FAR + 5), str(FAR + 11)]
SIZES = [1, 2, 3, 5, 8, 25, 100]
PERSON_RECORD = SubscriberRecord(source=SOURCE, id=str(PERSON))


@dataclass(frozen=True, slots=True)
class Account:
    """A sandbox's account as a source of the graph."""

    world: World
    source: Source


def build_account(seed: int, count: int, options: SandboxOptions, **settings: Any) -> Account:
    """Build an account of one busy person."""
    world = build_event_world(seed, count, options, **settings)
    return Account(world, Source(SOURCE, ADAPTER, ADAPTER.build_capability(build_settings(**settings)), world.adapter))


def build_accounts() -> Sequence[Account]:
    """Build accounts on servers of different habits."""
    return [
        build_account(1, 60, SandboxOptions(unstable_ties=True), full_pages=True),
        build_account(2, 40, SandboxOptions(subsecond_times=True, page_clamp=10), max_page=7),
        build_account(3, 60, SandboxOptions(page_clamp=13, unstable_ties=True, collation="C")),
        build_account(4, 30, SandboxOptions(page_clamp=4, empty="204"), max_page=None),
        build_account(5, 24, SandboxOptions(page_clamp=2, unstable_ties=True), max_page=2),
    ]


def build_filter(chance: random.Random, depth: int = 2) -> Filter:
    """Build a random filter."""
    kind = chance.random()
    if depth == 0 or kind < 0.5:
        return _build_comparison(chance)
    if kind < 0.6:
        return Not(build_filter(chance, depth - 1))
    join = And if kind < 0.8 else Or
    return join(tuple(build_filter(chance, depth - 1) for _ in range(chance.choice([0, 1, 2, 2]))))


def build_sound_filter(chance: random.Random) -> Filter:
    """Build a random filter that is not refused: a range may come out inverted."""
    while True:
        tree = build_filter(chance)
        try:
            bind(tree, SPECS)
        except FilterError as error:
            if error.reason != "RANGE_INVERTED":
                raise
        else:
            return tree


def _build_comparison(chance: random.Random) -> Filter:
    name, key = (chance.choice(FILTERED), None) if chance.random() < 0.9 else ("custom_fields", "ip")
    spec = SPECS[name]
    op = chance.choice(sorted(OPERATORS[spec.kind] - {Op.MATCHES}))
    if op in {Op.IS_NULL, Op.PRESENT}:
        return Comparison(name, op, key=key)
    if op is Op.IN:
        return Comparison(name, op, tuple(_build_operand(chance, spec) for _ in range(chance.randrange(4))), key)
    return Comparison(name, op, _build_operand(chance, spec), key)


def _build_operand(chance: random.Random, spec: FieldSpec) -> Any:
    match spec.kind:
        case Kind.TIME:
            return datetime.fromisoformat(chance.choice(SECONDS)).replace(tzinfo=UTC)
        case Kind.ID:
            return chance.choice(IDS)
        case Kind.FLAG:
            return chance.random() < 0.5
        case Kind.WORD:
            return chance.choice(["logged", "scheduled"])
    return chance.choice([*TEXTS, "s", "o", "10.0.0.1"])


def expect(account: Account, rows: Iterable[FeedEventRecord], tree: Filter, order: Order) -> list[EventKey]:
    """Return the events a filter and an order mean, by the reference and the server's own collation."""
    matches = build_predicate(bind(tree, SPECS), SPECS)
    read = COLUMNS[Entity.FEED_EVENT][order.field].build_reader()
    collate = COLLATIONS[account.world.sandbox.options.collation]

    def place(record: FeedEventRecord) -> tuple[Any, ...]:
        value = read(record)
        if value is None:
            return (1, 0, record.key)
        return (0, collate(value) if isinstance(value, str) else value, record.key)

    return keys(sorted(filter(matches, rows), key=place, reverse=order.descending))


@dataclass(frozen=True, slots=True)
class Case:
    """What one case asks."""

    tree: Filter
    order: Order
    size: int
    backward: bool


def build_case(number: int) -> Case:
    """Build a case; a third has no filter."""
    chance = random.Random(number)  # noqa: S311 - a case is its number
    tree = And() if chance.random() < 0.3 else build_sound_filter(chance)
    order = Order(chance.choice(ORDERED), descending=chance.random() < 0.5)
    return Case(tree, order, chance.choice(SIZES), chance.random() < 0.5)


async def read_case(account: Account, case: Case, between: Callable[[], None] = lambda: None) -> list[EventKey]:
    """Read all pages of a case, each a request of its own, and return the events in order."""
    pages = await walk_pages(
        events,
        lambda: build_context(account.source, limits=ReadLimits(), max_calls=10_000),
        ConnectionArgs(filter=case.tree, order=case.order),
        size=case.size,
        backward=case.backward,
        parent=PERSON_RECORD,
        between=between,
        most=3_000,
    )
    return keys([node for page in pages for node in page.nodes])


async def check_case(number: int, accounts: Sequence[Account]) -> int:
    """Hold all pages of a case against the reference; return how many events there were."""
    account, case = accounts[number % len(accounts)], build_case(number)
    expected = expect(account, read_events(account.world), case.tree, case.order)

    found = await read_case(account, case)

    assert expected == found, f"case {number}: {case}"
    account.world.forget()
    return len(found)


async def check_growing_case(number: int) -> None:
    """Hold all pages of a case against the events that were there before it was read: events only ever come."""
    chance = random.Random(f"growing {number}")  # noqa: S311 - a case is its number
    options = SandboxOptions(subsecond_times=bool(number % 2), unstable_ties=bool(number % 3), page_clamp=7)
    account = build_account(number, 40, options, max_page=chance.choice([6, 1000]))
    case = replace(build_case(number), size=chance.choice(SIZES[:5]))
    before = read_events(account.world)
    known = set(keys(before))

    def change() -> None:
        for key in chance.sample(sorted(known), min(len(known), 2)):  # twins of events that are there
            kind = "logged" if key.kind == "scheduled" else "scheduled"
            if all((each.token, each.kind) != (key.token, kind) for each in keys(read_events(account.world))):
                add_event(account.world, chance, key.token, kind)

    found = await read_case(account, case, between=change)

    assert len(found) == len(set(found)), f"case {number} shows an event twice: {case}"
    expected = expect(account, before, case.tree, case.order)
    assert expected == [key for key in found if key in known], f"case {number}: {case}"


def run_cases(numbers: Iterable[int]) -> int:
    """Check cases on accounts that stand still; return how many events were read."""
    accounts = build_accounts()

    async def run() -> int:
        return sum([await check_case(number, accounts) for number in numbers])

    return asyncio.run(run())


def run_growing_cases(numbers: Iterable[int]) -> None:
    """Check cases on accounts whose events come while pages are read."""

    async def run() -> None:
        for number in numbers:
            await check_growing_case(number)

    asyncio.run(run())
