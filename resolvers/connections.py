"""
Root connections: one page of the records of one source, or of all the caller sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.pages import ConnectionArgs
from resolvers.selection import Selection


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """A connection's name, which its cursors hold, and the kind of record it lists."""

    name: str
    entity: Entity


async def fetch_connections(
    spec: ConnectionSpec, parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Read one page, the same for every parent."""
    raise NotImplementedError
