"""
Finding one record: by global id, by a value, or by a reference another record holds.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.contract import Loaded
from adapters.errors import FacadeError, IdError, InputError, VendorError
from adapters.filters.bind import bind_comparison
from adapters.filters.tree import Comparison, Op
from adapters.records import Entity, Record
from adapters.records.tables import Shared, read_column
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.ids import NodeKey, decode_id, encode_id
from resolvers.lines import find_fields
from resolvers.loaders.keys import RecordsKey, ValueKey
from resolvers.loaders.record import load_all
from resolvers.parts import find_parts
from resolvers.policy.masking import check_lookup_scope
from resolvers.selection import Selection

LOOKUPS: Final[Mapping[Entity, tuple[str, ...]]] = {
    Entity.SUBSCRIBER: ("ref", "email", "phone"),
    Entity.LIST: ("ref",),
    Entity.CAMPAIGN: ("ref",),
    Entity.ACTIVITY: ("ref",),
    Entity.TEMPLATE: ("ref",),
    Entity.IMPORT: ("ref",),
    Entity.VIEW: ("ref",),
    Entity.EVENT_TYPE: ("ref",),
    Entity.AUDIENCE: ("ref",),
    Entity.PARTITION: ("ref",),
    Entity.MESSAGE: (),
}
"""The text fields, beside the ids, that each kind of record can be looked up by."""

VENDOR_ID: Final = "vendorId"
"""How the vendor's own id is named among what a record is looked up by."""


@dataclass(frozen=True, slots=True)
class LookupArgs:
    """
    What one record is looked up by.

    `by` is `id` (the global id), `vendorId`, which needs a source, or one of `LOOKUPS`; `source` narrows to one
    source, None means all the caller sees.
    """

    by: str
    value: str
    source: str | None = None


