"""Which audiences."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import AudienceKindFilter, IdFilter, NumberFilter, TextFilter, TimeFilter


@filter_input(Entity.AUDIENCE)
class AudienceFilter:
    """Which audiences. Several fields in one object must all match; `{}` matches every audience."""

    id: IdFilter | None = compared("The vendor's own id of the audience.", name="vendorId")
    kind: AudienceKindFilter | None = compared("What the audience is at its vendor.")
    ref: TextFilter | None = compared("Your own key for the audience.")
    name: TextFilter | None = compared("The audience's name.")
    definition: TextFilter | None = compared("The condition that makes the audience.")
    status: TextFilter | None = compared("The vendor's word for the audience's state.")
    created_at: TimeFilter | None = compared("When the audience was made.")
    size: NumberFilter | None = compared("How many people are in it, as far as the audience's own record tells.")
