"""
Records of any kind by global id or by federation key, all through the same loaders.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.errors import FacadeError, IdError, InputError
from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.events import fetch_event_paths, read_event_path
from resolvers.ids import ACTIVITY_REVISION, TEMPLATE_REVISION, decode_id, encode_id
from resolvers.lookups import fetch_references
from resolvers.revisions import fetch_revisions
from resolvers.selection import Selection

TYPE_ENTITIES: Final = {
    "Subscriber": Entity.SUBSCRIBER,
    "SubscriberList": Entity.LIST,
    "Campaign": Entity.CAMPAIGN,
    "Activity": Entity.ACTIVITY,
    "Template": Entity.TEMPLATE,
    "SubscriberImport": Entity.IMPORT,
    "SubscriberView": Entity.VIEW,
    "EventType": Entity.EVENT_TYPE,
    "Audience": Entity.AUDIENCE,
    "Partition": Entity.PARTITION,
    "Message": Entity.MESSAGE,
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


async def node(parents: Sequence[object], args: NodeArgs, ctx: RequestContext, selection: Selection) -> list[Any]:
    """Find one record by global id; None where nothing has it."""
    found = await _load_places([place_id(args.id, ("id",), ctx)], ctx, selection)
    return found * len(parents)


async def nodes(
    parents: Sequence[object], args: NodesArgs, ctx: RequestContext, selection: Selection
) -> list[tuple[Any, ...] | FacadeError | None]:
    """Find records by global ids, in order; a bad id or a failed call fails only its own place."""
    if len(args.ids) > ctx.limits.max_nodes:
        return [refuse_count(len(args.ids), ctx.limits.max_nodes, "ids")] * len(parents)
    places = [place_id(text, ("ids", place), ctx) for place, text in enumerate(args.ids)]
    found = await _load_places(places, ctx, selection)
    return [tuple(found)] * len(parents)


async def entities(
    parents: Sequence[EntityKey | InputError], args: None, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """
    Find the records a gateway refers to, in order; they cost what `nodes` costs.

    A parent that is an error already (a key that could not be coerced) stays that error.
    """
    del args
    if len(parents) > ctx.limits.max_nodes:
        return [refuse_count(len(parents), ctx.limits.max_nodes, "representations")] * len(parents)
    return await _load_places([place_key(key, n, ctx) for n, key in enumerate(parents)], ctx, selection)


Place = tuple[str, str, tuple[str, ...]]
"""A type as ids name it, a source, and a key path there."""

REVISION_TYPES: Final[Mapping[str, Entity]] = {
    ACTIVITY_REVISION: Entity.ACTIVITY,
    TEMPLATE_REVISION: Entity.TEMPLATE,
}
"""The kind of record whose history holds each type of revision."""


async def _load_places(places: Sequence[Place | FacadeError], ctx: RequestContext, selection: Selection) -> list[Any]:
    good = [place for place in places if not isinstance(place, FacadeError)]
    types = sorted({type_ for type_, _, _ in good})
    found = await asyncio.gather(*(_load_type(type_, good, ctx, selection) for type_ in types))
    by_place = {place: loaded for group in found for place, loaded in group.items()}
    return [place if isinstance(place, FacadeError) else by_place[place] for place in places]


async def _load_type(
    type_: str, places: Sequence[Place], ctx: RequestContext, selection: Selection
) -> dict[Place, Any]:
    mine = [place for place in places if place[0] == type_]
    if type_ in REVISION_TYPES:
        paths = [(source, record_id, id_) for _, source, (record_id, id_) in mine]
        found = await fetch_revisions(REVISION_TYPES[type_], paths, ctx, selection)
    elif type_ == Entity.FEED_EVENT:
        found = await fetch_event_paths([(source, path) for _, source, path in mine], ctx, selection)
    else:
        keys = [(source, id_) for _, source, (id_,) in mine]
        found = await fetch_references(Entity(type_), keys, ctx, selection)
    return dict(zip(mine, found, strict=True))


def place_id(text: str, path: tuple[str | int, ...], ctx: RequestContext) -> Place | FacadeError:
    """Say what a global id stands for, or what is wrong with it; `path` is where it was given."""
    try:
        key = decode_id(text)
        ctx.source(key.source)
        if key.type == Entity.FEED_EVENT:
            read_event_path(key.source, key.key_path)
    except InputError as error:
        error.path = path
        return error
    return key.type, key.source, key.key_path


def place_key(key: EntityKey | InputError, number: int, ctx: RequestContext) -> Place | FacadeError:
    """Say what a federation key stands for, or what is wrong with it; `number` is its place in the list."""
    if isinstance(key, InputError):
        return key
    path: tuple[str | int, ...] = ("representations", number)
    entity = TYPE_ENTITIES.get(key.type_name)
    if entity is None:
        known = f"Entity types: {', '.join(sorted(TYPE_ENTITIES))}."
        return IdError(f"There is no entity type {key.type_name!r:.60}.", hint=known, path=(*path, "__typename"))
    try:
        ctx.source(key.source_id)
        path = (*path, "vendorId")
        encode_id(key.source_id, entity, (key.vendor_id,))
    except InputError as error:
        error.path = path if path[-1] == "vendorId" else (*path, "sourceId")
        return error
    return entity.value, key.source_id, (key.vendor_id,)


def refuse_count(count: int, limit: int, argument: str) -> InputError:
    """Build the refusal of more records than may be asked for at once."""
    return InputError(
        f"{count} records were asked for at once.",
        reason="TOO_MANY_IDS",
        hint=f"Ask for at most {limit}.",
        path=(argument,),
    )
