"""Rows that cannot be read: the sound ones around them are shown in every order and by every server."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from adapters.contract import ChildrenQuery, Slice, SliceQuery
from adapters.errors import VendorContractError
from adapters.filters.order import Order
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.event_world import FEED, build_event_world
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, scope

ORDERS = [Order(), Order("email"), Order("state"), Order("unsubscribed_at"), Order("taguchi.cluster_id")]
PEOPLE_DAMAGE = [
    Fault("retyped_field", field="dob", value="soon"),
    Fault("retyped_field", field="lists", value="none"),
    Fault("missing_field", field="id"),
    Fault("retyped_field", field="id", value=[1]),
    Fault("retyped_field", field="email", value={"a": 1}),
    Fault("retyped_field", field="state", value=1.5),
    Fault("retyped_field", field="unsubscribed", value="17/01/2025"),
    Fault("retyped_field", field="cluster_id", value="x"),
]
PEOPLE_NULLS = [
    Fault("retyped_field", field=name, value=None) for name in ("email", "state", "unsubscribed", "cluster_id")
]
EVENT_ORDERS = [Order(), Order("occurred_at"), Order("parent_id"), Order("data")]
EVENT_DAMAGE = [
    Fault("retyped_field", field="test", value="maybe"),
    Fault("missing_field", field="id"),
    Fault("missing_field", field="type"),
    Fault("retyped_field", field="timestamp", value="noon"),
    Fault("retyped_field", field="data", value=[]),
    Fault("retyped_field", field="parent_id", value="x"),
]
TYPE_ORDERS = [Order(), Order("name"), Order("priority")]
TYPE_DAMAGE = [
    Fault("retyped_field", field="description", value=[]),
    Fault("missing_field", field="ref"),
    Fault("retyped_field", field="name", value={}),
    Fault("retyped_field", field="priority", value="high"),
]
SERVERS: Sequence[tuple[SandboxOptions, dict[str, Any]]] = [
    (SandboxOptions(), {}),
    (SandboxOptions(unstable_ties=True), {"max_page": 13}),
    (SandboxOptions(page_clamp=6), {"max_page": None}),
]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: how to build a world of it, its orders, and what makes a row of it unreadable."""

    query: SliceQuery
    build: Any
    orders: Sequence[Order]
    damage: Sequence[Fault]
    keys: Any


def build_people(seed: int, options: SandboxOptions, **settings: Any) -> World:
    """Forty people with ties, gaps and equals in everything."""
    chance = random.Random(seed)  # noqa: S311 - the same people every time
    rows = [
        {
            "id": number,
            "email": f"p{number % 31:02}@example.com",
            "state": chance.choice([None, "VIC", "WA", "null", ""]),
            "unsubscribed": chance.choice([None, "2024-05-01T10:00:00", "2024-05-01T10:00:01"]),
            "cluster_id": chance.choice([None, 1, 2, 3]),
        }
        for number in sorted(chance.sample(range(1, 120), 40))
    ]
    return build_world({"subscriber": rows}, options=options, **settings)


def build_types(seed: int, options: SandboxOptions, **settings: Any) -> World:
    """Thirty event types."""
    chance = random.Random(seed)  # noqa: S311 - the same ones every time
    rows = [
        {
            "ref": f"t{number:02}",
            "name": chance.choice([None, "a", "b", "null"]),
            "priority": chance.choice([None, 1, 2]),
        }
        for number in range(30)
    ]
    return build_world({"event": rows}, options=options, **settings)


PEOPLE = Kind(SliceQuery(SUBSCRIBER), build_people, ORDERS, PEOPLE_DAMAGE, lambda record: int(record.id))
EVENTS = Kind(
    SliceQuery(Entity.FEED_EVENT, feed=FEED),
    lambda seed, options, **settings: build_event_world(seed, 60, options, **settings),
    EVENT_ORDERS,
    EVENT_DAMAGE,
    lambda record: record.key,
)
TYPES = Kind(SliceQuery(Entity.EVENT_TYPE), build_types, TYPE_ORDERS, TYPE_DAMAGE, lambda record: record.id)


async def read_all(world: World, query: SliceQuery, size: int) -> list[Slice]:
    """Read a line to its end, slice by slice."""
    slices: list[Slice] = []
    while not slices or not slices[-1].end:
        after = slices[-1].positions[-1] if slices else None
        slices.append(await world.read(replace(query, after=after, limit=size)))
        assert len(slices) <= 200, "the line never ended"
    return slices


def records_of(slices: Sequence[Slice]) -> list[Any]:
    """The rows of a whole line."""
    return [record for each in slices for record in each.records]


def id_of(record: Any) -> Any:
    """What a fault's `only` knows a row by."""
    return record.id if isinstance(record.id, str) and not record.id.isdigit() else int(record.id)


