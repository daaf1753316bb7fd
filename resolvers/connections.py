"""
Root connections: one page of the records of one source, or of all the caller sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.contract import PlannedCall, Source
from adapters.errors import CapabilityError, FacadeError, InputError, VendorError
from adapters.filters.order import BY_ID, Order
from adapters.filters.tree import EVERYTHING
from adapters.records import Entity, Record
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.cursors import CursorScope
from resolvers.lines import NO_SUCH_SOURCE, Line, build_line, check_order, find_listable
from resolvers.pages import CompletenessRecord, ConnectionArgs, ConnectionRecord, PageRequest, build_page_request
from resolvers.parts import find_page_parts
from resolvers.policy.completeness import report_unsupported
from resolvers.selection import Selection
from resolvers.walk import start_walk, walk_lines


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """A connection's name, which its cursors hold, and the kind of record it lists."""

    name: str
    entity: Entity


async def fetch_connections(
    spec: ConnectionSpec, parents: Sequence[object], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Read one page, the same for every parent; an error that fails the field is its value."""
    try:
        page = await fetch_connection(spec, args, ctx, selection)
    except FacadeError as error:
        return [error] * len(parents)
    return [page] * len(parents)


async def fetch_connection(
    spec: ConnectionSpec, args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> ConnectionRecord[Record]:
    """
    Read one page of one source, or along all the caller sees, by source and then id.

    Places of the operation that ask alike share one page.

    Raises:
        InputError: a refused argument; nothing was called.
        ForbiddenError: the filter or order needs the scope `pii`.
        VendorError: the only source, or every one that was left, failed. Where others answered, the failure is a
            notice and stands in `completeness`; records that cannot be read are the page's `gaps`.
    """
    key = (spec.name, args, selection.has("totalCount"), find_page_parts(spec.entity, selection))
    record, errors = await ctx.share_page(key, selection, lambda every: _read_page(spec, args, ctx, every))
    path = tuple(selection.path.split("."))
    ctx.notices.extend(FacadeErrorAt(error, path) for error in errors)
    return record


async def _read_page(
    spec: ConnectionSpec, args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> tuple[ConnectionRecord[Record], Sequence[VendorError]]:
    """Read one page, with the failures of sources beside those that answered."""
    page, lines, refused = plan_lines(spec, args, ctx, selection)
    scope = CursorScope(spec.name, asked=args.source, order=args.order or BY_ID)
    walk = await walk_lines(lines, scope, page, ctx)
    walk.reports.extend(refused)
    record = walk.build_page()
    ctx.by_id(spec.entity).prime_rows(record.nodes, find_page_parts(spec.entity, selection))
    return record, walk.errors


def plan_connection(
    spec: ConnectionSpec, args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> tuple[PlannedCall, ...]:
    """Build, without sending any, the first call of every branch of every source; raises as `fetch_connection` does."""
    page, lines, _ = plan_lines(spec, args, ctx, selection)
    walk = start_walk(list(lines), CursorScope(spec.name, asked=args.source, order=args.order or BY_ID), page)
    return tuple(
        lines[stop.source].source.adapter.plan_slice(
            lines[stop.source].build_query(branch, stop.position, page.size + 1)
        )
        for stop in (*walk.ahead, *walk.returning)
        for branch in lines[stop.source].plan.branches
    )


def plan_lines(
    spec: ConnectionSpec, args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> tuple[PageRequest, dict[str, Line], list[CompletenessRecord]]:
    """
    Check all arguments and plan each source's line.

    A source that cannot answer is told in `completeness` when all were asked, and an error when it was named or none
    can.
    """
    page = build_page_request(args, ctx.limits.default_first, ctx.limits.max_first)
    sources = _choose_sources(args, ctx)
    lines: dict[str, Line] = {}
    refused: list[tuple[Source, InputError]] = []
    for source in sources:
        try:
            order = choose_order(source, spec.entity, args.order, page)
            tree = args.filter or EVERYTHING
            line = build_line(source, spec.entity, tree, order, ctx=ctx, selection=selection)
        except InputError as error:
            refused.append((source, error))
        else:
            lines[source.name] = line if len(sources) == 1 else replace(line, count=False)
    if not lines:
        raise _choose_refusal([error for _, error in refused])
    return page, lines, [report_unsupported(source, error) for source, error in refused]


def _choose_refusal(errors: Sequence[InputError]) -> InputError:
    """Return what says most: why the question cannot be answered, rather than that a source has nothing of the kind."""
    return min(errors, key=lambda error: error.path == NO_SUCH_SOURCE)


def choose_order(source: Source, entity: Entity, asked: Order | None, page: PageRequest) -> Order:
    """
    Return the order to read in.

    Where none was asked for, rows stand by id, or in the vendor's own order where the source knows none by id.

    Raises:
        CapabilityError: the source cannot give its rows in the order, or cannot be read backwards.
    """
    able = find_listable(source, entity)
    if asked is not None:
        check_order(source, able, asked)
    order = asked or BY_ID
    if not page.backward:
        return order
    if not able.backwards:
        raise CapabilityError(
            f"The source {source.name} cannot be read backwards.", hint="Use `first` and `after`.", path=("last",)
        )
    return order.reversed()


def _choose_sources(args: ConnectionArgs, ctx: RequestContext) -> list[Source]:
    if args.source is not None:
        return [ctx.source(args.source)]
    if not ctx.sources:
        raise InputError("You can use no source.", reason="SOURCE_UNKNOWN", hint="Ask the operator for one.")
    if len(ctx.sources) > 1 and (args.order or BY_ID) != BY_ID:
        raise InputError(
            "Across several sources rows stand by source, then by id or as the source has them.",
            reason="ORDER_NEEDS_SOURCE",
            hint=f"Name one `source` to order otherwise: {', '.join(ctx.sources)}.",
            path=("orderBy",),
        )
    return list(ctx.sources.values())
