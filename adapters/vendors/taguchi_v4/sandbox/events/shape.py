"""
What an event looks like: one set of columns for both kinds, each kind printing its own.

Source: taguchi-v4-api.txt, Event Feed Resource, JSON Request/Response.
"""

from adapters.vendors.taguchi_v4.sandbox.children import CUSTOM_FIELDS
from adapters.vendors.taguchi_v4.sandbox.columns import BIGINT, BOOLEAN, INTEGER, TEXT, TIMESTAMP, columns_of
from adapters.vendors.taguchi_v4.sandbox.resources import Resource
from adapters.vendors.taguchi_v4.sandbox.tables import Row

LOGGED = "logged"
SCHEDULED = "scheduled"

FEED = Resource(
    "event-feed",
    (
        *columns_of(TEXT, "type"),
        *columns_of(BIGINT, "id"),
        *columns_of(BOOLEAN, "processed test"),
        *columns_of(BIGINT, "parent_id"),
        *columns_of(TEXT, "event_ref"),
        *columns_of(INTEGER, "subscriber_id activity_id revision_id configuration_id campaign_id"),
        *columns_of(INTEGER, "trackurl_id trackurl_index"),
        *columns_of(TEXT, "trackurl_destination"),
        *columns_of(TIMESTAMP, "timestamp"),
        *columns_of(TEXT, "data"),
        *columns_of(BOOLEAN, "oneshot"),
        *columns_of(TIMESTAMP, "next_timestamp last_timestamp start_timestamp"),
        *columns_of(TEXT, "schedule"),
    ),
    (CUSTOM_FIELDS,),
    key_is_unique=False,  # only within a kind
)
TYPE = FEED.positions["type"]
FOREIGN_FIELDS = {
    LOGGED: ("oneshot", "next_timestamp", "last_timestamp", "start_timestamp", "schedule"),
    SCHEDULED: ("processed", "timestamp"),
}
"""
The columns a kind does not have: not printed, and null to a query.
"""


def show_event(row: Row) -> dict[str, object]:
    """
    One event in the document's JSON shape.
    """
    shown = FEED.shape.show(row.values)
    for name in FOREIGN_FIELDS[str(row.values[TYPE])]:
        del shown[name]
    shown[CUSTOM_FIELDS.name] = [CUSTOM_FIELDS.show(item) for item in row.children[0]]
    return shown
