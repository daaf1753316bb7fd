"""
Turns: who may write over a vendor's record, of all processes that share a ledger.

A turn is a row with a lease. Whoever goes without ending it loses it when the lease has run out; who asks meanwhile is
told so at once, and waits elsewhere. The record stands there as a digest, since its id may be a person's.
"""

from sqlalchemy import delete, or_, update

from adapters.ledger.database import Transaction
from adapters.ledger.models import TURNS
from adapters.ledger.rows import digest_record


async def take_turn(tx: Transaction, record: tuple[str, ...], holder: str) -> bool:
    """Take a record's turn, where nobody holds it or its holder's lease has run out."""
    until = tx.after(tx.lease_s)
    free = or_(TURNS.c.lease_until < tx.now, TURNS.c.holder == holder)
    row = tx.insert(TURNS).values(record=digest_record(record), holder=holder, lease_until=until)
    taken = row.on_conflict_do_update(
        index_elements=["record"], set_={"holder": holder, "lease_until": until}, where=free
    )
    return await tx.one(taken.returning(TURNS.c.record)) is not None


async def renew_turn(tx: Transaction, record: tuple[str, ...], holder: str) -> bool:
    """Renew the lease of a turn of ours: even one that has run out, while nobody has taken it."""
    ours = TURNS.c.record == digest_record(record), TURNS.c.holder == holder
    return bool(await tx.change(update(TURNS).where(*ours).values(lease_until=tx.after(tx.lease_s))))


async def end_turn(tx: Transaction, record: tuple[str, ...], holder: str) -> None:
    """Let the next one have the turn; one that is another's by now stays."""
    await tx.change(delete(TURNS).where(TURNS.c.record == digest_record(record), TURNS.c.holder == holder))
