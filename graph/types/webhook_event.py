"""What vendors told by themselves."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from graph.types.connection_field import UNSET, After, First, build_args
from graph.types.description import described
from graph.types.relation import GraphInfo, plain
from resolvers.writes.webhook_events import WebhookEventsArgs

Unmatched = Annotated[
    bool, strawberry.argument(description="true: only what is about no write that is known, or may be about several.")
]


@described(strawberry.type)
class WebhookEvent:
    """One thing a vendor told by itself, as it came."""

    id: strawberry.ID = plain("The event's id in the ledger.")
    source: strawberry.ID = plain("The source it was told of.", name="sourceId")
    payload: JSON | None = plain("What was told, as it came; nothing without the scope `pii`.")
    received_at: datetime = plain("When it came.")
    operation: strawberry.ID | None = plain("The write it is about, for `writeOperation`.", name="operationId")


def resolve_webhook_events(
    info: GraphInfo, unmatched: Unmatched = False, first: First = UNSET, after: After = UNSET
) -> Any:
    """List what vendors told."""
    args = build_args(WebhookEventsArgs, unmatched=unmatched, first=first, after=after)
    return info.load("Query", "webhookEvents", None, args)
