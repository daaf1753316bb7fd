"""Making, changing and removing one kind of record: alike for all kinds that are written by their fields."""

from dataclasses import dataclass
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import SOURCE, build_payload, given, mutation, write_input

UNCHANGED: Final = (
    "Values you rely on: where one of them has moved since, nothing is written and the answer is CONFLICT."
)

REVISIONS: Final = (
    "New revisions, oldest first; those that are saved stay. As values you rely on: the newest that are saved, or an "
    "empty list for none."
)


@dataclass(frozen=True, slots=True)
class NounMutations:
    """The three mutations of a kind of record, with their payloads."""

    create: Any
    create_payload: Any
    update: Any
    update_payload: Any
    delete: Any
    delete_payload: Any


def describe_noun(word: str, noun: str, *, field: str, type_: Any, entity: Entity, fields: Any) -> NounMutations:
    """
    Describe the mutations of a kind of record.

    `word` is its name in mutations (`List`), `noun` what it is called in sentences (`a list`), `field` the payload's
    field for it, of the GraphQL type `type_`; `fields` is the input of what can be written.
    """
    written = strawberry.field(description="What is to be written.")
    id_ = strawberry.field(description=f"The id of {noun} in this graph.")
    relied = given(UNCHANGED)

    def payload(verb: str, doing: str, *, tells: bool = True) -> Any:
        record = {"field": field, "type_": type_, "entity": entity} if tells else {}
        return build_payload(f"{verb}{word}Payload", f"What became of {doing} {noun}.", **record)

    def describe(verb: str, sentence: str, parts: dict[str, tuple[Any, Any]], kind: Entity | None) -> Any:
        input_type = _build_input(f"{verb}{word}Input", sentence, parts)
        return mutation(f"{verb.lower()}{word}", sentence, input_type=input_type, entity=kind)

    return NounMutations(
        create_payload=payload("Create", "making"),
        update_payload=payload("Update", "changing"),
        delete_payload=payload("Delete", "removing", tells=False),
        create=describe(
            "Create",
            f"Make {noun}.",
            {"source": (strawberry.ID, strawberry.field(description=SOURCE)), "fields": (fields, written)},
            None,
        ),
        update=describe(
            "Update",
            f"Change {noun}; what is left out stays as it is.",
            {"id": (strawberry.ID, id_), "fields": (fields, written), "if_unchanged": (fields | None, relied)},
            entity,
        ),
        delete=describe("Delete", f"Remove {noun}: it is shown no more.", {"id": (strawberry.ID, id_)}, entity),
    )


def _build_input(name: str, description: str, parts: dict[str, tuple[Any, Any]]) -> Any:
    body: dict[str, Any] = {word: made for word, (_, made) in parts.items()}
    body |= {"__annotations__": {word: hint for word, (hint, _) in parts.items()}, "__doc__": description}
    return write_input(type(name, (), body))
