"""
Parts of a vendor's extension that cost calls of their own.
"""

from collections.abc import Sequence
from typing import Any

from adapters.records import Record
from resolvers.context import RequestContext
from resolvers.loaders.keys import PartKey
from resolvers.loaders.record import load_all
from resolvers.selection import Selection


async def extension_part(parents: Sequence[Record], args: str, ctx: RequestContext, selection: Selection) -> list[Any]:
    """Read the part of the name `args` of each record; a failed call fails only the records it was for."""
    keys = [PartKey(parent.source, parent.entity, args, parent.id, selection.path) for parent in parents]
    return await load_all(ctx.parts, keys)
