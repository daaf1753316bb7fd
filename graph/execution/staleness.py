"""How old a remembered answer may be: what an operation says, and the header of its request."""

import math
from typing import Annotated, Any, Final

import strawberry
from graphql import DirectiveLocation, Executor, GraphQLError, get_directive_values

from graph.errors import Code, refuse_document, refuse_operation, refuse_request

HEADER: Final = "x-max-staleness"
NAME: Final = "maxStaleness"

Seconds = Annotated[
    int, strawberry.argument(description="The most seconds old; 0 asks the vendors, whatever is remembered.")
]


@strawberry.directive(
    locations=[DirectiveLocation.QUERY],
    name=NAME,
    description="How old a remembered answer of a vendor may be at the most. What is younger may still be used.",
)
def max_staleness(seconds: Seconds) -> None:
    """Say how old an answer may be; read once per operation, never resolved."""
    del seconds


def read_header(text: str | None) -> float | None:
    """Return the seconds a request's header says; raises `RefusedError` 400 for anything but a number of them."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise refuse_request(
            400,
            "X-Max-Staleness is not a number of seconds.",
            reason="HEADER_INVALID",
            hint="Send 0 or more seconds, as X-Max-Staleness: 30.",
        )
    return seconds


def find_max_staleness(executor: Executor[Any], header_s: float | None) -> float | None:
    """
    Return how old answers may be: the lesser of the operation's word and the request's; None where neither says.

    Raises:
        RefusedError: the operation's word is wrong.
    """
    if not executor.operation.directives:
        return header_s
    definition = executor.schema.get_directive(NAME)
    if definition is None:
        return header_s
    try:
        given = get_directive_values(definition, executor.operation, executor.variable_values)
    except GraphQLError as error:
        raise refuse_document(Code.BAD_INPUT, [error]) from None
    if given is None:
        return header_s
    if given["seconds"] < 0:
        raise refuse_operation(
            Code.BAD_INPUT,
            "`@maxStaleness` takes 0 or more seconds.",
            reason="INPUT_INVALID",
            hint="Say `seconds: 0` to ask the vendors themselves.",
        )
    seconds: float = given["seconds"]
    return seconds if header_s is None else min(header_s, seconds)
