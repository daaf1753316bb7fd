"""Opting people out of mail, and back in."""

from datetime import datetime
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import ConsentInput, build_payload, given, mutation, write_input
from graph.mutations.person import BY_EMAIL, BY_KEY, PERSON, PersonByEmailInput, PersonByKeyInput
from graph.mutations.sendios_parts import SendiosUnsubscribeCause, TypeOptOutChange
from graph.types.subscriber import Subscriber


@write_input
class UnsubscribeInput:
    """A person who wants no more mail. What the vendor sends all the same, such as receipts, still comes."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    by_key: PersonByKeyInput | None = given(BY_KEY)
    cause: SendiosUnsubscribeCause | None = given(
        "Sendios, by `id`: where the wish came from; CLIENT where it is left out."
    )
    at: datetime | None = given(
        "Taguchi: when the person opted out; the time of sending where it is left out. At V4, who has opted out keeps "
        "that time."
    )


@write_input
class ResubscribeInput:
    """A person who had opted out and may get mail again."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    clear_bounce: bool | None = given(
        "Taguchi: true: the address, which was found to be invalid, may be used again too."
    )
    consent: ConsentInput | None = given("Why this person may be written to again; needed.")


@write_input
class UnsubscribeFromTypesInput:
    """Which types of mail a person does not want."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    change: TypeOptOutChange = strawberry.field(description="What becomes of the types.")
    type_ids: list[strawberry.ID] | None = given("The types, as the vendor numbers them; none for CLEAR.")
    consent: ConsentInput | None = given("Needed where the person would get a type of mail again.")


def _payload(name: str, description: str) -> Any:
    return build_payload(name, description, field="subscriber", type_=Subscriber, entity=Entity.SUBSCRIBER)


UnsubscribePayload: Any = _payload("UnsubscribePayload", "What became of opting a person out.")
ResubscribePayload: Any = _payload("ResubscribePayload", "What became of opting a person in again.")
UnsubscribeFromTypesPayload: Any = _payload(
    "UnsubscribeFromTypesPayload", "What became of changing the types of mail a person does not want."
)

unsubscribe: Final = mutation(
    "unsubscribe", "Opt a person out of all mail.", input_type=UnsubscribeInput, entity=Entity.SUBSCRIBER
)
resubscribe: Final = mutation(
    "resubscribe",
    "Opt a person in again. It needs the scope `consent`.",
    input_type=ResubscribeInput,
    entity=Entity.SUBSCRIBER,
)
unsubscribe_from_types: Final = mutation(
    "unsubscribeFromTypes",
    "Say which types of mail a person does not want.",
    input_type=UnsubscribeFromTypesInput,
    entity=Entity.SUBSCRIBER,
)
