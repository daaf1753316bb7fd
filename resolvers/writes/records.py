"""
The record a payload is about, and the ledger as the graph shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.contract import Outcome
from adapters.errors import InputError
from adapters.ledger import Entry
from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.lookups import fetch_references
from resolvers.principal import Scope
from resolvers.selection import Selection
from resolvers.writes.payload import PayloadRecord

_UNREAD = frozenset({Outcome.PLANNED, Outcome.NOT_SENT, Outcome.REJECTED})
"""Outcomes after which the record is as it was; it is read only where somebody names it."""


async def payload_record(
    entity: Entity, parents: Sequence[PayloadRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Tell the record of each payload: as the vendor's answer showed it, or read now."""
    del args
    keys = [
        (parent.source, None if parent.record is not None or parent.key is None else parent.key[1])
        for parent in parents
    ]
    read = await fetch_references(entity, keys, ctx, selection)
    return [parent.record if parent.record is not None else found for parent, found in zip(parents, read, strict=True)]


def build_payload_batch(entity: Entity) -> Any:
    """Return the batch function of payloads about one kind of record."""
    return partial(payload_record, entity)


@dataclass(frozen=True, slots=True)
class OperationArgs:
    """The id of one write."""

    id: str


async def write_operation(
    parents: Sequence[object], args: OperationArgs, ctx: RequestContext, selection: Selection
) -> list[Entry | InputError | None]:
    """Find one write of the caller's own; the scope `admin` sees everybody's."""
    del selection
    entry = await ctx.desk.ledger.fetch(args.id) if ctx.desk else None
    if entry is not None and not _may_see(entry, ctx):
        entry = None
    return [entry] * len(parents)


def _may_see(entry: Entry, ctx: RequestContext) -> bool:
    own = (entry.tenant, entry.principal) == (ctx.principal.tenant, ctx.principal.name)
    return own or (ctx.principal.holds(Scope.ADMIN) and ctx.principal.sees(entry.source))
