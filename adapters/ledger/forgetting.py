"""What the ledger forgets: people who are to be erased, and what has become old."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, delete, exists, or_, select, update

from adapters.ledger.database import Transaction
from adapters.ledger.entries import ERASED, NOWHERE, ItemState, State
from adapters.ledger.models import EVENTS, ITEMS, KNOWN_BY, PEOPLE, TURNS, WHOLE, WRITES
from adapters.ledger.protocol import IsAbout

_KEPT: Final = ("kind", "source")
"""What is kept of the command of a write whose people are erased."""

_AN_HOUR_S: Final = 3600.0

_EVENTS_AT_ONCE: Final = 500


async def erase_people(
    tx: Transaction,
    people: Sequence[str],
    *,
    shared: Sequence[str] = (),
    sources: Sequence[str] | None = None,
    kept: Sequence[str] = (),
    is_about: IsAbout | None = None,
) -> int:
    """Forget everything about people but that something was written, and that vendors told something."""
    rows = await tx.all(_find_writes(people, shared, sources, kept))
    ids = sorted({row["write_id"] for row in rows})
    whole = {row["write_id"] for row in rows if row["place"] == WHOLE}
    for id_ in ids:
        places = {row["place"] for row in rows if row["write_id"] == id_} - {WHOLE}
        await _erase_items(tx, id_, places)
        await _erase_write(tx, id_, whole=id_ in whole)
    return len(ids) + await _erase_events(tx, sources, is_about)


def _find_writes(
    people: Sequence[str], shared: Sequence[str], sources: Sequence[str] | None, kept: Sequence[str]
) -> Select[Any]:
    """Find what is about people; what tells of them only something shared is theirs where it names nobody else."""
    beside = PEOPLE.alias()
    others = exists().where(
        beside.c.write_id == PEOPLE.c.write_id,
        beside.c.place == PEOPLE.c.place,
        beside.c.digest.not_in([*people, *shared]),
    )
    about = or_(PEOPLE.c.digest.in_(people), and_(PEOPLE.c.digest.in_(shared), ~others))
    found = select(PEOPLE.c.write_id, PEOPLE.c.place).where(about, PEOPLE.c.write_id.not_in(kept))
    if sources is None:
        return found
    return found.join(WRITES, WRITES.c.id == PEOPLE.c.write_id).where(WRITES.c.source.in_([*sources, NOWHERE]))


async def _erase_events(tx: Transaction, sources: Sequence[str] | None, is_about: IsAbout | None) -> int:
    """Forget what vendors told about people; what they told is theirs, so each payload is looked into."""
    if is_about is None:
        return 0
    asked = select(EVENTS.c.id, EVENTS.c.source, EVENTS.c.payload).order_by(EVENTS.c.id).limit(_EVENTS_AT_ONCE)
    if sources is not None:
        asked = asked.where(EVENTS.c.source.in_(sources))
    erased, after = 0, ""
    while rows := await tx.all(asked.where(EVENTS.c.id > after)):
        after = rows[-1]["id"]
        about = [row["id"] for row in rows if row["payload"] and is_about(row["source"], row["payload"])]
        if about:
            erased += await tx.change(update(EVENTS).where(EVENTS.c.id.in_(about)).values(payload={}))
    return erased


async def _erase_items(tx: Transaction, id_: str, places: Iterable[int]) -> None:
    waiting = ITEMS.c.state == ItemState.WAITING.value
    changes: dict[Any, Any] = {
        ITEMS.c.input: {},
        ITEMS.c.error: None,
        ITEMS.c.vendor_id: None,
        ITEMS.c.outcome: case((waiting, "SKIPPED"), else_=ITEMS.c.outcome),
        ITEMS.c.state: case((waiting, ItemState.DONE.value), else_=ITEMS.c.state),
    }
    one = ITEMS.c.write_id == id_, ITEMS.c.place == bindparam("at")
    await tx.change(update(ITEMS).where(*one).values(changes), [{"at": place} for place in sorted(places)])
    gone = PEOPLE.c.write_id == id_, PEOPLE.c.place == bindparam("at")
    await tx.change(delete(PEOPLE).where(*gone), [{"at": place} for place in sorted(places)])


async def _erase_write(tx: Transaction, id_: str, *, whole: bool) -> None:
    """
    Forget what a write answered and the digest of its input, out of which somebody might be guessed; and where it was
    about a person as a whole, what it said, is known by and is to be looked at.

    Its key may name the person and is forgotten too; the claim, a digest, still keeps the write from being done again.
    """
    row = await tx.one(select(WRITES.c.command).where(WRITES.c.id == id_).with_for_update())
    if row is None:
        return
    changes: dict[str, Any] = {"result": {}, "input_hash": ""}
    if whole:
        command = {name: value for name, value in row["command"].items() if name in _KEPT}
        changes |= {"command": {**command, ERASED: True}, "known_by": {}, "key": "", "to_check": None}
        await tx.change(delete(PEOPLE).where(PEOPLE.c.write_id == id_, PEOPLE.c.place == WHOLE))
        await tx.change(delete(KNOWN_BY).where(KNOWN_BY.c.write_id == id_))
    await tx.change(update(WRITES).where(WRITES.c.id == id_).values(**changes))
    await tx.change(update(EVENTS).where(EVENTS.c.write_id == id_).values(payload={}))


async def purge(tx: Transaction, older_than_h: float) -> int:
    """Delete finished writes and events that are older, and turns whose holder has gone."""
    before = tx.after(-older_than_h * _AN_HOUR_S)
    await tx.change(delete(TURNS).where(TURNS.c.lease_until < tx.now))
    old = WRITES.c.state == State.DONE.value, WRITES.c.updated_at < before
    purged = await tx.change(delete(WRITES).where(*old))
    return purged + await tx.change(delete(EVENTS).where(EVENTS.c.received_at < before))
