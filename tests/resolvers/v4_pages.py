"""
Random pages of Taguchi V4 records, by the real adapter over its sandbox, held against the reference.

A case is a number: everything random in it follows from that, so a failure names all there is to know.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from adapters.contract import Source
from adapters.errors import FilterError, VendorContractError
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import OPERATORS, FieldSpec, Kind
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.records import Record
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.collation import COLLATIONS
from resolvers.context import ReadLimits
from resolvers.lines import find_fields
from resolvers.pages import CompletenessState, ConnectionArgs
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world
from tests.resolvers.asking import build_context, walk_pages
from tests.resolvers.v4_subjects import DAYS, NUMBERS, PEOPLE, SECONDS, TEXTS, Subject

PATTERNS = ["^null$", "null", "", "l+", "^$", "[%_]", "^(V|v)IC$", "."]
MEMBERSHIP_FIELDS = ["list_id", "left_at", "option"]
SHORT = {CompletenessState.TRUNCATED, CompletenessState.PARTIAL}
SIZES = [1, 2, 3, 5, 8, 13, 25, 100]


@dataclass(frozen=True, slots=True)
class Account:
    """A sandbox's account as a source of the graph, and the kind of record that is read of it."""

    world: World
    source: Source
    fields: Mapping[str, FieldSpec]
    subject: Subject = PEOPLE


def build_account(
    seed: int, count: int, options: SandboxOptions, *, subject: Subject = PEOPLE, **settings: Any
) -> Account:
    """Build an account of awkward records."""
    chance = random.Random(seed)  # noqa: S311 - a case is its number
    rows = [subject.build_row(number, chance) for number in _spread_ids(count, chance)]
    world = build_world({subject.resource: rows}, options=options, **settings)
    capability = ADAPTER.build_capability(build_settings(**settings))
    source = Source(SOURCE, ADAPTER, capability, world.adapter)
    return Account(world, source, find_fields(source, subject.entity), subject)


def build_accounts(subject: Subject) -> Sequence[Account]:
    """Build accounts on servers of different habits."""
    return [
        build_account(1, 45, SandboxOptions(), subject=subject, full_pages=True),
        build_account(2, 30, SandboxOptions(subsecond_times=True, page_clamp=10), subject=subject, max_page=7),
        build_account(3, 50, SandboxOptions(page_clamp=13, unstable_ties=True, collation="C"), subject=subject),
        build_account(4, 24, SandboxOptions(page_clamp=4, empty="204"), subject=subject, max_page=None),
        build_account(5, 40, SandboxOptions(subsecond_times=True, unstable_ties=True), subject=subject),
    ]


def _spread_ids(count: int, chance: random.Random) -> list[int]:
    return sorted(chance.sample(range(1, 3 * count), count), key=lambda _id: chance.random())


def build_sound_filter(chance: random.Random, account: Account) -> Filter:
    """Build a random filter that is not refused: a range may come out inverted."""
    while True:
        tree = build_filter(chance, account)
        try:
            bind(tree, account.fields)
        except FilterError as error:
            if error.reason != "RANGE_INVERTED":
                raise
        else:
            return tree


def build_filter(chance: random.Random, account: Account, depth: int = 3) -> Filter:
    """Build a random filter."""
    kind = chance.random()
    if depth == 0 or kind < 0.45:
        return _build_leaf(chance, account)
    if kind < 0.55:
        return Not(build_filter(chance, account, depth - 1))
    join = And if kind < 0.75 else Or
    return join(tuple(build_filter(chance, account, depth - 1) for _ in range(chance.choice([0, 1, 2, 2, 2, 3]))))


def _build_leaf(chance: random.Random, account: Account) -> Filter:
    fields, kind = account.fields, chance.random() if account.subject is PEOPLE else 1.0
    if kind < 0.15:
        return Some("memberships", _build_element_filter(chance, fields["memberships"].elements or {}))
    if kind < 0.25:
        name, key = "custom_fields", chance.choice(["size", "shoe"])
    else:
        name, key = chance.choice(account.subject.filtered), None
    return _build_comparison(chance, fields[name], key)


def _build_element_filter(chance: random.Random, fields: Mapping[str, FieldSpec]) -> Filter:
    parts = tuple(
        _build_comparison(chance, fields[chance.choice(MEMBERSHIP_FIELDS)], None) for _ in range(chance.choice([1, 2]))
    )
    joins: list[type[And | Or]] = [And, Or]
    whole: Filter = parts[0] if len(parts) == 1 else chance.choice(joins)(parts)
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
    if spec.kind is Kind.NUMBER:
        return chance.choice([*NUMBERS, 0.5, 2**31, -(2**31) - 1, 99_999_999_999])
    if spec.kind is Kind.ID:
        return chance.choice(["1", "2", "3", "5", "6", "40", "77", str(2**31 - 1), str(2**31), "99999999999"])
    return chance.choice([*TEXTS, "ref-12", "person12@example.com"])


def expect(account: Account, records: Iterable[Record], tree: Filter, order: Order) -> list[str]:
    """Return the ids a filter and an order mean, by the reference and the server's own collation."""
    matches = build_predicate(bind(tree, account.fields), account.fields)
    columns = COLUMNS[account.subject.entity]
    read, read_key = columns[order.field].build_reader(), columns["id"].build_reader()
    collate = COLLATIONS[account.world.sandbox.options.collation]

    def rank(value: Any) -> Any:
        return collate(value) if isinstance(value, str) else value

    def place(record: Record) -> tuple[Any, ...]:
        value = read(record)
        return (value is None, 0 if value is None else rank(value), rank(read_key(record)))

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
    tree = And() if chance.random() < plain else build_sound_filter(chance, account)
    order = Order(chance.choice(["id", *account.subject.filtered]), descending=chance.random() < 0.5)
    limits = ReadLimits() if chance.random() < 0.8 else ReadLimits(scan_calls=3, scan_rows=20)
    return Case(tree, order, chance.choice(SIZES), chance.random() < 0.5, limits)


