"""Bringing many people in at once."""

from typing import Any, Final

import strawberry

from graph.mutations.field import SOURCE, ConsentInput, build_payload, given, mutation, write_input
from graph.mutations.imports import CONSENT, ImportFieldsInput
from graph.mutations.subscriber import SubscriberFieldsInput
from graph.mutations.taximail_parts import TaximailImportInput


@write_input
class ImportSubscribersInput:
    """People to be brought in together, as `items` or as a file that the vendor reads."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    list_id: strawberry.ID | None = given("Taximail: the vendor's id of the list they go into.")
    items: list[SubscriberFieldsInput] | None = given(
        "Taximail: the people, each by an `email`, with names and custom fields. Who has left the list, or whose mail "
        "comes back, is left out unless you say `consent`; of more than 100, that is found out when each is sent."
    )
    recipients_unchecked: bool | None = given(
        "true: you know that nobody can be looked up beforehand, so people who have left may be in it. A file needs it."
    )
    consent: ConsentInput | None = given(f"{CONSENT} Taximail: needed for a file; of `items` nobody is left out then.")
    taguchi: ImportFieldsInput | None = given("Taguchi: the import to be made and started; it reads files.")
    taximail: TaximailImportInput | None = given("How Taximail takes the import.")


ImportSubscribersPayload: Any = build_payload(
    "ImportSubscribersPayload",
    "What became of an import; `facts` holds the vendor's counts.",
    bulk=True,
)

import_subscribers: Final = mutation(
    "importSubscribers", "Bring many people in at once.", input_type=ImportSubscribersInput
)
