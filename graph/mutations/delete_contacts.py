"""Deleting contacts from their lists."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import SOURCE, build_payload, mutation, write_input


@write_input
class DeleteContactsInput:
    """Contacts to be deleted. It cannot be undone, and forgets that they had opted out: to stop mail, opt them out."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    ids: list[strawberry.ID] = strawberry.field(description="The contacts' ids in this graph, each once.")


DeleteContactsPayload: Any = build_payload("DeleteContactsPayload", "What became of deleting contacts.", bulk=True)

delete_contacts: Final = mutation(
    "deleteContacts",
    "Delete contacts from their lists for good.",
    input_type=DeleteContactsInput,
    entity=Entity.SUBSCRIBER,
)
