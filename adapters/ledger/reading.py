"""Finding writes, their items and what vendors told of them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from adapters.ledger.claiming import build_id
from adapters.ledger.database import Transaction
from adapters.ledger.entries import Entry, EntryFilter, ItemEntry, WebhookEvent
from adapters.ledger.models import EVENTS, ITEMS, KNOWN_BY, PEOPLE, WHOLE, WRITES
from adapters.ledger.rows import digest_word, read_entries, to_event, to_item
from adapters.ledger.sending import OPEN


async def fetch(tx: Transaction, id_: str) -> Entry | None:
    """Return a write, or None."""
    found = await read_entries(tx, await tx.all(select(WRITES).where(WRITES.c.id == id_)))
    return found[0] if found else None


async def fetch_page(tx: Transaction, which: EntryFilter, *, after: str | None, limit: int) -> tuple[list[Entry], bool]:
    """Return the newest writes first."""
    statement = select(WRITES).where(*_list_conditions(which)).order_by(WRITES.c.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(WRITES.c.id < after)
    rows = await tx.all(statement)
    return await read_entries(tx, rows[:limit]), len(rows) > limit


def _list_conditions(which: EntryFilter) -> Iterator[ColumnElement[bool]]:
    if which.principal is not None:
        yield WRITES.c.principal == which.principal
    choices = (
        (WRITES.c.mutation, which.mutations),
        (WRITES.c.source, which.sources),
        (WRITES.c.outcome, which.outcomes),
        (WRITES.c.state, None if which.states is None else [state.value for state in which.states]),
    )
    for column, values in choices:
        if values is not None:
            yield column.in_(values)
    if which.since is not None:
        yield WRITES.c.created_at >= which.since
    if which.until is not None:
        yield WRITES.c.created_at < which.until


async def count(tx: Transaction, which: EntryFilter) -> int:
    """Return how many writes there are."""
    return await _count(tx, select(func.count().label("count")).select_from(WRITES).where(*_list_conditions(which)))


async def _count(tx: Transaction, statement: Select[tuple[int]]) -> int:
    (row,) = await tx.all(statement)
    number: int = row["count"]
    return number


async def fetch_items(tx: Transaction, id_: str, *, after: int, limit: int) -> tuple[list[ItemEntry], bool]:
    """Return items after a place, in order."""
    where = ITEMS.c.write_id == id_, ITEMS.c.place > after
    rows = await tx.all(select(ITEMS).where(*where).order_by(ITEMS.c.place).limit(limit + 1))
    return [to_item(row) for row in rows[:limit]], len(rows) > limit


async def fetch_known_by(tx: Transaction, source: str, name: str, value: str, *, limit: int) -> list[Entry]:
    """Return the newest writes that a vendor knows by a word."""
    known = KNOWN_BY.c.digest == digest_word(source, name, value)
    statement = select(WRITES).join(KNOWN_BY, KNOWN_BY.c.write_id == WRITES.c.id).where(known)
    return await read_entries(tx, await tx.all(statement.order_by(WRITES.c.id.desc()).limit(limit)))


async def fetch_open_about(
    tx: Transaction, source: str, people: Collection[str], told_at: datetime, *, limit: int
) -> list[tuple[Entry, tuple[int, ...]]]:
    """Return the newest writes about people whose end was not known at a moment, with the places of their items."""
    about = select(PEOPLE.c.write_id).where(PEOPLE.c.digest.in_(people))
    was_open = or_(WRITES.c.outcome.is_(None), WRITES.c.outcome.in_(OPEN), WRITES.c.updated_at > told_at)
    which = WRITES.c.source == source, WRITES.c.created_at <= told_at, was_open, WRITES.c.id.in_(about)
    entries = await read_entries(
        tx, await tx.all(select(WRITES).where(*which).order_by(WRITES.c.id.desc()).limit(limit))
    )
    return [(entry, await _list_places(tx, entry, people)) for entry in entries]


async def _list_places(tx: Transaction, entry: Entry, people: Collection[str]) -> tuple[int, ...]:
    which = PEOPLE.c.write_id == entry.id, PEOPLE.c.digest.in_(people), PEOPLE.c.place != WHOLE
    return tuple(sorted({row["place"] for row in await tx.all(select(PEOPLE.c.place).where(*which))}))


async def store_event(tx: Transaction, source: str, digest: str, payload: object) -> tuple[WebhookEvent, bool]:
    """Keep an event, or return it as it was kept before."""
    (kept,) = await store_events(tx, source, [(digest, payload)])
    return kept


async def store_events(
    tx: Transaction, source: str, events: Sequence[tuple[str, object]]
) -> list[tuple[WebhookEvent, bool]]:
    """Keep events, or return them as they were kept before; all who keep the same go in one order, so none is stuck."""
    if not events:
        return []
    rows = [
        {"id": build_id(), "source": source, "digest": digest, "payload": payload, "received_at": tx.now}
        for digest, payload in dict(events).items()
    ]
    rows.sort(key=itemgetter("digest"))
    statement = tx.insert(EVENTS).values(rows).on_conflict_do_nothing(index_elements=["source", "digest"])
    new = {row["digest"] for row in await tx.all(statement.returning(EVENTS.c.digest))}
    asked = select(EVENTS).where(EVENTS.c.source == source, EVENTS.c.digest.in_([row["digest"] for row in rows]))
    kept = {row["digest"]: to_event(row) for row in await tx.all(asked)}
    return [(kept[digest], digest in new) for digest, _ in events]


async def match_event(tx: Transaction, id_: str, operation: str) -> None:
    """Enter which write an event is about."""
    await tx.change(update(EVENTS).where(EVENTS.c.id == id_).values(write_id=operation))


async def list_events(
    tx: Transaction, sources: list[str], *, unmatched: bool, after: str | None, limit: int
) -> tuple[list[WebhookEvent], bool]:
    """Return events of sources, the newest first."""
    conditions = _list_event_conditions(sources, unmatched=unmatched)
    statement = select(EVENTS).where(*conditions).order_by(EVENTS.c.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(EVENTS.c.id < after)
    rows = await tx.all(statement)
    return [to_event(row) for row in rows[:limit]], len(rows) > limit


async def count_events(tx: Transaction, sources: list[str], *, unmatched: bool) -> int:
    """Return how many events of sources there are."""
    conditions = _list_event_conditions(sources, unmatched=unmatched)
    return await _count(tx, select(func.count().label("count")).select_from(EVENTS).where(*conditions))


def _list_event_conditions(sources: list[str], *, unmatched: bool) -> Iterator[ColumnElement[bool]]:
    yield EVENTS.c.source.in_(sources)
    if unmatched:
        yield EVENTS.c.write_id.is_(None)
