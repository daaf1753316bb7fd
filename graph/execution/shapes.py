"""
The shapes of the calls below root pages: built by the adapters as they would send them, less the keys nobody knows yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.contract import ChildrenQuery, PlannedCall, Source
from adapters.errors import FacadeError
from adapters.filters.tree import EVERYTHING, And
from adapters.records import SUBSCRIBER_KEY, Entity, FeedKey, FeedSide, RevisionChoice, StatisticsSubject
from adapters.shapes import UNKNOWN, PlansShapes
from graph.execution.asking_shapes import ASKED
from graph.execution.costs import Load
from graph.execution.event_shapes import STAND_INS, hide, plan_causes, plan_consequences, plan_each, plan_feed
from graph.execution.node_shapes import Refused, plan_nodes
from resolvers.activity import OF_CAMPAIGN, OF_TEMPLATE
from resolvers.campaign import BROUGHT
from resolvers.children import ChildrenSpec
from resolvers.context import RequestContext
from resolvers.extension_part import extension_part
from resolvers.list import MEMBERS
from resolvers.lookups import VENDOR_ID, LookupArgs, place_lookup
from resolvers.node import TYPE_ENTITIES
from resolvers.pages import ConnectionArgs
from resolvers.parts import find_parts
from resolvers.relations import RELATIONS, Relation, Shape
from resolvers.revisions import RevisionsArgs
from resolvers.selection import Selection
from resolvers.statistics_args import StatisticsArgs

_BELOW: Final[Mapping[tuple[str, str], ChildrenSpec]] = {
    ("Campaign", "subscribers"): BROUGHT,
    ("Campaign", "activities"): OF_CAMPAIGN,
    ("Template", "activities"): OF_TEMPLATE,
}
_FEEDS: Final = {"events": FeedSide.SUBJECT, "auditLog": FeedSide.OBJECT}
_COUNTED: Final = {
    ("Query", "eventStatistics"): StatisticsSubject.ACCOUNT,
    ("Query", "membershipStatistics"): StatisticsSubject.LISTS,
    ("Query", "listStatistics"): StatisticsSubject.LIST,
    ("Campaign", "stats"): StatisticsSubject.CAMPAIGN,
    ("Activity", "stats"): StatisticsSubject.ACTIVITY,
    ("ActivityRevision", "stats"): StatisticsSubject.REVISION,
    ("SubscriberList", "stats"): StatisticsSubject.LIST,
}
_NODES: Final = frozenset({("Query", "node"), ("Query", "nodes"), ("Query", "_entities")})
_MEMBERS: Final = ("SubscriberList", "members")
_HISTORIES: Final = frozenset({("ActivityRevision", "templateRevision"), ("FeedEvent", "revision")})
_OPTED_OUT: Final = ("Unsubscribe", "subscriber")
_PARTS: Final = frozenset({extension_part})
"""Relations that ask for a part of a record, each vendor in its own way."""

_SEVERAL: Final = 2


def plan_shapes(
    load: Load, asked: Any, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall | Refused]:
    """
    Yield the shape of a place's calls at each source that can show it; `asked` are the place's arguments.

    Of several ids, one that is refused stands between the calls as its refusal.

    Raises:
        FacadeError: the arguments would be refused.
    """
    relation = RELATIONS[load.type_name, load.field_name]
    if (load.type_name, load.field_name) in ASKED:
        yield from ASKED[load.type_name, load.field_name](asked, request)
    elif (load.type_name, load.field_name) in _NODES:
        yield from plan_nodes(asked, request, selection)
    elif relation.reads is Entity.FEED_EVENT:
        yield from _plan_events(load, asked, request, selection)
    elif relation.shape in {Shape.ONE, Shape.PART}:
        yield from _plan_loads(load, relation, asked, request, selection)
    elif relation.shape in {Shape.CHILDREN, Shape.MEMBERS}:
        yield from _plan_below(load, asked, request, selection)
    elif relation.shape is Shape.STATISTICS:
        yield from _plan_statistics(load, asked, request)


def _plan_events(load: Load, asked: Any, request: RequestContext, selection: Selection) -> Iterator[PlannedCall]:
    if load.field_name in _FEEDS:
        feed = FeedKey(TYPE_ENTITIES[load.type_name], UNKNOWN, _FEEDS[load.field_name])
        yield from plan_feed(load.field_name, feed, asked, request, selection)
    elif load.field_name == "children":
        yield from plan_consequences(load.parents, asked, request, selection)
    else:
        yield from plan_causes(load.parents, request, selection)


def _plan_loads(
    load: Load, relation: Relation, asked: Any, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall]:
    entity = relation.reads
    if entity is None or relation.batch in _PARTS:
        return
    value = asked.by if isinstance(asked, LookupArgs) and asked.by not in {"id", VENDOR_ID} else None
    sources = _find_sources(entity, asked, request)
    if (load.type_name, load.field_name) == _OPTED_OUT:
        value = SUBSCRIBER_KEY
    for source in sources:
        if isinstance(source.adapter, PlansShapes) and entity in source.capability.entities:
            parts = _find_parts(load, entity, asked, selection)
            yield source.adapter.plan_load(entity, value or "id", 1 if value else load.most, parts)


def _find_sources(entity: Entity, asked: Any, request: RequestContext) -> Iterator[Source]:
    """Yield where a kind of record is looked for; without a look-up, each source's records lead to its own."""
    names = place_lookup(entity, asked, request) if isinstance(asked, LookupArgs) else request.sources
    yield from map(request.source, names)


