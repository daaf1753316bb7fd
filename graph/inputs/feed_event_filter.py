"""Which events."""

from adapters.records import Entity
from graph.inputs.condition import compared, keyed
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import EventKindFilter, FlagFilter, IdFilter, NumberFilter, TextFilter, TimeFilter
from graph.inputs.subscriber_filter import CustomFieldFilter


@filter_input(Entity.FEED_EVENT)
class FeedEventFilter:
    """Which events. Several fields in one object must all match; `{}` matches every event."""

    id: IdFilter | None = compared(
        "The vendor's own id of the event. A logged and a scheduled event may share one.", name="vendorId"
    )
    kind: EventKindFilter | None = compared("Whether the event has happened or is planned.")
    test: FlagFilter | None = compared("Whether the event is a test, which statistics leave out.")
    event_ref: TextFilter | None = compared("The reference of the event's type, as `o` for opens.")
    occurred_at: TimeFilter | None = compared("When a logged event happened.")
    processed: FlagFilter | None = compared("Whether a logged event's consequences have been worked out.")
    parent_id: IdFilter | None = compared("The vendor's id of the event that caused it.")
    subscriber_id: IdFilter | None = compared("The vendor's id of the person who caused it.")
    activity_id: IdFilter | None = compared("The vendor's id of the activity it came from.")
    revision_id: IdFilter | None = compared("The vendor's id of the activity's revision it came from.")
    configuration_id: IdFilter | None = compared("The vendor's id of the revision's combination it came from.")
    campaign_id: IdFilter | None = compared("The vendor's id of the campaign it is credited to.")
    link_id: IdFilter | None = compared("The vendor's id of the link that was followed.")
    link_index: NumberFilter | None = compared("Which of several links to the same place was followed, from 0.")
    link_url: TextFilter | None = compared("Where the link that was followed leads.")
    data: TextFilter | None = compared("The free text kept with the event.")
    oneshot: FlagFilter | None = compared("Whether a scheduled event is removed once it has happened.")
    schedule: TextFilter | None = compared("A scheduled event's rule of recurrence.")
    next_at: TimeFilter | None = compared("When a scheduled event happens next.")
    last_at: TimeFilter | None = compared("When a scheduled event last happened.")
    start_at: TimeFilter | None = compared("From when on a scheduled event's rule counts.")
    custom_fields: CustomFieldFilter | None = keyed(
        "A field kept with the event. For two of them, put each in an object of its own under `and`.",
        name="customField",
    )
