"""
Random pages of Taguchi V4 subscribers, by the real adapter over its sandbox, held against the reference.

A case is a number: everything random in it follows from that, so a failure names all there is to know.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from adapters.contract import Source
from adapters.errors import FilterError
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import OPERATORS, FieldSpec, Kind
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import Entity, Record
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.collation import COLLATIONS
from resolvers.context import ReadLimits
from resolvers.lines import find_fields
from resolvers.pages import CompletenessState, ConnectionArgs
from resolvers.subscriber import subscribers
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world
from tests.resolvers.asking import build_context, walk_pages

SECONDS = ["2024-05-01T10:00:00", "2024-05-01T10:00:01", "2024-05-01T10:00:02", "2024-06-02T00:00:00"]
TEXTS = ["", "null", "VIC", "vic", "NSW", "a-eq-b", "100%", "1_0", "c\\d", "é", "(x|y)", "O'Neil"]
DAYS = ["1970-04-01", "1970-04-02", "2000-02-29"]
PATTERNS = ["^null$", "l+", "^$", "[%_]", "^(V|v)IC$", "."]
FILTERED = [
    "id",
    "ref",
    "state",
    "email",
    "birth_date",
    "unsubscribed_at",
    "campaign_id",
    "taguchi.extra",
    "taguchi.cluster_id",
]
MEMBERSHIP_FIELDS = ["list_id", "left_at", "option"]
SIZES = [1, 2, 3, 5, 8, 13, 25, 100]


@dataclass(frozen=True, slots=True)
class Account:
    """A sandbox's account as a source of the graph."""

    world: World
    source: Source
    fields: Mapping[str, FieldSpec]


def build_account(seed: int, count: int, options: SandboxOptions, **settings: Any) -> Account:
    """Build an account of awkward people."""
    chance = random.Random(seed)  # noqa: S311 - a case is its number
    people = [_build_person(number, chance) for number in _spread_ids(count, chance)]
    world = build_world({"subscriber": people}, options=options, **settings)
    capability = ADAPTER.build_capability(build_settings(**settings))
    source = Source(SOURCE, ADAPTER, capability, world.adapter)
    return Account(world, source, find_fields(source, Entity.SUBSCRIBER))


def build_accounts() -> Sequence[Account]:
    """Build accounts on servers of different habits."""
    return [
        build_account(1, 45, SandboxOptions()),
        build_account(2, 30, SandboxOptions(subsecond_times=True, page_clamp=10), max_page=7),
        build_account(3, 50, SandboxOptions(page_clamp=20, unstable_ties=True, collation="C")),
        build_account(4, 24, SandboxOptions(page_clamp=4, empty="204"), max_page=None),
        build_account(5, 40, SandboxOptions(subsecond_times=True, unstable_ties=True)),
    ]


def _spread_ids(count: int, chance: random.Random) -> list[int]:
    return sorted(chance.sample(range(1, 3 * count), count), key=lambda _id: chance.random())


def _build_person(number: int, chance: random.Random) -> dict[str, Any]:
    def pick(values: Sequence[Any]) -> Any:
        return None if chance.random() < 0.25 else chance.choice(values)

    lists = [
        {"list_id": list_id, "timestamp": SECONDS[0], "unsubscribed": pick(SECONDS), "option": pick(TEXTS[:4])}
        for list_id in chance.sample([5, 6, 7], chance.randrange(3))
    ]
    return {
        "id": number,
        "ref": None if chance.random() < 0.5 else f"ref-{number}",
        "state": pick(TEXTS),
        "email": pick([f"person{number}@example.com", *TEXTS[:4]]),
        "extra": pick(TEXTS[:3]),
        "dob": pick(DAYS),
        "unsubscribed": pick(SECONDS),
        "campaign_id": pick([1, 2, 3, 40]),
        "cluster_id": pick([1, number + 1]),
        "lists": lists,
        "custom_fields": [{"field": key, "data": pick(TEXTS[:4])} for key in ("size", "shoe") if chance.random() < 0.4],
    }


def build_sound_filter(chance: random.Random, fields: Mapping[str, FieldSpec]) -> Filter:
    """Build a random filter that is not refused: a range may come out inverted."""
    while True:
        tree = build_filter(chance, fields)
        try:
            bind(tree, fields)
        except FilterError as error:
            if error.reason != "RANGE_INVERTED":
                raise
        else:
            return tree


def build_filter(chance: random.Random, fields: Mapping[str, FieldSpec], depth: int = 3) -> Filter:
    """Build a random filter."""
    kind = chance.random()
    if depth == 0 or kind < 0.45:
        return _build_leaf(chance, fields)
    if kind < 0.55:
        return Not(build_filter(chance, fields, depth - 1))
    join = And if kind < 0.75 else Or
    return join(tuple(build_filter(chance, fields, depth - 1) for _ in range(chance.choice([0, 1, 2, 2, 2, 3]))))


def _build_leaf(chance: random.Random, fields: Mapping[str, FieldSpec]) -> Filter:
    kind = chance.random()
    if kind < 0.15:
        return Some("memberships", _build_element_filter(chance, fields["memberships"].elements or {}))
    if kind < 0.25:
        name, key = "custom_fields", chance.choice(["size", "shoe"])
    else:
        name, key = chance.choice(FILTERED), None
    return _build_comparison(chance, fields[name], key)


def _build_element_filter(chance: random.Random, fields: Mapping[str, FieldSpec]) -> Filter:
    parts = tuple(
        _build_comparison(chance, fields[chance.choice(MEMBERSHIP_FIELDS)], None) for _ in range(chance.choice([1, 2]))
    )
    whole: Filter = parts[0] if len(parts) == 1 else chance.choice([And, Or])(parts)
    return Not(whole) if chance.random() < 0.2 else whole


