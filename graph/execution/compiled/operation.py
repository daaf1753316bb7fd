"""A compiled operation: runs once for each request."""

from typing import Any

from graphql import ExecutionResult, Executor, GraphQLError, OperationType

from graph.execution.compiled.column import RAISED
from graph.execution.compiled.compiler import Compiler
from graph.execution.compiled.objects import PlannedObject
from graph.execution.compiled.run import Run
from graph.execution.limits import INTROSPECTION_ROOTS


class Operation:
    """
    The plan of an operation; holds nothing of a request. `introspects` says that it asks what the schema is.

    The fields of a mutation run one after the other, and one that fails with the whole answer ends them; those of a
    query run side by side.
    """

    def __init__(self, root: PlannedObject, *, serial: bool) -> None:
        """Take what is selected of the root type."""
        names = {field.position.place.nodes[0].name.value for field in root.fields}
        self.introspects = not names.isdisjoint(INTROSPECTION_ROOTS)
        self._steps = [PlannedObject([field]) for field in root.fields] if serial else [root]

    async def run(self, executor: Executor[Any]) -> ExecutionResult:
        """Execute the operation with the variables and the context of an executor."""
        run = Run(executor)
        try:
            return await self._run(run)
        finally:
            run.close()
            _let_go(executor)

    async def _run(self, run: Run) -> ExecutionResult:
        data: dict[str, Any] | None = {}
        errors: list[GraphQLError] = []
        for step in self._steps:
            part = step.expand(run, [run.executor.root_value])
            await run.finish()
            column = part.fold()
            errors += [fault.locate() for fault in (column.faults or {}).get(0, ())]
            (value,) = column.values
            if value is RAISED:
                data = None
                break
            data = {**(data or {}), **value}
        return ExecutionResult(data, errors or None)


def _let_go(executor: Executor[Any]) -> None:
    """Take an executor that has run out of its circle, or it stays with all of its request until circles are sought."""
    vars(executor).pop("async_helpers", None)  # they are its own methods


def compile_operation(executor: Executor[Any]) -> Operation:
    """
    Compile a validated operation with coerced variables.

    Raises:
        GraphQLError: the argument of a directive that chooses fields is wrong.
        RecursionError: the operation is nested too deeply for us.
    """
    operation = executor.operation.operation
    root = executor.schema.get_root_type(operation)
    if root is None:
        raise GraphQLError(f"The schema has no type for a {operation.value}.")
    return Operation(Compiler(executor).plan_root(root), serial=operation is OperationType.MUTATION)
