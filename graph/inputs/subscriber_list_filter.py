"""Which lists."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, TextFilter, TimeFilter


@filter_input(Entity.LIST)
class SubscriberListFilter:
    """Which lists. Several fields in one object must all match; `{}` matches every list."""

    id: IdFilter | None = compared("The vendor's own id of the list.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the list.")
    name: TextFilter | None = compared("The list's name.")
    created_at: TimeFilter | None = compared("When the list was made.")
    status: TextFilter | None = compared("The vendor's word for the list's state.")
