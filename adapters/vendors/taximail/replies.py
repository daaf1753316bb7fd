"""
What a reply means: the one place that tells success from refusal, by status and envelope.

That the HTTP status equals the envelope's code is never stated, so both are asked: an error in the envelope is one also
inside HTTP 200. Source: vendors/facts.md, 3.1; taximail-contacts.txt, Fields and Response Code of each call.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

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
from adapters.memory import Worth
from adapters.refusals import build_contract_error, build_error
from adapters.transport.body import decode_json
from adapters.transport.redact import sanitize_message
from adapters.transport.remembering import judge_status
from adapters.transport.requests import Reply

from .values import UnreadableError, read_number, read_rows, to_text
from .wire import Row

__all__ = ["build_contract_error"]
"""Of every vendor's, to be taken from here like this one's own."""

_OK, _FIRST_REFUSAL, _UNAUTHORIZED, _ABSENT, _DATA_ERROR, _FIRST_FAILURE = 200, 400, 401, 404, 503, 500
_LONGEST_REFUSAL: Final = 5_000
"""A refusal is short; a page of rows need not be read twice to see that it is none."""

_NO_ROWS: Final = re.compile(rb'"(list_subscriber|lists|campaigns)"\s*:\s*\[\s*\]')

_MESSAGES: Final = ("err_msg", "message", "desc")
"""Where the vendor's text stands. Source: vendors/facts.md, 3.1."""


@dataclass(frozen=True, slots=True)
class Found:
    """The data of a reply that succeeded."""

    data: Any


def read_found(reply: Reply) -> Found | None:
    """
    Return the data of a reply, None where what was asked for is not there.

    Raises:
        VendorError: anything else that is not a success in the vendor's envelope.
    """
    envelope = _read_envelope(reply)
    code = _read_code(reply, envelope)
    if code == _ABSENT:
        reply.call.rows = 0
        return None
    if code >= _FIRST_REFUSAL:
        _raise_refusal(reply, code, envelope)
    return Found(envelope.get("data"))


def _read_envelope(reply: Reply) -> Row:
    """Return the envelope; a refusal by status may bring anything, a missing address of another server's too."""
    if reply.status >= _FIRST_REFUSAL:
        envelope = _parse(reply.body)
        if reply.status == _ABSENT and not envelope:
            raise build_contract_error(reply, "a page of another server; base_url may be wrong", "NO_ADDRESS")
        return envelope
    envelope = decode_json(reply)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("status"), str):
        raise build_contract_error(reply, "an answer that is not in its envelope", "ENVELOPE_EXPECTED")
    return envelope


def _parse(body: bytes) -> Row:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _read_code(reply: Reply, envelope: Row) -> int:
    """Return what the reply says of itself; any code below 400 beside `success` is one."""
    if reply.status >= _FIRST_REFUSAL:
        return reply.status
    try:
        code = read_number(envelope, "code") or 0
    except UnreadableError:
        code = 0
    if code >= _FIRST_REFUSAL:
        return code
    match envelope["status"].lower():
        case "success":
            return _OK
        case "error":
            return _FIRST_REFUSAL
    raise build_contract_error(reply, "an answer that is neither a success nor an error", "ENVELOPE_EXPECTED")


def is_unauthorized(reply: Reply) -> bool:
    """Say whether a reply means that its session is not good, by its status or in its envelope."""
    if reply.status != _OK:
        return reply.status == _UNAUTHORIZED
    if len(reply.body) > _LONGEST_REFUSAL or b"401" not in reply.body:
        return False
    envelope = _parse(reply.body)
    return envelope.get("status") == "error" and to_text(envelope.get("code")) == str(_UNAUTHORIZED)


def judge_worth(status: int, body: bytes) -> Worth:
    """
    Say whether an answer may be remembered: a refusal may come inside 200, and an empty page is soon untrue.

    Long answers are rows; of them only the ends are looked at.
    """
    if status != _OK:
        return judge_status(status, body)
    text = body.strip()
    if not (text.startswith(b"{") and text.endswith(b"}")):
        return Worth.SHARE
    if len(text) > _LONGEST_REFUSAL:
        return Worth.KEEP
    envelope = _parse(text)
    if to_text(envelope.get("code")) == str(_ABSENT) or _NO_ROWS.search(text):
        return Worth.NOTHING
    return Worth.KEEP if str(envelope.get("status")).lower() == "success" and "data" in envelope else Worth.SHARE


