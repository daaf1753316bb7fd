"""Beginning writes: each key once, whoever begins it, wherever."""

import secrets
import time
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select

from adapters.errors import LedgerError
from adapters.ledger.database import Transaction
from adapters.ledger.entries import Begun, Entry, ItemState, NewEntry, State
from adapters.ledger.models import ITEMS, PEOPLE, WHOLE, WRITES
from adapters.ledger.rows import digest_claim, read_entries

_TRIES: Final = 3
"""A row that was there may be purged before it is read: then it can be entered after all."""

_last_us = 0


def build_id() -> str:
    """Build an id that sorts after those this process has built before."""
    global _last_us  # noqa: PLW0603 - one line of ids a process
    _last_us = max(_last_us + 1, time.time_ns() // 1000)
    return f"{_last_us:014x}{secrets.token_hex(8)}"


async def begin(tx: Transaction, new: NewEntry) -> Begun:
    """Enter a write, or return the row that has its key."""
    claim = digest_claim(new.principal, new.mutation, new.key)
    for _ in range(_TRIES):
        statement = tx.insert(WRITES).values(**_to_row(tx, new, claim))
        row = await tx.one(statement.on_conflict_do_nothing(index_elements=["claim"]).returning(WRITES))
        if row is not None:
            await tx.change(ITEMS.insert(), list(_list_items(row["id"], new)))
            await tx.change(PEOPLE.insert(), list(_list_people(row["id"], new)))
            (entry,) = await read_entries(tx, [row])
            return Begun(entry, new=True)
        known = await _find_claim(tx, claim)
        if known is not None:
            return Begun(known, new=False)
    raise LedgerError("The ledger could not enter the write.", hint="Send the mutation again.")


def _to_row(tx: Transaction, new: NewEntry, claim: str) -> dict[str, Any]:
    return {
        "id": build_id(),
        "claim": claim,
        "tenant": new.tenant,
        "principal": new.principal,
        "mutation": new.mutation,
        "source": new.source,
        "key": new.key,
        "input_hash": new.input_hash,
        "command": dict(new.command),
        "state": State.PENDING.value,
        "result": {},
        "known_by": {},
        "item_count": len(new.items),
        "owner": tx.owner,
        "lease_until": tx.after(tx.lease_s),
        "created_at": tx.now,
        "updated_at": tx.now,
    }


def _list_items(id_: str, new: NewEntry) -> Iterator[dict[str, Any]]:
    for place, item in enumerate(new.items):
        why = new.skipped.get(place)
        yield {
            "write_id": id_,
            "place": place,
            "state": (ItemState.WAITING if why is None else ItemState.DONE).value,
            "outcome": None if why is None else "SKIPPED",
            "input": dict(item),
            "vendor_id": None,
            "error": None if why is None else {"code": "SKIPPED", "message": why},
        }


def _list_people(id_: str, new: NewEntry) -> Iterator[dict[str, Any]]:
    for place, people in enumerate((new.people, *new.item_people), start=WHOLE):
        for digest in sorted(people):
            yield {"write_id": id_, "digest": digest, "place": place}


async def fetch_by_key(tx: Transaction, principal: str, mutation: str, key: str) -> Entry | None:
    """Return the write that has a key, or None."""
    return await _find_claim(tx, digest_claim(principal, mutation, key))


async def _find_claim(tx: Transaction, claim: str) -> Entry | None:
    rows = await tx.all(select(WRITES).where(WRITES.c.claim == claim))
    found = await read_entries(tx, rows)
    return found[0] if found else None
