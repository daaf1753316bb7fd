"""Writes with thousands of items, entered and ended a part at a time."""

from typing import Any

from sqlalchemy import event

from adapters.ledger import ItemEntry, ItemState, NewEntry
from adapters.ledger.database import ROWS_AT_ONCE
from adapters.ledger.store import Store
from tests.adapters.ledger.conftest import Open

COUNT = 2 * ROWS_AT_ONCE + 1


def _build_entry() -> NewEntry:
    return NewEntry(
        tenant="t",
        principal="p",
        mutation="m",
        source="s",
        key="k",
        input_hash="h",
        command={},
        items=[{"place": place} for place in range(COUNT)],
        item_people=[frozenset({f"person {place}"}) for place in range(COUNT)],
    )


def _build_end(place: int) -> ItemEntry:
    return ItemEntry(place=place, state=ItemState.DONE, outcome="APPLIED", input={}, vendor_id=None, error=None)


def _count_rows(store: Store) -> list[int]:
    """Keep how many rows each statement is executed with."""
    counts: list[int] = []

    def note(*given: Any) -> None:
        _connection, _cursor, _statement, parameters, _context, many = given
        counts.append(len(parameters) if many else 1)

    event.listen(store._engine.sync_engine, "before_cursor_execute", note)
    return counts


async def test_no_more_rows_than_others_can_wait_for_are_written_in_one_go(open_store: Open) -> None:
    """Broken, ten thousand items would be turned into parameters while nobody else is served."""
    store = await open_store()
    counts = _count_rows(store)
    begun = await store.begin(_build_entry())
    await store.note_done(begun.entry.id, "", {}, [_build_end(place) for place in range(COUNT)])
    known = await store.fetch(begun.entry.id)

    assert known is not None
    assert (known.items, known.counts) == (COUNT, {"APPLIED": COUNT})
    assert max(counts) == ROWS_AT_ONCE
    assert counts.count(ROWS_AT_ONCE) == 6
