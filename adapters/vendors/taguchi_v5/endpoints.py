"""
The endpoint's calls, each built once, and the one place that says what a status means.

How a record is read is described by the endpoint's own OpenAPI file (`operations.py`); what a reply means beside its
status stands in `replies.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from adapters.calls import CallNote
from adapters.errors import (
    InputError,
    VendorAbsentError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.refusals import build_error
from adapters.transport.redact import hide_secrets, sanitize_message
from adapters.transport.requests import Reply, VendorRequest
from adapters.transport.urls import quote_segment

from .operations import Operation, Slot
from .schemas import LIST
from .wire import Row

_JSON_ONLY: Final = (("Accept", "application/json"),)
_JSON_BODY: Final = (("Content-Type", "application/json"),)
OK, ABSENT = 200, 404
MAX_BODY_BYTES: Final = 4_000_000


def build_read(operation: Operation, identity: str, value: str, organization_id: int, note: CallNote) -> VendorRequest:
    """
    Build the read of one record by what identifies it. A POST that reads may be sent again.

    Raises:
        InputError: the value cannot stand in a path.
    """
    given = {slot: str(organization_id) for slot in operation.organization}
    if operation.body is None:
        given[operation.slots[identity]] = value
    body = _build_body(operation, identity, value, organization_id)
    return VendorRequest(
        operation=f"{operation.entity.value}.read",
        method=operation.method,
        path=_fill_path(operation.path, given),
        params=tuple((slot.name, text) for slot, text in given.items() if slot.place == "query"),
        headers=(*_JSON_ONLY, *_list_headers(given), *(_JSON_BODY if body else ())),
        body=body,
        safe=True,
        remembered_as=operation.entity,
        purpose=note.purpose,
        keys=note.keys,
    )


def build_items(path: str, items: Sequence[Row], purpose: str, *, safe: bool) -> VendorRequest:
    """
    Build the one call that takes items, each an object with one key that says what it is.

    Raises:
        InputError: a text holds half of a character pair, or the items are too long for one call.
    Source: vendors/facts.md, 2.2 and 2.4.
    """
    return VendorRequest(
        operation=f"{path}.write",
        method="POST",
        path=path,
        headers=(*_JSON_ONLY, *_JSON_BODY),
        body=_encode(items),
        safe=safe,
        purpose=purpose,
    )


def _encode(items: Sequence[Row]) -> bytes:
    try:
        body = orjson.dumps(items)
    except TypeError:
        raise InputError("A text holds half of a character pair, or a number is too long.", path=("input",)) from None
    if len(body) > MAX_BODY_BYTES:
        raise InputError("This is too much for one call.", hint="Send less at a time.", path=("input",))
    return body


def build_erasure(operation: Operation, identity: str, value: str, organization_id: int, purpose: str) -> VendorRequest:
    """Build the call that takes out of a profile what tells who it is, as the endpoint's own file describes it."""
    note = CallNote(purpose)
    request = build_read(operation, identity, value, organization_id, note)
    return replace(request, operation="subscriber.anonymize", safe=False, remembered_as=None)


def _fill_path(template: str, given: Mapping[Slot, str]) -> str:
    """Put values into a path's template, each as one segment whatever it holds."""
    values = {f"{{{slot.name}}}": text for slot, text in given.items() if slot.place == "path"}
    return "/".join(quote_segment(values[part]) if part in values else part for part in template.split("/"))


def _list_headers(given: Mapping[Slot, str]) -> tuple[tuple[str, str], ...]:
    return tuple((slot.name, text) for slot, text in given.items() if slot.place == "header")


def _build_body(operation: Operation, identity: str, value: str, organization_id: int) -> bytes | None:
    shape = operation.body
    if shape is None:
        return None
    held: Any = {shape.names[identity]: int(value) if identity == "id" else value}
    if shape.organization is not None:
        held[shape.organization] = organization_id
    for step in reversed(shape.steps):
        held = [held] if step == LIST else {step: held}
    return orjson.dumps(held)


def build_refusal(reply: Reply, code: int, message: str | None, *, writes: bool = False) -> VendorError:
    """
    Build the error that a status means: of the whole reply, or of an item inside a reply of 200.

    Of a write, an address or a method that is not there says that nothing was changed.
    Source: vendors/facts.md, 2.2, names 200, 400 and 401; the others are what HTTP means by them.
    """
    absent = code == ABSENT and reply.status == OK  # of an item: the endpoint itself was found
    kind, words, reason = _NO_RECORD if absent else _REFUSALS.get(code, _FAILED if code in _FAILURES else _UNKNOWN)
    if writes and code in _NOWHERE:
        kind = VendorAbsentError if code == ABSENT else VendorRejectedError
    said = None if message is None else sanitize_message(_hide_secrets(reply, message))
    error = build_error(reply, kind, words, reason, said)
    error.status, error.maybe_processed = code, code != _TOO_MANY
    return error


def _hide_secrets(reply: Reply, message: str) -> str:
    """Take our own secrets out of a message, which the transport leaves in a body whose status is a success."""
    return hide_secrets(message.encode(), reply.secrets).decode()


_UNKNOWN: Final = (VendorContractError, "answered with a status its document does not name", "STATUS_UNKNOWN")
_FAILURES: Final = range(500, 600)
_NOWHERE: Final = frozenset({404, 405})
_TOO_MANY: Final = 429
_FAILED: Final = (VendorUnavailableError, "failed within", "FAILED")
_NO_RECORD: Final = (VendorRejectedError, "has no such record", "NO_RECORD")
_NOT_ACCEPTED: Final = (VendorRejectedError, "did not accept the request", "NOT_ACCEPTED")
_NO_CREDENTIALS: Final = (
    VendorAuthError,
    "refused our credentials or does not allow this; its operator must look at its credential and its switches",
    "CREDENTIALS_REFUSED",
)
_REFUSALS: Final[Mapping[int, tuple[type[VendorError], str, str]]] = {
    400: _NOT_ACCEPTED,
    422: _NOT_ACCEPTED,
    401: _NO_CREDENTIALS,
    403: _NO_CREDENTIALS,
    404: (VendorContractError, "knows no such address; base_url or its OpenAPI file may be wrong", "NO_ADDRESS"),
    405: (VendorContractError, "does not offer this; its OpenAPI file may be out of date", "OPERATION_UNSUPPORTED"),
    409: (VendorConflictError, "found the request at odds with what it holds", "STATE_CONFLICT"),
    429: (VendorRateLimitedError, "asks for fewer calls", "THROTTLED"),
}
