"""What becomes of writes whose process has gone."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, literal, or_, select, update

from adapters.ledger.database import Transaction
from adapters.ledger.entries import Entry, ItemState, State
from adapters.ledger.models import ITEMS, WRITES
from adapters.ledger.rows import build_result, read_entries
from adapters.ledger.sending import fetch_one

INTERRUPTED: Final = "INTERRUPTED"
LOST: Final = build_result(
    "OUTCOME_UNKNOWN", INTERRUPTED, "The server stopped while this was being sent, so its answer is lost."
)
UNSENT: Final = build_result("NOT_SENT", INTERRUPTED, "The server stopped before this was sent.")
CHECK: Final = "Ask for the operation again, or look the record up at the vendor."


def _is_expired(tx: Transaction) -> ColumnElement[bool]:
    return and_(WRITES.c.state != State.DONE.value, WRITES.c.lease_until < tx.now)


async def settle_expired(tx: Transaction, carried_on: Sequence[str] = ()) -> list[Entry]:
    """Give up what nobody carries on: what was sent is unknown, what was not is not sent."""
    left = and_(WRITES.c.item_count > 0, WRITES.c.mutation.in_(carried_on))
    sent = WRITES.c.state == State.SENT.value
    statement = (
        update(WRITES)
        .where(_is_expired(tx), ~left)
        .values(
            outcome=case((sent, "UNKNOWN"), else_="NOT_SENT"),
            result=case((sent, _plain(LOST)), else_=_plain(UNSENT)),
            to_check=case((sent, CHECK), else_=None),
            state=State.DONE.value,
            lease_until=None,
            updated_at=tx.now,
        )
        .returning(WRITES)
    )
    rows = await tx.all(statement)
    ids = [row["id"] for row in rows if row["item_count"]]
    if ids:
        await _settle_items(tx, ids, ItemState.SENT, "UNKNOWN", LOST)
        await _settle_items(tx, ids, ItemState.WAITING, "NOT_SENT", UNSENT)
    return await read_entries(tx, rows)


def _plain(value: dict[str, Any]) -> Any:
    """Return a result as its column keeps it."""
    return literal(value, WRITES.c.result.type)


async def _settle_items(
    tx: Transaction, ids: Sequence[str], state: ItemState, outcome: str, result: dict[str, Any]
) -> None:
    where = ITEMS.c.write_id.in_(ids), ITEMS.c.state == state.value
    changes = {"state": ItemState.DONE.value, "outcome": outcome, "error": result["errors"][0]}
    await tx.change(update(ITEMS).where(*where).values(**changes))


async def take_abandoned(tx: Transaction, mutations: Sequence[str]) -> Entry | None:
    """Take over one bulk write that can be carried on; what was sent of it and not answered is unknown."""
    able = _is_expired(tx), WRITES.c.item_count > 0, WRITES.c.mutation.in_(mutations)
    oldest = select(WRITES.c.id).where(*able).order_by(WRITES.c.id).limit(1).with_for_update(skip_locked=True)
    found = await tx.one(oldest)
    if found is None:
        return None
    id_: str = found["id"]
    changes = {"owner": tx.owner, "lease_until": tx.after(tx.lease_s), "updated_at": tx.now}
    await tx.change(update(WRITES).where(WRITES.c.id == id_).values(**changes))
    await _settle_items(tx, [id_], ItemState.SENT, "UNKNOWN", LOST)
    return await fetch_one(tx, id_)


async def let_go(tx: Transaction) -> None:
    """Let our leases run out now."""
    ours = WRITES.c.owner == tx.owner, WRITES.c.state != State.DONE.value
    await tx.change(update(WRITES).where(*ours).values(lease_until=tx.after(-1.0)))


async def start_look(tx: Transaction, id_: str, every_s: float) -> bool:
    """Enter that somebody looks now, unless somebody did a moment ago."""
    long_ago = or_(WRITES.c.looked_at.is_(None), WRITES.c.looked_at < tx.after(-every_s))
    return bool(await tx.change(update(WRITES).where(WRITES.c.id == id_, long_ago).values(looked_at=tx.now)))
