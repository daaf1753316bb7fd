"""
Errors as a caller sees them: the only place that knows `extensions.code`.

Only the tree of `adapters.errors` and graphql-core's own request errors may speak; everything else becomes
INTERNAL_SERVER_ERROR, with the operation id to find it in the log by.
"""

import logging
import re
import traceback
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from graphql import GraphQLError, Token, TokenKind

from adapters.errors import FacadeError, InputError, SettingsError, VendorError

log = logging.getLogger(__name__)

MAX_MESSAGE: Final = 500
"""Characters of one message; graphql-core repeats a caller's values, whatever their length."""

_GIVEN: Final = re.compile(r"(?:(?<=\?) Found|, found|( represent [\w -]*value)): .*", re.DOTALL)
"""Where graphql-core repeats a variable's value: as Python writes it, which helps no caller."""

_OPENING: Final = frozenset({TokenKind.PAREN_L, TokenKind.BRACKET_L, TokenKind.BRACE_L})
_CLOSING: Final = frozenset({TokenKind.PAREN_R, TokenKind.BRACKET_R, TokenKind.BRACE_R})

_QUOTED_EXCEPTION: Final = re.compile(r", but encountered error '.*'; found: ", re.DOTALL)

ErrorDict = dict[str, Any]


class Code(StrEnum):
    """What `extensions.code` may say when no vendor had a part in it; Apollo's names where one exists."""

    BAD_REQUEST = "BAD_REQUEST"
    PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_UNRESOLVED = "OPERATION_RESOLUTION_FAILURE"
    BAD_INPUT = "BAD_USER_INPUT"
    TOO_LARGE = "DOCUMENT_TOO_LARGE"
    TOO_COMPLEX = "DOCUMENT_TOO_COMPLEX"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    TIMEOUT = "VENDOR_TIMEOUT"
    INTERNAL = "INTERNAL_SERVER_ERROR"


