"""
Asking the engine in tests: a context over sources, and walks over whole connections.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from adapters.calls import CallScope
from adapters.contract import Source
from adapters.filters.bind import bind
from adapters.filters.evaluate import build_predicate
from adapters.filters.order import BY_ID, Order
from adapters.filters.tree import EVERYTHING, Filter
from adapters.records import CampaignRecord, Entity, ListRecord, Record, SubscriberRecord
from resolvers.context import ReadLimits, RequestContext
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.principal import LOCAL, Principal, Scope
from resolvers.selection import Selection, build_selection
from tests.resolvers.fake_source import ALL_FIELDS, sort_key

_KINDS = (SubscriberRecord, ListRecord, CampaignRecord)
_NODES = {f"nodes.{field.name}" for kind in _KINDS for field in dataclasses.fields(kind)}
EVERY_PAGE_FIELD = build_selection("subscribers", *sorted(_NODES), "edges.cursor", "pageInfo.hasNextPage", "totalCount")
"""Whatever may be read of a record, and of the page it stands on."""
WITHOUT_PII = Principal("analyst", frozenset({Scope.READ}))


def build_context(
    *sources: Source, principal: Principal = LOCAL, limits: ReadLimits | None = None, max_calls: int = 1000
) -> RequestContext:
    """Build one request's context; must run inside a loop."""
    now = asyncio.get_running_loop().time()
    return RequestContext(
        operation_id="test",
        principal=principal,
        sources={source.name: source for source in sources},
        scope=CallScope("test", principal.tenant, deadline_at=now + 20, max_calls=max_calls),
        limits=limits or ReadLimits(),
    )


Batch = Callable[[Any, Any, RequestContext, Selection], Awaitable[list[Any]]]


async def ask(
    batch: Batch, args: Any, ctx: RequestContext, parent: Any = None, selection: Selection = EVERY_PAGE_FIELD
) -> Any:
    """Return the value of one parent; an error value is raised."""
    (value,) = await batch([parent], args, ctx, selection)
    if isinstance(value, Exception):
        raise value
    return value


async def walk_pages(
    batch: Batch,
    build: Callable[[], RequestContext],
    args: ConnectionArgs,
    *,
    size: int,
    backward: bool = False,
    parent: Any = None,
    between: Callable[[], None] = lambda: None,
    most: int = 2000,
) -> list[ConnectionRecord[Any]]:
    """Read all pages, each as a request of its own; those read backwards are returned from the front."""
    pages: list[ConnectionRecord[Any]] = []
    cursor: str | None = None
    while len(pages) < most:
        turn: dict[str, Any] = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
        page = await ask(batch, replace(args, **turn), build(), parent)
        pages.append(page)
        if not (page.has_previous_page if backward else page.has_next_page):
            return pages[::-1] if backward else pages
        cursor = page.start_cursor if backward else page.end_cursor
        between()
    raise AssertionError("the walk does not end")


def ids_of(pages: Iterable[ConnectionRecord[Any]]) -> list[str]:
    """Return the ids on pages, in order."""
    return [node.id for page in pages for node in page.nodes]


def expect(
    rows: Iterable[Record], tree: Filter = EVERYTHING, order: Order = BY_ID, entity: Entity = Entity.SUBSCRIBER
) -> list[str]:
    """Return the ids a filter and an order mean, by the reference."""
    fields = ALL_FIELDS[entity]
    matches = build_predicate(bind(tree, fields), fields)
    found = sorted((row for row in rows if matches(row)), key=lambda row: sort_key(row, order.field))
    return [row.id for row in (reversed(found) if order.descending else found)]


def states_of(page: ConnectionRecord[Any]) -> list[tuple[str, str]]:
    """Return what a page says of each source."""
    return [(each.source, each.state.value) for each in page.completeness]
