"""
Imports without the credentials that stood in their addresses: no write keeps any from now on.
"""

import json
from typing import Final

import sqlalchemy as sa
from alembic import op

from adapters.credentials import hide_in_plain

revision = "0003"
down_revision = "0002"

_VALUES: Final = "values"
_WRITES: Final = sa.table("writes", *(sa.column(name, sa.Text) for name in ("id", "mutation", "command")))


def upgrade() -> None:
    """Hide the credentials of every import."""
    connection = op.get_bind()
    imports = sa.select(_WRITES.c.id, _WRITES.c.command).where(sa.func.lower(_WRITES.c.mutation).like("%import%"))
    for row in connection.execute(imports).mappings().all():
        command = json.loads(row["command"])
        if _VALUES in command:
            command[_VALUES] = hide_in_plain(command[_VALUES])
            shown = json.dumps(command, separators=(",", ":"))
            connection.execute(sa.update(_WRITES).where(_WRITES.c.id == row["id"]).values(command=shown))


def downgrade() -> None:
    """Leave everything: what is gone is gone."""
