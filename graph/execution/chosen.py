"""What executing an operation takes from its document: found once for it, whatever its variables are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    Executor,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    coerce_input_value,
    default_field_resolver,
    default_type_resolver,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

_RESOLVERS: Final = (default_field_resolver, default_type_resolver, default_field_resolver)


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    An operation with the fragments of its document.

    `variables` are those of the operation where all of them are scalars or enums, None where one is not.
    """

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    definitions: dict[str, FragmentDefinitionNode]
    fragments: dict[str, FragmentDetails]
    variables: tuple[GraphQLVariableSignature, ...] | None

    def build(self, context: object, given: Mapping[str, Any], *, hide_suggestions: bool) -> Executor[Any] | None:
        """Build an executor as graphql-core does; None where a variable is wrong, left out or more than a scalar."""
        values = self._coerce(given)
        if values is None:
            return None
        found = self.definitions, self.fragments, None, context, self.operation, values
        return Executor(self.schema, *found, *_RESOLVERS, hide_suggestions=hide_suggestions)

    def _coerce(self, given: Mapping[str, Any]) -> VariableValues | None:
        if self.variables is None:
            return None
        sources, coerced = {}, {}
        for signature in self.variables:
            name = signature.name
            value = given.get(name, Undefined)
            coerced[name] = Undefined if value is Undefined else coerce_input_value(value, signature.type)
            if coerced[name] is Undefined:
                return None
            sources[name] = VariableValueSource(signature, value)
        return VariableValues(sources, coerced)


def find_chosen(executor: Executor[Any]) -> Chosen:
    """Return what an executor of graphql-core's own making has taken from its document."""
    nodes = executor.operation.variable_definitions or ()
    found = [get_variable_signature(executor.schema, node) for node in nodes]
    plain = tuple(each for each in found if not isinstance(each, GraphQLError) and _is_plain(each))
    variables = plain if len(plain) == len(nodes) else None
    return Chosen(executor.schema, executor.operation, executor.fragment_definitions, executor.fragments, variables)


def _is_plain(signature: GraphQLVariableSignature) -> bool:
    return is_leaf_type(get_nullable_type(signature.type))
