"""
What only one vendor says of a record, as a GraphQL type built from the vendor's described dataclass.

Vendors are found by the registry, so a further one needs no edit here.
"""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, partial
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import strawberry

from adapters.contract import Extension
from adapters.records import Entity
from adapters.registry import find_vendors
from graph.types.relation import local, plain

Described = tuple[dataclasses.Field[Any], Any]


def list_extensions(entity: Entity) -> Iterator[Extension]:
    """List what each vendor adds to a kind of record, in the order of the vendors' names."""
    for vendor in find_vendors().values():
        if entity in vendor.extensions:
            yield vendor.extensions[entity]


def add_extensions(cls: type, entity: Entity) -> None:
    """Give a GraphQL type under construction one field per vendor, named by the vendor's word."""
    for extension in list_extensions(entity):
        cls.__annotations__[extension.word] = build_extension_type(extension.type, extension.description) | None
        setattr(cls, extension.word, local(partial(_read_extension, extension.type), extension.description))


def _read_extension(extension: type, record: Any) -> object:
    """Return what the record's own vendor says, and nothing for a record of another vendor's."""
    return record.extension if isinstance(record.extension, extension) else None


@cache
def build_extension_type(extension: type, description: str) -> Any:
    """Build the GraphQL type of a described dataclass; its source objects are the dataclass's instances."""
    fields = list(read_fields(extension))
    body: dict[str, Any] = {field.name: plain(field.metadata["description"]) for field, _ in fields}
    body["__annotations__"] = {field.name: to_graphql_hint(field, hint) for field, hint in fields}
    return strawberry.type(type(extension.__name__, (), body), description=description)


def read_fields(extension: type) -> Iterator[Described]:
    """Read the fields of a described dataclass with their types."""
    hints = get_type_hints(extension)
    for field in dataclasses.fields(extension):
        yield field, hints[field.name]


def to_graphql_hint(field: "dataclasses.Field[Any]", hint: Any) -> Any:
    """Return a field's type as Strawberry reads it: texts marked as ids are IDs, tuples are lists."""
    if get_origin(hint) in {UnionType, Union}:
        parts = [to_graphql_hint(field, part) for part in get_args(hint)]
        return Union[tuple(parts)]  # noqa: UP007 - the parts are known at run time only
    if get_origin(hint) is tuple:
        return list[to_graphql_hint(field, get_args(hint)[0])]  # type: ignore[misc] # read off a dataclass
    if hint is str and field.metadata.get("id"):
        return strawberry.ID
    if hint in {str, int, float, bool, date, datetime, type(None)}:
        return hint
    raise TypeError(f"{field.name} has a type that no GraphQL type stands for: {hint}")
