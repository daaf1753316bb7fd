"""Which templates."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, TextFilter


@filter_input(Entity.TEMPLATE)
class TemplateFilter:
    """Which templates. Several fields in one object must all match; `{}` matches every template."""

    id: IdFilter | None = compared("The vendor's own id of the template.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the template.")
    name: TextFilter | None = compared("The template's name.")
    type: TextFilter | None = compared("The vendor's word for how its activities are distributed.")
    subtype: TextFilter | None = compared("The vendor's word for the activities it is suggested for.")
    status: TextFilter | None = compared("The vendor's word for the template's state.")
