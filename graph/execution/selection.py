"""What an operation asks of a field, read from its syntax when somebody wants to know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
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
from graphql.execution.values import VariableValues


class Syntax:
    """
    The syntax below one field, under every alias of it and on every type it may turn out to be.

    Honours `@skip` and `@include`, and reads each fragment once per level however often it is spread, so a document
    whose fragments double at every step costs no more than its length. What was read is kept: it is the same for all
    requests of which the directives say the same. `path` is the place in the operation: response keys joined by dots,
    without places in lists.
    """

    __slots__ = ("_below", "_fields", "_names", "_nodes", "path")

    def __init__(self, nodes: Sequence[FieldNode], path: str) -> None:
        """Keep the syntax of the field; nothing is read yet."""
        self.path = path
        self._nodes = nodes
        self._fields: dict[str, list[FieldNode]] | None = None
        self._names: frozenset[str] | None = None
        self._below: dict[str, Syntax] = {}

    def fields(self, info: GraphQLResolveInfo[Any]) -> Mapping[str, Sequence[FieldNode]]:
        """Return the fields selected directly below, by GraphQL name."""
        if self._fields is None:
            self._fields = _read_fields(self._nodes, info)
        return self._fields

    def names(self, info: GraphQLResolveInfo[Any]) -> frozenset[str]:
        """Return the GraphQL names of the fields selected directly below."""
        if self._names is None:
            self._names = frozenset(self.fields(info))
        return self._names

    def child(self, name: str, info: GraphQLResolveInfo[Any]) -> "Syntax":
        """Return the syntax below a field; below an unselected one there is none."""
        child = self._below.get(name)
        if child is None:
            child = self._below[name] = Syntax(self.fields(info).get(name, ()), f"{self.path}.{name}")
        return child


class FieldSelection:
    """The fields selected below one field, with the values of one request's variables."""

    __slots__ = ("_info", "_syntax")

    def __init__(self, info: GraphQLResolveInfo[Any], syntax: Syntax) -> None:
        """Keep the syntax; nothing is read yet."""
        self._info = info
        self._syntax = syntax

    @property
    def path(self) -> str:
        """The place in the operation: response keys joined by dots, without places in lists."""
        return self._syntax.path

    def names(self) -> frozenset[str]:
        """Return the GraphQL names of the fields selected directly below."""
        return self._syntax.names(self._info)

    def has(self, name: str) -> bool:
        """Say whether a field is selected directly below."""
        return name in self._syntax.fields(self._info)

    def arguments(self, name: str) -> list[Mapping[str, Any]]:
        """Return the arguments of a field selected directly below, once for each place that selects it."""
        return [
            {each.name.value: self._read_argument(each) for each in node.arguments or ()}
            for node in self._syntax.fields(self._info).get(name, ())
        ]

    def _read_argument(self, given: ArgumentNode) -> Any:
        """Return an argument's value; enum values as their words, also where a variable brought them."""
        value = value_from_ast_untyped(given.value, self._info.variable_values.coerced)
        return value.name if isinstance(value, Enum) else value

    def child(self, name: str) -> "FieldSelection":
        """Return what is selected below a field; an unselected one selects nothing."""
        return FieldSelection(self._info, self._syntax.child(name, self._info))


class PlannedNodes(list[FieldNode]):
    """
    The nodes of a field in a plan of the operation, which keeps what was read of the syntax below them.

    A plan is run by those requests only for which `@skip` and `@include` choose the same.
    """

    __slots__ = ("syntax",)

    def __init__(self, nodes: Iterable[FieldNode]) -> None:
        """Take the nodes; nothing is read yet."""
        super().__init__(nodes)
        self.syntax: Syntax | None = None


def build_selection(info: GraphQLResolveInfo[Any]) -> FieldSelection:
    """Return what the field being resolved selects."""
    nodes = info.field_nodes
    if not isinstance(nodes, PlannedNodes):
        return FieldSelection(info, Syntax(nodes, _name_place(info)))
    if nodes.syntax is None:
        nodes.syntax = Syntax(tuple(nodes), _name_place(info))
    return FieldSelection(info, nodes.syntax)


def _name_place(info: GraphQLResolveInfo[Any]) -> str:
    return ".".join(str(key) for key in info.path.as_list() if not isinstance(key, int))


def _read_fields(nodes: Iterable[FieldNode], info: GraphQLResolveInfo[Any]) -> dict[str, list[FieldNode]]:
    fields: dict[str, list[FieldNode]] = {}
    seen: set[str] = set()
    for node in nodes:
        for field in _collect(node.selection_set, info, seen):
            fields.setdefault(field.name.value, []).append(field)
    return fields


def _collect(selected: SelectionSetNode | None, info: GraphQLResolveInfo[Any], seen: set[str]) -> Iterator[FieldNode]:
    for node in _choose(selected.selections if selected else (), info.variable_values):
        match node:
            case FieldNode():
                yield node
            case InlineFragmentNode():
                yield from _collect(node.selection_set, info, seen)
            case FragmentSpreadNode() if node.name.value not in seen:
                seen.add(node.name.value)
                yield from _collect(info.fragments[node.name.value].selection_set, info, seen)


def _choose(nodes: Iterable[SelectionNode], variables: VariableValues) -> Iterator[SelectionNode]:
    for node in nodes:
        if node.directives:
            skip = get_directive_values(GraphQLSkipDirective, node, variables)
            include = get_directive_values(GraphQLIncludeDirective, node, variables)
            if (skip and skip["if"]) or (include and not include["if"]):
                continue
        yield node
