"""
The shapes of calls for records of any kind, whose ids say what they are and where they are read.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from adapters.contract import PlannedCall
from adapters.errors import FacadeError, InputError
from adapters.records import Entity, RevisionChoice
from adapters.shapes import PlansShapes
from graph.execution.event_shapes import plan_events
from resolvers.context import RequestContext
from resolvers.events import read_event_path
from resolvers.feeds import EventPlace
from resolvers.node import (
    REVISION_TYPES,
    EntityKey,
    NodeArgs,
    NodesArgs,
    Place,
    place_id,
    place_key,
    refuse_count,
)
from resolvers.parts import find_parts
from resolvers.selection import Selection

Refused = FacadeError
"""What stands in the place of an id that is refused, while the others are read."""


def plan_nodes(
    asked: NodeArgs | NodesArgs | Sequence[EntityKey | InputError], request: RequestContext, selection: Selection
) -> Iterator[PlannedCall | Refused]:
    """
    Yield the shape of the calls for each kind of record at each source, and a refusal for each id that is none.

    Raises:
        InputError: there are more ids than may be asked for at once.
    """
    places = list(dict.fromkeys(_place(asked, request)))
    yield from (place for place in places if isinstance(place, FacadeError))
    good = [place for place in places if not isinstance(place, FacadeError)]
    kinds = Counter((source, type_) for type_, source, _ in good if type_ != Entity.FEED_EVENT)
    events = [(source, path) for type_, source, path in good if type_ == Entity.FEED_EVENT]
    yield from chain.from_iterable(_plan_kind(*kind, count, request, selection) for kind, count in kinds.items())
    yield from _plan_events(events, request, selection)


def _place(
    asked: NodeArgs | NodesArgs | Sequence[EntityKey | InputError], request: RequestContext
) -> Iterator[Place | FacadeError]:
    limit = request.limits.max_nodes
    match asked:
        case NodeArgs():
            yield place_id(asked.id, ("id",), request)
        case NodesArgs():
            if len(asked.ids) > limit:
                raise refuse_count(len(asked.ids), limit, "ids")
            yield from (place_id(text, ("ids", number), request) for number, text in enumerate(asked.ids))
        case _:
            yield from (place_key(key, number, request) for number, key in enumerate(asked))


def _plan_kind(
    source: str, type_: str, count: int, request: RequestContext, selection: Selection
) -> Iterator[PlannedCall]:
    reader = request.source(source)
    entity = REVISION_TYPES.get(type_) or Entity(type_)
    history = frozenset({RevisionChoice.HISTORY.part})
    parts = history if type_ in REVISION_TYPES else find_parts(entity, selection)
    if isinstance(reader.adapter, PlansShapes) and entity in reader.capability.entities:
        yield reader.adapter.plan_load(entity, "id", count, parts)


def _plan_events(
    paths: Sequence[tuple[str, tuple[str, ...]]], request: RequestContext, selection: Selection
) -> Iterator[PlannedCall]:
    feeds: dict[tuple[object, ...], list[EventPlace]] = {}
    for source, path in paths:
        place = read_event_path(source, path)
        feeds.setdefault(place[:3], []).append(place)
    for each in feeds.values():
        yield from plan_events(each[0], len(each), request, selection)
