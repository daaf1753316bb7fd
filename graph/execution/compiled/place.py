"""Where a field stands in an operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import Executor, GraphQLField, GraphQLObjectType, ValueNode, VariableNode
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values
from graphql.language import ListValueNode, ObjectValueNode
from graphql.pyutils import Path

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

    def __post_init__(self) -> None:
        """Keep the syntax that errors point to."""
        self.nodes = PlannedNodes(each.node for each in self.details)

    def __str__(self) -> str:
        """Return the field's coordinate, as messages name it."""
        return f"{self.parent_type}.{self.nodes[0].name.value}"

    @cached_property
    def constant(self) -> bool:
        """Whether the arguments are the same in every request."""
        return not any(_holds_variable(argument.value) for argument in self.nodes[0].arguments or ())

    def arguments(self, executor: Executor[Any]) -> Mapping[str, Any]:
        """Return the coerced arguments; raises `GraphQLError` for a value that only a variable made wrong."""
        if not self.definition.args:
            return {}
        first = self.details[0]
        return get_argument_values(
            self.definition,
            first.node,
            executor.variable_values,
            first.fragment_variable_values,
            executor.hide_suggestions,
        )


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
