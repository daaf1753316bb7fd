"""The ledger: every write with what is known of it, and the items of bulk writes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import strawberry
from strawberry.scalars import JSON

from adapters.contract import Outcome
from adapters.ledger import EntryFilter, ItemState, State
from graph.execution.collector import BATCHED
from graph.inputs.write_operation_filter import WriteOperationFilter
from graph.types.connection import Connection
from graph.types.connection_field import UNSET, After, First, build_args
from graph.types.description import described
from graph.types.relation import GraphInfo, local, plain
from graph.types.write import WriteError
from resolvers.writes.operations import ItemsArgs, OperationArgs, OperationsArgs
from resolvers.writes.payload import WriteErrorRecord, read_error

OperationId = Annotated[strawberry.ID, strawberry.argument(description="The id of a write, as its payload told it.")]
OperationFilter = Annotated[
    EntryFilter | None,
    strawberry.argument(description="Only writes that match.", graphql_type=WriteOperationFilter | None),
]


def _read_errors(entry: Any) -> list[WriteErrorRecord]:
    return [read_error(each) for each in entry.result.get("errors", ())]


def _read_facts(entry: Any) -> Any:
    return entry.result.get("facts") or None


def _read_basis(entry: Any) -> str | None:
    basis: str | None = entry.command.get("consent")
    return basis


def _read_error(item: Any) -> WriteErrorRecord | None:
    return read_error(item.error) if item.error else None


def _read_outcome(kept: Any) -> Outcome | None:
    return Outcome(kept.outcome) if kept.outcome else None


_STATES: Final = {ItemState.WAITING.value: State.PENDING, ItemState.SENT.value: State.SENT}
"""How far an item without an outcome has come, in the words for whole writes."""


def list_counts(counts: Mapping[str, int]) -> list["_Count"]:
    """List counts of items, those that are none left out."""
    return [_Count(word, count) for word, count in sorted(counts.items()) if count]


def _read_state(item: Any) -> State:
    return _STATES.get(item.state, State.DONE)


class _Count:
    """How many items the ledger counts under one word: an outcome, or the state of items that have none."""

    def __init__(self, word: str, count: int) -> None:
        self.state = _STATES.get(word, State.DONE)
        self.outcome = Outcome(word) if self.state is State.DONE else None
        self.count = count


def build_items(type_name: str, description: str) -> Any:
    """Describe the items of a write, as a field of this type."""

    def resolve(root: strawberry.Parent[Any], info: GraphInfo, first: First = UNSET, after: After = UNSET) -> Any:
        return info.load(type_name, "items", root, build_args(ItemsArgs, first=first, after=after))

    return strawberry.field(resolver=resolve, name="items", description=description, metadata={BATCHED: True})


@described(strawberry.type)
class WriteItemCount:
    """How many items of a bulk write have come equally far."""

    state: State = plain("How far they have come.")
    outcome: Outcome | None = plain("What became of them; nothing while they wait or are being sent.")
    count: int = plain("How many items.")


@described(strawberry.type)
class WriteItem:
    """One item of a bulk write."""

    place: int = plain("Its place in the input, from 0.")
    state: State = local(_read_state, "How far it has come.")
    outcome: Outcome | None = local(_read_outcome, "What became of it; nothing while it waits or is being sent.")
    vendor_id: strawberry.ID | None = plain("The vendor's id of the record it is about, where that is known.")
    error: WriteError | None = local(_read_error, "Why it was not done, where it was not.")


@described(strawberry.type)
class WriteOperation:
    """One write as the ledger knows it: kept from before it was sent, and told again whenever its key is."""

    id: strawberry.ID = plain("The write's id; `writeOperation` finds it again.")
    mutation: str = plain("The mutation that was asked for.")
    source: strawberry.ID = plain("The source it is for.", name="sourceId")
    key: str = plain(
        "Its idempotency key: the caller's, or one that was made for it; empty once its person is erased.",
        name="idempotencyKey",
    )
    state: State = plain("How far it has come.")
    outcome: Outcome | None = local(_read_outcome, "What became of it; nothing while it is under way.")
    errors: list[WriteError] = local(_read_errors, "Why it was not done, where it was not.")
    check: str | None = plain("What to look at, where nobody knows what became of it, or when it will be done.")
    facts: JSON | None = local(_read_facts, "What else the vendor has said of it, such as counts.")
    consent_basis: str | None = local(_read_basis, "Why it might undo an opt-out, as its caller said with `consent`.")
    created_at: datetime = plain("When it was asked for.")
    updated_at: datetime = plain("When something about it last became known.")
    item_count: int = local(lambda entry: entry.items, "How many items it has; none where it is no bulk write.")
    counts: list[WriteItemCount] = local(lambda entry: list_counts(entry.counts), "Its items by outcome.")

    items: Connection[WriteItem] | None = build_items(
        "WriteOperation", "Its items, where it is a bulk write, in their order."
    )


def resolve_operation(info: GraphInfo, id: OperationId) -> Any:  # noqa: A002 - the argument's name
    """Find one write."""
    return info.load("Query", "writeOperation", None, OperationArgs(id))


def resolve_operations(
    info: GraphInfo,
    filter: OperationFilter = UNSET,  # noqa: A002 - the argument's name
    first: First = UNSET,
    after: After = UNSET,
) -> Any:
    """List writes."""
    args = build_args(OperationsArgs, filter=filter, first=first, after=after)
    return info.load("Query", "writeOperations", None, args)
