"""
What only one vendor says of a record, as a GraphQL type built from the vendor's described dataclass.

Vendors are found by the registry, so a further one needs no edit here.
"""

import dataclasses
import inspect
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, partial
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import strawberry
from strawberry.utils.str_converters import to_camel_case

from adapters.contract import Extension
from adapters.records import Entity
from adapters.registry import find_vendors
from graph.types.relation import GraphInfo, local, plain
from resolvers.relations import declare_part

Described = tuple[dataclasses.Field[Any], Any]


def list_extensions(entity: Entity) -> Iterator[Extension]:
    """List what each vendor adds to a kind of record, in the order of the vendors' names."""
    for vendor in find_vendors().values():
        if entity in vendor.extensions:
            yield vendor.extensions[entity]


class ExtensionOf:
    """What a vendor says of a record, with the record: a part that is read later needs both."""

    __slots__ = ("extension", "record")

    def __init__(self, record: Any) -> None:
        """Take a record that has an extension."""
        self.record = record
        self.extension = record.extension

    def __getattr__(self, name: str) -> Any:
        """Return a field of the extension."""
        return getattr(self.extension, name)


def add_extensions(cls: type, entity: Entity) -> None:
    """Give a GraphQL type under construction one field per vendor, named by the vendor's word."""
    for extension in list_extensions(entity):
        made = build_extension_type(extension.type, extension.description)
        cls.__annotations__[extension.word] = made | None
        read = partial(_read_with_record if list_parts(extension.type) else _read_extension, extension.type)
        setattr(cls, extension.word, local(read, extension.description))
        for name in list_parts(extension.type):
            declare_part(extension.type.__name__, to_camel_case(name), entity)


def list_parts(extension: type) -> list[str]:
    """Name the fields of a described dataclass that cost calls of their own."""
    return [field.name for field in dataclasses.fields(extension) if field.metadata.get("part")]


def _read_extension(extension: type, record: Any) -> object:
    """Return what the record's own vendor says, and nothing for a record of another vendor's."""
    return record.extension if isinstance(record.extension, extension) else None


def _read_with_record(extension: type, record: Any) -> object:
    return ExtensionOf(record) if isinstance(record.extension, extension) else None


@cache
def build_extension_type(extension: type, description: str) -> Any:
    """Build the GraphQL type of a described dataclass; its source objects are the dataclass's instances."""
    fields = list(read_fields(extension))
    body: dict[str, Any] = {field.name: _build_field(extension, field) for field, _ in fields}
    body["__annotations__"] = {field.name: to_graphql_hint(field, hint) for field, hint in fields}
    return strawberry.type(type(extension.__name__, (), body), description=description)


def _build_field(extension: type, field: "dataclasses.Field[Any]") -> Any:
    description = field.metadata["description"]
    if not field.metadata.get("part"):
        return plain(description)
    type_name, field_name, part = extension.__name__, to_camel_case(field.name), field.name

    def resolve(root: strawberry.Parent[Any], info: GraphInfo) -> Any:
        return info.load(type_name, field_name, root.record, part)

    return strawberry.field(resolver=resolve, description=description)


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
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return build_extension_type(hint, (inspect.getdoc(hint) or "").partition("\n\n")[0])
    raise TypeError(f"{field.name} has a type that no GraphQL type stands for: {hint}")