def _find_parts(load: Load, entity: Entity, asked: Any, selection: Selection) -> frozenset[str]:
    """Name what a look-up brings beside its records: the revisions it is for, or those selected below it."""
    if isinstance(asked, RevisionsArgs):
        return frozenset({asked.which.part})
    if (load.type_name, load.field_name) in _HISTORIES:
        return frozenset({RevisionChoice.HISTORY.part})
    return find_parts(entity, selection)


def _plan_below(
    load: Load, asked: Any, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall | Refused]:
    place = load.type_name, load.field_name
    if place == _MEMBERS or place in _BELOW:
        spec = MEMBERS[asked.state] if place == _MEMBERS else _BELOW[place]
        yield from _plan_children(spec, load.least, asked, request, selection)


def _plan_children(
    spec: ChildrenSpec, least: int, asked: ConnectionArgs, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall | Refused]:
    """Yield the first calls: of a range of parents where they share it, otherwise of one."""
    for page, line in plan_each(spec, asked, request, selection):
        shared = least <= 1 and page.cursor is None and line.order.field == "id" and len(line.plan.branches) == 1
        adapter = line.source.adapter
        if not isinstance(adapter, PlansShapes):
            yield from _plan_alone(spec, replace(asked, source=line.source.name), request, selection)
            continue
        for branch in line.plan.branches:
            query = line.build_query(branch, None, page.size + 1)
            yield adapter.plan_children(
                ChildrenQuery(
                    entity=query.entity,
                    field=spec.field,
                    parents=(UNKNOWN,) * (_SEVERAL if shared else 1),
                    pushed=query.pushed,
                    order=query.order,
                    limit=query.limit,
                    parts=query.parts,
                )
            )


def _plan_alone(
    spec: ChildrenSpec, asked: ConnectionArgs, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall | Refused]:
    """Yield the first call below one parent as a page of its own, or why the source has none."""
    wanted = replace(asked, filter=And((asked.filter or EVERYTHING, spec.belongs(STAND_INS[0]))))
    try:
        for page, line in plan_each(spec, wanted, request, selection):
            for branch in line.plan.branches:
                yield hide(line.source.adapter.plan_slice(line.build_query(branch, None, page.size + 1)))
    except FacadeError as error:
        yield error


def _plan_statistics(load: Load, asked: StatisticsArgs, request: RequestContext) -> Iterator[PlannedCall | Refused]:
    subject = _COUNTED.get((load.type_name, load.field_name), asked.granularity)
    below = load.type_name != "Query"
    for source in request.sources.values():
        if asked.source not in {"", source.name} or not isinstance(source.adapter, PlansShapes):
            continue
        for query in asked.build_queries(subject):
            named = replace(query, within=subject, ids=(UNKNOWN,)) if below else query
            try:
                yield source.adapter.plan_statistics(named)
            except FacadeError as error:
                yield error
