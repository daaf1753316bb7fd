"""Random filters, orders, directions and page sizes over awkward rows give the reference's rows, in its order."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import SliceQuery
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import FIELDS, FieldSpec, Kind, build_extension_fields
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import Entity, Record
from adapters.vendors.taguchi_v4.capability import MEMBERS, TABLES
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.extensions import TaguchiSubscriber
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.collation import COLLATIONS
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, ids, read_line

TEXTS = [
    "",
    "null",
    "Null",
    "NULL",
    "nul",
    "null ",
    "nullx",
    "VIC",
    "vic",
    "a-eq-b",
    "100%",
    "1_0",
    "c\\d",
    "é",
    "(x|y)",
]
TIMES = ["2024-05-01T10:00:00", "2024-05-01T10:00:01", "2024-05-01T10:00:02", "2024-05-02T00:00:00"]
DATES = ["1970-04-01", "1970-04-02", "2000-02-29"]
PATTERNS = ["^null$", "l+", "^$", "[%_]", "^(V|v)IC$", "."]
FIELD_SPECS: Mapping[str, FieldSpec] = {
    **FIELDS[SUBSCRIBER],
    **build_extension_fields("taguchi", TaguchiSubscriber),
}
FILTERED = [
    "id",
    "state",
    "email",
    "birth_date",
    "unsubscribed_at",
    "campaign_id",
    "taguchi.extra",
    "taguchi.cluster_id",
]
ORDERED = ["id", *FILTERED]


def _make_rows(count: int, chance: random.Random) -> list[dict[str, Any]]:
    def pick(values: Sequence[Any]) -> Any:
        return None if chance.random() < 0.25 else chance.choice(values)

    return [
        {
            "id": number * chance.choice([1, 1, 1, 2]) + number // 3,
            "state": pick(TEXTS),
            "email": pick([f"person{number}@example.com", *TEXTS[:4]]),
            "extra": pick(TEXTS[:3]),
            "dob": pick(DATES),
            "unsubscribed": pick(TIMES),
            "campaign_id": pick([1, 2, 3, 40]),
            "cluster_id": pick([1, number + 1]),
            "lists": [{"list_id": chance.choice([5, 6]), "timestamp": TIMES[0]}] if chance.random() < 0.5 else [],
        }
        for number in range(1, count + 1)
    ]


def _distinct(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["id"]: row for row in rows}.values())


def make_world(seed: int, options: SandboxOptions, rows: int = 45, **changes: Any) -> World:
    """Build a world of awkward rows."""
    chance = random.Random(seed)  # noqa: S311 - the same rows every time
    return build_world({"subscriber": _distinct(_make_rows(rows, chance))}, options=options, **changes)


WORLDS: Mapping[str, Callable[[], World]] = {
    "plain": lambda: make_world(1, SandboxOptions()),
    "small_pages": lambda: make_world(2, SandboxOptions(subsecond_times=True, page_clamp=10), max_page=7),
    "clamped": lambda: make_world(3, SandboxOptions(page_clamp=7, unstable_ties=True), max_page=1000),
    "full": lambda: make_world(6, SandboxOptions(page_clamp=10), full_pages=True),
    "unstated": lambda: make_world(4, SandboxOptions(page_clamp=4, collation="C", empty="204"), max_page=None),
    "one_by_one": lambda: make_world(5, SandboxOptions(subsecond_times=True, unstable_ties=True), rows=20, max_page=1),
}


@pytest.fixture(scope="module")
def worlds() -> Mapping[str, World]:
    return {name: build() for name, build in WORLDS.items()}


def _operands(name: str) -> st.SearchStrategy[Any]:
    kind = FIELD_SPECS[name].kind
    if kind is Kind.TIME:
        return st.sampled_from([datetime.fromisoformat(text).replace(tzinfo=UTC) for text in TIMES])
    if kind is Kind.DATE:
        return st.sampled_from([date.fromisoformat(text) for text in DATES])
    if kind is Kind.ID:
        return st.sampled_from(["1", "2", "3", "10", "40", "77"])
    return st.sampled_from(TEXTS)


@st.composite
def comparisons(draw: st.DrawFn) -> Filter:
    """One comparison the capability table takes."""
    if draw(st.integers(0, 9)) == 0:
        return Some("memberships", Comparison("list_id", Op.EQ, draw(st.sampled_from(["5", "6"]))))
    name = draw(st.sampled_from(FILTERED))
    op = draw(st.sampled_from(sorted(TABLES[SUBSCRIBER].fields[name].operators)))
    takes_case = FIELD_SPECS[name].kind is Kind.TEXT and op not in {Op.IS_NULL, Op.PRESENT, Op.DIFFERS}
    ignore_case = takes_case and draw(st.booleans())
    if op in {Op.IS_NULL, Op.PRESENT}:
        return Comparison(name, op)
    if op is Op.IN:
        return Comparison(name, op, tuple(draw(st.lists(_operands(name), min_size=1, max_size=4))), None, ignore_case)
    if op is Op.MATCHES:
        return Comparison(name, op, draw(st.sampled_from(PATTERNS)), None, ignore_case)
    return Comparison(name, op, draw(_operands(name)), None, ignore_case)


@st.composite
def branches(draw: st.DrawFn) -> And:
    """A conjunction with at most one membership."""
    parts = draw(st.lists(comparisons(), max_size=2))
    members = [part for part in parts if isinstance(part, Some)]
    return And(tuple(part for part in parts if part not in members[1:]))


def build_reference(world: World, pushed: Filter, order: Order) -> list[Record]:
    """What the line must hold: the rows that satisfy the filter, missing values last, ties by id, or all reversed."""
    read = COLUMNS[SUBSCRIBER][order.field].build_reader()
    collate = COLLATIONS[world.sandbox.options.collation]

    def place(record: Record) -> tuple[Any, ...]:
        value = read(record)
        if value is None:
            return (1, 0, int(record.id))
        return (0, collate(value) if isinstance(value, str) else value, int(record.id))

    matches = build_predicate(pushed, FIELD_SPECS)
    return sorted(filter(matches, world.records()), key=place, reverse=order.descending)


orders = st.builds(Order, st.sampled_from(ORDERED), descending=st.booleans())
page_sizes = st.lists(st.sampled_from([1, 2, 3, 5, 9, 30, 200]), min_size=1, max_size=3)


def _check_line(worlds: Mapping[str, World], name: str, pushed: And, order: Order, sizes: list[int]) -> None:
    world = worlds[name]

    found, _ = asyncio.run(read_line(world, SliceQuery(SUBSCRIBER, pushed, order), sizes))

    assert ids(build_reference(world, pushed, order)) == ids(found)


def _run(check: Callable[..., None], count: int, **drawn: Any) -> None:
    settings(max_examples=count, deadline=None, derandomize=count <= 300, suppress_health_check=list(HealthCheck))(
        given(**drawn)(check)
    )()


def test_lines_hold_the_reference_rows_in_order(worlds: Mapping[str, World]) -> None:
    """A row lost, repeated or misplaced in any order, page size or vendor mood would show here."""
    _run(
        lambda **drawn: _check_line(worlds, **drawn),
        200,
        name=st.sampled_from(sorted(worlds)),
        pushed=branches(),
        order=orders,
        sizes=page_sizes,
    )


@pytest.mark.bars
def test_lines_hold_the_reference_rows_in_order_at_length(worlds: Mapping[str, World]) -> None:
    """The same, looked at for longer."""
    _run(
        lambda **drawn: _check_line(worlds, **drawn),
        5_000,
        name=st.sampled_from(sorted(worlds)),
        pushed=branches(),
        order=orders,
        sizes=page_sizes,
    )


def _check_reversal(worlds: Mapping[str, World], name: str, order: Order, cut: int) -> None:
    world = worlds[name]

    async def read() -> tuple[list[Record], list[Record]]:
        forwards, positions = await read_line(world, SliceQuery(SUBSCRIBER, And(), order), [7])
        place = cut % len(positions)
        backwards = SliceQuery(SUBSCRIBER, And(), order.reversed(), positions[place])
        found, _ = await read_line(world, backwards, [4])
        return forwards[:place][::-1], found

    expected, found = asyncio.run(read())

    assert ids(expected) == ids(found)


def test_a_position_means_the_same_place_in_the_reversed_line(worlds: Mapping[str, World]) -> None:
    """Reading backwards from a forward cursor would skip or repeat rows."""
    _run(
        lambda **drawn: _check_reversal(worlds, **drawn),
        60,
        name=st.sampled_from(["plain", "small_pages"]),
        order=orders,
        cut=st.integers(0, 1000),
    )


def _check_moving(seed: int, order: Order, sizes: list[int]) -> None:
    world = make_world(seed % 7, SandboxOptions(subsecond_times=bool(seed % 2), unstable_ties=True), max_page=9)
    chance = random.Random(seed)  # noqa: S311 - the same rows every time
    start = {int(row["id"]) for row in world.sandbox.store.rows("subscriber")}
    removed: set[int] = set()

    async def read() -> list[int]:
        found: list[int] = []
        after = None
        for page in range(1000):
            query = SliceQuery(SUBSCRIBER, And(), order, after, sizes[page % len(sizes)])
            slice_ = await world.read(query)
            found += ids(slice_.records)
            if slice_.end:
                return found
            after = slice_.positions[-1]
            _disturb(world, chance, removed)
        raise AssertionError("the line never ended")

    found = asyncio.run(read())

    assert len(found) == len(set(found))
    assert start - removed <= set(found)


def _disturb(world: World, chance: random.Random, removed: set[int]) -> None:
    for _ in range(chance.randrange(3)):
        world.sandbox.store.insert("subscriber", _make_rows(1, chance)[0] | {"id": None})
    if chance.random() < 0.5:
        victim = chance.choice([int(row["id"]) for row in world.sandbox.store.rows("subscriber")])
        world.sandbox.store.soft_delete("subscriber", victim)
        removed.add(victim)


def test_rows_coming_and_going_neither_repeat_nor_hide_others() -> None:
    """A page number in disguise would repeat or skip rows as soon as others come and go."""
    _run(
        _check_moving,
        25,
        seed=st.integers(0, 10_000),
        order=orders,
        sizes=st.lists(st.sampled_from([3, 8]), min_size=1),
    )


@pytest.mark.bars
def test_rows_coming_and_going_at_length() -> None:
    """The same, looked at for longer."""
    _run(
        _check_moving,
        1_000,
        seed=st.integers(0, 10**9),
        order=orders,
        sizes=st.lists(st.sampled_from([3, 8]), min_size=1),
    )


def test_members_is_what_the_table_calls_a_membership() -> None:
    """The property above would draw no membership if the table named it otherwise."""
    assert MEMBERS in TABLES[Entity.SUBSCRIBER].fields
