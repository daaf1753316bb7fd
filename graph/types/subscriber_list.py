"""Lists."""

from datetime import datetime

import strawberry

from adapters.records import ListRecord
from graph.inputs.order import SubscriberOrder
from graph.inputs.subscriber_filter import SubscriberFilter
from graph.types.connection import Connection
from graph.types.connection_field import members_connection
from graph.types.feed_field import audit_feed
from graph.types.lazy import LazyFeedEvent, LazySubscriber
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain
from graph.types.statistics import ListSeries
from graph.types.statistics_field import list_stats


@node_type(ListRecord)
class SubscriberList(Node):
    """A list people can be on: a group that has asked for something, or one kept for your own use."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the list, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The list's name, as the vendor's own pages show it.")
    created_at: datetime | None = plain("When the list was made.")
    status: str | None = plain("The vendor's word for the list's state; usually nothing.")
    members: Connection[LazySubscriber] | None = members_connection(
        "The people on the list, and those who have left it.",
        filter_input=SubscriberFilter,
        order_input=SubscriberOrder,
    )
    stats: list[ListSeries] | None = list_stats("How the list went: a row of numbers for each measure and period.")
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "SubscriberList", "What was done to the list: who made and changed it."
    )
