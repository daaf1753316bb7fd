"""
Feeds: pages of the events of many records, each feed a line of its own, and single events out of them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.contract import Slice, Source
from adapters.errors import BudgetExceededError, CapabilityError, FacadeError, NotFoundError
from adapters.filters.order import BY_ID
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Op
from adapters.records import Entity, EventKind, FeedEventRecord, FeedKey, Record
from resolvers.connections import choose_order
from resolvers.context import RequestContext
from resolvers.cursors import CursorScope
from resolvers.lines import Line, build_line
from resolvers.pages import ConnectionArgs, ConnectionRecord, PageRequest, build_page_request
from resolvers.policy.budget import ScanBudget
from resolvers.scan import scan_line
from resolvers.selection import Selection
from resolvers.walk import walk_lines

FeedPlace = tuple[str, FeedKey]
"""A source and a feed there."""

EventPlace = tuple[str, FeedKey, EventKind, str]
"""A source, a feed there, and the kind and vendor id of an event in it."""

Page = ConnectionRecord[Record] | FacadeError


@dataclass(frozen=True, slots=True)
class Part:
    """What of a feed is asked for: all of it, or the events that one of its events caused."""

    place: FeedPlace
    caused_by: str | None = None

    @property
    def condition(self) -> Filter:
        """The condition that an event belongs to the part."""
        return EVERYTHING if self.caused_by is None else Comparison("parent_id", Op.EQ, self.caused_by)

    @property
    def parent(self) -> str:
        """What the part's cursors are good for."""
        return self.place[1].id if self.caused_by is None else self.caused_by


