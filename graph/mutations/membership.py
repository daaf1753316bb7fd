"""Joining and leaving one list."""

from datetime import datetime
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import ConsentInput, build_payload, given, mutation, write_input
from graph.mutations.person import BY_EMAIL, BY_KEY, PERSON, PersonByEmailInput, PersonByKeyInput
from graph.mutations.subscriber import LEFT_AT
from graph.types.subscriber import Subscriber


@write_input
class SetListMembershipInput:
    """A person's place on one list, as it is to be."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    by_key: PersonByKeyInput | None = given(BY_KEY)
    list_id: strawberry.ID = strawberry.field(description="The vendor's id of the list.")
    subscribed: bool = strawberry.field(
        description="true: the person is on the list; false: the person leaves it.", default=True
    )
    option: str | None = given("Free text to keep with the membership, where the vendor keeps one.")
    left_at: datetime | None = given(LEFT_AT)
    consent: ConsentInput | None = given("Needed where the person would rejoin the list.")


SetListMembershipPayload: Any = build_payload(
    "SetListMembershipPayload",
    "What became of changing a person's place on a list.",
    field="subscriber",
    type_=Subscriber,
    entity=Entity.SUBSCRIBER,
)

set_list_membership: Final = mutation(
    "setListMembership",
    "Put a person on a list, or take them off it.",
    input_type=SetListMembershipInput,
    entity=Entity.SUBSCRIBER,
)
