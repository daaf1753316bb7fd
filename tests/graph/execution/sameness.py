"""
What it means that two executors give one answer.

`data` is the same bytes. Errors are the same set of path, message, locations and extensions; where a failure took a
parent with it, which of several failures below that parent are told depends on graphql-core's own timing, so there each
side tells at least one, and none that could not have happened.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from inspect import isawaitable
from typing import Any, Final

from graphql import DocumentNode, ExecutionResult, Executor, GraphQLSchema

from graph.context import GraphContext
from graph.execution.answer import to_json
from graph.execution.compiled.operation import Operation, compile_operation

Path = tuple[str | int, ...]
Told = tuple[Path, str]
"""An error as it is compared: its path, and everything it says as JSON."""

_COUNTS: Final = re.compile(r"gave [\w ]+ for \d+")
"""How many values a batch function gave for how many parents: parents that are one object count once when compiled."""


def build(
    schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any], context: GraphContext
) -> Executor[Any]:
    """Make graphql-core's executor of a document's only operation."""
    executor = Executor.build(schema, document, None, context, variables)
    assert isinstance(executor, Executor), executor
    return executor


async def run_core(executor: Executor[Any], *, propagate: bool = True) -> ExecutionResult:
    """Execute by graphql-core; without propagation nothing takes its parent with it, so every failure is told."""
    executor.error_propagation = propagate
    result: Any = executor.execute_operation()
    complete: ExecutionResult = await result if isawaitable(result) else result
    while executor.background_futures:
        await asyncio.gather(*executor.background_futures)
    executor.context_value.collector.close()
    return complete


async def run_compiled(executor: Executor[Any], operation: Operation | None = None) -> ExecutionResult:
    """Execute by a plan."""
    result = await (operation or compile_operation(executor)).run(executor)
    executor.context_value.collector.close()
    return result


def tell(errors: Iterable[Any] | None) -> set[Told]:
    """Return errors as they are compared: those of an answer, or as an executor gives them."""
    formatted = [error if isinstance(error, dict) else error.formatted for error in errors or ()]
    return {(tuple(error.get("path") or ()), _COUNTS.sub("gave", json.dumps(error))) for error in formatted}


def find_null(data: Any, path: Path) -> Path:
    """Return how far down a path data goes: to the path itself, or to the null that a failure below it left."""
    reached: list[str | int] = []
    for key in path:
        if data is None:
            break
        data = data[key]
        reached.append(key)
    return tuple(reached)


def assert_same(core: Any, compiled: Any, possible: Any) -> None:
    """Compare two results or answers; `possible` tells every failure there is."""
    assert to_json(core.data) == to_json(compiled.data)
    theirs, ours = tell(core.errors), tell(compiled.errors)
    plain = {error for error in theirs | ours if find_null(core.data, error[0]) == error[0]}
    assert theirs & plain == ours & plain
    assert _find_nulled(core.data, theirs - plain) == _find_nulled(core.data, ours - plain)
    assert ours - plain <= theirs | tell(possible.errors)


def _find_nulled(data: Any, errors: Iterable[Told]) -> set[Path]:
    return {find_null(data, path) for path, _ in errors}
