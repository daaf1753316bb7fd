"""Types of events."""

import strawberry

from adapters.records import EventTypeRecord
from graph.types.node import SOURCE_ID, Node, node_type
from graph.types.relation import plain


@node_type(EventTypeRecord)
class EventType(Node):
    """A type of event: something people or the vendor do that is logged, such as `o` for an opened message."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own key of the type: its `ref`.", name="vendorId")
    ref: str = plain("The reference under which events of this type are logged, unique within the source.")
    name: str | None = plain("The type's name, as the vendor's own pages show it.")
    description: str | None = plain("What the type means, in the vendor's words.")
    priority: int | None = plain(
        "Which stream processes triggers on these events, 0, 1 or 2; nothing where they trigger nothing."
    )
