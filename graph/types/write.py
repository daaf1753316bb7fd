"""What mutations answer: outcomes, errors as data, and the requests of a dry run."""

from typing import Any

import strawberry
from strawberry.scalars import JSON

from adapters.contract import Outcome
from adapters.ledger import State
from graph.types.description import described
from graph.types.enums import describe_enum
from graph.types.relation import local, plain

describe_enum(
    Outcome,
    "WriteOutcome",
    "What became of a write.",
    {
        "PLANNED": "Nothing was sent: it was a dry run.",
        "APPLIED": "The vendor did it.",
        "ACCEPTED": "The vendor, or our own worker, took it and has not yet said that it is done.",
        "REJECTED": "The vendor refused it; nothing changed.",
        "UNKNOWN": "It was sent and its answer was lost: it may or may not have been done.",
        "NOT_SENT": "It never reached the vendor; nothing changed.",
        "SKIPPED": "This item was left out, for the reason given.",
        "MIXED": "Items or parts of a write came to different ends, all of them known: counts or facts say which.",
    },
)
describe_enum(
    State,
    "WriteState",
    "How far a write has come.",
    {
        "PENDING": "Entered in the ledger, nothing sent yet.",
        "SENT": "Being sent.",
        "DONE": "It has an outcome.",
    },
)


def _join_path(error: Any) -> str | None:
    return ".".join(error.path) or None


@described(strawberry.type)
class WriteError:
    """Why a write, or one item of it, was not done, as data."""

    code: str = plain("A stable word for what happened, as `VENDOR_REJECTED`.")
    reason: str | None = plain("A stable word that says it more exactly.")
    message: str = plain("What happened, in a sentence.")
    hint: str | None = plain("What to do about it.")
    path: str | None = local(_join_path, "The part of the input it is about, its names joined by dots.")
    source: strawberry.ID | None = plain("The source that said it.", name="sourceId")
    vendor: str | None = plain("The kind of vendor that said it.")
    vendor_status: int | None = plain("The vendor's HTTP status.")
    vendor_message: str | None = plain("The vendor's own words, without anything secret.")
    retryable: bool = plain("Whether the same mutation may do better later.")


@described(strawberry.type)
class WriteRequestHeader:
    """A header of a request."""

    name: str = plain("Its name.")
    value: str = plain("Its value.")


class _Header:
    """One header as it is shown."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value


def _list_headers(request: Any) -> list[_Header]:
    return [_Header(name, value) for name, value in request.headers]


@described(strawberry.type)
class WriteRequest:
    """A request as it would be sent to a vendor, without secrets. What is not known yet stands as `{name}`."""

    step: str = plain("The vendor's word for the call.")
    method: str = plain("The HTTP method.")
    host: str | None = plain("The server it goes to; of a call that was made already it is not told.")
    url: str = plain("The address's path and query.")
    headers: list[WriteRequestHeader] = local(_list_headers, "What it says beside, without what tells who we are.")
    body: JSON | None = plain("The body.")
