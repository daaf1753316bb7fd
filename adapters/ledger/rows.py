"""Between the ledger's rows and its values."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, func, select

from adapters.ledger.database import Transaction
from adapters.ledger.entries import Entry, ItemEntry, ItemState, State, WebhookEvent
from adapters.ledger.models import ITEMS


def digest_claim(principal: str, mutation: str, key: str) -> str:
    """Return what is one of a kind for a principal's mutation under a key, whatever it may see and do by now."""
    return _digest(principal, mutation, key)


def digest_word(source: str, name: str, value: str) -> str:
    """Return what a write is found by, of a word its vendor knows it by."""
    return _digest(source, name, value)


def digest_record(record: tuple[str, ...]) -> str:
    """Return what a vendor's record is known by among turns."""
    return _digest(*record)


def _digest(*parts: str) -> str:
    """Return a digest of texts that no other texts have, wherever one ends and the next begins."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


async def read_entries(tx: Transaction, rows: Iterable[RowMapping]) -> list[Entry]:
    """Return rows as values, with their items counted."""
    rows = list(rows)
    counts = await _count_items(tx, [row["id"] for row in rows if row["item_count"]])
    return [_to_entry(row, counts.get(row["id"], {})) for row in rows]


async def _count_items(tx: Transaction, ids: list[str]) -> Mapping[str, Mapping[str, int]]:
    if not ids:
        return {}
    columns = (ITEMS.c.write_id, ITEMS.c.state, ITEMS.c.outcome)
    statement = select(*columns, func.count().label("count")).where(ITEMS.c.write_id.in_(ids)).group_by(*columns)
    counts: dict[str, dict[str, int]] = {}
    for row in await tx.all(statement):
        counts.setdefault(row["write_id"], {})[row["outcome"] or row["state"]] = row["count"]
    return counts


def _to_entry(row: RowMapping, counts: Mapping[str, int]) -> Entry:
    return Entry(
        id=row["id"],
        tenant=row["tenant"],
        principal=row["principal"],
        mutation=row["mutation"],
        source=row["source"],
        key=row["key"],
        input_hash=row["input_hash"],
        command=row["command"],
        state=State(row["state"]),
        outcome=row["outcome"],
        result=row["result"],
        step=row["step"],
        known_by=row["known_by"],
        check=row["to_check"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        items=row["item_count"],
        counts=counts,
    )


def to_item(row: RowMapping) -> ItemEntry:
    """Return an item's row as a value."""
    return ItemEntry(
        place=row["place"],
        state=ItemState(row["state"]),
        outcome=row["outcome"],
        input=row["input"],
        vendor_id=row["vendor_id"],
        error=row["error"],
    )


def to_event(row: RowMapping) -> WebhookEvent:
    """Return an event's row as a value."""
    return WebhookEvent(
        id=row["id"],
        source=row["source"],
        digest=row["digest"],
        payload=row["payload"],
        received_at=row["received_at"],
        operation=row["write_id"],
    )


def build_result(code: str, reason: str, message: str) -> dict[str, Any]:
    """Build the result of a write that ended without anybody to tell of it."""
    return {"errors": [{"code": code, "reason": reason, "message": message}]}
