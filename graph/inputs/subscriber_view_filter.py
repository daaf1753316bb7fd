"""Which views."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, TextFilter


@filter_input(Entity.VIEW)
class SubscriberViewFilter:
    """Which views. Several fields in one object must all match; `{}` matches every view."""

    id: IdFilter | None = compared("The vendor's own id of the view.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the view.")
    name: TextFilter | None = compared("The view's name.")
    predicate: TextFilter | None = compared("The condition, in the vendor's SQL.")
    status: TextFilter | None = compared("The vendor's word for the view's state.")
