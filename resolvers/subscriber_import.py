"""
Imports: the connection, the look-up, what their manifests say, and which one brought a person or a membership.
"""

from collections.abc import Sequence

from adapters.contract import Loaded
from adapters.errors import FacadeError
from adapters.records import (
    Entity,
    ImportRecord,
    ManifestRecord,
    ManifestSourceRecord,
    MembershipRecord,
    SubscriberRecord,
    Unreadable,
)
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups, fetch_references
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.references import Ids, build_unreadable_error, fetch_reference_lists
from resolvers.selection import Selection

IMPORTS = ConnectionSpec("imports", Entity.IMPORT)


async def imports(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ImportRecord] | FacadeError | None]:
    """Read one page of imports of one source, or of all the caller sees."""
    return await fetch_connections(IMPORTS, parents, args, ctx, selection)


async def import_(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[ImportRecord | FacadeError | None]:
    """Find one import by global id or reference."""
    return await fetch_lookups(Entity.IMPORT, parents, args, ctx, selection)


async def manifest(
    parents: Sequence[ImportRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[ManifestRecord | FacadeError | None]:
    """Tell what each import reads; no call is made."""
    del args, selection
    return [
        build_unreadable_error(parent.source, parent.manifest, ctx)
        if isinstance(parent.manifest, Unreadable)
        else parent.manifest
        for parent in parents
    ]


async def import_lists(
    parents: Sequence[ImportRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[tuple[Loaded, ...] | FacadeError | None]:
    """Find the lists each import puts people on, over all its files."""
    del args
    holders = [(parent.source, _join_lists(parent)) for parent in parents]
    return await fetch_reference_lists(Entity.LIST, holders, ctx, selection)


def _join_lists(parent: ImportRecord) -> Ids:
    if not isinstance(parent.manifest, ManifestRecord):
        return parent.manifest
    return tuple(dict.fromkeys(id_ for each in parent.manifest.sources for id_ in each.list_ids))


async def manifest_source_lists(
    parents: Sequence[ManifestSourceRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[tuple[Loaded, ...] | FacadeError | None]:
    """Find the lists the people of each imported file are put on."""
    del args
    holders: list[tuple[str, Ids]] = [(parent.source, parent.list_ids) for parent in parents]
    return await fetch_reference_lists(Entity.LIST, holders, ctx, selection)


async def import_of(
    parents: Sequence[SubscriberRecord | MembershipRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[ImportRecord | FacadeError | None]:
    """Find the import that brought each person, or each membership."""
    del args
    keys = [(parent.source, parent.import_id) for parent in parents]
    return await fetch_references(Entity.IMPORT, keys, ctx, selection)
