"""Turns a body's bytes into a GraphQL request, or says why it is none."""

import json
from typing import Any, Final

import orjson

from graph.errors import RefusedError, refuse_request
from graph.execution.engine import ExecutorName
from graph.execution.request import GraphQLRequest
from graph.execution.staleness import read_header
from graph.server.limits import RequestLimits

EXECUTORS: Final = tuple(ExecutorName)
"""What the header `X-Executor` may name."""

_NAMED: Final = frozenset[str | None]({None, *EXECUTORS})


class _DuplicateKeyError(ValueError):
    """An object says one thing twice; readers differ in which of the two they take."""


def parse_request(
    body: bytes,
    limits: RequestLimits,
    *,
    explain: bool = False,
    executor: str | None = None,
    max_staleness: str | None = None,
) -> GraphQLRequest:
    """Return the request that a body and what its headers say make together; raises `RefusedError` 400."""
    if executor not in _NAMED:
        raise _refuse("There is no such executor.", "EXECUTOR_UNKNOWN", f"Known: {', '.join(EXECUTORS)}.")
    parameters = _parse_json(body)
    if isinstance(parameters, list):
        raise _refuse("Several requests in one are not taken.", "BATCH_UNSUPPORTED", "Send one request each.")
    if not isinstance(parameters, dict):
        raise _refuse("The body is not a JSON object.", "BODY_NOT_AN_OBJECT", 'Send {"query": "{ … }"}.')
    values = _count_values(parameters, limits, max(limits.json_values, limits.bulk_json_values))
    query = parameters.get("query")
    if not isinstance(query, str):
        raise _refuse("`query` must be the text of a GraphQL document.", "QUERY_MISSING", 'Send {"query": "{ … }"}.')
    return GraphQLRequest(
        query,
        _optional(parameters, "operationName", str, "a name"),
        _optional(parameters, "variables", dict, "an object") or {},
        _optional(parameters, "extensions", dict, "an object") or {},
        explain,
        executor,
        read_header(max_staleness),
        values,
    )


def parse_variables(text: str, limits: RequestLimits) -> dict[str, Any]:
    """Return variables given as JSON text; raises `RefusedError` as a request that held them would."""
    variables = _parse_json(text.encode())
    if not isinstance(variables, dict):
        raise _refuse("The variables are not a JSON object.", "PARAMETER_TYPE", 'Send {"name": value}.')
    _count_values(variables, limits, limits.json_values)
    return variables


def _parse_json(body: bytes) -> Any:
    # orjson is the judge of what is JSON: it refuses invalid UTF-8, byte order marks, lone surrogates, NaN and depth.
    # The standard library then reads it, since it can tell a repeated key and keeps integers whole.
    try:
        orjson.loads(body)
        return _DECODER.decode(body.decode())
    except _DuplicateKeyError as error:
        raise _refuse(str(error), "JSON_DUPLICATE_KEY", "Give each key once.") from None
    except (ValueError, RecursionError):
        raise _refuse("The body is not JSON in UTF-8.", "JSON_INVALID", 'Send {"query": "{ … }"}.') from None


def _to_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateKeyError("An object of the body holds the same key twice.")
    return members


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_to_object)


def _count_values(value: Any, limits: RequestLimits, most: int) -> int:
    pending, count = [(value, 1)], 0
    while pending:
        value, depth = pending.pop()
        count += 1
        if depth > limits.json_depth or count > most:
            raise refuse_values(limits, most)
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict):
            _check_text("".join(value))
            pending += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            _check_length(value, limits)
            pending += [(each, depth + 1) for each in value]
    return count


def _check_length(items: list[Any], limits: RequestLimits) -> None:
    if len(items) > limits.bulk_items:
        raise _refuse(
            f"A list of the body has more than {limits.bulk_items:,} items.",
            "TOO_MANY_ITEMS",
            "Send them in several mutations, each with a key of its own.",
        )


def refuse_values(limits: RequestLimits, most: int) -> RefusedError:
    """Build the refusal of a body that holds more values than these, or that is nested too deeply."""
    hint = f"Send at most {most:,} values, nested at most {limits.json_depth} deep."
    return _refuse("The body's values are too many or nested too deeply.", "JSON_TOO_COMPLEX", hint)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise _refuse("A text of the body holds the character U+0000.", "TEXT_NUL", "Remove the character.")


def _optional(parameters: dict[str, Any], name: str, type_: type, words: str) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, type_):
        raise _refuse(f"`{name}` must be {words}.", "PARAMETER_TYPE", f"Correct `{name}` or leave it out.")
    return value


def _refuse(message: str, reason: str, hint: str) -> RefusedError:
    return refuse_request(400, message, reason=reason, hint=hint)
