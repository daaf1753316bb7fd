"""
Pages of every kind of record that can be listed: they end, hold each row once, and stand in the order asked for.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from adapters.contract import SliceQuery
from adapters.errors import CursorError
from adapters.filters.bind import bind
from adapters.filters.capability import Support
from adapters.filters.evaluate import build_predicate
from adapters.filters.fields import Kind
from adapters.filters.order import Order, Position
from adapters.filters.tree import EVERYTHING, And, Filter, Op
from adapters.records import Entity, Record
from resolvers.order_keys import build_id_key
from tests.contract.accounts import LISTED, VENDORS, Account, build_scope, keys_of, list_tables, read_slices
from tests.contract.gaps import mark_gaps
from tests.contract.operands import build_leaves, find_spec, read_values

SIZES: Final = (1, 3, 50)
MOST_SLICES: Final = 25
FEW_ROWS: Final = 600
ORDERED: Final = [
    (vendor, entity, name, way)
    for vendor in VENDORS
    for entity, able in list_tables(vendor).items()
    for name, known in able.fields.items()
    if known.sortable
    for way in ("ascending", "descending")
]
SIZED: Final = [(vendor, entity, size) for vendor, entity in LISTED for size in SIZES]

_NARROWED: dict[tuple[str, Entity], tuple[Filter, Sequence[Record]]] = {}


@pytest.mark.parametrize(("vendor", "entity", "size"), mark_gaps("test_pages_of_any_size_are_the_list", SIZED))
async def test_pages_of_any_size_are_the_list(account: Account, entity: Entity, size: int):
    """A row would stand on two pages or on none, depending on how many fit."""
    rows = await account.fetch_rows(entity)
    query = SliceQuery(entity, limit=size, feed=await account.find_feed(entity))

    slices = await read_slices(account, query, most=MOST_SLICES)

    found = [record for each in slices for record in each.records]
    assert all(len(each.records) <= size for each in slices)
    assert keys_of(found) == keys_of(rows)[: len(found)]
    assert len(found) == len(rows) or not slices[-1].end
    assert len(found) >= min(len(rows), MOST_SLICES * size // 2)


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_a_list_holds_each_row_once", LISTED))
async def test_a_list_holds_each_row_once(account: Account, entity: Entity):
    """Somebody would be counted, or written to, twice."""
    keys = keys_of(await account.fetch_rows(entity))

    assert len(keys) > 1
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_a_list_is_the_same_twice", LISTED))
async def test_a_list_is_the_same_twice(account: Account, entity: Entity):
    """A list in another order at each reading could not be paged."""
    rows = await account.fetch_rows(entity)
    query = SliceQuery(entity, limit=account.table(entity).max_page, feed=await account.find_feed(entity))

    (again,) = await read_slices(account, query, most=1)

    assert list(again.records) == list(rows[: len(again.records)])


@pytest.mark.parametrize(
    ("vendor", "entity", "name", "way"), mark_gaps("test_rows_stand_in_the_order_asked_for", ORDERED)
)
async def test_rows_stand_in_the_order_asked_for(account: Account, entity: Entity, name: str, way: str):
    """An order that the vendor does not keep shows other people on the first page."""
    rows = await account.fetch_rows(entity)

    await _check_order(account, entity, Order(name, descending=way == "descending"), EVERYTHING, rows)


@pytest.mark.parametrize(("vendor", "entity", "name", "way"), mark_gaps("test_narrowed_rows_stand_in_order", ORDERED))
async def test_narrowed_rows_stand_in_order(account: Account, entity: Entity, name: str, way: str):
    """A list in order would lose its order, or rows, as soon as it is filtered."""
    pushed, rows = await _narrow(account, entity)

    await _check_order(account, entity, Order(name, descending=way == "descending"), pushed, rows)


async def _narrow(account: Account, entity: Entity) -> tuple[Filter, Sequence[Record]]:
    """Return the vendor's own narrowing that most rows pass, and those, found once for all tests."""
    key = (account.vendor, entity)
    if key not in _NARROWED:
        _NARROWED[key] = await _find_narrowing(account, entity)
    return _NARROWED[key]


async def _find_narrowing(account: Account, entity: Entity) -> tuple[Filter, Sequence[Record]]:
    """Build the vendor's own narrowing that most rows pass, and return those; all rows where it has none."""
    rows, fields = await account.fetch_rows(entity), account.fields(entity)
    best: tuple[Filter, Sequence[Record]] = (EVERYTHING, rows if len(rows) < FEW_ROWS else ())
    for name, known in account.table(entity).fields.items():
        line, values = known.operators.get(Op.EQ), list(read_values(rows, fields, name))
        if line is None or line.support is not Support.EXACT or len(set(values)) in {0, len(rows)}:
            continue
        spec = find_spec(fields, name)
        for leaf in build_leaves(name, spec, Op.EQ, values):
            matches = build_predicate(bind(leaf, fields), fields)
            found = [row for row in rows if matches(row)]
            if len(best[1]) < len(found) < FEW_ROWS or best[0] == EVERYTHING:
                best = (And((leaf,)), found)
    return best


