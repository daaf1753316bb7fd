"""
Answers one request over the schema: load the document, choose and check the operation, execute it in time.

Whichever executor runs an operation, it was loaded, checked and given its variables the same way before.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from inspect import isawaitable
from typing import Any, Final, Protocol

from cachetools import LRUCache
from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)

from adapters.concurrency import work_aside
from graph.context import GraphContext
from graph.errors import Code, ErrorDict, build_masked, log_masked, refuse_document, to_error
from graph.execution.answer import Answer
from graph.execution.chosen import find_chosen
from graph.execution.compiled.operation import Operation
from graph.execution.compiled.operations import Operations
from graph.execution.document import Documents, Loaded, select_operation
from graph.execution.plan import build_plan
from graph.execution.request import GraphQLRequest
from graph.execution.staleness import find_max_staleness
from resolvers.context import RequestContext
from resolvers.principal import Scope

PASSED: Final = 1_000
"""How many operations are remembered to have passed their check: which depends on what is asked, and on who asks."""

ITEM_VALUES: Final = 10
"""JSON values that take about as long to coerce as one item of a bulk write takes in all."""

GRACE_S: Final = 1.0
"""Seconds beyond the deadline: vendor calls end at the deadline and leave a partial answer, this ends the rest."""


class ExecutorName(StrEnum):
    """What may execute operations: CORE is graphql-core, COMPILED the plans made of them."""

    CORE = "core"
    COMPILED = "compiled"


class Check(Protocol):
    """One pass over an operation that is about to run."""

    def __call__(self, executor: Executor[Any], request: RequestContext, *, explain: bool) -> None:
        """Raise `RefusedError` to stop it."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    A valid operation with its coerced variables and its context; nothing of it has run.

    `compiled` is its plan; graphql-core executes it where there is none.
    """

    executor: Executor[Any]
    context: GraphContext
    compiled: Operation | None = None

    @property
    def operation(self) -> OperationDefinitionNode:
        """The operation chosen from the document."""
        return self.executor.operation

    @property
    def reads_only(self) -> bool:
        """Say whether giving the operation up can leave nothing half done."""
        return self.operation.operation is OperationType.QUERY


class Engine:
    """Executes operations over one schema; `operations` are those it has compiled."""

    def __init__(
        self,
        schema: GraphQLSchema,
        documents: Documents,
        check: Check,
        executor: ExecutorName = ExecutorName.COMPILED,
    ) -> None:
        """Take the schema, its documents, the pass every operation must get through, and what executes it then."""
        self._schema = schema
        self._documents = documents
        self._check = check
        self._executor = executor
        self.operations = Operations()
        self._passed: LRUCache[Hashable, None] = LRUCache(PASSED)

    def prepare(self, request: GraphQLRequest, context: GraphContext) -> Prepared:
        """Make an operation ready to run; raises `RefusedError` when it may not."""
        return self._finish(build_executor(self._schema, self._documents, request, context), request, context)

    async def prepare_aside(self, request: GraphQLRequest, context: GraphContext) -> Prepared:
        """Make an operation ready to run, as `prepare`, and serve others while its many variables are coerced."""
        loaded = self._documents.find(request.query)
        coerce = partial(_coerce, self._schema, self._documents, loaded, request, context)
        return self._finish(await work_aside(request.values // ITEM_VALUES, coerce), request, context)

    def _finish(self, executor: Executor[Any], request: GraphQLRequest, context: GraphContext) -> Prepared:
        self._check_once(executor, request, context.request)
        context.request.scope.max_staleness_s = find_max_staleness(executor, request.max_staleness_s)
        if ExecutorName.CORE in {self._executor, request.executor}:
            return Prepared(executor, context)
        return Prepared(executor, context, self.operations.find(request.query, request.operation_name, executor))

    def writes(self, request: GraphQLRequest) -> bool:
        """Say whether a request asks for a mutation; raises `RefusedError` where that cannot be told."""
        document = self._documents.load(request.query)
        return select_operation(document, request.operation_name).operation is OperationType.MUTATION

    def _check_once(self, executor: Executor[Any], request: GraphQLRequest, context: RequestContext) -> None:
        """Check an operation, unless the same one passed before, for a caller who may do and see the same."""
        asked = request.fingerprint, request.explain, context.scope.tenant, context.scope.max_calls, context.limits
        if asked not in self._passed:
            self._check(executor, context, explain=request.explain)
            self._passed[asked] = None

    async def run(self, prepared: Prepared, *, explain: bool = False) -> Answer:
        """Execute an operation; always answers, within the deadline and a second."""
        request, loop = prepared.context.request, asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout_at(request.scope.deadline_at + GRACE_S):
                result = await _execute(prepared)
            data, errors = result.data, [to_error(error, request.operation_id) for error in result.errors or ()]
        except TimeoutError:
            data, errors = None, [_too_late(request.operation_id)]
        except Exception as error:  # noqa: BLE001 - graphql-core's own failure is answered like any other, masked
            log_masked(error, request.operation_id, "")
            data, errors = None, [build_masked(request.operation_id)]
        finally:
            prepared.context.collector.close()
        if data is None:
            await asyncio.sleep(0)  # what was given up ends before its answer is sent
        extensions: dict[str, Any] = {"operationId": request.operation_id}
        if explain:
            extensions["plan"] = build_plan(
                request.scope, (loop.time() - started) * 1000, show_values=request.principal.holds(Scope.PII)
            )
        return Answer(data, errors + _to_notices(prepared.context), extensions)


def build_executor(
    schema: GraphQLSchema, documents: Documents, request: GraphQLRequest, context: GraphContext
) -> Executor[Any]:
    """Load the document, choose the operation and coerce its variables; raises `RefusedError` for what is wrong."""
    return _coerce(schema, documents, documents.find(request.query), request, context)


def _coerce(
    schema: GraphQLSchema, documents: Documents, loaded: Loaded, request: GraphQLRequest, context: GraphContext
) -> Executor[Any]:
    chosen = loaded.chosen.get(request.operation_name)
    built = chosen.build(context, request.variables, hide_suggestions=not documents.open) if chosen else None
    return built or _build(schema, documents, loaded, request, context)


def _build(
    schema: GraphQLSchema, documents: Documents, loaded: Loaded, request: GraphQLRequest, context: GraphContext
) -> Executor[Any]:
    """Let graphql-core itself build the executor, which says what is wrong, and remember what it found."""
    select_operation(loaded.document, request.operation_name)
    built = Executor.build(
        schema,
        loaded.document,
        None,
        context,
        dict(request.variables),
        request.operation_name,
        max_coercion_errors=documents.max_errors,
        hide_suggestions=not documents.open,
    )
    if isinstance(built, list):
        raise refuse_document(Code.BAD_INPUT, built)
    loaded.chosen[request.operation_name] = find_chosen(built)
    return built


async def _execute(prepared: Prepared) -> ExecutionResult:
    if prepared.compiled is not None:
        return await prepared.compiled.run(prepared.executor)
    result: Any = prepared.executor.execute_operation()
    complete: ExecutionResult = await result if isawaitable(result) else result
    return complete


def _to_notices(context: GraphContext) -> list[ErrorDict]:
    operation_id = context.request.operation_id
    return [
        to_error(GraphQLError(notice.error.message, path=notice.path, original_error=notice.error), operation_id)
        for notice in context.request.notices
    ]


def _too_late(operation_id: str) -> ErrorDict:
    return {
        "message": "The operation was not finished in time.",
        "extensions": {
            "code": Code.TIMEOUT,
            "reason": "REQUEST_DEADLINE",
            "hint": "Ask for less, or in smaller pages.",
            "retryable": True,
            "operationId": operation_id,
        },
    }
