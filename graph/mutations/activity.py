"""Activities: made, changed and removed, and new revisions of their content."""

from datetime import datetime
from enum import Enum
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import given
from graph.mutations.noun import REVISIONS, describe_noun
from graph.types.activity import Activity
from graph.types.description import described
from graph.types.enums import describe_enum


class RevisionApproval(Enum):
    """The words by which Taguchi knows an approved revision."""

    APPROVED = "approved"
    DEPLOYED = "deployed"


describe_enum(
    RevisionApproval,
    "RevisionApproval",
    "How a revision is made approved. Taguchi's document has both words: its text one, its example the other.",
    {
        "APPROVED": "The word of the document's example.",
        "DEPLOYED": "The word of the document's text for a revision that may be sent to everybody.",
    },
)


@described(strawberry.input)
class ActivityRevisionInput:
    """A new state of an activity's content."""

    content: str = strawberry.field(description="The content, an XML text that the template understands.")
    template_revision_id: strawberry.ID | None = given("The vendor's id of the template's revision it is made with.")
    approval_status: RevisionApproval | None = given(
        "Make it approved already; the source's user must have the privilege. Left out, it awaits approval. It "
        "needs the scope `send`."
    )


@described(strawberry.input)
class ActivityFieldsInput:
    """What is to be known of an activity. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the activity.")
    name: str | None = given("The activity's name, as the vendor's own pages show it.")
    type: str | None = given("The vendor's word for how it is distributed and edited, as `broadcast`.")
    subtype: str | None = given("The vendor's word for which templates are suggested for it.")
    status: str | None = given(
        "The vendor's word for the activity's state; any but `deleted` may let it be sent, and needs the scope `send`."
    )
    target_list_ids: list[strawberry.ID] | None = given("The vendor's ids of the lists it goes to.")
    target_view_ids: list[strawberry.ID] | None = given("The vendor's ids of the views that narrow them.")
    scheduled_at: datetime | None = given("When it is to be sent, once it is queued.")
    throttle: int | None = given(
        "How fast it is sent, in messages. Taguchi's document says per second, its own client libraries per minute."
    )
    data: str | None = given("Taguchi's free text of your own about the activity.")
    campaign_id: strawberry.ID | None = given("The vendor's id of the campaign.")
    template_id: strawberry.ID | None = given("The vendor's id of the template.")
    revisions: list[ActivityRevisionInput] | None = given(REVISIONS)


ACTIVITIES: Final = describe_noun(
    "Activity", "an activity", field="activity", type_=Activity, entity=Entity.ACTIVITY, fields=ActivityFieldsInput
)
CreateActivityPayload: Any = ACTIVITIES.create_payload
UpdateActivityPayload: Any = ACTIVITIES.update_payload
DeleteActivityPayload: Any = ACTIVITIES.delete_payload