class RefusedError(Exception):
    """
    A request that is answered by errors alone, before anything ran.

    `status` is our HTTP status. `well_formed` says that HTTP had no part in it (a document, a variable, a budget), so a
    client that accepts only `application/json` gets 200, as GraphQL over HTTP asks for.
    """

    def __init__(
        self,
        errors: Sequence[ErrorDict],
        *,
        status: int = 400,
        well_formed: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the formatted errors, the status and further response headers."""
        super().__init__(errors[0]["message"])
        self.errors = list(errors)
        self.status = status
        self.well_formed = well_formed
        self.headers = dict(headers or {})


def refuse_request(
    status: int, message: str, *, reason: str, hint: str | None = None, headers: Mapping[str, str] | None = None
) -> RefusedError:
    """Build the refusal of a request whose HTTP is at fault."""
    code = {403: Code.FORBIDDEN, 404: Code.NOT_FOUND}.get(status, Code.BAD_REQUEST)
    return RefusedError([build_error(code, message, reason=reason, hint=hint)], status=status, headers=headers)


def refuse_document(code: Code, errors: Iterable[GraphQLError]) -> RefusedError:
    """Build the refusal of a document or of its variables, from graphql-core's errors."""
    told = [
        _located(error, _in_graphql(error.message)) | {"extensions": {"code": code, **_explain_range(error)}}
        for error in errors
    ]
    return RefusedError(told, well_formed=True)


def refuse_operation(
    code: Code, message: str, *, reason: str | None = None, hint: str | None = None, status: int = 400
) -> RefusedError:
    """Build the refusal of an operation that is valid but may not, or need not, be started."""
    return RefusedError([build_error(code, message, reason=reason, hint=hint)], status=status, well_formed=True)


def build_error(code: str, message: str, *, reason: str | None = None, hint: str | None = None) -> ErrorDict:
    """Build an error that has no place in a document."""
    return {"message": _cut(message), "extensions": _present(code=code, reason=reason, hint=hint)}


def to_error(error: GraphQLError, operation_id: str) -> ErrorDict:
    """Format an error of the execution: a speaking one with its extensions, any other masked and logged."""
    cause = find_cause(error)
    if speaks(cause):
        return _located(error, str(cause)) | {"extensions": {**to_extensions(cause), "operationId": operation_id}}
    if isinstance(cause, GraphQLError) and _blames_argument(cause):
        return _located(error, _in_graphql(cause.message)) | {
            "extensions": {"code": Code.BAD_INPUT, "operationId": operation_id}
        }
    log_masked(cause, operation_id, ".".join(str(part) for part in error.path or ()))
    masked = build_masked(operation_id)
    return _located(error, masked["message"]) | {"extensions": masked["extensions"]}


def speaks(error: BaseException | None) -> bool:
    """Say whether an error's own message may reach the caller: one of ours that has a code, or at least a reason."""
    if not isinstance(error, FacadeError) or isinstance(error, SettingsError):
        return False
    return error.code != Code.INTERNAL or error.reason is not None


def build_masked(operation_id: str) -> ErrorDict:
    """Build what is said of an error that may not speak."""
    return {
        "message": "Something went wrong on our side.",
        "extensions": {
            "code": Code.INTERNAL,
            "hint": "Tell the operator this operation's id.",
            "operationId": operation_id,
        },
    }


def to_extensions(error: BaseException | None) -> dict[str, Any]:
    """Build the extensions of an error of our own tree."""
    if not isinstance(error, FacadeError):
        return {"code": Code.INTERNAL}
    known = _present(code=error.code, reason=error.reason, hint=error.hint)
    if isinstance(error, InputError) and error.path:
        known["inputPath"] = list(error.path)
    if error.retryable or isinstance(error, VendorError):
        known["retryable"] = error.retryable
    if isinstance(error, VendorError):
        known |= _present(
            source=error.source,
            vendor=error.vendor,
            vendorStatus=error.status,
            vendorMessage=error.vendor_message,
            retryAfter=error.retry_after_s,
        )
    return known


def find_cause(error: BaseException) -> BaseException:
    """Return what was first raised, under the errors that only add a place to it."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def log_masked(error: BaseException, operation_id: str, place: str) -> None:
    """
    Log an unexpected error by its types and the lines it passed.

    The messages are left out: an HTTP client's hold the URL, and the URL may hold a secret.
    """
    lines = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(type(seen).__qualname__)
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
    log.error("operation %s failed at %s\n%s", operation_id, place or "the root", "\n".join(lines))


def _blames_argument(error: GraphQLError) -> bool:
    # graphql-core has no type for an argument that only a variable's value made wrong; its text starts like this
    return error.message.startswith("Argument '")


def _explain_range(error: GraphQLError) -> dict[str, Any]:
    # graphql-core has no type for it either; it says so of literals and of variables' values
    if "non 32-bit signed integer" not in error.message:
        return {}
    place = _find_input_path(error.nodes[0].loc.start_token) if error.nodes and error.nodes[0].loc else []
    return _present(reason="INT_RANGE", hint="An Int is -2147483648 to 2147483647.", inputPath=place or None)


def _find_input_path(token: Token) -> list[str]:
    """Return the names that a value stands under, its argument's first; none where a list or a variable holds it."""
    names: list[str] = []
    while token.prev and token.prev.prev and token.prev.kind is TokenKind.COLON:
        name = token.prev.prev
        names.insert(0, name.value or "")
        token = _find_opening(name)
    return names if token.kind is TokenKind.PAREN_L else []


def _find_opening(token: Token) -> Token:
    """Return the bracket that opens what a token stands in."""
    depth = 0
    while token.prev and depth >= 0:
        token = token.prev
        depth += (token.kind in _CLOSING) - (token.kind in _OPENING)
    return token


def _located(error: GraphQLError, message: str | None = None) -> ErrorDict:
    located: ErrorDict = {"message": _cut(error.message if message is None else message)}
    if error.locations:
        located["locations"] = [{"line": place.line, "column": place.column} for place in error.locations[:5]]
    if error.path:
        located["path"] = error.path
    return located


def _in_graphql(message: str) -> str:
    """Take Python's words out of graphql-core's: what a scalar's parser raised, the value of a variable, None."""
    message = _QUOTED_EXCEPTION.sub(", found: ", message)
    if message.startswith("Variable '$"):
        message = _without_value(message)
    return re.sub(r"not to be None\.$", "not to be null.", message)


def _without_value(message: str) -> str:
    given = _GIVEN.search(message)
    if given is None:
        return message
    kept = message[: given.start()] + (given[1] or "")
    return kept if kept.endswith("?") else f"{kept}."


def _cut(message: str) -> str:
    return message if len(message) <= MAX_MESSAGE else f"{message[: MAX_MESSAGE - 1]}…"


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
