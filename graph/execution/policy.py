"""The one pass over a valid operation before anything of it runs: what the caller may do, and what it would cost."""

from typing import Any

from graphql import Executor

from graph.errors import Code, refuse_operation
from graph.execution.costs import Cost, estimate_cost
from resolvers.context import RequestContext
from resolvers.principal import Principal, Scope


def check_operation(executor: Executor[Any], request: RequestContext, *, explain: bool) -> None:
    """Raise `RefusedError` when the operation may not run, before any vendor call."""
    require(request.principal, Scope.READ, "Reading")
    if explain:
        require(request.principal, Scope.EXPLAIN, "Asking for the plan")
    check_cost(estimate_cost(executor, request), request.scope.max_calls, request.limits.max_values)


def require(principal: Principal, scope: Scope, what: str) -> None:
    """Raise the refusal of a principal that lacks a scope."""
    if not principal.holds(scope):
        raise refuse_operation(
            Code.FORBIDDEN,
            f"{what} needs the scope `{scope.value}`.",
            reason="SCOPE_MISSING",
            hint="Ask the operator for it.",
            status=403,
        )


def check_cost(cost: Cost, max_calls: int, max_values: int) -> None:
    """Raise the refusal of an operation that needs too many calls with full pages, or returns too many values."""
    if cost.least > max_calls:
        worst = max(cost.loads, key=lambda load: load.least)
        raise refuse_operation(
            Code.BUDGET_EXCEEDED,
            f"The operation could make {cost.least:,} vendor calls with full pages; the limit is {max_calls:,}.",
            reason="VENDOR_CALLS",
            hint=f"`{worst.path}` alone could make {worst.least:,}, one below each of {worst.parents:,} records: "
            "ask for smaller pages above it, or for it in an operation of its own.",
        )
    if cost.values > max_values:
        raise refuse_operation(
            Code.BUDGET_EXCEEDED,
            f"The operation would return about {cost.values:,} values; the limit is {max_values:,}.",
            reason="VALUES",
            hint="Ask for smaller pages or fewer fields.",
        )