async def check(kind: Kind, case: int) -> None:
    """Read a random line without and with unreadable rows: the sound ones must be the same, in the same order."""
    chance = random.Random(case)  # noqa: S311 - a case is its number
    options, settings = chance.choice(SERVERS)
    world = kind.build(case % 7, options, **settings)
    order = chance.choice(kind.orders)
    query = replace(kind.query, order=order.reversed() if chance.random() < 0.5 else order)
    size = chance.choice([1, 2, 3, 7, 25])
    whole = records_of(await read_all(world, query, 25))
    struck = chance.sample(whole, chance.choice([1, 1, 2, 3]))
    faults = [replace(chance.choice(kind.damage), only=(id_of(record),)) for record in struck]
    world.sandbox.faults.add(*faults)
    bad = {id_of(record) for record in struck}

    slices = await read_all(world, query, size)

    shown = [kind.keys(record) for record in records_of(slices)]
    expected = [kind.keys(record) for record in whole if id_of(record) not in bad]
    assert [key for key in shown if key in expected] == expected
    assert len(shown) == len(set(shown))
    # damage to a field that one kind of event has not leaves that event sound
    spared = {id_of(record) for record in records_of(slices)} & bad
    assert not spared or kind is EVENTS
    gaps = [gap for each in slices for gap in each.gaps]
    assert {gap.error.reason for gap in gaps} <= {"RECORD_UNREADABLE"}
    told = " ".join(gap.error.message for gap in gaps)
    for fault in faults:
        name = "a record in which" if fault.field in {"id", "ref", "type"} else f" {fault.only[0]}"
        assert name in told or fault.only[0] in spared
    assert all(0 <= gap.place <= len(each.records) for each in slices for gap in each.gaps)


@pytest.mark.parametrize("kind", [PEOPLE, EVENTS, TYPES], ids=["people", "events", "event types"])
async def test_sound_rows_are_all_shown_in_order(kind: Kind) -> None:
    """A row that is skipped, repeated or out of order because another one cannot be read is worse than an error."""
    for case in range(25):
        try:
            await check(kind, case)
        except BaseException as error:
            error.add_note(f"case {case}")
            raise


async def check_nulls(case: int) -> None:
    """
    Read a random line in which rows print no value where the server has one: in another order they are sound, in the
    order of that value they stand where nothing is, or are told.
    """
    chance = random.Random(case)  # noqa: S311 - a case is its number
    options, settings = chance.choice(SERVERS)
    world = build_people(case % 7, options, **settings)
    order = chance.choice(ORDERS)
    query = replace(PEOPLE.query, order=order.reversed() if chance.random() < 0.5 else order)
    whole = records_of(await read_all(world, query, 25))
    struck = chance.sample(whole, chance.choice([1, 1, 2, 3]))
    world.sandbox.faults.add(*(replace(chance.choice(PEOPLE_NULLS), only=(id_of(record),)) for record in struck))
    bad = {id_of(record) for record in struck}

    slices = await read_all(world, query, chance.choice([1, 2, 3, 7, 25]))

    shown = [id_of(record) for record in records_of(slices)]
    assert [each for each in shown if each not in bad] == [id_of(each) for each in whole if id_of(each) not in bad]
    assert len(shown) == len(set(shown))
    told = " ".join(gap.error.message for each in slices for gap in each.gaps)
    assert [each for each in bad if each not in shown and f" {each}, in which" not in told] == []


async def test_a_row_that_lost_its_value_costs_itself_alone() -> None:
    """A whole page would fail for one row whose value is wrongly null, or rows behind it never be read."""
    for case in range(150):
        try:
            await check_nulls(case)
        except BaseException as error:
            error.add_note(f"case {case}")
            raise


async def test_a_page_without_a_single_value_is_still_refused() -> None:
    """A server that ignores the place a page goes on from would be taken for one that forgets values."""
    world = people(count=40)
    query = SliceQuery(SUBSCRIBER, order=Order("email"), limit=5)
    first = await world.read(query)
    world.sandbox.faults.add(Fault("retyped_field", field="email", value=None))

    with pytest.raises(VendorContractError) as caught:
        await world.read(replace(query, after=first.positions[-1]))

    assert caught.value.reason == "BOUND_IGNORED"


def people(*bad: int, count: int = 60, field: str = "dob", **settings: Any) -> World:
    """People 1 to `count`, of whom some cannot be read."""
    rows = [{"id": number, "email": f"p{number:03}@example.com", "state": "VIC"} for number in range(1, count + 1)]
    world = build_world({"subscriber": rows}, **settings)
    if bad:
        world.sandbox.faults.add(Fault("retyped_field", field=field, value=[], only=bad))
    return world


def ids(found: Slice) -> list[int]:
    """The ids of a slice."""
    return [int(record.id) for record in found.records]


@pytest.mark.parametrize("field", ["dob", "id"])
@pytest.mark.parametrize("order", [Order(), Order("email")], ids=str)
async def test_a_gap_costs_no_call(order: Order, field: str) -> None:
    """A row fewer is still a page, and what follows it is asked for with what follows."""
    world = people(3, field=field)

    found = await world.read(SliceQuery(SUBSCRIBER, order=order, limit=5))

    assert ids(found) == [1, 2, 4, 5]
    assert [gap.place for gap in found.gaps] == [2]
    assert world.calls == 1


