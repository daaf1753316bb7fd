"""What is done with an activity: proofs, approval, comments, the queue, and sending to people who are named."""

from datetime import datetime
from enum import Enum
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import build_payload, given, mutation, write_input
from graph.mutations.message import ALLOW_UNSUBSCRIBED
from graph.mutations.person import RecipientInput
from graph.types.activity import Activity
from graph.types.description import described
from graph.types.enums import describe_enum


class MessageProtocol(Enum):
    """How a message goes out."""

    SMTP = "smtp"
    SMS = "sms"


class MessageFormat(Enum):
    """How a message is written."""

    MIME = "mime"
    PLAIN = "plain"


describe_enum(
    MessageProtocol, "MessageProtocol", "How a message goes out.", {"SMTP": "As mail.", "SMS": "As a text message."}
)
describe_enum(
    MessageFormat,
    "MessageFormat",
    "How a message is written.",
    {"MIME": "As mail is.", "PLAIN": "As a text message is."},
)
ACTIVITY: Final = "The activity's id in this graph."
PROTOCOL: Final = "How it goes out."
SERVER: Final = "The outbound gateway, where the account has several."
FORMAT: Final = "How it is written: MIME for mail, PLAIN for text messages."
REVISION: Final = "The vendor's id of the revision; the newest where it is left out."
UNCHECKED: Final = (
    "true: you know that nobody is looked up beforehand, since only the vendor knows whom it reaches. Needed for it."
)

LIST_UNCHECKED: Final = (
    "true: it goes out although the list is of another type, so that customers who have opted out may be on it; or, to "
    "people who are named, although a source you can see fails to say who has opted out."
)


@described(strawberry.input)
class TriggerRecipientInput(RecipientInput):
    """One person an activity is sent to, and what only this person gets."""

    content: str | None = given("XML or JSON for the template, instead of the `content` of all.")


@write_input
class ProofActivityInput:
    """An activity to be shown before it is sent: to a proof list, or to people who are named."""

    id: strawberry.ID = strawberry.field(description=ACTIVITY)
    list_id: strawberry.ID | None = given("The vendor's id of the proof list.")
    recipients: list[RecipientInput] | None = given(
        "The people who get it instead of a list; each gets one of its own."
    )
    revision_id: strawberry.ID | None = given(REVISION)
    protocol: MessageProtocol | None = given(PROTOCOL)
    server: str | None = given(SERVER)
    format: MessageFormat | None = given(FORMAT)
    tag: str | None = given("What stands at the start of the subject line.")
    message: str | None = given("What stands in the proof's header.")
    recipients_unchecked: bool | None = given(LIST_UNCHECKED)
    allow_unsubscribed: bool | None = given(ALLOW_UNSUBSCRIBED)


@write_input
class RequestApprovalInput:
    """An activity that the people of an approval list are asked to approve."""

    id: strawberry.ID = strawberry.field(description=ACTIVITY)
    list_id: strawberry.ID = strawberry.field(description="The vendor's id of the approval list.")
    revision_id: strawberry.ID | None = given(REVISION)
    protocol: MessageProtocol | None = given(PROTOCOL)
    server: str | None = given(SERVER)
    format: MessageFormat | None = given(FORMAT)
    tag: str | None = given("What stands at the start of the subject line.")
    message: str | None = given("What stands in the request's header.")
    recipients_unchecked: bool | None = given(LIST_UNCHECKED)


@write_input
class CommentActivityInput:
    """A comment for those who edit an activity."""

    id: strawberry.ID = strawberry.field(description=ACTIVITY)
    message: str = strawberry.field(description="The comment.")


@write_input
class ApproveActivityInput:
    """An activity whose newest revision may be sent from now on."""

    id: strawberry.ID = strawberry.field(description=ACTIVITY)
    message: str | None = given("A comment on it.")


@write_input
class QueueActivityInput:
    """An activity to be sent at its `scheduledAt` to everybody on its target lists whom its views let through."""

    id: strawberry.ID = strawberry.field(description=ACTIVITY)
    recipients_unchecked: bool | None = given(UNCHECKED)


@write_input
class TriggerActivityInput:
    """An activity to be sent to people who are named, or to whom an expression selects."""

    id: strawberry.ID = strawberry.field(description=ACTIVITY)
    recipients: list[TriggerRecipientInput] | None = given(
        "Who gets it. Who has opted out is left out, unless you say otherwise."
    )
    expression: str | None = given("A target expression of Taguchi's instead; it needs `recipientsUnchecked`.")
    content: str | None = given("XML or JSON for the template, beside the revision's content.")
    date: datetime | None = given("When it is sent; now where it is left out.")
    test: bool | None = given("true: it is a test, which needs no approval and counts in no statistics.")
    protocol: MessageProtocol | None = given(PROTOCOL)
    server: str | None = given(SERVER)
    format: MessageFormat | None = given(FORMAT)
    recipients_unchecked: bool | None = given(UNCHECKED)
    allow_unsubscribed: bool | None = given(ALLOW_UNSUBSCRIBED)


def _payload(name: str, description: str) -> Any:
    return build_payload(name, description, field="activity", type_=Activity, entity=Entity.ACTIVITY)


ProofActivityPayload: Any = _payload("ProofActivityPayload", "What became of a proof; ACCEPTED: it will be sent.")
RequestApprovalPayload: Any = _payload(
    "RequestApprovalPayload", "What became of asking for approval; ACCEPTED: it will be sent."
)
CommentActivityPayload: Any = _payload("CommentActivityPayload", "What became of a comment.")
ApproveActivityPayload: Any = _payload("ApproveActivityPayload", "What became of approving an activity.")
QueueActivityPayload: Any = _payload("QueueActivityPayload", "What became of queueing an activity; ACCEPTED: it waits.")
TriggerActivityPayload: Any = _payload(
    "TriggerActivityPayload", "What became of sending an activity; ACCEPTED: it will be sent, not that it has been."
)

proof_activity: Final = mutation(
    "proofActivity", "Send a proof of an activity.", input_type=ProofActivityInput, entity=Entity.ACTIVITY
)
request_approval: Final = mutation(
    "requestApproval",
    "Ask the people of an approval list to approve an activity.",
    input_type=RequestApprovalInput,
    entity=Entity.ACTIVITY,
)
comment_activity: Final = mutation(
    "commentActivity", "Comment on an activity.", input_type=CommentActivityInput, entity=Entity.ACTIVITY
)
approve_activity: Final = mutation(
    "approveActivity",
    "Approve an activity's newest revision, so that it can be sent.",
    input_type=ApproveActivityInput,
    entity=Entity.ACTIVITY,
)
queue_activity: Final = mutation(
    "queueActivity",
    "Have an activity sent at its date to all of its targets.",
    input_type=QueueActivityInput,
    entity=Entity.ACTIVITY,
)
trigger_activity: Final = mutation(
    "triggerActivity",
    "Send an activity to people who are named, or to whom an expression selects.",
    input_type=TriggerActivityInput,
    entity=Entity.ACTIVITY,
)
