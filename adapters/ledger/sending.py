"""What becomes of writes under way, told by the process that carries them out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, bindparam, case, literal, or_, select, update

from adapters.errors import LeaseLostError, LedgerError
from adapters.ledger.database import Transaction
from adapters.ledger.entries import ERASED, Entry, ItemEntry, ItemState, State, is_erased
from adapters.ledger.models import ITEMS, KNOWN_BY, PEOPLE, WHOLE, WRITES
from adapters.ledger.protocol import RECORD_BUSY, HeldTurn
from adapters.ledger.rows import digest_word, read_entries, to_item
from adapters.ledger.turns import renew_turn

UNKNOWN: Final = "UNKNOWN"
OPEN: Final = (UNKNOWN, "ACCEPTED")
"""Outcomes after which more may become known."""

ITEM_ERASED: Final = "ITEM_ERASED"
"""Why a step may not be sent: somebody it is about was erased meanwhile."""

_AGAIN: Final = "Send the mutation again."


def _is_ours(tx: Transaction, id_: str) -> ColumnElement[bool]:
    """Select a write under way that is ours: even one whose lease has run out, while nobody has taken it over."""
    return (WRITES.c.id == id_) & (WRITES.c.owner == tx.owner) & (WRITES.c.state != State.DONE.value)


def _lost() -> LeaseLostError:
    return LeaseLostError("Another process has taken this write over.", reason="LEASE_LOST")


async def note_sending(
    tx: Transaction, id_: str, step: str, places: Sequence[int] = (), *, turn: HeldTurn | None = None
) -> None:
    """Enter that a step's bytes are about to leave, where they still may."""
    if turn is not None and not await renew_turn(tx, *turn):
        raise LedgerError("The turn to write over this record is another's.", reason=RECORD_BUSY, hint=_AGAIN)
    if places and await _names_erased(tx, id_, places):
        raise LedgerError("Somebody among these people is erased.", reason=ITEM_ERASED, hint=_AGAIN)
    changes = {"state": State.SENT.value, "step": step, "lease_until": tx.after(tx.lease_s), "updated_at": tx.now}
    if not await tx.change(update(WRITES).where(_is_ours(tx, id_)).values(**changes)):
        raise _lost()
    await tx.change(
        update(ITEMS)
        .where(ITEMS.c.write_id == id_, ITEMS.c.place == bindparam("at"), ITEMS.c.state == ItemState.WAITING.value)
        .values(state=ItemState.SENT.value),
        [{"at": place} for place in places],
    )


async def _names_erased(tx: Transaction, id_: str, places: Sequence[int]) -> bool:
    """Say whether somebody was erased who was waiting until then: the ledger says that they are skipped."""
    within = ITEMS.c.write_id == id_, ITEMS.c.place.between(min(places), max(places))
    skipped = ITEMS.c.state == ItemState.DONE.value, ITEMS.c.input == literal({}, ITEMS.c.input.type)
    return not {row["place"] for row in await tx.all(select(ITEMS.c.place).where(*within, *skipped))}.isdisjoint(places)


async def renew(tx: Transaction, id_: str) -> bool:
    """Renew our lease."""
    return bool(await tx.change(update(WRITES).where(_is_ours(tx, id_)).values(lease_until=tx.after(tx.lease_s))))


async def note_done(
    tx: Transaction, id_: str, step: str, known_by: Mapping[str, str], items: Sequence[ItemEntry] = ()
) -> None:
    """Enter what a step brought; it is known even where the lease was lost meanwhile."""
    del step
    await note_known_by(tx, id_, known_by)
    await change_items(tx, id_, items)


async def note_known_by(tx: Transaction, id_: str, known_by: Mapping[str, str]) -> None:
    """Enter words by which the vendor may tell of a write; chunks that name theirs alike each keep their own."""
    if not known_by:
        return
    row = await tx.one(select(WRITES).where(WRITES.c.id == id_).with_for_update())
    if row is None or row["command"].get(ERASED):
        return
    words, rows = dict(row["known_by"]), []
    for name, value in known_by.items():
        slot = _find_slot(words, name, value)
        if slot not in words:
            words[slot] = value
            rows.append({"write_id": id_, "name": slot, "digest": digest_word(row["source"], name, value)})
    await tx.change(update(WRITES).where(WRITES.c.id == id_).values(known_by=words, updated_at=tx.now))
    await tx.change(KNOWN_BY.insert(), rows)


