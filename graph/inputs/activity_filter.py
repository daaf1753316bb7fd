"""Which activities."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, NumberFilter, TextFilter, TimeFilter


@filter_input(Entity.ACTIVITY)
class ActivityFilter:
    """Which activities. Several fields in one object must all match; `{}` matches every activity."""

    id: IdFilter | None = compared("The vendor's own id of the activity.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the activity.")
    name: TextFilter | None = compared("The activity's name.")
    type: TextFilter | None = compared("The vendor's word for how it is distributed.")
    subtype: TextFilter | None = compared("The vendor's word for which templates are suggested.")
    status: TextFilter | None = compared("The vendor's word for the activity's state.")
    approval_status: TextFilter | None = compared("The approval of its current approved revision.")
    scheduled_at: TimeFilter | None = compared("When it is to be sent, or was.")
    throttle: NumberFilter | None = compared("How fast it is sent.")
    campaign_id: IdFilter | None = compared("The vendor's id of the campaign.")
    template_id: IdFilter | None = compared("The vendor's id of the template.")
