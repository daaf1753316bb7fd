"""
Partitions: the look-up.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.records import Entity, PartitionRecord
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups
from resolvers.selection import Selection


async def partition(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[PartitionRecord | FacadeError | None]:
    """Find one partition by global id, reference or vendor id."""
    return await fetch_lookups(Entity.PARTITION, parents, args, ctx, selection)