def _find_slot(words: Mapping[str, str], name: str, value: str) -> str:
    """Return the name under which a word is kept: its own, or that with a number where another word has it."""
    slots = (name if number == 1 else f"{name} #{number}" for number in count(1))
    return next(slot for slot in slots if words.get(slot, value) == value)


async def change_items(tx: Transaction, id_: str, items: Iterable[ItemEntry]) -> None:
    """Enter what became of items; what is known for good stays, and of who is erased only the outcome is kept."""
    erased = ITEMS.c.input == literal({}, ITEMS.c.input.type)
    statement = (
        update(ITEMS)
        .where(
            ITEMS.c.write_id == id_,
            ITEMS.c.place == bindparam("at"),
            or_(ITEMS.c.state != ItemState.DONE.value, *(ITEMS.c.outcome == outcome for outcome in OPEN)),
        )
        .values(
            state=bindparam("now_in"),
            outcome=bindparam("became"),
            vendor_id=case((erased, None), else_=bindparam("by", type_=ITEMS.c.vendor_id.type)),
            error=case((erased, None), else_=bindparam("why", type_=ITEMS.c.error.type)),
        )
    )
    rows = [
        {
            "at": item.place,
            "now_in": item.state.value,
            "became": item.outcome,
            "by": item.vendor_id,
            "why": None if item.error is None else dict(item.error),
        }
        for item in items
    ]
    await tx.change(statement, rows)


async def finish(
    tx: Transaction,
    id_: str,
    outcome: str,
    result: Mapping[str, Any],
    *,
    check: str | None = None,
    people: Collection[str] = (),
) -> Entry:
    """Enter what became of a write, also where it was given up as UNKNOWN while its answer was on its way."""
    kept = await tx.one(select(WRITES.c.command, WRITES.c.input_hash).where(WRITES.c.id == id_).with_for_update())
    if kept is not None and is_erased(kept["command"], kept["input_hash"]):
        result, check, people = {}, _keep_check(kept, check), ()
    mine = or_(_is_ours(tx, id_), (WRITES.c.id == id_) & (WRITES.c.outcome == UNKNOWN))
    changes = {"state": State.DONE.value, "outcome": outcome, "result": dict(result), "to_check": check}
    await tx.change(update(WRITES).where(mine).values(**changes, lease_until=None, updated_at=tx.now))
    about = [{"write_id": id_, "digest": digest, "place": WHOLE} for digest in sorted(people)]
    await tx.change(tx.insert(PEOPLE).on_conflict_do_nothing(), about)
    return await fetch_one(tx, id_)


def _keep_check(row: RowMapping, check: str | None) -> str | None:
    """Return what to look at, which may name a person a write is about; of many it names none."""
    return None if row["command"].get(ERASED) else check


async def fetch_one(tx: Transaction, id_: str) -> Entry:
    """Return a write that is known to be there."""
    (entry,) = await read_entries(tx, await tx.all(select(WRITES).where(WRITES.c.id == id_)))
    return entry


async def learn(
    tx: Transaction,
    id_: str,
    outcome: str,
    evidence: Mapping[str, Any],
    items: Sequence[ItemEntry] = (),
    *,
    check: str | None = None,
    overruled: Sequence[str] = (),
) -> Entry:
    """Enter what has become known of a write that is UNKNOWN or ACCEPTED, or of an outcome that is overruled."""
    found = select(WRITES).where(WRITES.c.id == id_, WRITES.c.outcome.in_((*OPEN, *overruled))).with_for_update()
    row = await tx.one(found)
    if row is not None:
        await change_items(tx, id_, items)
        evidence = {} if is_erased(row["command"], row["input_hash"]) else evidence
        changes: dict[str, Any] = {"to_check": _keep_check(row, check)}
        if outcome != UNKNOWN:
            changes |= {"outcome": outcome, "result": {**row["result"], **evidence}}
        await tx.change(update(WRITES).where(WRITES.c.id == id_).values(**changes, updated_at=tx.now))
    return await fetch_one(tx, id_)


async def take_waiting(tx: Transaction, id_: str, limit: int) -> list[ItemEntry]:
    """Return the next items that were not sent."""
    if not await renew(tx, id_):
        raise _lost()
    waiting = (ITEMS.c.write_id == id_) & (ITEMS.c.state == ItemState.WAITING.value)
    rows = await tx.all(select(ITEMS).where(waiting).order_by(ITEMS.c.place).limit(limit))
    return [to_item(row) for row in rows]
