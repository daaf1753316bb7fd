"""
Connections below many parents: their first pages are read together, the rest of each alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.filters.tree import Filter
from resolvers.connections import ConnectionSpec
from resolvers.context import RequestContext
from resolvers.pages import ConnectionArgs
from resolvers.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenSpec(ConnectionSpec):
    """
    A connection below a parent.

    `field` is the children's field that names the parent, as `ChildrenQuery` takes it; `belongs` builds the condition
    that a row is one parent's, from the parent's vendor id.
    """

    field: str
    belongs: Callable[[str], Filter]


async def fetch_children_connection(
    spec: ChildrenSpec,
    parents: Sequence[tuple[str, str]],
    args: ConnectionArgs,
    ctx: RequestContext,
    selection: Selection,
) -> list[Any]:
    """Read one page below each parent, given as (source, vendor id)."""
    raise NotImplementedError
