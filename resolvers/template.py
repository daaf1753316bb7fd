"""
Templates: the connection and the look-up.
"""

from collections.abc import Sequence

from adapters.errors import FacadeError
from adapters.records import Entity, TemplateRecord
from resolvers.connections import ConnectionSpec, fetch_connections
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, fetch_lookups
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.selection import Selection

TEMPLATES = ConnectionSpec("templates", Entity.TEMPLATE)


async def templates(
    parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[TemplateRecord] | FacadeError | None]:
    """Read one page of templates of one source, or of all the caller sees."""
    return await fetch_connections(TEMPLATES, parents, args, ctx, selection)


async def template(
    parents: Sequence[object], args: LookupArgs, ctx: RequestContext, selection: Selection
) -> list[TemplateRecord | FacadeError | None]:
    """Find one template by global id or reference."""
    return await fetch_lookups(Entity.TEMPLATE, parents, args, ctx, selection)
