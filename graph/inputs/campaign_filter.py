"""Which campaigns."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, TextFilter, TimeFilter


@filter_input(Entity.CAMPAIGN)
class CampaignFilter:
    """Which campaigns. Several fields in one object must all match; `{}` matches every campaign."""

    id: IdFilter | None = compared("The vendor's own id of the campaign.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the campaign.")
    name: TextFilter | None = compared("The campaign's name.")
    starts_at: TimeFilter | None = compared("When the campaign starts.")
    status: TextFilter | None = compared("The vendor's word for the campaign's state.")
    success_event_ref: TextFilter | None = compared("The reference of the event that counts as the campaign's success.")
