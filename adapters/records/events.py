"""
Events: what happened to people and records, and what is going to; always read from the feed of one record.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from adapters.records.entity import Entity
from adapters.records.people import CustomFieldRecord


class EventKind(StrEnum):
    """Whether an event has happened or is planned; in the order of the words."""

    LOGGED = "logged"
    SCHEDULED = "scheduled"


class FeedSide(StrEnum):
    """Which events of a record are meant: those it caused (subject), or those done to it (object)."""

    SUBJECT = "subject"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class FeedKey:
    """One feed: the kind and vendor id of the record it belongs to, and its side."""

    holder: Entity
    id: str
    side: FeedSide


class EventKey(NamedTuple):
    """What an event is known by within a source: ids are unique within a kind only, so they come in order of both."""

    token: int
    kind: EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEventRecord:
    """
    One event as one feed shows it.

    `processed` and `occurred_at` are those of a logged event; `oneshot`, `schedule` (an RFC 2445 rule), `next_at`,
    `last_at` and `start_at` those of a scheduled one.
    """

    entity: ClassVar[Entity] = Entity.FEED_EVENT

    source: str
    feed: FeedKey
    kind: EventKind
    id: str
    test: bool | None = None
    parent_id: str | None = None
    event_ref: str | None = None
    subscriber_id: str | None = None
    activity_id: str | None = None
    revision_id: str | None = None
    configuration_id: str | None = None
    campaign_id: str | None = None
    link_id: str | None = None
    link_index: int | None = None
    link_url: str | None = None
    data: str | None = None
    occurred_at: datetime | None = None
    processed: bool | None = None
    oneshot: bool | None = None
    schedule: str | None = None
    next_at: datetime | None = None
    last_at: datetime | None = None
    start_at: datetime | None = None
    custom_fields: tuple[CustomFieldRecord, ...] = ()
    extension: object | None = None

    @property
    def key(self) -> EventKey:
        """What the event is known by."""
        return EventKey(int(self.id), self.kind)
