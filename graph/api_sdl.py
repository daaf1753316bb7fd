"""The schema as clients see it, from the text that gateways read."""

from dataclasses import replace
from typing import Any, Final

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DirectiveNode,
    FieldDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    StringValueNode,
    UnionTypeDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

MACHINERY: Final = frozenset({"_Any", "_Entity", "_Service", "_entities", "_service"})
"""What federation adds to a schema for gateways alone."""

_ONE_OF: Final = "Exactly one field of the input must be given."


def to_api_sdl(sdl: str) -> str:
    """
    Return a subgraph's schema as clients see it: without federation's directives, types and fields.

    Linters and code generators refuse the subgraph's own text, which uses directives that it does not define.
    """
    return print_ast(visit(parse(sdl, no_location=True), _ApiView()))


class _ApiView(Visitor):
    """Removes what only gateways read. `@oneOf` stays: clients need it, and older tools its definition."""

    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        """Keep only the directives that clients know."""
        return None if node.name.value in {"oneOf", "deprecated", "specifiedBy"} else REMOVE

    def enter_directive_definition(self, node: DirectiveDefinitionNode, *_: Any) -> Any:
        """Describe the one directive that stays."""
        if node.name.value != "oneOf":
            return REMOVE
        return replace(node, description=StringValueNode(value=_ONE_OF, block=True))

    def enter_field_definition(self, node: FieldDefinitionNode, *_: Any) -> Any:
        """Remove the fields that gateways ask."""
        return _unless_machinery(node)

    def enter_union_type_definition(self, node: UnionTypeDefinitionNode, *_: Any) -> Any:
        """Remove the union of entities."""
        return _unless_machinery(node)

    def enter_scalar_type_definition(self, node: ScalarTypeDefinitionNode, *_: Any) -> Any:
        """Remove the scalar of representations."""
        return _unless_machinery(node)

    def enter_object_type_definition(self, node: ObjectTypeDefinitionNode, *_: Any) -> Any:
        """Remove the type of the subgraph's own text."""
        return _unless_machinery(node)


def _unless_machinery(node: Any) -> Any:
    return REMOVE if node.name.value in MACHINERY else None
