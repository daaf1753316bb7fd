"""
Rows of event feeds to records.

Source: taguchi-v4-api.txt, Event Feed Resource.
"""

from adapters.records import CustomFieldRecord, EventKey, EventKind, FeedEventRecord, FeedKey

from .people_rows import to_custom_field
from .values import (
    UnreadableError,
    read_flag,
    read_id,
    read_number,
    read_required_id,
    read_required_text,
    read_rows,
    read_text,
    read_time,
)
from .wire import Row


def to_feed_event(source: str, row: Row, feed: FeedKey) -> FeedEventRecord:
    """
    Build an event of a feed; the fields of the other kind are left empty.

    Raises:
        UnreadableError: the id or kind is missing, or a value is not of its documented type.
    """
    return FeedEventRecord(
        source=source,
        feed=feed,
        kind=read_event_kind(row),
        id=read_required_id(row),
        test=read_flag(row, "test"),
        parent_id=read_id(row, "parent_id"),
        event_ref=read_text(row, "event_ref"),
        subscriber_id=read_id(row, "subscriber_id"),
        activity_id=read_id(row, "activity_id"),
        revision_id=read_id(row, "revision_id"),
        configuration_id=read_id(row, "configuration_id"),
        campaign_id=read_id(row, "campaign_id"),
        link_id=read_id(row, "trackurl_id"),
        link_index=read_number(row, "trackurl_index"),
        link_url=read_text(row, "trackurl_destination"),
        data=read_text(row, "data"),
        occurred_at=read_time(row, "timestamp"),
        processed=read_flag(row, "processed"),
        oneshot=read_flag(row, "oneshot"),
        schedule=read_text(row, "schedule"),
        next_at=read_time(row, "next_timestamp"),
        last_at=read_time(row, "last_timestamp"),
        start_at=read_time(row, "start_timestamp"),
        custom_fields=_read_custom_fields(row),
    )


def read_event_key(row: Row) -> EventKey:
    """Read what an event is known by."""
    return EventKey(int(read_required_id(row)), read_event_kind(row))


def read_event_kind(row: Row) -> EventKind:
    """Read whether an event has happened or is planned."""
    word = read_required_text(row, "type")
    try:
        return EventKind(word)
    except ValueError:
        raise UnreadableError("type is neither logged nor scheduled", "type") from None


def _read_custom_fields(row: Row) -> tuple[CustomFieldRecord, ...]:
    return tuple(to_custom_field(item) for item in read_rows(row, "custom_fields"))
