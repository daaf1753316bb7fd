"""
Finding one record: by global id, by a value, or by a reference another record holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.selection import Selection


@dataclass(frozen=True, slots=True)
class LookupArgs:
    """
    What one record is looked up by.

    `by` is `id` (the global id), `ref`, `email` or `phone`; `source` narrows to one source, None means all the caller
    sees.
    """

    by: str
    value: str
    source: str | None = None


async def fetch_lookups(
    entity: Entity, parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Find one record, the same for every parent."""
    raise NotImplementedError


async def fetch_references(
    entity: Entity, keys: Sequence[tuple[str, str | None]], ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Find the record each (source, vendor id) refers to, in order; None where there is no id or no record."""
    raise NotImplementedError
