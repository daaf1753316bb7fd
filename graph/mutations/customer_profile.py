"""A customer's attributes and audiences at Talon.One."""

from typing import Any, Final

import strawberry
from strawberry.scalars import JSON

from adapters.records import Entity
from graph.mutations.field import SOURCE, build_payload, given, mutation, write_input
from graph.mutations.person import BY_KEY, PersonByKeyInput
from graph.types.description import described
from graph.types.subscriber import Subscriber

CUSTOMER: Final = "The customer's id in this graph; or say `byKey`."
JOIN: Final = "Audiences to join, each by its `vendorId`."
LEAVE: Final = "Audiences to leave, each by its `vendorId`."
JOIN_REFS: Final = "Audiences to join, each by its `ref`, instead of `join` and `leave`."
LEAVE_REFS: Final = "Audiences to leave, each by its `ref`, instead of `join` and `leave`."


@write_input
class UpdateCustomerProfileInput:
    """What is to be changed of a customer. One that Talon.One does not know is made where it is named by `byKey`."""

    id: strawberry.ID | None = given(CUSTOMER)
    by_key: PersonByKeyInput | None = given(BY_KEY)
    attributes: JSON | None = given(
        'An object with the attributes to set, as `{ "Tier": "gold" }`; a null deletes one, others stay.'
    )
    skip_unknown_attributes: bool | None = given(
        "true: attributes that Talon.One does not know are left out; otherwise one such refuses the whole change."
    )
    run_rules: bool | None = given(
        "true: Talon.One runs its rules on the customer, which may give coupons or points. Where audiences change it "
        "always does."
    )
    join: list[strawberry.ID] | None = given(JOIN)
    leave: list[strawberry.ID] | None = given(LEAVE)


@write_input
class ChangeCustomerAudiencesInput:
    """Audiences that one customer joins and leaves. Talon.One runs its rules on the customer."""

    id: strawberry.ID | None = given(CUSTOMER)
    by_key: PersonByKeyInput | None = given(BY_KEY)
    join: list[strawberry.ID] | None = given(JOIN)
    leave: list[strawberry.ID] | None = given(LEAVE)
    join_refs: list[str] | None = given(JOIN_REFS)
    leave_refs: list[str] | None = given(LEAVE_REFS)


@described(strawberry.input)
class AudienceChangeInput:
    """Audiences that one of many customers joins and leaves."""

    ref: str = strawberry.field(description="Your own key for the customer: its `ref` in this graph.")
    join: list[strawberry.ID] | None = given(JOIN)
    leave: list[strawberry.ID] | None = given(LEAVE)
    join_refs: list[str] | None = given(JOIN_REFS)
    leave_refs: list[str] | None = given(LEAVE_REFS)


@write_input
class ChangeAudiencesInput:
    """Audiences that many customers join and leave; those that Talon.One does not know are made. No rules are run."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    items: list[AudienceChangeInput] = strawberry.field(description="The changes; a customer may be in it once.")


def _payload(name: str, description: str) -> Any:
    return build_payload(name, description, field="subscriber", type_=Subscriber, entity=Entity.SUBSCRIBER)


UpdateCustomerProfilePayload: Any = _payload(
    "UpdateCustomerProfilePayload",
    "What became of changing a customer; `facts` counts the effects and coupons that the rules gave.",
)
ChangeCustomerAudiencesPayload: Any = _payload(
    "ChangeCustomerAudiencesPayload",
    "What became of changing a customer's audiences; `facts` counts the effects and coupons that the rules gave.",
)
ChangeAudiencesPayload: Any = build_payload(
    "ChangeAudiencesPayload",
    "What became of changing the audiences of many customers; the operation tells it for each.",
    bulk=True,
)

update_customer_profile: Final = mutation(
    "updateCustomerProfile",
    "Change a customer's attributes and audiences at Talon.One.",
    input_type=UpdateCustomerProfileInput,
    entity=Entity.SUBSCRIBER,
)
change_customer_audiences: Final = mutation(
    "changeCustomerAudiences",
    "Let one customer join and leave audiences at Talon.One, and run the rules about that.",
    input_type=ChangeCustomerAudiencesInput,
    entity=Entity.SUBSCRIBER,
)
change_audiences: Final = mutation(
    "changeAudiences",
    "Let many customers join and leave audiences at Talon.One, a thousand changes a call.",
    input_type=ChangeAudiencesInput,
)
