"""Sending one message."""

from datetime import datetime
from typing import Any, Final

import strawberry
from strawberry.scalars import JSON

from graph.mutations.field import SOURCE, build_payload, given, mutation, write_input
from graph.mutations.person import RecipientInput
from graph.mutations.sendios_parts import SendiosMessageInput
from graph.types.description import described

ALLOW_UNSUBSCRIBED: Final = (
    "true: it goes out also to who has opted out of mail in a source you can see. It needs the scope `consent`."
)
FAILING: Final = (
    "true: it goes out although a source you can see fails to say who has opted out. Else it is refused then."
)


@described(strawberry.input)
class MessageRecipientInput(RecipientInput):
    """One person a message goes to, and what only this person gets."""

    content: JSON | None = given("Taguchi V5: an object with this person's values, instead of the `content` of all.")


@write_input
class SendMessageInput:
    """A message to people who are named. Who has opted out is left out, unless you say otherwise."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    recipients: list[MessageRecipientInput] = strawberry.field(
        description="Who gets it. Sendios takes one person a message, by `id` or `email`."
    )
    content: JSON | None = given("An object with the values that the message's text asks for.")
    activity_id: strawberry.ID | None = given(
        "Taguchi V5: the number of the activity it is sent by; left out where the endpoint sends by one activity only."
    )
    send_at: datetime | None = given("Taguchi V5: when it is sent; at once where it is left out.")
    test: bool | None = given("Taguchi V5: true: it is a test, and marked as one.")
    allow_unsubscribed: bool | None = given(ALLOW_UNSUBSCRIBED)
    recipients_unchecked: bool | None = given(FAILING)
    sendios: SendiosMessageInput | None = given("What Sendios must be told of it.")


SendMessagePayload: Any = build_payload(
    "SendMessagePayload",
    "What became of a message. ACCEPTED says that the vendor will send it, not that it has: `writeOperation` tells.",
    bulk=True,
)

send_message: Final = mutation("sendMessage", "Send a message to people who are named.", input_type=SendMessageInput)
