"""Writes with their items and people, and what vendors told by webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_writes()
    _make_items()
    _make_known_by()
    _make_people()
    _make_events()


def downgrade() -> None:
    """Take the tables away, with everything in them."""
    for table in ("webhook_events", "write_people", "write_known_by", "write_items", "writes"):
        op.drop_table(table)


def _make_writes() -> None:
    texts = ("tenant", "principal", "mutation", "source", "key")
    op.create_table(
        "writes",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("claim", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("input_hash", sa.String(64), nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("step", sa.Text),
        sa.Column("known_by", sa.Text, nullable=False),
        sa.Column("to_check", sa.Text),
        sa.Column("item_count", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(40)),
        *(sa.Column(name, TIME) for name in ("lease_until", "looked_at")),
        *(sa.Column(name, TIME, nullable=False) for name in ("created_at", "updated_at")),
        sa.PrimaryKeyConstraint("id", name="pk_writes"),
        sa.UniqueConstraint("claim", name="uq_writes_claim"),
    )
    op.create_index("ix_writes_state_lease_until", "writes", ["state", "lease_until"])
    op.create_index("ix_writes_state_updated_at", "writes", ["state", "updated_at"])


def _make_items() -> None:
    op.create_table(
        "write_items",
        sa.Column("write_id", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("input", sa.Text, nullable=False),
        sa.Column("vendor_id", sa.Text),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("write_id", "place", name="pk_write_items"),
        _belong("write_items"),
    )
    op.create_index("ix_write_items_write_id_state_place", "write_items", ["write_id", "state", "place"])


def _make_known_by() -> None:
    op.create_table(
        "write_known_by",
        sa.Column("write_id", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("write_id", "name", name="pk_write_known_by"),
        _belong("write_known_by"),
    )
    op.create_index("ix_write_known_by_digest", "write_known_by", ["digest"])


def _make_people() -> None:
    op.create_table(
        "write_people",
        sa.Column("write_id", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("write_id", "digest", "place", name="pk_write_people"),
        _belong("write_people"),
    )
    op.create_index("ix_write_people_digest", "write_people", ["digest"])


def _make_events() -> None:
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("write_id", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_events"),
        sa.UniqueConstraint("source", "digest", name="uq_webhook_events_source_digest"),
        _belong("webhook_events", "SET NULL"),
    )
    op.create_index("ix_webhook_events_write_id", "webhook_events", ["write_id"])
    op.create_index("ix_webhook_events_received_at", "webhook_events", ["received_at"])


def _belong(table: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["write_id"], ["writes.id"], name=f"fk_{table}_write_id", ondelete=ondelete)
