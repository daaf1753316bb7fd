"""
Connections below many parents: their first pages are read together, what is missing of one is read alone.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.contract import ChildrenQuery, Slice, Source
from adapters.errors import CapabilityError, FacadeError
from adapters.filters.normalize import normalize
from adapters.filters.order import BY_ID
from adapters.filters.tree import EVERYTHING, And, Filter
from adapters.filters.words import describe
from adapters.records import Record
from resolvers.connections import ConnectionSpec, choose_order
from resolvers.context import RequestContext
from resolvers.cursors import CursorScope
from resolvers.lines import Line, build_line, find_listable
from resolvers.pages import ConnectionArgs, ConnectionRecord, PageRequest, build_page_request
from resolvers.parts import find_page_parts
from resolvers.principal import Scope
from resolvers.selection import Selection
from resolvers.walk import walk_lines

_ANY: Final = "…"
"""Stands for each of several parents in what is said of a call that they share."""

Parent = tuple[str, str]
"""A source and the parent's vendor id there."""

Page = ConnectionRecord[Record] | FacadeError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenSpec(ConnectionSpec):
    """
    A connection below a parent.

    `field` is the children's field that names the parent, as `ChildrenQuery` takes it; `belongs` builds the condition
    that a row is one parent's, from the parent's vendor id. `tells` says what a source tells that can answer at all.
    """

    field: str
    tells: str
    belongs: Callable[[str], Filter]


async def fetch_children_connection(
    spec: ChildrenSpec,
    parents: Sequence[Parent],
    args: ConnectionArgs,
    ctx: RequestContext,
    selection: Selection,
) -> list[Any]:
    """
    Read one page below each parent, in the parents' order; a failure is the value of the parents it concerns.

    Calls: first pages by id are read with one `fetch_children` per source; a parent whose page that did not fill, and
    every parent in another order or after a cursor, goes on alone under its own scan budget, side by side. Places of
    the operation that ask alike share their pages.
    """
    parts = find_page_parts(spec.entity, selection)
    key = (spec.name, tuple(parents), args, selection.has("totalCount"), parts)
    return await ctx.share_page(key, selection, lambda every: _read_pages(spec, parents, args, ctx, every))


async def _read_pages(
    spec: ChildrenSpec, parents: Sequence[Parent], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Read one page below each parent."""
    try:
        page = build_page_request(args, ctx.limits.default_first, ctx.limits.max_first)
    except FacadeError as error:
        return [error] * len(parents)
    sources = list(dict.fromkeys(source for source, _ in parents))
    reads = (
        _Read(spec, ctx.source(source), args, page, ctx, selection).fetch(_ids_of(source, parents))
        for source in sources
    )
    found = dict(zip(sources, await asyncio.gather(*reads), strict=True))
    return [found[source][id_] for source, id_ in parents]


def _ids_of(source: str, parents: Sequence[Parent]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_ for name, id_ in parents if name == source))


@dataclass(frozen=True, slots=True)
class _Read:
    """One source's part of the parents, with what was asked below them."""

    spec: ChildrenSpec
    source: Source
    args: ConnectionArgs
    page: PageRequest
    ctx: RequestContext
    selection: Selection

    async def fetch(self, ids: Sequence[str]) -> Mapping[str, Page]:
        """Read one page below each parent of this source."""
        try:
            shared = self._plan(self.args.filter or EVERYTHING, recheck=False)
            seeds = await self._fetch_seeds(shared, ids)
        except FacadeError as error:
            return dict.fromkeys(ids, self._choose_error(error, ids[0]))
        pages = await asyncio.gather(*(self._fetch_one(id_, seeds.get(id_)) for id_ in ids))
        return dict(zip(ids, pages, strict=True))

    def _choose_error(self, error: FacadeError, id_: str) -> FacadeError:
        """Say of a source that tells of no children just that: whoever asked named no source, and no such filter."""
        if not isinstance(error, CapabilityError):
            return error
        try:
            build_line(
                self.source, self.spec.entity, self.spec.belongs(id_), BY_ID, ctx=self.ctx, selection=self.selection
            )
        except CapabilityError:
            return CapabilityError(
                f"{self.source.package.title} does not tell {self.spec.tells}.",
                hint=f"Ask other sources than {self.source.name} for this.",
            )
        return error

    async def _fetch_seeds(self, line: Line, ids: Sequence[str]) -> Mapping[str, Slice | FacadeError]:
        """Read all parents' first rows together where one call can say which rows come first below each."""
        if not line.plan.branches:
            return dict.fromkeys(ids, Slice((), (), end=True))
        if len(ids) == 1 or not self._can_share(line):
            return {}
        residual, reasons = self._describe_rest(line, ids[0])
        query = ChildrenQuery(
            entity=self.spec.entity,
            field=self.spec.field,
            parents=tuple(ids),
            pushed=line.plan.branches[0],
            order=line.order,
            limit=min(self.page.size + 1, line.max_page),
            parts=line.parts,
            purpose=self.selection.path,
            residual=residual,
            reasons=reasons,
        )
        return await self.source.adapter.fetch_children(query, self.ctx.scope)

    def _describe_rest(self, line: Line, parent: str) -> tuple[str | None, tuple[str, ...]]:
        """Say what is checked on the rows of a shared call, below any parent, and why: `line` leaves parents out."""
        alone = self._plan(And((self.args.filter or EVERYTHING, self.spec.belongs(parent))), recheck=False)
        if alone.plan.residual == line.plan.residual:
            return line.residual, line.plan.reasons
        rest = And((line.plan.residual, self.spec.belongs(_ANY)))
        shown = self.ctx.principal.holds(Scope.PII)
        return describe(normalize(rest), show_values=shown), alone.plan.reasons

    def _can_share(self, line: Line) -> bool:
        able = find_listable(self.source, self.spec.entity)
        start = self.page.cursor is None and line.order.field == "id"
        return start and len(line.plan.branches) == 1 and not able.missing_in_rows

    async def _fetch_one(self, id_: str, seed: Slice | FacadeError | None) -> Page:
        if isinstance(seed, FacadeError):
            return seed
        order = self.args.order or BY_ID
        scope = CursorScope(self.spec.name, parent=id_, asked=self.source.name, order=order)
        try:
            tree = And((self.args.filter or EVERYTHING, self.spec.belongs(id_)))
            line = self._plan(tree, recheck=seed is not None)
            walk = await walk_lines({self.source.name: line}, scope, self.page, self.ctx, seed=seed)
        except FacadeError as error:
            return self._choose_error(error, id_)
        record = walk.build_page()
        self.ctx.by_id(self.spec.entity).prime_rows(record.nodes, line.parts)
        return record

    def _plan(self, tree: Filter, *, recheck: bool) -> Line:
        order = choose_order(self.source, self.spec.entity, self.args.order, self.page)
        return build_line(
            self.source, self.spec.entity, tree, order, ctx=self.ctx, selection=self.selection, recheck=recheck
        )
