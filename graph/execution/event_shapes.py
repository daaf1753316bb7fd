"""
The shapes of calls that read events: pages of feeds, single events out of them, and what one event caused.

An adapter leaves out what no record can match, and no event has the sign of an unknown key for its id. So numbers
stand in for the ids while a call is built, and the sign takes their place in what is shown.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from adapters.contract import PlannedCall
from adapters.errors import InputError
from adapters.filters.tree import EVERYTHING, And, Comparison, Op
from adapters.records import Entity, EventKind, FeedKey, FeedSide
from adapters.shapes import UNKNOWN
from resolvers.connections import ConnectionSpec, plan_lines
from resolvers.context import RequestContext
from resolvers.feeds import EventPlace, build_range
from resolvers.lines import Line
from resolvers.pages import ConnectionArgs, PageRequest
from resolvers.selection import Selection

STAND_INS: Final = ("9111111111111111111", "9111111111111111112")
"""Numbers that stand in for unknown ids while a call is built; `hide` puts the sign for such in their place."""

_OF_PERSON: Final = FeedKey(Entity.SUBSCRIBER, UNKNOWN, FeedSide.SUBJECT)
"""The feed in which causes and consequences are looked for."""


def plan_feed(
    name: str, feed: FeedKey, asked: ConnectionArgs, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall]:
    """Yield the first calls of a page of a feed; `name` is the connection's."""
    for page, line in plan_each(ConnectionSpec(name, Entity.FEED_EVENT), asked, request, selection):
        yield from _plan_line(line, feed, page.size + 1)


def plan_consequences(
    events: int, asked: ConnectionArgs, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall]:
    """Yield the first calls for what events caused: of those of one person together, and of each by itself."""
    for ids in (STAND_INS, STAND_INS[:1]) if events > 1 else (STAND_INS[:1],):
        caused = And((asked.filter or EVERYTHING, build_range("parent_id", ids)))
        spec = ConnectionSpec("feedEvent.children", Entity.FEED_EVENT)
        for page, line in plan_each(spec, replace(asked, filter=caused), request, selection):
            yield from _plan_line(line, _OF_PERSON, page.size + 1, shared=len(ids) > 1)


def plan_causes(events: int, request: RequestContext, selection: Selection) -> Iterator[PlannedCall]:
    """Yield the calls for what caused events: for those of one person together, and for each by itself."""
    for source in request.sources:
        for count in (events, 1) if events > 1 else (1,):
            yield from plan_events((source, _OF_PERSON, EventKind.LOGGED, UNKNOWN), count, request, selection)


def plan_events(place: EventPlace, count: int, request: RequestContext, selection: Selection) -> Iterator[PlannedCall]:
    """Yield the first call for so many events of one kind in one feed; `place` is that of any of them."""
    source, feed, kind, _ = place
    ids = STAND_INS if count > 1 else STAND_INS[:1]
    wanted = And((build_range("id", ids), Comparison("kind", Op.EQ, str(kind))))
    spec = ConnectionSpec("events", Entity.FEED_EVENT)
    for _, line in plan_each(spec, ConnectionArgs(source=source, filter=wanted), request, selection):
        yield from _plan_line(line, feed, 1 + line.plan.exact, shared=count > 1)


def plan_each(
    spec: ConnectionSpec, asked: ConnectionArgs, request: RequestContext, selection: Selection
) -> Iterator[tuple[PageRequest, Line]]:
    """
    Plan a connection at each source by itself, as those below records are read; sources that cannot are left out.

    Raises:
        InputError: it would be refused at every source.
    """
    refusals: list[InputError] = []
    names = [name for name in request.sources if asked.source in (None, name)]
    for name in names:
        try:
            page, lines, _ = plan_lines(spec, replace(asked, source=name), request, selection)
        except InputError as error:
            refusals.append(error)
        else:
            yield page, lines[name]
    if names and len(refusals) == len(names):
        raise refusals[0]


def _plan_line(line: Line, feed: FeedKey, rows: int, *, shared: bool = False) -> Iterator[PlannedCall]:
    """Yield the first call of each branch in a feed; a page that several events share is as large as it may be."""
    branches = line.plan.branches
    for branch in branches if not shared or len(branches) == 1 else ():
        query = replace(line.build_query(branch, None, line.max_page if shared else rows), feed=feed)
        yield hide(line.source.adapter.plan_slice(query))


def hide(call: PlannedCall) -> PlannedCall:
    """Put the sign of an unknown key where a call was built with a number in its stead."""
    return replace(call, url=_hide_text(call.url), pushed=tuple(map(_hide_text, call.pushed)))


def _hide_text(text: str) -> str:
    for stand_in in STAND_INS:
        text = text.replace(stand_in, UNKNOWN)
    return text
