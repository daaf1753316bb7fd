"""What only Sendios is told of a person: a payment, your own key, that they are real, that they were here."""

from datetime import datetime
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import build_payload, given, mutation, write_input
from graph.mutations.person import BY_EMAIL, PERSON, PersonByEmailInput
from graph.types.subscriber import Subscriber


@write_input
class RecordPaymentInput:
    """A person's latest payment."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    starts_at: datetime = strawberry.field(description="When what was paid for begins.")
    expires_at: datetime | None = given("When what was paid for ends.")
    payment_type: int | None = given("The kind of payment, as your own number.", name="paymentType")
    amount: float | None = given("How much was paid, as `19.99`.")
    mail_id: strawberry.ID | None = given("The mail that led to the payment.")


@write_input
class LinkClientUserInput:
    """Your own key for a person that Sendios knows."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    client_user_id: str = strawberry.field(name="ref", description="Your own key for the person.")


@write_input
class ConfirmUserInput:
    """A person who has shown that the e-mail address is theirs."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    reacted_at: datetime = strawberry.field(description="When the person last reacted.")


@write_input
class MarkOnlineInput:
    """A person who was on your product."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    seen_at: datetime = strawberry.field(description="When the person was there.")


def _payload(name: str, description: str) -> Any:
    return build_payload(name, description, field="subscriber", type_=Subscriber, entity=Entity.SUBSCRIBER)


RecordPaymentPayload: Any = _payload("RecordPaymentPayload", "What became of telling a payment.")
LinkClientUserPayload: Any = _payload("LinkClientUserPayload", "What became of telling your own key for a person.")
ConfirmUserPayload: Any = _payload("ConfirmUserPayload", "What became of confirming a person.")
MarkOnlinePayload: Any = _payload("MarkOnlinePayload", "What became of telling that a person was there.")

record_payment: Final = mutation(
    "recordPayment",
    "Tell Sendios of a person's latest payment.",
    input_type=RecordPaymentInput,
    entity=Entity.SUBSCRIBER,
)
link_client_user: Final = mutation(
    "linkClientUser",
    "Tell Sendios your own key for a person.",
    input_type=LinkClientUserInput,
    entity=Entity.SUBSCRIBER,
)
confirm_user: Final = mutation(
    "confirmUser",
    "Tell Sendios that a person's e-mail address is confirmed.",
    input_type=ConfirmUserInput,
    entity=Entity.SUBSCRIBER,
)
mark_online: Final = mutation(
    "markOnline",
    "Tell Sendios that a person was on your product.",
    input_type=MarkOnlineInput,
    entity=Entity.SUBSCRIBER,
)