def _build_comparison(chance: random.Random, spec: FieldSpec, key: str | None) -> Filter:
    op = chance.choice(sorted(OPERATORS[spec.kind]))
    if op in {Op.IS_NULL, Op.PRESENT}:
        return Comparison(spec.name, op, key=key)
    ignore_case = spec.kind is Kind.TEXT and op is not Op.DIFFERS and chance.random() < 0.3
    if op is Op.IN:
        values = tuple(_build_operand(chance, spec) for _ in range(chance.randrange(4)))
        return Comparison(spec.name, op, values, key, ignore_case)
    value = chance.choice(PATTERNS) if op is Op.MATCHES else _build_operand(chance, spec)
    return Comparison(spec.name, op, value, key, ignore_case)


def _build_operand(chance: random.Random, spec: FieldSpec) -> Any:
    if spec.kind is Kind.TIME:
        return datetime.fromisoformat(chance.choice(SECONDS)).replace(tzinfo=UTC)
    if spec.kind is Kind.DATE:
        return date.fromisoformat(chance.choice(DAYS))
    if spec.kind is Kind.ID:
        return chance.choice(["1", "2", "3", "5", "6", "40", "77"])
    return chance.choice([*TEXTS, "ref-12", "person12@example.com"])


def expect(account: Account, records: Iterable[Record], tree: Filter, order: Order) -> list[str]:
    """Return the ids a filter and an order mean, by the reference and the server's own collation."""
    matches = build_predicate(bind(tree, account.fields), account.fields)
    read = COLUMNS[Entity.SUBSCRIBER][order.field].build_reader()
    collate = COLLATIONS[account.world.sandbox.options.collation]

    def place(record: Record) -> tuple[Any, ...]:
        value = read(record)
        if value is None:
            return (1, 0, int(record.id))
        return (0, collate(value) if isinstance(value, str) else value, int(record.id))

    return [record.id for record in sorted(filter(matches, records), key=place, reverse=order.descending)]


@dataclass(frozen=True, slots=True)
class Case:
    """What one case asks."""

    tree: Filter
    order: Order
    size: int
    backward: bool
    limits: ReadLimits


def build_case(number: int, account: Account, *, plain: float = 0.0) -> Case:
    """Build a case; `plain` is the share of cases without a filter."""
    chance = random.Random(number)  # noqa: S311 - a case is its number
    tree = And() if chance.random() < plain else build_sound_filter(chance, account.fields)
    order = Order(chance.choice(["id", *FILTERED]), descending=chance.random() < 0.5)
    limits = ReadLimits() if chance.random() < 0.8 else ReadLimits(scan_calls=3, scan_rows=20)
    return Case(tree, order, chance.choice(SIZES), chance.random() < 0.5, limits)


async def read_case(account: Account, case: Case, between: Callable[[], None] = lambda: None) -> list[str]:
    """Read all pages of a case, each a request of its own, and return the ids in order."""
    pages = await walk_pages(
        subscribers,
        lambda: build_context(account.source, limits=case.limits, max_calls=10_000),
        ConnectionArgs(filter=case.tree, order=case.order),
        size=case.size,
        backward=case.backward,
        between=between,
        most=3000,
    )
    for page in pages[1:] if case.backward else pages[:-1]:
        assert len(page.edges) == case.size or page.completeness[0].state is CompletenessState.TRUNCATED
    return [node.id for page in pages for node in page.nodes]


async def check_case(number: int, accounts: Sequence[Account]) -> int:
    """Hold all pages of a case against the reference; return how many rows there were."""
    account = accounts[number % len(accounts)]
    case = build_case(number, account)
    expected = expect(account, account.world.records(), case.tree, case.order)

    found = await read_case(account, case)

    assert expected == found, f"case {number}: {case}"
    account.world.forget()
    return len(found)


async def check_moving_case(number: int) -> None:
    """Hold all pages of a case against the rows that neither came nor went while it was read."""
    chance = random.Random(f"moving {number}")  # noqa: S311 - a case is its number
    options = SandboxOptions(subsecond_times=bool(number % 2), unstable_ties=bool(number % 3), page_clamp=10)
    account = build_account(number, 40, options, max_page=chance.choice([6, 1000]))
    case = replace(build_case(number, account, plain=0.3), size=chance.choice(SIZES[:5]))
    before, touched = account.world.records(), set[str]()

    def change() -> None:
        store = account.world.sandbox.store
        here = [int(row["id"]) for row in store.rows("subscriber")]
        for id_ in chance.sample(here, min(len(here), chance.randrange(3))):
            store.soft_delete("subscriber", id_)
            touched.add(str(id_))
        for _ in range(chance.randrange(3)):
            id_ = chance.randrange(1, 10_000)
            if store.row("subscriber", id_) is None and str(id_) not in touched:
                store.insert("subscriber", _build_person(id_, chance))
                touched.add(str(id_))

    found = await read_case(account, case, between=change)

    assert len(found) == len(set(found)), f"case {number} shows a row twice: {case}"
    stayed = [record for record in before if record.id not in touched]
    expected = expect(account, stayed, case.tree, case.order)
    assert expected == [id_ for id_ in found if id_ not in touched], f"case {number}: {case}"


def run_cases(numbers: Iterable[int]) -> int:
    """Check cases on accounts that stand still; return how many rows were read."""
    accounts = build_accounts()

    async def run() -> int:
        return sum([await check_case(number, accounts) for number in numbers])

    return asyncio.run(run())


def run_moving_cases(numbers: Iterable[int]) -> None:
    """Check cases on accounts whose people come and go between pages."""

    async def run() -> None:
        for number in numbers:
            await check_moving_case(number)

    asyncio.run(run())
