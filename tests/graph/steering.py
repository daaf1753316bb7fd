"""Turns a generated operation towards records that exist, so that it gets past the refusals and into the graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    IntValueNode,
    ListValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

PAGE_SIZES = 20
ELSEWHERE = frozenset({"last", "after", "before", "to"})


@dataclass
class _Steering(Visitor):
    """Gives look-ups known values and pages an allowed size; filters, orders and selections stay as they are."""

    known: Mapping[str, str]

    def __post_init__(self) -> None:
        super().__init__()

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        name = node.name.value
        if name in ELSEWHERE:
            return REMOVE
        if name == "by" and isinstance(node.value, ObjectValueNode):
            # the generator does not know that a look-up takes exactly one key
            return ArgumentNode(name=node.name, value=ObjectValueNode(fields=node.value.fields[:1]))
        if name == "first":
            return _with_value(node, IntValueNode(value=str(len(print_ast(node.value)) % PAGE_SIZES + 1)))
        return self._steer(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._steer(node)

    def _steer(self, node: ArgumentNode | ObjectFieldNode) -> Any:
        known = self.known.get(node.name.value)
        if known is None or isinstance(node.value, ObjectValueNode):
            return None
        value = StringValueNode(value=known)
        return _with_value(node, ListValueNode(values=(value,)) if isinstance(node.value, ListValueNode) else value)


def steer(operation: str, known: Mapping[str, str]) -> str:
    """Return `operation` with the values of `known` wherever an argument or input field has one of its names."""
    return print_ast(visit(parse(operation), _Steering(known)))


def _with_value(node: ArgumentNode | ObjectFieldNode, value: ValueNode) -> ArgumentNode | ObjectFieldNode:
    return type(node)(name=node.name, value=value)
