"""
Rows to records; pure. Unknown keys are ignored, a value of the wrong type is refused.

Source: taguchi-v4-api.txt, the Common Fields and JSON parts of each resource. All times are UTC by document.
"""

from collections.abc import Callable, Mapping
from typing import Final

from adapters.records import Entity, FeedKey, Record, RevisionChoice

from .event_rows import to_feed_event
from .message_rows import to_activity, to_campaign, to_template
from .people_rows import to_list, to_subscriber
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
    return _WITHOUT_REVISIONS[entity](source, row)


def is_deleted(row: Row) -> bool:
    """Say whether the vendor marked the row as deleted."""
    return row.get("status") == DELETED


WITH_REVISIONS: Final[Mapping[Entity, Callable[[str, Row, RevisionChoice | None], V4Record]]] = {
    Entity.ACTIVITY: to_activity,
    Entity.TEMPLATE: to_template,
}
_WITHOUT_REVISIONS: Final[Mapping[Entity, Callable[[str, Row], V4Record]]] = {
    Entity.SUBSCRIBER: to_subscriber,
    Entity.LIST: to_list,
    Entity.CAMPAIGN: to_campaign,
    Entity.IMPORT: to_import,
    Entity.VIEW: to_view,
    Entity.AUDIENCE: to_audience,
    Entity.EVENT_TYPE: to_event_type,
}
