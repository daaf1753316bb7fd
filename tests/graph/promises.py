"""What a schema promises of an answer: everything asked for is there, lists are lists, and non-null is not null."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    is_interface_type,
    is_object_type,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A value in an answer, the type the schema gives it, and the path to it."""

    type: Any
    value: Any
    path: str


@dataclass(frozen=True, slots=True)
class Promises:
    """What `schema` promises of the answers to `document`."""

    schema: GraphQLSchema
    document: DocumentNode

    def broken(self, data: dict[str, Any] | None) -> Iterator[str]:
        """Yield a sentence for each place of `data` that is missing, null or no list although it should not be."""
        for definition in self.document.definitions:
            if isinstance(definition, OperationDefinitionNode) and data is not None:
                root = self.schema.get_root_type(definition.operation)
                yield from self._in_object(definition.selection_set.selections, Place(root, data, ""))

    def _in_object(self, selections: Iterable[SelectionNode], place: Place) -> Iterator[str]:
        for parent, field in self._fields(selections, place):
            key = (field.alias or field.name).value
            path = f"{place.path}.{key}"
            promised = self.schema.get_field(parent, field.name.value)
            if key not in place.value:
                yield f"{path} is missing"
            elif promised is not None:
                yield from self._in_value(field, Place(promised.type, place.value[key], path))

    def _in_value(self, field: FieldNode, place: Place) -> Iterator[str]:
        type_, value = place.type, place.value
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                yield f"{place.path} is null, the schema says {type_}"
            type_ = type_.of_type
        if isinstance(type_, GraphQLList) and value is not None:
            yield from self._in_list(field, Place(type_.of_type, value, place.path))
        elif isinstance(value, dict) and field.selection_set:
            yield from self._in_object(field.selection_set.selections, Place(type_, value, place.path))

    def _in_list(self, field: FieldNode, place: Place) -> Iterator[str]:
        if not isinstance(place.value, list):
            yield f"{place.path} is no list"
            return
        for index, item in enumerate(place.value):
            yield from self._in_value(field, Place(place.type, item, f"{place.path}[{index}]"))

    def _fields(self, selections: Iterable[SelectionNode], place: Place) -> Iterator[tuple[Any, FieldNode]]:
        """Yield the fields that must be there, each with the type that has it."""
        for node in selections:
            if isinstance(node, FieldNode):
                yield place.type, node
            else:
                fragment = self._fragment(node)
                condition = fragment.type_condition
                type_ = self.schema.type_map[condition.name.value] if condition else place.type
                if self._surely_applies(type_, place):
                    yield from self._fields(fragment.selection_set.selections, Place(type_, place.value, place.path))

    def _fragment(self, node: SelectionNode) -> FragmentDefinitionNode | InlineFragmentNode:
        if isinstance(node, InlineFragmentNode):
            return node
        assert isinstance(node, FragmentSpreadNode)
        return next(
            definition
            for definition in self.document.definitions
            if isinstance(definition, FragmentDefinitionNode) and definition.name.value == node.name.value
        )

    def _surely_applies(self, condition: Any, place: Place) -> bool:
        """Tell whether a fragment applies; without a `__typename` on an interface or union nobody can know."""
        actual = self.schema.type_map.get(place.value.get("__typename", ""), place.type)
        if condition == actual:
            return True
        return is_interface_type(condition) and is_object_type(actual) and self.schema.is_sub_type(condition, actual)