@pytest.mark.parametrize("field", ["dob", "id"])
@pytest.mark.parametrize("order", [Order(), Order("email")], ids=str)
async def test_a_run_of_gaps_is_looked_past(order: Order, field: str) -> None:
    """A page of one row before thirty bad ones must not be the last page of all."""
    world = people(*range(2, 32), field=field)
    query = SliceQuery(SUBSCRIBER, order=order, limit=1)

    first = await world.read(query)
    second = await world.read(replace(query, after=first.positions[-1]))

    assert (ids(first), ids(second)) == ([1], [32])
    assert first.gaps == ()
    assert {gap.place for gap in second.gaps} == {0}
    assert world.calls <= 5


async def test_a_gap_past_the_last_row_is_the_next_slices() -> None:
    """A page all of whose rows are there lacks nothing."""
    world = people(4)

    first = await world.read(SliceQuery(SUBSCRIBER, limit=3))
    second = await world.read(SliceQuery(SUBSCRIBER, after=first.positions[-1], limit=3))

    assert (ids(first), first.gaps) == ([1, 2, 3], ())
    assert (ids(second), [gap.place for gap in second.gaps]) == ([5, 6], [0])


async def test_a_vendor_whose_records_all_cannot_be_read_is_given_up() -> None:
    """A renamed field strikes every row; reading them all to find a sound one would hammer the vendor."""
    world = people(*range(1, 1001), count=1000)

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(SUBSCRIBER, limit=25))

    assert caught.value.reason == "RECORD_UNREADABLE"
    assert world.calls == 2


@pytest.mark.parametrize("order", [Order(), Order("email"), Order("state")], ids=str)
async def test_a_vendor_without_any_id_is_no_loop(order: Order) -> None:
    """Nothing says where to go on."""
    world = people(*range(1, 1001), count=1000, field="id")

    with pytest.raises(VendorContractError) as caught:
        await world.read(SliceQuery(SUBSCRIBER, order=order, limit=25))

    assert caught.value.reason == "RECORD_UNREADABLE"
    assert world.calls <= 3


async def test_unreadable_records_are_counted_by_field() -> None:
    """An operator learns from the count that the vendor changed something, and what."""
    world, spent = people(2, 5), scope()
    world.sandbox.faults.add(Fault("missing_field", field="id", only=(7,)))

    await world.adapter.fetch_slice(SliceQuery(SUBSCRIBER, limit=10), spent)

    assert spent.calls[0].unreadable == {("subscriber", "dob"): 2, ("subscriber", "id"): 1}


async def check_children(case: int) -> None:
    """Read the children of many parents, some of them unreadable: each parent has the beginning of its sound ones."""
    chance = random.Random(case)  # noqa: S311 - a case is its number
    options, settings = chance.choice(SERVERS)
    rows = [{"id": number, "campaign_id": chance.choice([1, 2, 3, 5, 9])} for number in range(1, 50)]
    world = build_world({"subscriber": rows}, options=options, **settings)
    bad = chance.sample(range(1, 50), chance.choice([1, 2, 5]))
    for number in bad:
        fault = Fault("retyped_field", field=chance.choice(["id", "dob", "campaign_id"]), value=[1], only=(number,))
        world.sandbox.faults.add(fault)
    limit = chance.choice([1, 2, 5, 30])
    parents = ("1", "2", "3", "5", "7")
    query = ChildrenQuery(SUBSCRIBER, "campaign_id", parents, limit=limit)

    found = await world.adapter.fetch_children(query, scope())

    for parent in parents:
        own = [row["id"] for row in rows if str(row["campaign_id"]) == parent]
        sound, page = [number for number in own if number not in bad], found[parent]
        assert isinstance(page, Slice)
        assert ids(page) == sound[: len(page.records)]
        assert len(page.records) <= limit
        assert page.records or page.end
        assert not page.end or (ids(page) == sound and bool(page.gaps) == (own != sound))


async def test_every_parent_has_its_sound_children() -> None:
    """A child that cannot be read is nobody else's, whatever of it is unreadable, also whose it is."""
    for case in range(400):
        try:
            await check_children(case)
        except BaseException as error:
            error.add_note(f"case {case}")
            raise


async def test_types_are_found_beside_one_without_a_reference() -> None:
    """Known by a text, they share a call; the one that cannot be told is asked for by itself."""
    world = build_world({"event": [{"ref": ref, "name": ref} for ref in ("s", "o", "c")]})
    world.sandbox.faults.add(Fault("retyped_field", field="ref", value=[], only=("o",)))

    found = await world.adapter.fetch_by_ids(
        Entity.EVENT_TYPE, ["s", "o", "c", "x"], scope(), parts=frozenset(), purpose=""
    )

    assert isinstance(found["o"], VendorContractError)
    assert [getattr(found[key], "id", None) for key in ("s", "c", "x")] == ["s", "c", None]
    assert found["x"] is None
