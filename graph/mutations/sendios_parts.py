"""What only Sendios is told of a person or a message: the parts of inputs named `sendios`."""

from enum import Enum

import strawberry
from strawberry.scalars import JSON

from graph.mutations.field import given
from graph.types.description import described
from graph.types.enums import describe_enum


class SendiosMessageKind(Enum):
    """Which of the two calls sends a message."""

    SYSTEM = "system"
    TRIGGER = "trigger"


class SendiosUnsubscribeCause(Enum):
    """Where a wish to get no more mail came from."""

    ABUSE_REPORT = "abuse_report"
    LINK = "link"
    CLIENT = "client"
    SETTINGS = "settings"


class TypeOptOutChange(Enum):
    """What becomes of the types of mail that a person does not want."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"
    CLEAR = "clear"


describe_enum(
    SendiosMessageKind,
    "SendiosMessageKind",
    "The kind of message, which decides whom it may reach.",
    {
        "SYSTEM": "Mail a person needs, such as a receipt: Sendios sends it to people who have unsubscribed too.",
        "TRIGGER": "Mail about something that happened: Sendios does not send it to people who have unsubscribed.",
    },
)
describe_enum(
    SendiosUnsubscribeCause,
    "SendiosUnsubscribeCause",
    "Where a wish to get no more mail came from.",
    {
        "ABUSE_REPORT": "The person reported a mail as unwanted (2).",
        "LINK": "The person followed a link in a mail (4).",
        "CLIENT": "The person told you, on your own product (8).",
        "SETTINGS": "The person changed the settings for mail (9).",
    },
)
describe_enum(
    TypeOptOutChange,
    "TypeOptOutChange",
    "What becomes of the types of mail that a person does not want.",
    {
        "ADD": "The person does not want these either; nothing else changes.",
        "REMOVE": "The person wants these again; nothing else changes. It needs `consent`.",
        "REPLACE": "The person wants every type but these. It needs `consent` where that brings back another type.",
        "CLEAR": "The person wants every type again. It needs `consent`.",
    },
)


@described(strawberry.input)
class SendiosFieldsInput:
    """What Sendios keeps of a person beyond what all vendors share. What is left out stays as it is."""

    name: str | None = given("The name in one piece: Sendios does not tell first and last.")
    language: str | None = given("The code of the person's language, of two letters, as `en`.")
    platform_number: int | None = given(
        "The kind of device as Sendios' number. Its pages contradict each other: 0 unknown, 1 desktop, then 3 mobile, "
        "4 Android, 5 iOS, or 2 mobile, 3 Android, 4 iOS. Ask which your account follows."
    )
    list_id: strawberry.ID | None = given("The group to put the person into.")
    ak: str | None = given("The key that logs this person in on your product from a mail.")
    age: int | None = given("The age in years.")
    photo: str | None = given("The address of the person's photo.")
    channel_id: strawberry.ID | None = given("The channel this person came by.")
    subchannel_id: strawberry.ID | None = given("The part of the channel this person came by.")
    vip: bool | None = given("Whether the person is marked as important.")


@described(strawberry.input)
class SendiosUserInput(SendiosFieldsInput):
    """What Sendios is to know of the person a message goes to: stored with the message, as far as it differs."""

    gender: str | None = given("The gender: `m` or `f`.")
    country: str | None = given("The code of the country, of two or three letters.")
    client_user_id: str | None = given("Your own key for the person.", name="ref")


@described(strawberry.input)
class SendiosMessageInput:
    """What only Sendios must be told of a message."""

    kind: SendiosMessageKind = strawberry.field(description="Whether it is a system or a trigger mail.")
    type_id: strawberry.ID = strawberry.field(description="The type of the mail, as Sendios' panel numbers it.")
    project_id: strawberry.ID | None = given("The project that sends it; needed where the source has several.")
    template_id: strawberry.ID | None = given("The template to use instead of the type's own.")
    subject_id: strawberry.ID | None = given("The subject line to use instead of the type's own.")
    user: SendiosUserInput | None = given("What Sendios is to know of the person from now on.")
    meta: JSON | None = given("An object of your own that Sendios keeps with the mail and tells with its events.")
