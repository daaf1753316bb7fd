"""
Turns: of processes that write over one record of a vendor's, one after the other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "record_turns",
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_record_turns"),
    )


def downgrade() -> None:
    """Drop it: nobody holds a turn while the ledger is taken back."""
    op.drop_table("record_turns")
