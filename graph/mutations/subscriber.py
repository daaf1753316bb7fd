"""Making and changing people."""

from datetime import date, datetime
from typing import Any, Final

import strawberry
from strawberry.scalars import JSON

from adapters.records import Entity
from graph.mutations.field import SOURCE, ConsentInput, build_payload, given, mutation, write_input
from graph.mutations.person import BY_EMAIL, BY_KEY, PERSON, PersonByEmailInput, PersonByKeyInput
from graph.mutations.sendios_parts import SendiosFieldsInput
from graph.types.description import described
from graph.types.subscriber import Subscriber

LEFT_AT: Final = (
    "Taguchi: when the person left; the time of sending where it is left out. At V4, who has left already keeps that "
    "time."
)


@described(strawberry.input)
class CustomFieldValueInput:
    """One custom field's new value."""

    key: str = strawberry.field(description="The field's name at the vendor.")
    value: str | None = strawberry.field(description="Its text; null empties it.")
    typed: JSON | None = given("Its value instead of the text, where it is a number, a flag, a list or an object.")


@described(strawberry.input)
class MembershipValueInput:
    """A person's place on one list, as it is to be."""

    list_id: strawberry.ID = strawberry.field(description="The vendor's id of the list.")
    subscribed: bool = strawberry.field(
        description="true: the person is on the list; false: the person leaves it.", default=True
    )
    option: str | None = given("Free text to keep with the membership.")
    left_at: datetime | None = given(LEFT_AT)


@described(strawberry.input)
class SubscriberFieldsInput:
    """What is to be known of a person. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the person.")
    email: str | None = given("The e-mail address.")
    title: str | None = given("The salutation.")
    first_name: str | None = given("The first name.")
    last_name: str | None = given("The last name.")
    phone: str | None = given("The landline number.")
    mobile: str | None = given("The mobile number.")
    birth_date: date | None = given("The day of birth.")
    gender: str | None = given("The gender.")
    address: str | None = given("The first line of the postal address.")
    address2: str | None = given("The second line of the postal address.")
    address3: str | None = given("The third line of the postal address.")
    suburb: str | None = given("The suburb or city.")
    state: str | None = given("The state or province.")
    country: str | None = given("The country.")
    postcode: str | None = given("The postal code.")
    notifications: str | None = given("Taguchi's free text for notification choices.")
    extra: str | None = given("Taguchi's free text for personalisation.")
    data: str | None = given("Taguchi's XML document of your own about the person.")
    unsubscribed_at: datetime | None = given(
        "Taguchi V4: when the person opted out of everything, for somebody who is made and must not get mail. It is "
        "never emptied here: `resubscribe` does that."
    )
    bounced_at: datetime | None = given(
        "Taguchi V4: when the address was found to be invalid. It is never emptied here: `resubscribe` does that."
    )
    cluster_id: strawberry.ID | None = given("Taguchi's id of the cluster the person is most strongly identified with.")
    custom_fields: list[CustomFieldValueInput] | None = given("Custom fields to set; others stay as they are.")
    memberships: list[MembershipValueInput] | None = given(
        "Lists to join or leave; others stay as they are. Joining one again that the person had left needs `consent`."
    )
    sendios: SendiosFieldsInput | None = given("What only Sendios keeps of a person.")


@write_input
class CreateSubscriberInput:
    """A person to be made. Where the vendor knows the person already, it refuses."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    fields: SubscriberFieldsInput = strawberry.field(description="What is known of the person.")


@write_input
class UpdateSubscriberInput:
    """What is to be changed of a person."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    by_key: PersonByKeyInput | None = given(BY_KEY)
    fields: SubscriberFieldsInput = strawberry.field(description="What changes.")
    if_unchanged: SubscriberFieldsInput | None = given(
        "Values you rely on: where one of them has moved since, nothing is written and the answer is CONFLICT."
    )
    consent: ConsentInput | None = given("Needed where the person would rejoin a list.")


@write_input
class UpsertSubscriberInput:
    """A person to be made, or changed where the vendor knows the reference or the e-mail address."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    fields: SubscriberFieldsInput = strawberry.field(
        description="What is to be known; `ref` or `email` says who is meant."
    )
    consent: ConsentInput | None = given("Needed where the person would rejoin a list.")


@write_input
class UpsertSubscribersInput:
    """Many people to be made, or changed where the vendor knows them. Each item has an outcome of its own."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    items: list[SubscriberFieldsInput] = strawberry.field(
        description="What is to be known of each; a person may be in it once."
    )
    consent: ConsentInput | None = given(
        "Needed where somebody is to join a list: nobody is looked up first, so some may have left it."
    )


def _payload(name: str, description: str) -> Any:
    return build_payload(name, description, field="subscriber", type_=Subscriber, entity=Entity.SUBSCRIBER)


CreateSubscriberPayload: Final = _payload("CreateSubscriberPayload", "What became of making a person.")
UpdateSubscriberPayload: Final = _payload("UpdateSubscriberPayload", "What became of changing a person.")
UpsertSubscriberPayload: Final = _payload("UpsertSubscriberPayload", "What became of making or changing a person.")

UpsertSubscribersPayload: Final = build_payload(
    "UpsertSubscribersPayload",
    "What became of making or changing many people; the operation tells it for each.",
    bulk=True,
)

create_subscriber: Final = mutation("createSubscriber", "Make a person.", input_type=CreateSubscriberInput)
update_subscriber: Final = mutation(
    "updateSubscriber", "Change a person.", input_type=UpdateSubscriberInput, entity=Entity.SUBSCRIBER
)
upsert_subscriber: Final = mutation(
    "upsertSubscriber", "Make a person, or change the one that is known.", input_type=UpsertSubscriberInput
)
upsert_subscribers: Final = mutation(
    "upsertSubscribers",
    "Make many people, or change those that are known: Taguchi V5, in one call for many.",
    input_type=UpsertSubscribersInput,
)
