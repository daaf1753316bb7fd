"""Events: what happened to people and records, and what is going to."""

from datetime import datetime
from typing import Any

import strawberry

from adapters.records import FeedEventRecord
from graph.inputs.feed_event_filter import FeedEventFilter
from graph.inputs.order import FeedEventOrder
from graph.types.activity_revision import ActivityRevision
from graph.types.connection import Connection
from graph.types.connection_field import child_connection
from graph.types.custom_field import CustomField, resolve_custom_fields
from graph.types.description import described
from graph.types.enums import EventKind
from graph.types.lazy import LazyActivity, LazyCampaign, LazyEventType, LazyFeedEvent, LazySubscriber
from graph.types.node import SOURCE_ID, Node, part_type
from graph.types.relation import local, plain, relation


@described(strawberry.type)
class EventLink:
    """The link in a message or page that somebody followed."""

    link_id: strawberry.ID | None = plain("The vendor's own id of the link.", name="vendorId")
    link_index: int | None = plain("Which of several links to the same place it was, from 0.", name="index")
    link_url: str | None = plain(
        "Where the link leads; hidden without the scope `pii`, since the address may name a person.", name="url"
    )


def _read_link(event: Any) -> Any:
    """Return the event itself, which holds its link's fields, or nothing where no link was followed."""
    return None if event.link_id is event.link_index is event.link_url is None else event


@part_type(FeedEventRecord)
class FeedEvent(Node):
    """
    Something that happened, as an opened message or a changed record, or that is planned to happen.

    It is read from the events of one record; the same event among the events of another record has another `id`.
    """

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    kind: EventKind = plain("Whether the event has happened or is planned.")
    id: strawberry.ID = plain(
        "The vendor's own id of the event. A logged and a scheduled event may share one.", name="vendorId"
    )
    test: bool | None = plain("Whether it is a test: statistics leave it out, and everything it causes.")
    parent_id: strawberry.ID | None = plain("The vendor's id of the event that caused it.")
    event_ref: str | None = plain("The reference of its type, as `o` for opens.")
    subscriber_id: strawberry.ID | None = plain("The vendor's id of the person who caused it.")
    activity_id: strawberry.ID | None = plain("The vendor's id of the activity it came from.")
    revision_id: strawberry.ID | None = plain("The vendor's id of the activity's revision it came from.")
    configuration_id: strawberry.ID | None = plain("The vendor's id of the revision's combination it came from.")
    campaign_id: strawberry.ID | None = plain("The vendor's id of the campaign it is credited to.")
    link: EventLink | None = local(_read_link, "The link that was followed, where one was.")
    data: str | None = plain("Free text kept with the event.")
    occurred_at: datetime | None = plain("When it happened; nothing for a scheduled event.")
    processed: bool | None = plain("Whether its consequences have been worked out; nothing for a scheduled event.")
    oneshot: bool | None = plain("Whether it is removed once it has happened; nothing for a logged event.")
    schedule: str | None = plain("The rule of its recurrence, as RFC 2445 writes it: `FREQ=WEEKLY;BYDAY=MO`.")
    next_at: datetime | None = plain("When it happens next; nothing for a logged event.")
    last_at: datetime | None = plain("When it last happened, where it ever did; nothing for a logged event.")
    start_at: datetime | None = plain("From when on its rule counts; nothing for a logged event.")
    custom_fields: list[CustomField] = strawberry.field(
        resolver=resolve_custom_fields, description="The fields kept with the event, as the address `ip` of an opener."
    )
    event_type: LazyEventType | None = relation("FeedEvent", "eventType", "What kind of thing happened.")
    subscriber: LazySubscriber | None = relation("FeedEvent", "subscriber", "The person who caused it.")
    activity: LazyActivity | None = relation("FeedEvent", "activity", "The activity it came from.")
    revision: ActivityRevision | None = relation(
        "FeedEvent", "revision", "The content of the activity it came from; nothing where the vendor hides it."
    )
    campaign: LazyCampaign | None = relation("FeedEvent", "campaign", "The campaign it is credited to.")
    parent: LazyFeedEvent | None = relation(
        "FeedEvent",
        "parent",
        "The event that caused it, looked for among the events of the same person, by a call for each person since "
        "another feed need not hold it; an error where there is no person.",
    )
    children: Connection[LazyFeedEvent] | None = child_connection(
        "FeedEvent",
        "children",
        "What it caused, looked for among the events of the same person, by a call for each person since another feed "
        "may hold only a part of it; an error where there is no person.",
        filter_input=FeedEventFilter,
        order_input=FeedEventOrder,
    )
