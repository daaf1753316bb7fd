"""Which opt-outs."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, TextFilter, TimeFilter


@filter_input(Entity.UNSUBSCRIBE)
class UnsubscribeFilter:
    """Which opt-outs. Several fields in one object must all match; `{}` matches every opt-out."""

    email: TextFilter | None = compared("The e-mail address that opted out.")
    subscriber_id: IdFilter | None = compared("The vendor's id of the person.")
    subscriber_ref: TextFilter | None = compared("Your own key for the person.")
    project_id: IdFilter | None = compared("The vendor's id of the project the opt-out holds for.")
    cause: TextFilter | None = compared("The vendor's word or number for how the opt-out came about.")
    occurred_at: TimeFilter | None = compared("When the person opted out.")
