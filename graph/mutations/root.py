"""Everything that can be written: a table of contents."""

import strawberry

from graph.mutations.subscriber import (
    CreateSubscriberPayload,
    UpdateSubscriberPayload,
    UpsertSubscriberPayload,
    create_subscriber,
    update_subscriber,
    upsert_subscriber,
)
from graph.types.description import described


@described(strawberry.federation.type)
class Mutation:
    """
    Everything that can be written.

    Each mutation is entered in a ledger before it is sent, is sent at most once, and tells what became of it. Several
    in one operation are done one after the other.
    """

    create_subscriber: CreateSubscriberPayload | None = create_subscriber
    update_subscriber: UpdateSubscriberPayload | None = update_subscriber
    upsert_subscriber: UpsertSubscriberPayload | None = upsert_subscriber
