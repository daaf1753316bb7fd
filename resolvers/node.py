"""
Records of any kind by global id or by federation key, all through the same loaders.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.contract import Loaded
from adapters.errors import FacadeError, IdError, InputError
from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.ids import decode_id, encode_id
from resolvers.loaders.keys import RecordKey
from resolvers.loaders.record import load_all
from resolvers.selection import Selection

TYPE_ENTITIES: Final = {
    "Subscriber": Entity.SUBSCRIBER,
    "SubscriberList": Entity.LIST,
    "Campaign": Entity.CAMPAIGN,
}
"""The kind of record behind each GraphQL type that can be referred to."""


@dataclass(frozen=True, slots=True)
class NodeArgs:
    """One global id."""

    id: str


@dataclass(frozen=True, slots=True)
class NodesArgs:
    """Global ids of records of any kind."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntityKey:
    """A federation key, coerced: a GraphQL type name, a source, and the vendor's own id."""

    type_name: str
    source_id: str
    vendor_id: str


async def node(parents: Sequence[object], args: NodeArgs, ctx: RequestContext, selection: Selection) -> list[Loaded]:
    """Find one record by global id; None where nothing has it."""
    found = await _load_places([_place_id(args.id, ctx)], ctx, selection)
    return found * len(parents)


async def nodes(
    parents: Sequence[object], args: NodesArgs, ctx: RequestContext, selection: Selection
) -> list[tuple[Loaded, ...] | FacadeError | None]:
    """Find records by global ids, in order; a bad id or a failed call fails only its own place."""
    if len(args.ids) > ctx.limits.max_nodes:
        return [_refuse_count(len(args.ids), ctx.limits.max_nodes)] * len(parents)
    found = await _load_places([_place_id(text, ctx) for text in args.ids], ctx, selection)
    return [tuple(found)] * len(parents)


async def entities(
    parents: Sequence[EntityKey | InputError], args: None, ctx: RequestContext, selection: Selection
) -> list[Loaded]:
    """
    Find the records a gateway refers to, in order; they cost what `nodes` costs.

    A parent that is an error already (a key that could not be coerced) stays that error.
    """
    del args
    if len(parents) > ctx.limits.max_nodes:
        return [_refuse_count(len(parents), ctx.limits.max_nodes)] * len(parents)
    return await _load_places([_place_key(key, ctx) for key in parents], ctx, selection)


Place = tuple[Entity, str, str]
"""A kind of record, a source, a vendor id."""


async def _load_places(
    places: Sequence[Place | FacadeError], ctx: RequestContext, selection: Selection
) -> list[Loaded]:
    good = [place for place in places if not isinstance(place, FacadeError)]
    kinds = sorted({kind for kind, _, _ in good})
    found = await asyncio.gather(*(_load_kind(kind, good, ctx, selection) for kind in kinds))
    by_place = {place: loaded for group in found for place, loaded in group.items()}
    return [place if isinstance(place, FacadeError) else by_place[place] for place in places]


async def _load_kind(
    kind: Entity, places: Sequence[Place], ctx: RequestContext, selection: Selection
) -> dict[Place, Loaded]:
    mine = [place for place in places if place[0] is kind]
    keys = [RecordKey(source, id_, selection.path) for _, source, id_ in mine]
    return dict(zip(mine, await load_all(ctx.by_id(kind), keys), strict=True))


def _place_id(text: str, ctx: RequestContext) -> Place | FacadeError:
    try:
        key = decode_id(text)
        ctx.source(key.source)
    except InputError as error:
        return error
    return Entity(key.type), key.source, key.key_path[0]


def _place_key(key: EntityKey | InputError, ctx: RequestContext) -> Place | FacadeError:
    if isinstance(key, InputError):
        return key
    entity = TYPE_ENTITIES.get(key.type_name)
    if entity is None:
        return IdError(f"There is no entity type {key.type_name!r:.60}.", path=("representations",))
    try:
        ctx.source(key.source_id)
        encode_id(key.source_id, entity, (key.vendor_id,))
    except InputError as error:
        return error
    return entity, key.source_id, key.vendor_id


def _refuse_count(count: int, limit: int) -> InputError:
    return InputError(
        f"{count} records were asked for at once.",
        reason="TOO_MANY_IDS",
        hint=f"Ask for at most {limit}.",
        path=("ids",),
    )
