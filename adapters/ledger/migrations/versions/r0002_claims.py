"""
Claims without what a principal may see and do: a key stays the same key when its owner's scopes change.

Where one key had been used under several sets of scopes, the newest write keeps it; the others stay in the ledger.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NEW: Final = ("principal", "mutation", "key")
OLD: Final = ("tenant", *NEW)

_ROWS: Final = 1000

_WRITES: Final = sa.table("writes", *(sa.column(name, sa.Text) for name in ("id", "claim", *OLD)))


def upgrade() -> None:
    """Claim every write anew."""
    _claim(NEW)


def downgrade() -> None:
    """Claim every write as before."""
    _claim(OLD)


def _claim(parts: Sequence[str]) -> None:
    """Give every write its claim, the newest first; one that is taken is not given twice."""
    connection, page = op.get_bind(), sa.select(_WRITES).order_by(_WRITES.c.id.desc()).limit(_ROWS)
    free = sa.not_(sa.exists().where(_WRITES.alias().c.claim == sa.bindparam("given")))
    change = sa.update(_WRITES).where(_WRITES.c.id == sa.bindparam("at"), free).values(claim=sa.bindparam("given"))
    rows = list(connection.execute(page).mappings())
    while rows:
        for row in rows:
            connection.execute(change, {"at": row["id"], "given": _digest([row[name] for name in parts])})
        rows = list(connection.execute(page.where(_WRITES.c.id < rows[-1]["id"])).mappings())


def _digest(parts: Sequence[str]) -> str:
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
