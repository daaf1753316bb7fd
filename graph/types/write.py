"""What every mutation answers: its outcome, its errors as data, and its row in the ledger."""

from datetime import datetime
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
    source: str | None = plain("The source that said it.", name="sourceId")
    vendor: str | None = plain("The kind of vendor that said it.")
    vendor_status: int | None = plain("The vendor's HTTP status.")
    vendor_message: str | None = plain("The vendor's own words, without anything secret.")
    retryable: bool = plain("Whether the same mutation may do better later.")


@described(strawberry.type)
class WriteRequest:
    """A request as it would be sent to a vendor, without secrets. What is not known yet stands as `{name}`."""

    step: str = plain("The vendor's word for the call.")
    method: str = plain("The HTTP method.")
    url: str = plain("The address's path and query.")
    body: JSON | None = plain("The body.")


@described(strawberry.type)
class WriteItemCount:
    """How many items of a bulk write have one outcome."""

    outcome: str = plain("The outcome, or `WAITING` and `SENT` for items that have none yet.")
    count: int = plain("How many items.")


def _read_errors(entry: Any) -> list[Any]:
    return [_Error(each) for each in entry.result.get("errors", ())]


class _Error:
    """An error that the ledger kept, with nothing where it kept nothing."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        return self._kept.get(name, () if name == "path" else False if name == "retryable" else None)


def _read_counts(entry: Any) -> list[Any]:
    return [_Count(outcome, count) for outcome, count in sorted(entry.counts.items()) if count]


class _Count:
    """One outcome's number of items."""

    def __init__(self, outcome: str, count: int) -> None:
        self.outcome = outcome
        self.count = count


def _read_outcome(entry: Any) -> Outcome | None:
    return Outcome(entry.outcome) if entry.outcome else None


@described(strawberry.type)
class WriteOperation:
    """One write as the ledger knows it: kept from before it was sent, and told again whenever its key is."""

    id: strawberry.ID = plain("The write's id; `writeOperation` finds it again.")
    mutation: str = plain("The mutation that was asked for.")
    source: strawberry.ID = plain("The source it is for.", name="sourceId")
    key: str = plain("Its idempotency key: the caller's, or one that was made for it.", name="idempotencyKey")
    state: State = plain("How far it has come.")
    outcome: Outcome | None = local(_read_outcome, "What became of it; nothing while it is under way.")
    errors: list[WriteError] = local(_read_errors, "Why it was not done, where it was not.")
    check: str | None = plain("What to look at, where nobody knows what became of it.")
    created_at: datetime = plain("When it was asked for.")
    updated_at: datetime = plain("When something about it last became known.")
    items: int = plain("How many items it has, where it is a bulk write.", name="itemCount")
    counts: list[WriteItemCount] = local(_read_counts, "Its items by outcome.")
