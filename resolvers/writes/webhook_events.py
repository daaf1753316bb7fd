"""
What vendors told by themselves, as an operator lists it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.errors import FacadeError, ForbiddenError
from adapters.ledger import WebhookEvent
from resolvers.context import RequestContext
from resolvers.cursors import CursorScope
from resolvers.pages import ConnectionRecord
from resolvers.principal import Scope
from resolvers.selection import Selection
from resolvers.writes.operations import TOTAL, build_page, read_cursor, read_size


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEventsArgs:
    """A page of events: which, how many, and after which cursor."""

    unmatched: bool = False
    first: int | None = None
    after: str | None = None


async def webhook_events(
    parents: Sequence[object], args: WebhookEventsArgs, ctx: RequestContext, selection: Selection
) -> list[ConnectionRecord[WebhookEvent] | FacadeError]:
    """List events of the sources the caller sees, the newest first; only for the scope `admin`."""
    try:
        page: ConnectionRecord[WebhookEvent] | FacadeError = await _read_events(args, ctx, selection)
    except FacadeError as error:
        page = error
    return [page] * len(parents)


async def _read_events(
    args: WebhookEventsArgs, ctx: RequestContext, selection: Selection
) -> ConnectionRecord[WebhookEvent]:
    if not ctx.principal.holds(Scope.ADMIN):
        raise ForbiddenError(
            "`webhookEvents` needs the scope `admin`.", reason="SCOPE_MISSING", hint="Ask the operator for it."
        )
    size = read_size(args.first, ctx)
    scope = CursorScope("webhookEvents")
    after = read_cursor(args.after, scope)
    ledger = (await ctx.desk()).ledger
    events, more = await ledger.list_events(sorted(ctx.sources), unmatched=args.unmatched, after=after, limit=size)
    shown = events if ctx.principal.holds(Scope.PII) else [replace(event, payload=None) for event in events]
    total = await ledger.count_events(sorted(ctx.sources), unmatched=args.unmatched) if selection.has(TOTAL) else None
    return build_page(scope, [(event.id, event) for event in shown], more=more, after=args.after, total=total)
