"""Campaigns."""

from datetime import datetime

import strawberry

from adapters.records import CampaignRecord
from graph.inputs.activity_filter import ActivityFilter
from graph.inputs.order import ActivityOrder, SubscriberOrder
from graph.inputs.subscriber_filter import SubscriberFilter
from graph.types.connection import Connection
from graph.types.connection_field import child_connection
from graph.types.feed_field import audit_feed, event_feed
from graph.types.lazy import LazyActivity, LazyEventType, LazyFeedEvent, LazySubscriber
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain, relation
from graph.types.statistics import EventSeries
from graph.types.statistics_field import event_stats


@node_type(CampaignRecord)
class Campaign(Node):
    """A campaign: the bracket around mailings and pages that serve one purpose, for reporting."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the campaign, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The campaign's name, as the vendor's own pages show it.")
    starts_at: datetime | None = plain("When the campaign starts, for reporting.")
    status: str | None = plain("The vendor's word for the campaign's state; usually nothing.")
    success_event_ref: str | None = plain("The reference of the event that counts as the campaign's success.")
    subscribers: Connection[LazySubscriber] | None = child_connection(
        "Campaign",
        "subscribers",
        "The people the campaign brought.",
        filter_input=SubscriberFilter,
        order_input=SubscriberOrder,
    )
    activities: Connection[LazyActivity] | None = child_connection(
        "Campaign",
        "activities",
        "The campaign's mailings, text messages and pages.",
        filter_input=ActivityFilter,
        order_input=ActivityOrder,
    )
    success_event: LazyEventType | None = relation(
        "Campaign", "successEvent", "The type of event that counts as the campaign's success."
    )
    stats: list[EventSeries] | None = event_stats(
        "Campaign", "How often events happened for the campaign: a row of numbers for each type of event and period."
    )
    events: Connection[LazyFeedEvent] | None = event_feed(
        "Campaign", "What happened because of the campaign: messages sent, opened, clicked."
    )
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "Campaign", "What was done to the campaign itself: who made and changed it."
    )
