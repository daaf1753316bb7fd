"""Compiled operations, kept by document and operation name."""

from dataclasses import dataclass, field
from typing import Any, Final

from cachetools import LRUCache
from graphql import Executor, GraphQLError, GraphQLIncludeDirective, GraphQLSkipDirective, VariableNode

from graph.execution.compiled.fallback import Fallback, Fallbacks, find_fallback, list_directives
from graph.execution.compiled.operation import Operation, compile_operation
from graph.execution.document import SMALLEST_SHARE, measure

CACHED_BYTES: Final = 32 * 1024 * 1024
CHOICES: Final = 16
"""How many plans one operation may keep: one for each way in which its variables choose fields."""

PLAN_FACTOR: Final = 3
"""How many times its document's memory a plan takes."""

CHOOSING: Final = frozenset({GraphQLSkipDirective.name, GraphQLIncludeDirective.name})

Choice = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of an operation: the variables that choose its fields, and a plan for each choice they made."""

    choosing: tuple[str, ...]
    weight: int
    plans: "LRUCache[Choice, Operation | Fallback]" = field(default_factory=lambda: LRUCache(CHOICES))


class Operations:
    """
    Compiles each operation once and remembers it.

    The memory is bounded by bytes and by count as that of documents is; values of variables are no part of the key,
    and those that choose fields can lead to a few plans at most. `fallbacks` counts what graphql-core executes
    instead.
    """

    def __init__(self) -> None:
        """Start with nothing compiled."""
        self.fallbacks: Fallbacks = Fallbacks()
        self._kept: LRUCache[tuple[str, str | None], _Kept] = LRUCache(CACHED_BYTES, getsizeof=lambda kept: kept.weight)

    def find(self, text: str, operation_name: str | None, executor: Executor[Any]) -> Operation | None:
        """Return the compiled operation of an executor, compiling it if it is new; None if graphql-core is to do it."""
        key = (text, operation_name)
        try:
            kept = self._kept[key]
        except KeyError:
            kept = self._keep(key, executor)
        choice = tuple([executor.variable_values.coerced.get(name) for name in kept.choosing])
        try:
            found = kept.plans[choice]
        except KeyError:
            found = kept.plans[choice] = _compile(executor, choice)
        if isinstance(found, Fallback):
            self.fallbacks[found] += 1
            return None
        return found

    def _keep(self, key: tuple[str, str | None], executor: Executor[Any]) -> _Kept:
        kept = _analyse(executor)
        if kept.weight <= CACHED_BYTES:
            self._kept[key] = kept
        return kept


def _analyse(executor: Executor[Any]) -> _Kept:
    arguments = [
        argument.value
        for directive in list_directives(executor)
        if directive.name.value in CHOOSING
        for argument in directive.arguments or ()
    ]
    choosing = dict.fromkeys(value.name.value for value in arguments if isinstance(value, VariableNode))
    plans = min(CHOICES, 2 ** min(len(choosing), CHOICES))
    return _Kept(tuple(choosing), max(measure(executor.operation) * (1 + PLAN_FACTOR * plans), SMALLEST_SHARE))


def _compile(executor: Executor[Any], choice: Choice) -> Operation | Fallback:
    fallback = find_fallback(executor)
    if fallback is not None:
        return fallback
    if None in choice:
        return Fallback.DIRECTIVE
    try:
        operation = compile_operation(executor)
    except GraphQLError:
        return Fallback.DIRECTIVE
    except RecursionError:
        return Fallback.NESTED
    return Fallback.INTROSPECTION if operation.introspects else operation
