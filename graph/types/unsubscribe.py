"""Opt-outs, as a vendor lists them by time."""

from datetime import datetime

import strawberry

from adapters.records import UnsubscribeRecord
from graph.types.lazy import LazySubscriber
from graph.types.node import SOURCE_ID, listed_type
from graph.types.relation import plain, relation


@listed_type(UnsubscribeRecord)
class Unsubscribe:
    """One person's opt-out, as a vendor lists them by time."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    email: str | None = plain("The e-mail address that opted out.")
    subscriber_id: strawberry.ID | None = plain("The vendor's id of the person, where the entry has it.")
    subscriber_ref: str | None = plain("Your own key for the person, where the entry has it.")
    project_id: strawberry.ID | None = plain("The vendor's id of the project the opt-out holds for.")
    cause: str | None = plain("The vendor's word or number for how the opt-out came about.")
    occurred_at: datetime | None = plain("When the person opted out.")
    subscriber: LazySubscriber | None = relation(
        "Unsubscribe", "subscriber", "The person, found by what the entry says of them; a call for each person."
    )
