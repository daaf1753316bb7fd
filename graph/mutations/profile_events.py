"""Telling a vendor what people did."""

from typing import Any, Final

import strawberry
from strawberry.scalars import JSON

from graph.mutations.field import SOURCE, build_payload, given, mutation, write_input
from graph.mutations.person import PersonKeysInput
from graph.types.description import described

TYPE: Final = "The vendor's word for the kind of event, as Taguchi's `p` for a purchase and `f` for a form."
DATA: Final = "What is to be kept of it, as an object: a total, a currency, an order's number."
TEST: Final = "true: it is a test, and marked as one."
WHO: Final = "Who did it."


@described(strawberry.input)
class EventInput:
    """One thing that a person did."""

    person: PersonKeysInput = strawberry.field(description=WHO)
    type: str = strawberry.field(description=TYPE)
    data: JSON | None = given(DATA)
    test: bool | None = given(TEST)


@write_input
class LogEventInput:
    """One thing that a person did, to be kept by the vendor."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    person: PersonKeysInput = strawberry.field(description=WHO)
    type: str = strawberry.field(description=TYPE)
    data: JSON | None = given(DATA)
    test: bool | None = given(TEST)


@write_input
class LogEventsInput:
    """Many things that people did, to be kept by the vendor. Each has an outcome of its own."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    items: list[EventInput] = strawberry.field(description="The events, in their order.")


LogEventPayload: Any = build_payload("LogEventPayload", "What became of logging an event.")
LogEventsPayload: Any = build_payload(
    "LogEventsPayload",
    "What became of logging many events; the operation tells it for each.",
    bulk=True,
)

log_event: Final = mutation(
    "logEvent",
    "Tell a vendor what a person did. Taguchi may drop an event that equals one of a moment ago; a dry run says so.",
    input_type=LogEventInput,
)
log_events: Final = mutation("logEvents", "Tell a vendor what many people did.", input_type=LogEventsInput)