def read_session(reply: Reply) -> str:
    """
    Return the session a log-in opened. Source: vendors/facts.md, 3.1: `data.session_id`.

    Raises:
        VendorAuthError: the keys were refused; which status says so is not stated for this call.
        VendorError: anything else.
    """
    found = read_found(reply)
    if found is None:
        raise build_contract_error(reply, "no such address as its log-in; base_url may be wrong", "NO_ADDRESS")
    session = found.data.get("session_id") if isinstance(found.data, dict) else None
    if not isinstance(session, str) or not session or not (session.isascii() and session.isprintable()):
        raise build_contract_error(reply, "no session", "SESSION_EXPECTED")
    return session


def read_object(reply: Reply, found: Found) -> Row:
    """Return data that is an object; an empty one may come as `[]`."""
    data = {} if found.data == [] else found.data
    if not isinstance(data, dict):
        raise build_contract_error(reply, "something else than an object", "OBJECT_EXPECTED")
    return data


def read_listed(reply: Reply, data: Row, name: str) -> list[Row]:
    """Return the rows in a page's data; none where all of it is empty."""
    rows = read_rows(data.get(name)) if data else []
    if rows is None:
        raise build_contract_error(reply, "something else than a list of records", "ROWS_EXPECTED")
    reply.call.rows = len(rows)
    return rows


def read_count(data: Row, name: str) -> int | None:
    """Return a count, None where the reply has none that can be read."""
    try:
        return read_number(data, name)
    except UnreadableError:
        return None


def _raise_refusal(reply: Reply, code: int, envelope: Row) -> NoReturn:
    """
    Raise what a code from 400 on means.

    503 in an envelope is an error in what was sent (taximail-contacts.txt, Importing); other codes from 500 on, and a
    503 of whatever stands before the vendor, are outages.
    """
    failed = (VendorUnavailableError, "answered with a server error", "STATUS")
    unknown = failed if code >= _FIRST_FAILURE else _UNKNOWN
    outage = code == reply.status == _DATA_ERROR and "status" not in envelope
    kind, message, reason = unknown if outage else _REFUSALS.get(code, unknown)
    raise build_error(reply, kind, message, reason, _read_message(reply, envelope))


_UNKNOWN: Final = (VendorContractError, "answered with a code its document does not name", "STATUS_UNKNOWN")
_NOT_ACCEPTED: Final = (VendorRejectedError, "did not accept the request", "NOT_ACCEPTED")
_NO_CREDENTIALS: Final = (
    VendorAuthError,
    "refused our credentials; its operator must look at them",
    "CREDENTIALS_REFUSED",
)
_REFUSALS: Final[Mapping[int, tuple[type[VendorError], str, str]]] = {
    _FIRST_REFUSAL: _NOT_ACCEPTED,
    422: _NOT_ACCEPTED,
    _DATA_ERROR: _NOT_ACCEPTED,
    _UNAUTHORIZED: _NO_CREDENTIALS,
    403: _NO_CREDENTIALS,
    405: (VendorContractError, "does not know the method", "METHOD_UNSUPPORTED"),
    409: (VendorConflictError, "found the request at odds with what it holds", "STATE_CONFLICT"),
    429: (VendorRateLimitedError, "asks for fewer calls", "THROTTLED"),
}


def _read_message(reply: Reply, envelope: Row) -> str | None:
    """Return the vendor's text, less what it may repeat of our secrets."""
    told = envelope if reply.status >= _FIRST_REFUSAL else _parse(reply.quotable)
    texts = (told.get(name) for name in _MESSAGES)
    return next((sanitize_message(text) for text in texts if isinstance(text, str) and text), None)


def read_refusal_text(reply: Reply) -> str | None:
    """Return what a refusal says in the vendor's words, None where it says nothing."""
    return _read_message(reply, _parse(reply.body))
