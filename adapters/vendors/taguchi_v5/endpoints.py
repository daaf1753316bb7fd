"""
The endpoint's calls, each built once, and the one place that says what a reply means.

HTTP 200 says nothing by itself: the statuses inside do, and in webhook mode nothing does. Source: vendors/facts.md,
2.2. How a record is read is described by the endpoint's own OpenAPI file (`operations.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from adapters.errors import (
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.transport.body import decode_json
from adapters.transport.client import Reply, VendorRequest
from adapters.transport.redact import sanitize_message
from adapters.transport.urls import quote_segment

from .operations import Operation, Slot
from .schemas import LIST
from .statuses import UNJUDGED, ItemStatus, to_status
from .wire import Row
from .words import SUBJECTS

_JSON_ONLY: Final = (("Accept", "application/json"),)
_JSON_BODY: Final = (("Content-Type", "application/json"),)
_OK, _NOTHING, _ABSENT = 200, 204, 404


@dataclass(frozen=True, slots=True)
class CallNote:
    """What the plan shows of a call beside its URL: what asked for it, and how many keys it serves."""

    purpose: str = ""
    keys: int | None = None


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


def read_found_reply(reply: Reply, operation: Operation, *, webhook_mode: bool) -> list[Row]:
    """
    Return the records of a read, none where the endpoint says that there is none.

    Nothing there: 204; a status object of 404; HTTP 404 where the file names it as an answer; and, unless every reply
    is 200 (webhook mode), an empty list, an empty object or null.

    Raises:
        VendorError: the endpoint refused, or its reply is neither a record nor a status.
    """
    if reply.status == _NOTHING:
        return _count(reply, [])
    if reply.status == _ABSENT and _tells_absence(reply, operation):
        return _count(reply, [])
    if reply.status != _OK:
        raise build_refusal(reply, reply.status, _find_message(reply))
    answer = _unwrap(decode_json(reply), operation)
    items = [_unwrap(each, operation) for each in answer] if isinstance(answer, list) else [answer]
    for each in items:
        _check_status(reply, to_status(each))
    rows = [item for item in items if isinstance(item, dict) and item and to_status(item) is None]
    if not rows and not _tells_nothing(items, webhook_mode=webhook_mode):
        raise build_contract_error(reply, "something else than a record", "RECORD_EXPECTED")
    return _count(reply, rows)


def _unwrap(answer: Any, operation: Operation) -> Any:
    """Return what stands in an object's only property, when that is named as the subject; else the answer itself."""
    word = next(iter(answer)) if isinstance(answer, dict) and len(answer) == 1 else None
    return answer[word] if word in SUBJECTS[operation.entity].words else answer


def _check_status(reply: Reply, status: ItemStatus | None) -> None:
    """Raise what a status object means that stands where a record was expected; 404 is nothing found."""
    if status is None or status.code in {None, _ABSENT}:
        return
    if status.succeeded:
        raise build_contract_error(reply, "a success without a record", "RECORD_EXPECTED")
    raise build_refusal(reply, status.code or 0, status.description)


def _tells_nothing(items: Sequence[Any], *, webhook_mode: bool) -> bool:
    """Say whether an answer without records says that there are none."""
    told = [each for each in items if to_status(each) is not None]  # each of them 404, or it would have been raised
    rest = [each for each in items if to_status(each) is None]
    return all(each in ({}, None) for each in rest) and (bool(told) or not webhook_mode)


def _tells_absence(reply: Reply, operation: Operation) -> bool:
    """Say whether HTTP 404 is about the record; a page of a server that knows no such address is not."""
    status = _find_status(reply)
    if status is not None:
        return status.code == _ABSENT
    return operation.tells_absence and not reply.body.lstrip().startswith(b"<")


def read_item_statuses(reply: Reply, count: int, *, webhook_mode: bool) -> tuple[ItemStatus, ...]:
    """
    Return what became of each of `count` items, in their order.

    In webhook mode nobody can know: a reply of 200 tells nothing, whatever it holds.

    Raises:
        VendorError: the whole request was refused; or the reply has not one status for each item, so that none can be
            told whose it is.
    Source: vendors/facts.md, 2.2.
    """
    if reply.status != _OK:
        raise build_refusal(reply, reply.status, _find_message(reply))
    if webhook_mode:
        return (UNJUDGED,) * count
    answer = decode_json(reply)
    alone = to_status(answer)
    if alone is not None and not alone.succeeded:
        raise build_refusal(reply, alone.code or 0, alone.description)
    statuses = [
        to_status(each) for each in ([answer] if alone is not None else answer if isinstance(answer, list) else [])
    ]
    found = tuple(status for status in statuses if status is not None)
    if len(statuses) != count or len(found) != count:
        raise build_contract_error(reply, "not one status for each item", "STATUSES_EXPECTED")
    reply.call.rows = count
    return found


def _find_status(reply: Reply) -> ItemStatus | None:
    """Return the one status object that a body is, or is a list of."""
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None
    return to_status(answer[0] if isinstance(answer, list) and len(answer) == 1 else answer)


def _find_message(reply: Reply) -> str | None:
    status = _find_status(reply)
    return None if status is None else status.description or status.name


def build_refusal(reply: Reply, code: int, message: str | None) -> VendorError:
    """
    Build the error that a status means: of the whole reply, or of an item inside a reply of 200.

    Source: vendors/facts.md, 2.2, names 200, 400 and 401; the others are what HTTP means by them.
    """
    absent = code == _ABSENT and reply.status == _OK  # of an item: the endpoint itself was found
    kind, words, reason = _NO_RECORD if absent else _REFUSALS.get(code, _FAILED if code in _FAILURES else _UNKNOWN)
    reply.call.error = f"{kind.code} {reason}"
    said = None if message is None else sanitize_message(message)
    return kind(f"Source '{reply.call.source}' {words}.", reason=reason, vendor_message=said, **_place(reply, code))


_UNKNOWN: Final = (VendorContractError, "answered with a status its document does not name", "STATUS_UNKNOWN")
_FAILURES: Final = range(500, 600)
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


def build_contract_error(reply: Reply, what: str, reason: str) -> VendorContractError:
    """Build the error for an answer that is not what the documents say; `what` completes "sent …"."""
    reply.call.error = f"{VendorContractError.code} {reason}"
    return VendorContractError(
        f"Source '{reply.call.source}' sent {what}.", reason=reason, **_place(reply, reply.status)
    )


def _count(reply: Reply, rows: list[Row]) -> list[Row]:
    reply.call.rows = len(rows)
    return rows


def _place(reply: Reply, status: int) -> dict[str, Any]:
    return {
        "source": reply.call.source,
        "vendor": reply.call.vendor,
        "operation": reply.call.operation,
        "status": status,
    }
