"""Having a vendor forget a person."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import build_payload, given, mutation, write_input
from graph.mutations.person import BY_EMAIL, PERSON, PersonByEmailInput


@write_input
class EraseSubscriberInput:
    """A person whom the vendor is to forget. It cannot be undone."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    force: bool | None = given("Sendios: its `force_delete`, which makes it delete the person in any case.")


EraseSubscriberPayload: Any = build_payload(
    "EraseSubscriberPayload",
    "What became of erasing a person. ACCEPTED says that the vendor will do it, not that it has.",
)

erase_subscriber: Final = mutation(
    "eraseSubscriber",
    "Have the vendor forget a person for good.",
    input_type=EraseSubscriberInput,
    entity=Entity.SUBSCRIBER,
)
