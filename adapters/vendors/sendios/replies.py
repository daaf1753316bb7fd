"""
The one place that says what a reply means.

Source: vendors/facts.md, 4.1.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import orjson

from adapters.errors import (
    VendorAbsentError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRejectedError,
)
from adapters.memory import Worth
from adapters.refusals import build_contract_error, build_error
from adapters.transport.body import decode_json
from adapters.transport.client import Reply
from adapters.transport.redact import sanitize_message
from adapters.transport.remembering import judge_status

_OK, _UNAUTHORIZED, _ABSENT, _CONFLICT, _BAD = 200, 401, 404, 409, 400
_SUCCESS, _SUCCESSES = "SUCCESS", range(200, 300)
_SUSPECT = re.compile(rb"error", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_NO_SUCH, _NO_CREDENTIALS = "not found", "authorization"


def read_data(reply: Reply) -> Any:
    """
    Return what stands in a reply's envelope.

    Raises:
        VendorError: anything else than status 200 with an envelope that tells of success.
    """
    envelope = _read_envelope(reply, range(_OK, _OK + 1))
    if "data" not in envelope:
        raise _miss_envelope(reply)
    return envelope["data"]


def read_written(reply: Reply, *, any_success: bool = False) -> Any:
    """
    Return what stands in the reply to a write; None where it says no more than that the write was taken.

    `any_success` takes every 2xx, as v3 answers. An unknown person or call is a refusal here: nothing has changed.
    Source: vendors/facts.md, 4.1.

    Raises:
        VendorError: the vendor refused, or nobody can tell whether it did.
    """
    if any_success and reply.status in _SUCCESSES and not reply.body.strip():
        return None
    try:
        envelope = _read_envelope(reply, _SUCCESSES if any_success else range(_OK, _OK + 1))
    except VendorContractError as error:
        raise _REJECTIONS.get(error.reason or "", _keep)(error, reply) from None
    if "data" in envelope or _find_status(envelope) == _SUCCESS:
        return envelope.get("data")
    raise _miss_envelope(reply)


def _read_envelope(reply: Reply, successes: range) -> dict[str, Any]:
    if reply.status not in successes:
        _raise_refusal(reply, _find_data(reply.body))
    envelope = decode_json(reply)
    if not isinstance(envelope, dict):
        raise _miss_envelope(reply)
    if _is_refusal(envelope):
        _raise_refusal(reply, _find_data(reply.quotable))
    return envelope


def _miss_envelope(reply: Reply) -> VendorContractError:
    return build_contract_error(reply, "something else than the envelope of its answers", "ENVELOPE_EXPECTED")


def _keep(error: VendorContractError, _reply: Reply) -> VendorError:
    return error


def _reject_person(error: VendorContractError, reply: Reply) -> VendorError:
    return _reject(VendorAbsentError, error, reply, "knows no such person, or no such call", "NOT_FOUND")


def _reject_call(error: VendorContractError, reply: Reply) -> VendorError:
    return _reject(VendorRejectedError, error, reply, "does not take this call", "CALL_UNSUPPORTED")


def _reject(
    kind: type[VendorRejectedError], error: VendorContractError, reply: Reply, what: str, reason: str
) -> VendorError:
    return build_error(reply, kind, what, reason, error.vendor_message)


def read_known(reply: Reply) -> Any:
    """
    Return what stands in the envelope of a reply about one person, or None where the vendor knows no such person.

    Raises:
        VendorError: as `read_data`, but for 404.
    """
    try:
        return read_data(reply)
    except VendorContractError as error:
        if error.reason != NO_ADDRESS:
            raise
    reply.call.error, reply.call.rows = None, 0
    return None


def judge_worth(status: int, body: bytes) -> Worth:
    """Say what an answer is worth to others: a refusal may come with the status of success."""
    if status != _OK or not _SUSPECT.search(body):
        return judge_status(status, body)
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Worth.SHARE
    refused = not isinstance(envelope, dict) or "data" not in envelope or _is_refusal(envelope)
    return Worth.SHARE if refused else judge_status(status, body)


def _is_refusal(envelope: Mapping[str, Any]) -> bool:
    """Say whether an answer with status 200 is none. Source: vendors/facts.md, 4.1 and 7."""
    data = envelope.get("data")
    told = isinstance(data, dict) and any(data.get(name) for name in ("error", "errors", "errorCode"))
    return _find_status(envelope) == "ERROR" or told


def _find_status(envelope: Mapping[str, Any]) -> str:
    meta = envelope.get("_meta")
    return str(meta.get("status", "")).upper() if isinstance(meta, dict) else ""


def _find_data(body: bytes) -> Any:
    """Return what stands in the envelope of a refusal, which may be a web page instead."""
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return envelope.get("data") if isinstance(envelope, dict) else None


def _raise_refusal(reply: Reply, data: Any) -> NoReturn:
    """
    Raise what a refusal means, by its status, or by what it says where the status is 200.

    Source: vendors/facts.md, 4.1: 400, 401, 404 and 409 in the envelope; statuses of most refusals are inferred. A 409
    about fields is a refusal of their values, not a clash of states.
    """
    message = _find_message(data)
    code = _find_code(data, message) if reply.status == _OK else reply.status
    kind, what, reason = _REFUSALS.get(code, _UNKNOWN)
    if code == _CONFLICT and isinstance(data, dict) and data.get("errors"):
        kind, what, reason = _NOT_ACCEPTED
    raise build_error(reply, kind, what, reason, sanitize_message(_ADDRESS.sub("(address)", message)))


def _find_code(data: Any, message: str) -> int:
    """Return the status a refusal stands for that came with 200."""
    stated = str(data.get("errorCode", "")) if isinstance(data, dict) else ""
    if stated.isascii() and stated.isdigit():
        return int(stated[:3])
    text = message.strip().lower()
    if text.startswith(_NO_SUCH):
        return _ABSENT
    return _UNAUTHORIZED if text.startswith(_NO_CREDENTIALS) else _BAD


def _find_message(data: Any) -> str:
    """Return a refusal's own text, with what it says of single fields."""
    if not isinstance(data, dict):
        return ""
    errors = data.get("errors")
    told = errors.values() if isinstance(errors, dict) else errors if isinstance(errors, list) else ()
    parts = [data.get("error"), data.get("message"), *told]
    return ". ".join(part for part in parts if isinstance(part, str) and part)


NO_ADDRESS: Final = "NO_ADDRESS"
NO_CALL: Final = "CALL_UNSUPPORTED"
_REJECTIONS: Final = {NO_ADDRESS: _reject_person, NO_CALL: _reject_call}
_UNKNOWN: Final = (VendorContractError, "answered with a status that is not documented", "STATUS_UNKNOWN")
_NOT_ACCEPTED: Final = (VendorRejectedError, "did not accept the request", "NOT_ACCEPTED")
_WRONG_KEY: Final = (VendorAuthError, "refused our credentials; its operator must look at them", "CREDENTIALS_REFUSED")
_REFUSALS: Final[Mapping[int, tuple[type[VendorError], str, str]]] = {
    _BAD: _NOT_ACCEPTED,
    422: _NOT_ACCEPTED,
    _UNAUTHORIZED: _WRONG_KEY,
    403: _WRONG_KEY,
    _ABSENT: (VendorContractError, "knows no such address; base_url may be wrong", NO_ADDRESS),
    405: (VendorContractError, "does not support this call", NO_CALL),
    _CONFLICT: (VendorConflictError, "found the request at odds with what it holds", "STATE_CONFLICT"),
}
