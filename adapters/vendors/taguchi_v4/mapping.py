"""
Rows to records; pure. Unknown keys are ignored, a value of the wrong type is refused.

Source: taguchi-v4-api.txt, the Common Fields and JSON parts of each resource. All times are UTC by document.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from adapters.records import Entity, FeedKey, Record, RevisionChoice

from .event_rows import to_feed_event
from .message_rows import CAMPAIGN, to_activity, to_template
from .people_rows import LIST, SUBSCRIBER
from .row_map import RowMap
from .targeting_rows import to_audience, to_event_type, to_import, to_view
from .wire import Row

DELETED: Final = "deleted"
"""A status whose records are not shown. Source: Common Fields, status: "will not be returned in response"."""

V4Record = Record


def to_record(
    entity: Entity, source: str, row: Row, revisions: RevisionChoice | None = None, feed: FeedKey | None = None
) -> V4Record:
    """
    Turn a row into a record; `revisions` are those the row was asked for with, `feed` is the one it stands in.

    Raises:
        UnreadableError: the id is missing, or a value is not of its documented type.
    """
    if feed is not None:
        return to_feed_event(source, row, feed)
    if entity in WITH_REVISIONS:
        return WITH_REVISIONS[entity](source, row, revisions)
    if entity in MAPS:
        record: V4Record = MAPS[entity].read(source, [row])[0]
        return record
    return _WITHOUT_REVISIONS[entity](source, row)


def build_converter(
    entity: Entity, source: str, *, revisions: RevisionChoice | None, feed: FeedKey | None
) -> Callable[[Sequence[Row]], Sequence[V4Record]]:
    """Return what turns the rows of one reply into records, all at once; raises as `to_record` does."""
    if entity in MAPS:
        return partial(MAPS[entity].read, source)
    return lambda rows: [to_record(entity, source, row, revisions, feed) for row in rows]


def is_deleted(row: Row) -> bool:
    """Say whether the vendor marked the row as deleted."""
    return row.get("status") == DELETED


MAPS: Final[Mapping[Entity, RowMap[Any]]] = {
    Entity.SUBSCRIBER: SUBSCRIBER,
    Entity.LIST: LIST,
    Entity.CAMPAIGN: CAMPAIGN,
}
WITH_REVISIONS: Final[Mapping[Entity, Callable[[str, Row, RevisionChoice | None], V4Record]]] = {
    Entity.ACTIVITY: to_activity,
    Entity.TEMPLATE: to_template,
}
_WITHOUT_REVISIONS: Final[Mapping[Entity, Callable[[str, Row], V4Record]]] = {
    Entity.IMPORT: to_import,
    Entity.VIEW: to_view,
    Entity.AUDIENCE: to_audience,
    Entity.EVENT_TYPE: to_event_type,
}
