"""Where a field stands in an operation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import Executor, GraphQLField, GraphQLObjectType, ValueNode, VariableNode
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values
from graphql.language import ListValueNode, ObjectValueNode
from graphql.pyutils import Path

from graph.execution.compiled.calling import Call, build_call
from graph.execution.selection import PlannedNodes


@dataclass(eq=False)
class Place:
    """
    One field of the operation on one type, all the selections merged that name it alike.

    `path` holds the response keys down to it, without places in lists.
    """

    parent_type: GraphQLObjectType
    definition: GraphQLField
    details: list[FieldDetails]
    path: Path
    nodes: PlannedNodes = field(init=False)
    _fixed: dict[str, Any] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Keep the syntax that errors point to."""
        self.nodes = PlannedNodes(each.node for each in self.details)

    def __str__(self) -> str:
        """Return the field's coordinate, as messages name it."""
        return f"{self.parent_type}.{self.nodes[0].name.value}"

    @cached_property
    def call(self) -> Call:
        """Resolves the field as its own `resolve` does."""
        return build_call(self.definition)

    @cached_property
    def constant(self) -> bool:
        """Whether the arguments are the same in every request."""
        return not self._varying.args

    def arguments(self, executor: Executor[Any]) -> dict[str, Any]:
        """Return the coerced arguments; raises `GraphQLError` for a value that only a variable made wrong."""
        if not self.definition.args:
            return {}
        if self._fixed is None:
            self._fixed = self._coerce(self._with_arguments(lambda name: name not in self._varying.args), executor)
        return {**self._fixed, **self._coerce(self._varying, executor)}

    def _coerce(self, definition: GraphQLField, executor: Executor[Any]) -> dict[str, Any]:
        first = self.details[0]
        return get_argument_values(
            definition, first.node, executor.variable_values, first.fragment_variable_values, executor.hide_suggestions
        )

    @cached_property
    def _varying(self) -> GraphQLField:
        """The field with those of its arguments alone that depend on a request's variables."""
        given = self.nodes[0].arguments or ()
        names = {argument.name.value for argument in given if _holds_variable(argument.value)}
        return self._with_arguments(names.__contains__)

    def _with_arguments(self, is_wanted: Callable[[str], bool]) -> GraphQLField:
        arguments = {name: each for name, each in self.definition.args.items() if is_wanted(name)}
        return GraphQLField(self.definition.type, arguments)


def _holds_variable(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode():
            return any(map(_holds_variable, value.values))
        case ObjectValueNode():
            return any(_holds_variable(each.value) for each in value.fields)
        case _:
            return False