async def fetch_feed_pages(
    name: str, parts: Sequence[Part], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    """
    Read one page of each part, in order; a failure is the value of the parts it concerns. `name` is the connection's.

    Calls: one a feed at least, side by side. What several events of one feed caused is read together where it fits a
    vendor's page; otherwise, in another order, after a cursor or beside an unreadable event, each part is read alone
    under its own scan budget.
    """
    key = (name, tuple(parts), args, selection.has("totalCount"))
    return await ctx.share(key, lambda: _read_pages(name, parts, args, ctx, selection))


async def _read_pages(
    name: str, parts: Sequence[Part], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[Any]:
    try:
        page = build_page_request(args, ctx.limits.default_first, ctx.limits.max_first)
    except FacadeError as error:
        return [error] * len(parts)
    read = _Read(name, args, page, ctx, selection)
    wanted = list(dict.fromkeys(parts))
    seeds = await read.fetch_seeds(wanted)
    pages = await asyncio.gather(*(read.fetch(part, seeds.get(part)) for part in wanted))
    found = dict(zip(wanted, pages, strict=True))
    return [found[part] for part in parts]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was asked of every part alike."""

    name: str
    args: ConnectionArgs
    page: PageRequest
    ctx: RequestContext
    selection: Selection

    async def fetch(self, part: Part, seed: Slice | FacadeError | None) -> Page:
        """Read one page of a part; `seed` is what a shared call brought of it."""
        if isinstance(seed, FacadeError):
            return seed
        source, order = part.place[0], self.args.order or BY_ID
        scope = CursorScope(self.name, parent=part.parent, asked=source, order=order)
        try:
            line = self._open(part.place, part.condition, recheck=seed is not None)
            walk = await walk_lines({source: line}, scope, self.page, self.ctx, seed=seed)
        except FacadeError as error:
            return error
        return walk.build_page()

    async def fetch_seeds(self, parts: Sequence[Part]) -> Mapping[Part, Slice | FacadeError]:
        """Read together what several events of one feed caused, feeds side by side."""
        if self.page.cursor is not None or self.page.backward or (self.args.order or BY_ID).field != "id":
            return {}
        groups: dict[FeedPlace, list[Part]] = {}
        for part in parts:
            if part.caused_by is not None:
                groups.setdefault(part.place, []).append(part)
        shared = await asyncio.gather(*(self._fetch_shared(group) for group in groups.values() if len(group) > 1))
        return {part: seed for group in shared for part, seed in group.items()}

    async def _fetch_shared(self, parts: Sequence[Part]) -> Mapping[Part, Slice | FacadeError]:
        try:
            line = self._open(parts[0].place, build_range("parent_id", [part.parent for part in parts]))
            if len(line.plan.branches) != 1:
                return {}
            rows = await line.fetch(line.plan.branches[0], None, line.max_page, self.ctx)
        except FacadeError as error:
            return dict.fromkeys(parts, error)
        # whose an unreadable event is cannot be told here
        return {part: _share(part, rows) for part in parts} if rows.end and not rows.gaps else {}

    def _open(self, place: FeedPlace, condition: Filter, *, recheck: bool = False) -> Line:
        source = self.ctx.source(place[0])
        if Entity.FEED_EVENT not in source.capability.entities:
            raise _refuse_feed(source, place[1].holder)
        order = choose_order(source, Entity.FEED_EVENT, self.args.order, self.page)
        tree = And((self.args.filter or EVERYTHING, condition))
        line = build_line(
            source,
            Entity.FEED_EVENT,
            tree,
            order,
            ctx=self.ctx,
            selection=self.selection,
            recheck=recheck,
        )
        return replace(line, feed=place[1])


def _refuse_feed(source: Source, entity: Entity) -> CapabilityError:
    return CapabilityError(
        f"{source.package.title} does not tell the events of its {entity.plural}.",
        hint=f"Ask other sources than {source.name} for this.",
    )


def _share(part: Part, rows: Slice) -> Slice:
    """Return a part's share of what several parts were read with, which was all there is."""
    pairs = zip(rows.records, rows.positions, strict=True)
    mine = [
        (record, position)
        for record, position in pairs
        if isinstance(record, FeedEventRecord) and record.parent_id == part.caused_by
    ]
    return Slice(tuple(record for record, _ in mine), tuple(position for _, position in mine), end=True, calls=0)


def build_range(field: str, ids: Sequence[str]) -> Filter:
    """Build the range around ids that are numbers; a single one is asked for as it is."""
    if len(ids) == 1:
        return Comparison(field, Op.EQ, ids[0])
    ordered = sorted(ids, key=int)
    return And((Comparison(field, Op.GTE, ordered[0]), Comparison(field, Op.LTE, ordered[-1])))


async def fetch_events(places: Sequence[EventPlace | None], ctx: RequestContext, selection: Selection) -> list[Any]:
    """
    Find single events, in order; None where there is no place or no such event, an error for a failed call.

    Calls: one a feed and kind where the events between the first and the last one wanted fit a vendor's page;
    otherwise one more for each that was not reached, or is missing beside an unreadable one.
    """
    groups: dict[tuple[str, FeedKey, EventKind], list[EventPlace]] = {}
    for place in dict.fromkeys(places):
        if place is not None:
            groups.setdefault(place[:3], []).append(place)
    found = await asyncio.gather(*(_fetch_group(group, ctx, selection) for group in groups.values()))
    by_place = {place: event for group in found for place, event in group.items()}
    return [None if place is None else by_place[place] for place in places]


async def _fetch_group(
    places: Sequence[EventPlace], ctx: RequestContext, selection: Selection
) -> dict[EventPlace, FeedEventRecord | FacadeError | None]:
    """Read the events of one kind in one feed: in a range, then those it did not reach one by one."""
    found: dict[EventPlace, FeedEventRecord | FacadeError | None] = {}
    if len(places) > 1 and all(_is_number(id_) for *_, id_ in places):
        try:
            found |= await _fetch_range(places, ctx, selection)
        except FacadeError as error:
            return dict.fromkeys(places, None if isinstance(error, NotFoundError) else error)
    missing = [place for place in places if place not in found]
    singles = await asyncio.gather(*(_fetch_one(place, ctx, selection) for place in missing))
    return found | dict(zip(missing, singles, strict=True))


async def _fetch_range(
    places: Sequence[EventPlace], ctx: RequestContext, selection: Selection
) -> dict[EventPlace, FeedEventRecord | FacadeError | None]:
    """Read one vendor page of the range around the events; those it does not reach are left out."""
    line = _open_event_line(places[0], build_range("id", [id_ for *_, id_ in places]), ctx, selection)
    if len(line.plan.branches) != 1:
        return {}
    rows = await line.fetch(line.plan.branches[0], None, line.max_page, ctx)
    events = {(event.kind, event.id): event for event in rows.records if isinstance(event, FeedEventRecord)}
    complete = rows.end and not rows.gaps
    reached = [place for place in places if complete or place[2:] in events]
    return {place: events.get(place[2:]) for place in reached}


async def _fetch_one(
    place: EventPlace, ctx: RequestContext, selection: Selection
) -> FeedEventRecord | FacadeError | None:
    try:
        line = _open_event_line(place, Comparison("id", Op.EQ, place[3]), ctx, selection)
        budget = ScanBudget(ctx.limits.scan_calls, ctx.limits.scan_rows)
        scan = await scan_line(line, None, 1 + line.plan.exact, budget, ctx)
    except NotFoundError:
        return None
    except FacadeError as error:
        return error
    for row in scan.rows:
        if isinstance(row.record, FeedEventRecord):
            return row.record
    if scan.error is not None or scan.ended:
        return scan.error
    return BudgetExceededError("The event was not reached in its feed.")


def _open_event_line(place: EventPlace, condition: Filter, ctx: RequestContext, selection: Selection) -> Line:
    source, feed, kind, _ = place
    tree = And((condition, Comparison("kind", Op.EQ, str(kind))))
    line = build_line(ctx.source(source), Entity.FEED_EVENT, tree, BY_ID, ctx=ctx, selection=selection)
    return replace(line, feed=feed)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
