"""What an operation asks of a field, read from its syntax when somebody wants to know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
    value_from_ast_untyped,
)


class FieldSelection:
    """
    The fields selected below one field, under every alias of it and on every type it may turn out to be.

    Honours `@skip` and `@include`, and reads each fragment once per level however often it is spread, so a document
    whose fragments double at every step costs no more than its length.
    """

    def __init__(self, info: GraphQLResolveInfo[Any], nodes: Sequence[FieldNode], path: str) -> None:
        """Keep the syntax; nothing is read yet."""
        self._path = path
        self._info = info
        self._nodes = nodes

    @property
    def path(self) -> str:
        """The place in the operation: response keys joined by dots, without places in lists."""
        return self._path

    def names(self) -> frozenset[str]:
        """Return the GraphQL names of the fields selected directly below."""
        return frozenset(self._fields)

    def has(self, name: str) -> bool:
        """Say whether a field is selected directly below."""
        return name in self._fields

    def arguments(self, name: str) -> list[Mapping[str, Any]]:
        """Return the arguments of a field selected directly below, once for each place that selects it."""
        return [
            {each.name.value: self._read_argument(each) for each in node.arguments or ()}
            for node in self._fields.get(name, ())
        ]

    def _read_argument(self, given: ArgumentNode) -> Any:
        """Return an argument's value; enum values as their words, also where a variable brought them."""
        value = value_from_ast_untyped(given.value, self._info.variable_values.coerced)
        return value.name if isinstance(value, Enum) else value

    def child(self, name: str) -> "FieldSelection":
        """Return what is selected below a field; an unselected one selects nothing."""
        return FieldSelection(self._info, self._fields.get(name, ()), f"{self._path}.{name}")

    @cached_property
    def _fields(self) -> dict[str, list[FieldNode]]:
        fields: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for node in self._nodes:
            for field in self._collect(node.selection_set, seen):
                fields.setdefault(field.name.value, []).append(field)
        return fields

    def _collect(self, selected: SelectionSetNode | None, seen: set[str]) -> Iterator[FieldNode]:
        for node in self._included(selected.selections if selected else ()):
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode():
                    yield from self._collect(node.selection_set, seen)
                case FragmentSpreadNode() if node.name.value not in seen:
                    seen.add(node.name.value)
                    yield from self._collect(self._info.fragments[node.name.value].selection_set, seen)

    def _included(self, nodes: Iterable[SelectionNode]) -> Iterator[SelectionNode]:
        variables = self._info.variable_values
        for node in nodes:
            if node.directives:
                skip = get_directive_values(GraphQLSkipDirective, node, variables)
                include = get_directive_values(GraphQLIncludeDirective, node, variables)
                if (skip and skip["if"]) or (include and not include["if"]):
                    continue
            yield node


def build_selection(info: GraphQLResolveInfo[Any]) -> FieldSelection:
    """Return what the field being resolved selects."""
    path = ".".join(str(key) for key in info.path.as_list() if not isinstance(key, int))
    return FieldSelection(info, info.field_nodes, path)
