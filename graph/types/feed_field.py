"""The two feeds a record may have, as fields."""

from typing import Any

from graph.inputs.feed_event_filter import FeedEventFilter
from graph.inputs.order import FeedEventOrder
from graph.types.connection_field import child_connection


def event_feed(type_name: str, description: str) -> Any:
    """Describe the events a record caused."""
    return child_connection(type_name, "events", description, filter_input=FeedEventFilter, order_input=FeedEventOrder)


def audit_feed(type_name: str, description: str) -> Any:
    """Describe what was done to a record."""
    return child_connection(
        type_name, "auditLog", description, filter_input=FeedEventFilter, order_input=FeedEventOrder
    )
