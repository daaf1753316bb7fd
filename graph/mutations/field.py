"""How a mutation's field, input and payload are made: alike for all of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

import strawberry
from strawberry.scalars import JSON

from adapters.contract import Outcome
from adapters.records import Entity
from graph.mutations.reading import read_args
from graph.types.connection import Connection
from graph.types.description import described
from graph.types.node import SOURCE_ID
from graph.types.relation import GraphInfo, local, plain, relation
from graph.types.write import WriteError, WriteRequest
from graph.types.write_operation import WriteItem, WriteItemCount, WriteOperation, build_items, list_counts
from resolvers.relations import declare_payload, declare_payload_items, declare_write
from resolvers.writes.payload_items import count_items

T = TypeVar("T", bound=type)
UNSET: Any = strawberry.UNSET

DRY_RUN: Final = "true: nothing is written; the answer holds the exact requests, and before and after where it can."
KEY: Final = "Your own key for this write: sent again under it, it is done once and told again for at least a day."
SOURCE: Final = "The source to write to."


def given(description: str, *, name: str | None = None) -> Any:
    """Describe a part of an input that may be left out: what is left out stays as it is, a null empties it."""
    return strawberry.field(name=name, description=description, default=UNSET)


def write_input(cls: T) -> T:
    """Make a class the input of a mutation, with what every mutation takes."""
    cls.__annotations__["dry_run"] = bool | None
    cls.dry_run = given(DRY_RUN)  # type: ignore[attr-defined] # a class under construction
    cls.__annotations__["idempotency_key"] = str | None
    cls.idempotency_key = given(KEY)  # type: ignore[attr-defined] # a class under construction
    return described(strawberry.input)(cls)


@described(strawberry.input)
class ConsentInput:
    """Why somebody who had opted out may be written to again. It needs the scope `consent`."""

    basis: str = strawberry.field(description="What the person agreed to, when and how, in your own words.")


def build_payload(
    name: str,
    description: str,
    *,
    field: str | None = None,
    type_: Any = None,
    entity: Entity | None = None,
    more: Mapping[str, tuple[Any, Any]] | None = None,
    bulk: bool = False,
) -> Any:
    """
    Build the payload type of a mutation; `field` is the record it is about, of the GraphQL type `type_`.

    `more` are fields of its own, each with its type. A `bulk` mutation's payload tells of its items, and has no outcome
    of its own.
    """
    parts: dict[str, tuple[Any, Any]] = {
        **(more or {}),
        "outcome": (Outcome, plain("What became of the write.")),
        "source": (strawberry.ID, plain(SOURCE_ID, name="sourceId")),
        "errors": (list[WriteError], plain("Why it was not done, where it was not.")),
        "warnings": (list[str], plain("What you should know about it all the same.")),
        "operation": (WriteOperation | None, plain("Its row in the ledger; nothing for a dry run.")),
        "requests": (list[WriteRequest], plain("The requests of a dry run, as they would be sent.")),
        "reads": (list[WriteRequest], plain("What a dry run has asked vendors to know them.")),
        "before": (JSON | None, plain("The fields it changes as they are, where a dry run could read them.")),
        "after": (JSON | None, plain("The fields it changes as they would be.")),
        "facts": (JSON | None, plain("What else the vendor's answer says, such as counts.")),
    }
    if bulk:
        del parts["outcome"]
        parts |= _describe_items(name)
    if field is not None and entity is not None:
        parts[field] = (type_ | None, relation(name, field, "The record, as it is after the write."))
        declare_payload(name, field, entity)
    body: dict[str, Any] = {word: made for word, (_, made) in parts.items()}
    body["__annotations__"] = {word: hint for word, (hint, _) in parts.items()}
    return strawberry.type(type(name, (), body), description=description)


def _describe_items(name: str) -> dict[str, tuple[Any, Any]]:
    """Describe what the payload of a bulk mutation tells of its items."""
    declare_payload_items(name)
    counts = local(lambda payload: list_counts(count_items(payload)), "Its items by outcome.")
    described_items = "What became of each item, or is planned of it, in their order; `writeOperation` tells it later."
    return {
        "counts": (list[WriteItemCount], counts),
        "items": (Connection[WriteItem] | None, build_items(name, described_items)),
    }


def mutation(name: str, description: str, *, input_type: Any, entity: Entity | None = None) -> Any:
    """Describe a mutation; `entity` is the kind of record its input's `id` names."""
    declare_write(name, entity)
    input_hint = Annotated[input_type, strawberry.argument(description="What to write, where and how.")]

    def resolve(info: GraphInfo, input: input_hint) -> Any:  # noqa: A002 - the argument's name
        return info.load("Mutation", name, None, read_args(name, input, entity))

    return strawberry.field(resolver=resolve, description=description, name=name)
