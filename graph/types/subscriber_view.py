"""Views."""

import strawberry

from adapters.records import ViewRecord
from graph.types.connection import Connection
from graph.types.feed_field import audit_feed
from graph.types.lazy import LazyFeedEvent
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain


@node_type(ViewRecord)
class SubscriberView(Node):
    """A condition on people: an activity reaches only those on its lists who meet it."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the view, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The view's name, as the vendor's own pages show it.")
    predicate: str | None = plain("The condition, in the vendor's SQL.")
    status: str | None = plain("The vendor's word for the view's state; usually nothing.")
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "SubscriberView", "What was done to the view: who made and changed it."
    )
