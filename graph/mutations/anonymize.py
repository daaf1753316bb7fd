"""Taking away what tells who a person is."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import build_payload, given, mutation, write_input
from graph.mutations.person import BY_EMAIL, BY_KEY, PERSON, PersonByEmailInput, PersonByKeyInput


@write_input
class AnonymizeSubscriberInput:
    """A person of whom nothing is to be left but numbers. It cannot be undone."""

    id: strawberry.ID | None = given(PERSON)
    by_email: PersonByEmailInput | None = given(BY_EMAIL)
    by_key: PersonByKeyInput | None = given(BY_KEY)


AnonymizeSubscriberPayload: Any = build_payload(
    "AnonymizeSubscriberPayload", "What became of taking away what tells who a person is."
)

anonymize_subscriber: Final = mutation(
    "anonymizeSubscriber",
    "Take away everything that tells who a person is, and keep the rest: Taguchi V5, where its endpoint allows it.",
    input_type=AnonymizeSubscriberInput,
    entity=Entity.SUBSCRIBER,
)