async def fetch_lookups(
    entity: Entity, parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Find one record, the same for every parent; None where nothing matches."""
    find = _FINDS.get(args.by, _find_by_value)
    try:
        found: Loaded = await find(entity, args, ctx, selection)
    except FacadeError as error:
        found = error
    return [found] * len(parents)


async def fetch_references(
    entity: Entity, keys: Sequence[tuple[str, str | None]], ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Find the record each (source, vendor id) refers to, in order; None where there is no id or no record."""
    wanted: dict[str, dict[str, None]] = {}
    for source, id_ in keys:
        if id_ is not None:
            wanted.setdefault(source, {})[id_] = None
    loading = {source: _load(entity, source, list(ids), ctx, selection) for source, ids in wanted.items()}
    found = {source: await records for source, records in loading.items()}
    return [None if id_ is None else found[source].get(id_) for source, id_ in keys]


async def fetch_referred(
    entity: Entity, parents: Sequence[Any], name: str, ctx: RequestContext, selection: Selection
) -> Sequence[Any]:
    """Find the record each parent refers to with an attribute, in its own source, as `fetch_references` does."""
    sources, ids = read_column(parents, "source"), read_column(parents, name)
    if len(set(sources)) != 1:
        return await fetch_references(entity, list(zip(sources, ids, strict=True)), ctx, selection)
    wanted = [id_ for id_ in dict.fromkeys(ids) if id_ is not None]
    found = await _load(entity, sources[0], wanted, ctx, selection) if wanted else {}
    records = [found.get(id_) for id_ in wanted]
    if any(record is None or isinstance(record, FacadeError) for record in records):
        return list(map(found.get, ids))
    numbers = {id_: number for number, id_ in enumerate(wanted)}
    return Shared(records, list(map(numbers.get, ids)))


def _load(
    entity: Entity, source: str, ids: Sequence[str], ctx: RequestContext, selection: Selection
) -> Awaitable[Mapping[str, Loaded]]:
    parts = find_parts(entity, selection)
    return ctx.by_id(entity).load(RecordsKey(source, ids, selection.path, parts, selection.names()))


def place_lookup(entity: Entity, args: LookupArgs, ctx: RequestContext) -> list[str]:
    """
    Name the sources in which a record is looked for.

    Raises:
        InputError: the look-up is refused before any call.
    """
    match args.by:
        case "id":
            return [_place_id(entity, args, ctx).source]
        case by if by == VENDOR_ID:
            return [_place_vendor_id(entity, args, ctx)]
        case _:
            return _choose_sources(entity, args, ctx)


async def _find_by_id(entity: Entity, args: LookupArgs, ctx: RequestContext, selection: Selection) -> Loaded:
    key = _place_id(entity, args, ctx)
    (found,) = await fetch_references(entity, [(key.source, key.key_path[0])], ctx, selection)
    loaded: Loaded = found
    return loaded


def _place_id(entity: Entity, args: LookupArgs, ctx: RequestContext) -> NodeKey:
    try:
        key = decode_id(args.value)
        ctx.source(key.source)
    except InputError as error:
        error.path = ("by", "id")
        raise
    if key.type != entity:
        raise IdError(
            f"This is the id of another kind: {key.type}.", hint=f"Use an id of this kind: {entity}.", path=("by", "id")
        )
    if args.source is not None and args.source != key.source:
        raise IdError("This id is of another source.", hint="Leave `source` out with an id.", path=("source",))
    return key


async def _find_by_vendor_id(entity: Entity, args: LookupArgs, ctx: RequestContext, selection: Selection) -> Loaded:
    source = _place_vendor_id(entity, args, ctx)
    (found,) = await fetch_references(entity, [(source, args.value)], ctx, selection)
    loaded: Loaded = found
    return loaded


def _place_vendor_id(entity: Entity, args: LookupArgs, ctx: RequestContext) -> str:
    if args.source is None:
        raise InputError(
            "A vendor's id is one within its source only.", hint="Name the `source` too.", path=("source",)
        )
    source = ctx.source(args.source)
    find_fields(source, entity)
    encode_id(source.name, entity, (args.value,))
    return source.name


async def _find_by_value(entity: Entity, args: LookupArgs, ctx: RequestContext, selection: Selection) -> Loaded:
    names = _choose_sources(entity, args, ctx)
    parts = find_parts(entity, selection)
    keys = [ValueKey(name, args.by, args.value, selection.path, parts) for name in names]
    replies = await load_all(ctx.by_value(entity), keys)
    rows: list[Record] = [row for reply in replies if not isinstance(reply, FacadeError) for row in reply]
    if len(rows) > 1:
        raise _refuse_choice(entity, args, rows, _name_way_out(entity, rows, ctx))
    _report_failures([reply for reply in replies if isinstance(reply, FacadeError)], rows, args, ctx, selection)
    ctx.by_id(entity).prime_rows(rows, parts)
    return rows[0] if rows else None


_FINDS: Final = {"id": _find_by_id, VENDOR_ID: _find_by_vendor_id}


def _choose_sources(entity: Entity, args: LookupArgs, ctx: RequestContext) -> list[str]:
    if args.by not in LOOKUPS[entity]:
        known = ", ".join(("id", *LOOKUPS[entity]))
        raise InputError(
            f"There is no look-up of {entity.plural} by {args.by}.", hint=f"Look up by: {known}.", path=("by",)
        )
    check_lookup_scope(args.by, ctx.principal, entity)
    names = list(ctx.sources) if args.source is None else [ctx.source(args.source).name]
    names = [name for name in names if args.source or entity in ctx.sources[name].capability.entities]
    if not names:
        raise InputError(
            f"You can use no source that holds {entity.plural}.", reason="SOURCE_UNKNOWN", path=("source",)
        )
    fields = find_fields(ctx.sources[names[0]], entity)
    bind_comparison(Comparison(args.by, Op.EQ, args.value), fields, ("by", args.by))
    return names


def _report_failures(
    errors: Sequence[FacadeError],
    rows: Sequence[Record],
    args: LookupArgs,
    ctx: RequestContext,
    selection: Selection,
) -> None:
    """Raise what makes "nothing found" untrue; beside a found record, a failed source is a notice."""
    serious = [error for error in errors if args.source or isinstance(error, VendorError)]
    if serious and not rows:
        raise serious[0]
    path = tuple(selection.path.split("."))
    ctx.notices.extend(FacadeErrorAt(error, path) for error in serious)


def _name_way_out(entity: Entity, rows: Sequence[Record], ctx: RequestContext) -> str:
    """Say how one of several records is come by that one source may hold; not every source can list them."""
    if all(ctx.source(row.source).capability.entities[entity].listable for row in rows):
        return f"read all of them with `{_name_field(entity)}(filter:)`."
    return f"look one up by its `{VENDOR_ID}`: {', '.join(row.id for row in rows)}."


def _refuse_choice(entity: Entity, args: LookupArgs, rows: Sequence[Record], way: str) -> InputError:
    places = sorted({row.source for row in rows})
    return InputError(
        f"{len(rows)} {entity.plural} have this {args.by} ({', '.join(places)}).",
        reason="AMBIGUOUS",
        hint=f"Name one `source`, or {way}" if len(places) > 1 else f"{way[:1].upper()}{way[1:]}",
        path=("by", args.by),
    )


def _name_field(entity: Entity) -> str:
    """Return the field of the graph that lists a kind of record."""
    first, *rest = entity.plural.split()
    return first + "".join(word.title() for word in rest)
