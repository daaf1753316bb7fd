"""
Fields that are read off the columns of many records at once, without a look at a single record.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from adapters.records.tables import Table
from graph.types.enums import MemberState
from graph.types.subscriber import resolve_memberships

ColumnReader = Callable[..., Sequence[Any] | None]
"""Takes a table and a resolver's arguments; returns what the resolver does for each record, None where it cannot."""


def _read_memberships(table: Table[Any], state: MemberState = MemberState.ANY) -> Sequence[Any] | None:
    return table.find_column("memberships") if state is MemberState.ANY else None


COLUMN_READERS: Final[Mapping[Any, ColumnReader]] = {resolve_memberships: _read_memberships}
