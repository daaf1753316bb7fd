"""What is not compiled, and how often it was asked for."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from graphql import (
    DirectiveNode,
    Executor,
    GraphQLDeferDirective,
    GraphQLStreamDirective,
    OperationType,
    SelectionSetNode,
)

INCREMENTAL: Final = frozenset({GraphQLDeferDirective.name, GraphQLStreamDirective.name})


class Fallback(StrEnum):
    """
    Why graphql-core executes an operation.

    INTROSPECTION: it asks for `__schema` or `__type`. SUBSCRIPTION, INCREMENTAL: its answer has several parts.
    NO_PROPAGATION: its errors must not reach non-null parents. DIRECTIVE: `@skip` or `@include` is given null.
    NESTED: it is nested too deeply for us.
    """

    INTROSPECTION = "introspection"
    SUBSCRIPTION = "subscription"
    INCREMENTAL = "incremental"
    NO_PROPAGATION = "no_propagation"
    DIRECTIVE = "directive"
    NESTED = "nested"


Fallbacks = Counter[Fallback]
"""How many operations were executed by graphql-core, by reason."""


def find_fallback(executor: Executor[Any]) -> Fallback | None:
    """Return why an operation cannot be compiled whatever its variables are."""
    if executor.operation.operation is OperationType.SUBSCRIPTION:
        return Fallback.SUBSCRIPTION
    if not executor.error_propagation:
        return Fallback.NO_PROPAGATION
    if any(directive.name.value in INCREMENTAL for directive in list_directives(executor)):
        return Fallback.INCREMENTAL
    return None


def list_directives(executor: Executor[Any]) -> Iterator[DirectiveNode]:
    """List the directives on the selections of an operation and of its document's fragments."""
    pending: list[SelectionSetNode] = [executor.operation.selection_set]
    pending += [fragment.selection_set for fragment in executor.fragment_definitions.values()]
    while pending:
        for selection in pending.pop().selections:
            yield from selection.directives or ()
            inner: SelectionSetNode | None = getattr(selection, "selection_set", None)
            if inner is not None:
                pending.append(inner)
