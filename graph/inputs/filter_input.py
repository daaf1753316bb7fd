"""
Filter inputs: a class of described conditions becomes a GraphQL input whose values arrive as filter trees.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from adapters.filters.fields import FIELDS
from adapters.filters.tree import Filter
from adapters.records import Entity
from graph.inputs.comparisons import read_parts
from graph.inputs.condition import Readers, build_readers
from graph.inputs.extension_filter import add_extension_filters
from graph.types.description import described

T = TypeVar("T", bound=type)


def filter_input(entity: Entity) -> Callable[[T], T]:
    """Make a class the filter of one kind of record, with the conditions on what only vendors say of it."""

    def decorate(cls: T) -> T:
        add_extension_filters(cls, entity)
        made = described(strawberry.input)(cls)
        get_object_definition(made, strict=True).from_input = partial(_to_filter, build_readers(made, FIELDS[entity]))
        return made

    return decorate


def _to_filter(readers: Readers, _cls: type, value: Mapping[str, Any], context: InputContext) -> Filter:
    return read_parts(value, readers, context.path)