async def read_case(account: Account, case: Case, between: Callable[[], None] = lambda: None) -> list[str]:
    """Read all pages of a case, each a request of its own, and return the ids in order."""
    pages = await walk_pages(
        account.subject.batch,
        lambda: build_context(account.source, limits=case.limits, max_calls=10_000),
        ConnectionArgs(filter=case.tree, order=case.order),
        size=case.size,
        backward=case.backward,
        between=between,
        most=3000,
    )
    for page in pages[1:] if case.backward else pages[:-1]:
        assert len(page.edges) == case.size or page.completeness[0].state in SHORT
    return [node.id for page in pages for node in page.nodes]


async def check_case(number: int, accounts: Sequence[Account]) -> int:
    """Hold all pages of a case against the reference; return how many rows there were."""
    account = accounts[number % len(accounts)]
    case = build_case(number, account)
    expected = expect(account, account.world.records(account.subject.entity), case.tree, case.order)

    found = await read_case(account, case)

    assert expected == found, f"case {number} of {account.subject.resource}: {case}"
    account.world.forget()
    return len(found)


async def check_moving_case(number: int, subject: Subject) -> None:
    """Hold all pages of a case against the rows that neither came nor went while it was read."""
    chance = random.Random(f"moving {number}")  # noqa: S311 - a case is its number
    options = SandboxOptions(subsecond_times=bool(number % 2), unstable_ties=bool(number % 3), page_clamp=7)
    account = build_account(number, 40, options, subject=subject, max_page=chance.choice([6, 1000]))
    case = replace(build_case(number, account, plain=0.3), size=chance.choice(SIZES[:5]))
    before, touched = account.world.records(subject.entity), set[str]()
    store = account.world.sandbox.store

    def change() -> None:
        here = [row[subject.key] for row in store.rows(subject.resource)]
        for key in chance.sample(here, min(len(here), chance.randrange(3))):
            store.soft_delete(subject.resource, key)
            touched.add(str(key))
        for _ in range(chance.randrange(3)):
            row = subject.build_row(chance.randrange(1, 10_000), chance)
            key = row[subject.key]
            if store.row(subject.resource, key) is None and str(key) not in touched:
                store.insert(subject.resource, row)
                touched.add(str(key))

    found = await read_case(account, case, between=change)

    assert len(found) == len(set(found)), f"case {number} shows a row twice: {case}"
    stayed = [record for record in before if record.id not in touched]
    expected = expect(account, stayed, case.tree, case.order)
    assert expected == [id_ for id_ in found if id_ not in touched], f"case {number}: {case}"


async def check_unreadable_case(number: int, accounts: Sequence[Account]) -> int:
    """Hold all pages of a case against the rows that can still be read; return how many there were."""
    account = accounts[number % len(accounts)]
    chance = random.Random(f"unreadable {number}")  # noqa: S311 - a case is its number
    case = build_case(number, account, plain=0.3)
    records, faults = account.world.records(account.subject.entity), account.world.sandbox.faults
    bad = [record.id for record in chance.sample(records, chance.choice([1, 2, 4]))]
    wires = [column.wire for column in COLUMNS[account.subject.entity].values()]
    for id_ in bad:
        keys = (id_, int(id_)) if id_.isdigit() else (id_,)
        faults.add(Fault("retyped_field", field=chance.choice(wires), value=[{}], only=keys))
    expected = [id_ for id_ in expect(account, records, case.tree, case.order) if id_ not in bad]

    try:
        found = await read_case(account, case)
    except VendorContractError as error:
        if error.reason != "RECORD_UNREADABLE":
            raise
        found = []  # as it must be where nothing else is left
    finally:
        faults.clear()
    assert expected == found, f"unreadable case {number} of {account.subject.resource}: {case}, {bad}"
    account.world.forget()
    return len(found)


def run_unreadable_cases(numbers: Iterable[int], subjects: Sequence[Subject] = (PEOPLE,)) -> int:
    """Check cases on accounts some of whose rows cannot be read; return how many rows were read."""
    accounts = [account for group in zip(*map(build_accounts, subjects), strict=True) for account in group]

    async def run() -> int:
        return sum([await check_unreadable_case(number, accounts) for number in numbers])

    return asyncio.run(run())


def run_cases(numbers: Iterable[int], subjects: Sequence[Subject] = (PEOPLE,)) -> int:
    """Check cases on accounts that stand still, subjects in turn; return how many rows were read."""
    accounts = [account for group in zip(*map(build_accounts, subjects), strict=True) for account in group]

    async def run() -> int:
        return sum([await check_case(number, accounts) for number in numbers])

    return asyncio.run(run())


def run_moving_cases(numbers: Iterable[int], subjects: Sequence[Subject] = (PEOPLE,)) -> None:
    """Check cases on accounts whose rows come and go between pages, subjects in turn."""

    async def run() -> None:
        for number in numbers:
            await check_moving_case(number, subjects[number % len(subjects)])

    asyncio.run(run())