async def _check_order(account: Account, entity: Entity, order: Order, pushed: Filter, rows: Sequence[Record]) -> None:
    query = SliceQuery(entity, pushed, order, limit=37, feed=await account.find_feed(entity))

    slices = await read_slices(account, query, most=6)

    found = [record for each in slices for record in each.records]
    values = [_read(row, order.field) for row in found]
    assert len(set(keys_of(found))) == len(found)
    assert set(keys_of(found)) <= set(keys_of(rows))
    assert _stand_in_order(values, _find_rank(account.fields(entity)[order.field].kind), order)
    if slices[-1].end:
        assert len(found) == len(rows)
    else:
        assert _are_first(values, [_read(row, order.field) for row in rows], order)


def _read(row: Record, name: str) -> Any:
    word, _, attribute = name.rpartition(".")
    return getattr(row.extension if word else row, attribute, None)


def _find_rank(kind: Kind) -> Callable[[Any], Any] | None:
    """Return how values of a kind stand; texts as their vendor's collation has it, which nobody knows."""
    if kind is Kind.ID:
        return build_id_key
    return None if kind is Kind.TEXT else lambda value: value


def _stand_in_order(values: Sequence[Any], rank: Callable[[Any], Any] | None, order: Order) -> bool:
    """Say whether values stand in order, missing ones last, or the exact reverse of that; of texts, equal together."""
    upward = list(reversed(values)) if order.descending else list(values)
    missing = [value is None for value in upward]
    told = [value for value in upward if value is not None]
    if missing != sorted(missing):
        return False
    if rank is None:
        return _stand_together(told)
    return told == sorted(told, key=rank)


def _stand_together(texts: Sequence[str]) -> bool:
    """Say whether equal texts stand side by side, and plain words by their first letter."""
    runs = [text for place, text in enumerate(texts) if not place or text != texts[place - 1]]
    plain = [text[0] for text in texts if text[:1].isascii() and text[:1].isalpha()]
    return len(runs) == len(set(runs)) and plain in (sorted(plain), sorted(plain, key=str.lower))


def _are_first(values: Sequence[Any], every: Sequence[Any], order: Order) -> bool:
    """Say whether the first rows of a long line are as full, or as empty, as the whole line lets them be."""
    told = sum(value is not None for value in every)
    here = sum(value is not None for value in values)
    return here == (max(0, len(values) - (len(every) - told)) if order.descending else min(len(values), told))


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_a_total_is_the_vendors_own_count", LISTED))
async def test_a_total_is_the_vendors_own_count(account: Account, entity: Entity):
    """A count nobody made would be shown, or a count that was asked for would be missing."""
    rows = await account.fetch_rows(entity)

    assert await _fetch_total(account, entity, EVERYTHING) == (len(rows) if account.table(entity).counts else None)


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_a_total_of_narrowed_rows_is_theirs", LISTED))
async def test_a_total_of_narrowed_rows_is_theirs(account: Account, entity: Entity):
    """The whole account's count would be shown for a part of it."""
    pushed, rows = await _narrow(account, entity)

    total = await _fetch_total(account, entity, pushed)

    assert total == (len(rows) if account.table(entity).counts else None)


async def _fetch_total(account: Account, entity: Entity, pushed: Filter) -> int | None:
    counts, feed = account.table(entity).counts, await account.find_feed(entity)
    (first,) = await read_slices(account, SliceQuery(entity, pushed, limit=2, count=counts, feed=feed), most=1)
    return first.total


@pytest.mark.parametrize("parts", [("x",), ("../1", "1"), (-1, -1), (True, False, None), (10**30, "1"), ()], ids=repr)
@pytest.mark.parametrize(("vendor", "entity"), LISTED, ids=str)
async def test_a_place_that_was_made_up_is_refused_or_harmless(account: Account, entity: Entity, parts: Any):
    """A cursor written by hand would fail as our own mistake, or bring rows that are not the list's."""
    rows = await account.fetch_rows(entity)
    query = SliceQuery(entity, after=Position(parts), limit=5, feed=await account.find_feed(entity))

    try:
        found = await account.source.adapter.fetch_slice(query, build_scope())
    except CursorError:
        return

    assert set(keys_of(found.records)) <= set(keys_of(rows))


@pytest.mark.parametrize(("vendor", "entity"), LISTED, ids=str)
async def test_the_plan_of_a_page_is_its_first_call(account: Account, entity: Entity):
    """What `explain` shows would not be what is sent."""
    query = SliceQuery(entity, limit=3, feed=await account.find_feed(entity))
    planned = account.source.adapter.plan_slice(query)
    scope = build_scope()

    await account.source.adapter.fetch_slice(query, scope)

    asked = [call for call in scope.calls if call.operation == planned.operation]
    assert (planned.method, planned.url) in {(call.method, call.url) for call in asked}


@pytest.mark.parametrize(("vendor", "entity"), LISTED, ids=str)
def test_an_order_without_ids_has_one_branch(vendor: str, entity: Entity):
    """Branches are merged by id: where rows do not stand by id, merging would shuffle them."""
    able = list_tables(vendor)[entity]
    known = able.fields.get("id")

    assert (known is not None and known.sortable) or able.max_branches == 1


def test_orders_are_judged():
    """The judge of orders would let anything pass."""
    instant = datetime(2024, 5, 1, tzinfo=UTC)
    rank = _find_rank(Kind.TIME)

    assert _stand_in_order([instant, None], rank, Order("x"))
    assert not _stand_in_order([None, instant], rank, Order("x"))
    assert _stand_in_order([None, instant], rank, Order("x", descending=True))
    assert not _stand_in_order(["a", "b", "a"], None, Order("x"))
    assert not _are_first([None], [None, "a"], Order("x"))
