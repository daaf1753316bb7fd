"""Which imports."""

from adapters.records import Entity
from graph.inputs.condition import compared
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import IdFilter, NumberFilter, TextFilter, TimeFilter


@filter_input(Entity.IMPORT)
class SubscriberImportFilter:
    """Which imports. Several fields in one object must all match; `{}` matches every import."""

    id: IdFilter | None = compared("The vendor's own id of the import.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the import.")
    name: TextFilter | None = compared("The import's name.")
    origin: TextFilter | None = compared("Where the people come from, in words.")
    started_at: TimeFilter | None = compared("When processing began.")
    status: TextFilter | None = compared("The vendor's word for the import's state.")
    total: NumberFilter | None = compared("How many people were read.")
    invalid: NumberFilter | None = compared("How many of them were invalid.")
    bounced: NumberFilter | None = compared("How many of them had bounced.")
    global_new: NumberFilter | None = compared("How many of them were new to the account.")
    list_new: NumberFilter | None = compared("How many of them were new to the lists.")
