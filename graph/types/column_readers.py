"""
Fields that are read off the columns of many records at once, without a look at a single record.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from adapters.errors import IdError
from adapters.records.tables import Table
from graph.types.enums import MemberState
from graph.types.node import NODE_KINDS, to_node_id
from graph.types.subscriber import resolve_memberships
from resolvers.ids import encode_id

ColumnReader = Callable[..., Sequence[Any] | None]
"""Takes a table and a resolver's arguments; returns what the resolver does for each record, None where it cannot."""


def _read_memberships(table: Table[Any], state: MemberState = MemberState.ANY) -> Sequence[Any] | None:
    return table.find_column("memberships") if state is MemberState.ANY else None


def _read_node_ids(table: Table[Any]) -> Sequence[Any] | None:
    kind, ids, sources = NODE_KINDS[table.kind], table.find_column("id"), table.find_column("source")
    if ids is None or sources is None:
        return None
    try:
        return [encode_id(source, kind.word, (id_,)) for source, id_ in zip(sources, ids, strict=True)]
    except IdError:  # one of them cannot be written so, which is found by asking each record
        return None


COLUMN_READERS: Final[Mapping[Any, ColumnReader]] = {
    resolve_memberships: _read_memberships,
    to_node_id: _read_node_ids,
}
