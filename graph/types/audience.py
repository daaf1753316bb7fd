"""Audiences."""

from datetime import datetime

import strawberry

from adapters.records import AudienceRecord
from graph.inputs.order import SubscriberOrder
from graph.inputs.subscriber_filter import SubscriberFilter
from graph.types.connection import Connection
from graph.types.connection_field import child_connection
from graph.types.enums import AudienceKind
from graph.types.lazy import LazySubscriber
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain, relation


@node_type(AudienceRecord)
class Audience(Node):
    """A group of people that a vendor keeps, works out or only describes."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the audience, unique within the source.", name="vendorId")
    kind: AudienceKind = plain("What the audience is at its vendor.")
    ref: str | None = plain(REF)
    name: str | None = plain("The audience's name.")
    definition: str | None = plain("The condition that makes the audience, in the vendor's own words, where it is one.")
    status: str | None = plain("The vendor's word for the audience's state.")
    created_at: datetime | None = plain("When the audience was made.")
    size: int | None = relation(
        "Audience", "size", "How many people are in it; nothing where the vendor does not count them."
    )
    members_listable: bool = plain("Whether its members can be read; where not, `reason` says why.")
    reason: str | None = plain("Why its members cannot be read, where they cannot.")
    members: Connection[LazySubscriber] | None = child_connection(
        "Audience",
        "members",
        "The people in it.",
        filter_input=SubscriberFilter,
        order_input=SubscriberOrder,
    )
