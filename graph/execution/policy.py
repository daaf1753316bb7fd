"""The one pass over a valid operation before anything of it runs: what the caller may do, and what it would cost."""

from typing import TYPE_CHECKING

from graph.errors import Code, refuse_operation
from graph.execution.request import GraphQLRequest
from resolvers.principal import Principal, Scope

if TYPE_CHECKING:
    from graph.execution.engine import Prepared


def check_operation(prepared: "Prepared", request: GraphQLRequest) -> None:
    """Raise `RefusedError` when the operation may not run, before any vendor call."""
    principal = prepared.context.request.principal
    require(principal, Scope.READ, "Reading")
    if request.explain:
        require(principal, Scope.EXPLAIN, "Asking for the plan")


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
