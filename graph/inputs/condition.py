"""
The fields a filter input is made of: each is described, and knows how what a client gives for it is read.

A field's attribute is named as the filter tree names it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import strawberry
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from adapters.filters.tree import And, Filter, Not, Or
from graph.inputs.comparisons import Path, Reader, read_comparisons, read_element, read_parts

Readers = dict[str, Reader]
"""The readers of an input's fields, by the names clients write."""

_NAMES: Final = NameConverter()
_READS: Final = "reads"


def condition(description: str, reads: Callable[[str, Readers], Reader], *, name: str | None = None) -> Any:
    """Describe a field; `reads` builds its reader from its tree name and the readers of the input it stands in."""
    return strawberry.field(name=name, description=description, default=strawberry.UNSET, metadata={_READS: reads})


def compared(description: str, *, name: str | None = None) -> Any:
    """Describe a field that is compared by an operator input."""
    return condition(description, lambda field, _: partial(read_comparisons, field), name=name)


def elements(description: str, input_type: type) -> Any:
    """Describe a field that asks for an element which satisfies `input_type`."""
    names = {graphql_name(field): field.python_name for field in list_fields(input_type)}
    return condition(description, lambda name, _: partial(read_element, name, names))


def keyed(description: str, *, name: str) -> Any:
    """Describe a field that compares the value standing under a key."""
    return condition(description, lambda field, _: partial(_read_keyed, field), name=name)


def every() -> Any:
    """Describe `and`."""
    return condition(
        "All of these must hold. An empty list always holds.", lambda _, own: partial(_read_list, And, own), name="and"
    )


def some() -> Any:
    """Describe `or`."""
    return condition(
        "At least one of these must hold. An empty list never holds.",
        lambda _, own: partial(_read_list, Or, own),
        name="or",
    )


def complement() -> Any:
    """Describe `not`."""
    return condition(
        "This must not hold: exactly the records it would keep are left out.",
        lambda _, own: partial(_read_complement, own),
        name="not",
    )


def _read_list(joined: type[And] | type[Or], readers: Readers, value: list[Any], path: Path) -> Filter:
    return joined(tuple(read_parts(item, readers, (*path, place)) for place, item in enumerate(value)))


def _read_complement(readers: Readers, value: Mapping[str, Any], path: Path) -> Filter:
    return Not(read_parts(value, readers, path))


def _read_keyed(field: str, value: Mapping[str, Any], path: Path) -> Filter:
    return read_comparisons(field, value["value"], (*path, "value"), key=value["key"])


def build_readers(input_type: type) -> Readers:
    """Build the readers of an input's fields."""
    readers: Readers = {}
    for field in list_fields(input_type):
        readers[graphql_name(field)] = field.metadata[_READS](field.python_name, readers)
    return readers


def list_fields(input_type: type) -> list[StrawberryField]:
    """List the fields of a GraphQL input."""
    return get_object_definition(input_type, strict=True).fields


def graphql_name(field: StrawberryField) -> str:
    """Return the name clients write."""
    return _NAMES.from_field(field)
