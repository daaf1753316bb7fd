"""Which types of events."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import NumberFilter, TextFilter


@filter_input(Entity.EVENT_TYPE)
class EventTypeFilter:
    """Which types of events. Several fields in one object must all match; `{}` matches every type."""

    id: TextFilter | None = compared("The vendor's own key of the type: its `ref`.", name="vendorId")
    ref: TextFilter | None = compared("The reference under which events are logged.")
    name: TextFilter | None = compared("The type's name.")
    description: TextFilter | None = compared("What the type means, in the vendor's words.")
    priority: NumberFilter | None = compared("Which stream processes triggers on these events.")
