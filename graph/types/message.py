"""Single messages."""

from datetime import datetime

import strawberry

from adapters.records import MessageRecord
from graph.types.node import SOURCE_ID, Node, node_type
from graph.types.relation import plain


@node_type(MessageRecord)
class Message(Node):
    """One message to one person, as its vendor follows it: an order confirmation, a password letter."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain(
        "The id the message is known by at the vendor, unique within the source.", name="vendorId"
    )
    ref: str | None = plain("Your own key for the message, where you gave it one.")
    status: str | None = plain("The vendor's word for what became of it.")
    subject: str | None = plain("Its subject line.")
    email: str | None = plain("The e-mail address it went to.")
    created_at: datetime | None = plain("When it was handed in.")
    sent_at: datetime | None = plain("When it was sent.")
