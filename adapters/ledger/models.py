"""
The ledger's tables, and how values are kept in them.

What is not text or a number is kept as JSON text, and times as UTC, so that every database keeps the same.
"""

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISION: Final = "0004"
"""The newest of the migrations: the tables are as it leaves them."""

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A time, aware and in UTC, also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Keep a time as UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a time as UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainJson(TypeDecorator[Any]):
    """Plain JSON as text of ASCII, which every database takes whatever characters it tells of."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write a value down."""
        del dialect
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read a value."""
        del dialect
        return None if value is None else json.loads(value)


class PlainText(TypeDecorator[str]):
    """Text as vendors and callers write it; what PostgreSQL could not hold becomes a sign for it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace NUL and halves of characters."""
        del dialect
        return None if value is None else value.replace("\0", "\ufffd").encode(errors="replace").decode()


METADATA: Final = MetaData(naming_convention=NAMES)
_ID: Final = String(40)
_DIGEST: Final = String(64)

WRITES: Final = Table(
    "writes",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("claim", _DIGEST, nullable=False),
    Column("tenant", PlainText, nullable=False),
    Column("principal", PlainText, nullable=False),
    Column("mutation", PlainText, nullable=False),
    Column("source", PlainText, nullable=False),
    Column("key", PlainText, nullable=False),
    Column("input_hash", _DIGEST, nullable=False),
    Column("command", PlainJson, nullable=False),
    Column("state", String(10), nullable=False),
    Column("outcome", String(10)),
    Column("result", PlainJson, nullable=False),
    Column("step", PlainText),
    Column("known_by", PlainJson, nullable=False),
    Column("to_check", PlainText),
    Column("item_count", Integer, nullable=False),
    Column("owner", String(40)),
    Column("lease_until", UtcTime),
    Column("looked_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("claim"),
    Index(None, "state", "lease_until"),
    Index(None, "state", "updated_at"),
)
"""
One row a write. `claim` is a digest of principal, mutation and key: one of a kind, and short whatever they are.

An id begins with its time, so ids in their order are writes in theirs.
"""

ITEMS: Final = Table(
    "write_items",
    METADATA,
    Column("write_id", _ID, ForeignKey("writes.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("state", String(10), nullable=False),
    Column("outcome", String(10)),
    Column("input", PlainJson, nullable=False),
    Column("vendor_id", PlainText),
    Column("error", PlainJson),
    Index(None, "write_id", "state", "place"),
)
"""The items of bulk writes, each at its place in the input."""

KNOWN_BY: Final = Table(
    "write_known_by",
    METADATA,
    Column("write_id", _ID, ForeignKey("writes.id", ondelete="CASCADE"), primary_key=True),
    Column("name", PlainText, primary_key=True),
    Column("digest", _DIGEST, nullable=False),
    Index(None, "digest"),
)
"""What the vendor knows a write by, as a digest of source, name and value: to find it by, and short."""

PEOPLE: Final = Table(
    "write_people",
    METADATA,
    Column("write_id", _ID, ForeignKey("writes.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", _DIGEST, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Index(None, "digest"),
)
"""Whom a write is about, as digests; `place` is the item's, or -1 for the write itself."""

WHOLE: Final = -1
"""The place of a write as a whole among `PEOPLE`."""

EVENTS: Final = Table(
    "webhook_events",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("source", String(63), nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("payload", PlainJson, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("write_id", _ID, ForeignKey("writes.id", ondelete="SET NULL")),
    UniqueConstraint("source", "digest"),
    Index(None, "write_id"),
    Index(None, "received_at"),
)
"""What vendors told us by themselves, each delivery once; `write_id` is the write it is about, where one is known."""

TURNS: Final = Table(
    "record_turns",
    METADATA,
    Column("record", _DIGEST, primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("lease_until", UtcTime, nullable=False),
)
"""Who writes over which record of a vendor's now, the record by the digest of its source, kind and id."""
