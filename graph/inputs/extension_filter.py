"""Conditions on what only one vendor says of a record, built from the vendor's described dataclass."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

import strawberry

from adapters.contract import Extension
from adapters.filters.fields import Kind, build_extension_fields
from adapters.filters.operands import Path
from adapters.filters.tree import Filter
from adapters.records import Entity
from graph.inputs.comparisons import Reader, read_comparisons, read_parts
from graph.inputs.condition import Readers, Scope, build_readers, condition
from graph.inputs.operators import DateFilter, FlagFilter, IdFilter, NumberFilter, TextFilter, TimeFilter
from graph.types.extension import list_extensions, read_fields

OPERATOR_INPUTS: Final[Mapping[Kind, Any]] = {
    Kind.TEXT: TextFilter,
    Kind.ID: IdFilter,
    Kind.NUMBER: NumberFilter,
    Kind.TIME: TimeFilter,
    Kind.DATE: DateFilter,
    Kind.FLAG: FlagFilter,
}
"""What can be asked of each kind of value."""


def add_extension_filters(cls: type, entity: Entity) -> None:
    """Give a filter under construction one field per vendor whose extension can be filtered by."""
    for extension in filter(is_filterable, list_extensions(entity)):
        input_type = build_extension_filter(extension)
        readers = build_readers(input_type, build_extension_fields(extension.word, extension.type))
        cls.__annotations__[extension.word] = input_type | None
        setattr(cls, extension.word, condition(extension.description, partial(_nest, readers)))


def is_filterable(extension: Extension) -> bool:
    """Say whether an extension has a field that can be compared."""
    return bool(build_extension_fields(extension.word, extension.type))


def _nest(readers: Readers, _name: str, _scope: Scope) -> Reader:
    return partial(_read_nested, readers)


def _read_nested(readers: Readers, value: Mapping[str, Any], path: Path) -> Filter:
    return read_parts(value, readers, path)


@cache
def build_extension_filter(extension: Extension) -> Any:
    """Build the filter input of a described dataclass; its comparisons name fields as `taguchi.cluster_id`."""
    specs = build_extension_fields(extension.word, extension.type)
    described = {field.name: field.metadata["description"] for field, _ in read_fields(extension.type)}
    body: dict[str, Any] = {"__annotations__": {}}
    for name, spec in specs.items():
        attribute = name.removeprefix(f"{extension.word}.")
        body["__annotations__"][attribute] = OPERATOR_INPUTS[spec.kind] | None
        body[attribute] = condition(described[attribute], partial(_compare, name))
    description = f"{extension.description} Several fields in one object must all match."
    return strawberry.input(type(f"{extension.type.__name__}Filter", (), body), description=description)


def _compare(name: str, _attribute: str, scope: Scope) -> Reader:
    return partial(read_comparisons, scope.fields, name)
