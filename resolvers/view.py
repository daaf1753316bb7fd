"""
Views: the connection and the look-up.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.records import Entity, ViewRecord
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.selection import Selection

VIEWS = ConnectionSpec("views", Entity.VIEW)


async def views(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[ViewRecord] | FacadeError | None]:
    """Read one page of views of one source, or of all the caller sees."""
    return await fetch_connections(VIEWS, parents, args, ctx, selection)


async def view(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[ViewRecord | FacadeError | None]:
    """Find one view by global id or reference."""
    return await fetch_lookups(Entity.VIEW, parents, args, ctx, selection)
