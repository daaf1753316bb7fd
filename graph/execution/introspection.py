"""What an introspection costs, how many values each of its list fields stands for, and the rules that refuse it."""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Any, Final, TypeGuard

from graphql import (
    ASTValidationRule,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    ValidationRule,
    get_introspection_query,
    get_named_type,
    parse,
)

from graph.execution.limits import build_measure


class NoServiceRule(ValidationRule):
    """Refuses `_service`, by which a router fetches the text of the whole schema."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Report a field that gives the subgraph's schema."""
        type_ = get_named_type(self.context.get_type())
        if type_ is not None and type_.name == "_Service":
            message = f"Introspection is switched off, and with it the field '{node.name.value}'."
            self.report_error(GraphQLError(message, node))


CLOSED_RULES: Final[tuple[type[ASTValidationRule], ...]] = (NoSchemaIntrospectionCustomRule, NoServiceRule)
"""What a document must keep to besides where introspection is switched off."""


@lru_cache(maxsize=4)  # a schema is walked once, not for every app over it
def measure_introspection(schema: GraphQLSchema) -> tuple[Mapping[str, float], float]:
    """Return how long the lists of a schema's introspection are, and what the introspection that tools send weighs."""
    lengths = build_lengths(schema)
    return lengths, weigh_standard(lengths)


def build_lengths(schema: GraphQLSchema) -> Mapping[str, float]:
    """
    Return the usual number of values under each list field of the introspection types.

    Averages over all types, so that the standard introspection is weighed about right; a document that walks from type
    to type again and again is weighed by the same numbers multiplied.
    """
    types = list(schema.type_map.values())
    fields = [each for type_ in types if _has_fields(type_) for each in type_.fields.values()]
    inputs = [each for type_ in types if isinstance(type_, GraphQLInputObjectType) for each in type_.fields.values()]
    enums = [each for type_ in types if isinstance(type_, GraphQLEnumType) for each in type_.values.values()]
    arguments = [each for each_field in fields for each in each_field.args.values()]
    count = max(1, len(types))
    return {
        "types": count,
        "directives": max(1, len(schema.directives)),
        "fields": max(1, ceil(len(fields) / count)),
        "inputFields": max(1, ceil(len(inputs) / count)),
        "enumValues": max(1, ceil(len(enums) / count)),
        "args": max(1, ceil(len(arguments) / max(1, len(fields)))),
        "ofType": 0.5,  # most types are wrapped once or twice, whatever the depth a tool asks for
    }


def weigh_standard(lengths: Mapping[str, float]) -> float:
    """Return the weight of the introspection that tools send, with every option they may set."""
    query = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        experimental_directive_deprecation=True,
        one_of=True,
    )
    document = parse(query)
    operation = document.definitions[0]
    if not isinstance(operation, OperationDefinitionNode):
        raise TypeError("the standard introspection no longer starts with its operation")
    return build_measure(document, lengths).selections(operation.selection_set).introspection_weight


def _has_fields(type_: GraphQLNamedType) -> TypeGuard[GraphQLObjectType | GraphQLInterfaceType]:
    return isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
