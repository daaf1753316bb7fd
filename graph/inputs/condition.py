"""
The fields a filter input is made of: each is described, and knows how what a client gives for it is read.

A field's attribute is named as the filter tree names it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import strawberry
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from adapters.filters.bind import check_ranges
from adapters.filters.operands import Path
from adapters.filters.tree import And, Filter, Not, Or
from graph.inputs.comparisons import Fields, Reader, read_comparisons, read_element, read_parts

Readers = dict[str, Reader]
"""The readers of an input's fields, by the names clients write."""

_NAMES: Final = NameConverter()
_READS: Final = "reads"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the conditions of one input may name, and how each of them is read."""

    fields: Fields
    readers: Readers = field(default_factory=dict)


def condition(description: str, reads: Callable[[str, Scope], Reader], *, name: str | None = None) -> Any:
    """Describe a field; `reads` builds its reader from its attribute and the scope of the input it stands in."""
    return strawberry.field(name=name, description=description, default=strawberry.UNSET, metadata={_READS: reads})


def compared(description: str, *, name: str | None = None) -> Any:
    """Describe a field that is compared by an operator input."""
    return condition(
        description, lambda tree_name, scope: partial(read_comparisons, scope.fields, tree_name), name=name
    )


def elements(description: str, input_type: type) -> Any:
    """Describe a field that asks for an element which satisfies `input_type`."""
    names = {graphql_name(given): given.python_name for given in list_fields(input_type)}
    return condition(description, lambda tree_name, scope: partial(read_element, scope.fields, tree_name, names))


def keyed(description: str, *, name: str) -> Any:
    """Describe a field that compares the value standing under a key."""
    return condition(description, lambda tree_name, scope: partial(_read_keyed, scope.fields, tree_name), name=name)


def every() -> Any:
    """Describe `and`."""
    description = "All of these must hold. An empty list always holds."
    return condition(description, lambda _, scope: partial(_read_every, scope.readers), name="and")


def some() -> Any:
    """Describe `or`."""
    description = "At least one of these must hold. An empty list never holds."
    return condition(description, lambda _, scope: partial(_read_some, scope.readers), name="or")


def complement() -> Any:
    """Describe `not`."""
    description = "This must not hold: exactly the records it would keep are left out."
    return condition(description, lambda _, scope: partial(_read_complement, scope.readers), name="not")


def _read_keyed(fields: Fields, name: str, value: Mapping[str, Any], path: Path) -> Filter:
    return read_comparisons(fields, name, value["value"], (*path, "value"), key=value["key"])


def _read_every(readers: Readers, value: list[Any], path: Path) -> Filter:
    parts = _read_list(readers, value, path)
    check_ranges(parts, path)
    return And(parts)


def _read_some(readers: Readers, value: list[Any], path: Path) -> Filter:
    return Or(_read_list(readers, value, path))


def _read_list(readers: Readers, value: list[Any], path: Path) -> tuple[Filter, ...]:
    return tuple(read_parts(item, readers, (*path, place)) for place, item in enumerate(value))


def _read_complement(readers: Readers, value: Mapping[str, Any], path: Path) -> Filter:
    return Not(read_parts(value, readers, path))


def build_readers(input_type: type, fields: Fields) -> Readers:
    """Build the readers of an input's fields; they compare the fields of the tree that are given."""
    scope = Scope(fields)
    for given in list_fields(input_type):
        scope.readers[graphql_name(given)] = given.metadata[_READS](given.python_name, scope)
    return scope.readers


def list_fields(input_type: type) -> list[StrawberryField]:
    """List the fields of a GraphQL input."""
    return get_object_definition(input_type, strict=True).fields


def graphql_name(given: StrawberryField) -> str:
    """Return the name clients write."""
    return _NAMES.from_field(given)
