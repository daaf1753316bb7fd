"""
Filter inputs: a class of described conditions becomes a GraphQL input whose values arrive as filter trees.

The value of a variable is read once in a request, for all fields it is given to: a filter of a thousand values below
a hundred records, or a refused one under twenty names, would otherwise be read again for each of them.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any, TypeVar

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from adapters.errors import FilterError
from adapters.filters.fields import FIELDS
from adapters.filters.operands import Path
from adapters.filters.tree import Filter
from adapters.records import Entity
from graph.inputs.comparisons import check_size, read_parts
from graph.inputs.condition import Readers, build_readers, complement, every, some
from graph.inputs.extension_filter import add_extension_filters
from graph.types.description import described

T = TypeVar("T", bound=type)


def filter_input(entity: Entity) -> Callable[[T], T]:
    """
    Make a class the filter of one kind of record.

    Before its own conditions stand `and`, `or` and `not`, after them those on what only vendors say of the record.
    """

    def decorate(cls: T) -> T:
        _add_connectives(cls)
        add_extension_filters(cls, entity)
        made = described(strawberry.input)(cls)
        get_object_definition(made, strict=True).from_input = partial(_to_filter, build_readers(made, FIELDS[entity]))
        return made

    return decorate


def _add_connectives(cls: Any) -> None:
    cls.__annotations__ = {"and_": list[cls] | None, "or_": list[cls] | None, "not_": cls | None, **cls.__annotations__}
    cls.and_, cls.or_, cls.not_ = every(), some(), complement()


def _to_filter(readers: Readers, cls: type, value: Mapping[str, Any], context: InputContext) -> Filter:
    """Read a filter, or recall what became of the variable it is the value of."""
    variable = _find_variable(value, context)
    if variable is None or context.info is None:
        return _read(readers, value, context.path)
    known: dict[Hashable, Filter | FilterError] = context.info.context.filters
    key = (cls, variable, context.path)
    if key not in known:
        try:
            known[key] = _read(readers, value, context.path)
        except FilterError as error:
            known[key] = error
    found = known[key]
    if isinstance(found, FilterError):
        raise found.with_traceback(None)
    return found


def _read(readers: Readers, value: Mapping[str, Any], path: Path) -> Filter:
    check_size(value, path)
    return read_parts(value, readers, path)


def _find_variable(value: object, context: InputContext) -> str | None:
    """Return the name of the variable that brought a value; None for one that is written in the document."""
    variables = context.info.variable_values if context.info else {}
    return next((name for name, given in variables.items() if given is value), None)
