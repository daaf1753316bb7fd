"""
Talon.One's Management calls, each built once, and the one place that says what a reply means.

A profile's integration id travels in bodies only. Source: vendors/facts.md, 5.4; T1-OAS-MGMT.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import orjson

from adapters.calls import CallNote
from adapters.errors import (
    InputError,
    VendorAbsentError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRejectedError,
)
from adapters.memory import Worth
from adapters.records import Entity
from adapters.refusals import build_contract_error, build_error
from adapters.transport.body import decode_json
from adapters.transport.client import Reply, VendorRequest
from adapters.transport.redact import sanitize_message
from adapters.transport.remembering import judge_status
from adapters.transport.urls import quote_segment

from .wire import Row

API_VERSION: Final = "Management API, OpenAPI 3.1.0, read 2026-08-22"
"""Source: T1-OAS-MGMT (vendors/facts.md, 0)."""

MAX_IDS: Final = 1000
"""The most ids one search or analytics call may name. Source: audienceIds; a search returns no more rows at once."""

_OK, _ABSENT, _FIRST_REFUSAL = 200, 404, 400
_NO_ROWS = re.compile(rb'"data"\s*:\s*\[\s*\]')
_JSON_ONLY: Final = (("Accept", "application/json"),)
_JSON_BODY: Final = (*_JSON_ONLY, ("Content-Type", "application/json"))


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a list are asked for."""

    size: int
    skip: int = 0

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """The parameters in the order they are sent."""
        return ("pageSize", str(self.size)), ("skip", str(self.skip))


@dataclass(frozen=True, slots=True)
class Page:
    """
    One reply of a list: its rows, and whether it says that more follow (None where it does not say).

    `total` is the vendor's own count, where it was asked for.
    """

    rows: list[Row]
    more: bool | None
    total: int | None
    reply: Reply


def build_audiences(window: Window, sort: str, note: CallNote, *, count: bool = False) -> VendorRequest:
    """Build `GET /v1/audiences`; counting may be slow at the vendor, so it is asked for on demand."""
    counting = (("withTotalResultSize", "true"),) if count else ()
    params = (*window.params, ("sort", sort), *counting)
    return _build_read("audiences.list", "v1/audiences", params, note, Entity.AUDIENCE)


def build_sizes(ids: Sequence[str], note: CallNote) -> VendorRequest:
    """Build `GET /v1/audiences/analytics`, of at most 1000 audiences."""
    params = (("audienceIds", ",".join(ids)),)
    return _build_read("audiences.analytics", "v1/audiences/analytics", params, note, Entity.AUDIENCE)


def build_members(audience_id: str, window: Window, note: CallNote) -> VendorRequest:
    """Build `GET /v1/audiences/{audienceId}/memberships`, in the vendor's own order."""
    path = f"v1/audiences/{quote_segment(audience_id)}/memberships"
    return _build_read("audiences.memberships", path, window.params, note, Entity.SUBSCRIBER)


def build_customers(window: Window, note: CallNote, *, sandbox: bool) -> VendorRequest:
    """Build `GET /v1/customers/no_total`, in the vendor's own order."""
    params = (*window.params, *_build_environment(sandbox=sandbox))
    return _build_read("customers.list", "v1/customers/no_total", params, note, Entity.SUBSCRIBER)


def build_search(wanted: Mapping[str, Any], window: Window, note: CallNote, *, sandbox: bool) -> VendorRequest:
    """
    Build `POST /v1/customer_search/no_total`, which only reads.

    Raises:
        InputError: a text in `wanted` holds half of a character pair.
    """
    try:
        body = orjson.dumps(wanted)
    except TypeError:
        raise InputError("A text holds half of a character pair, which has no encoding.") from None
    return VendorRequest(
        operation="customers.search",
        path="v1/customer_search/no_total",
        params=(*window.params, *_build_environment(sandbox=sandbox)),
        method="POST",
        body=body,
        headers=_JSON_BODY,
        safe=True,
        remembered_as=Entity.SUBSCRIBER,
        **_write_note(note),
    )


def _build_environment(*, sandbox: bool) -> tuple[tuple[str, str], ...]:
    return (("sandbox", "true"),) if sandbox else ()


def _build_read(
    operation: str, path: str, params: tuple[tuple[str, str], ...], note: CallNote, entity: Entity
) -> VendorRequest:
    return VendorRequest(
        operation=operation,
        path=path,
        params=params,
        headers=_JSON_ONLY,
        remembered_as=entity,
        **_write_note(note),
    )


def _write_note(note: CallNote) -> dict[str, Any]:
    return {name: getattr(note, name) for name in CallNote.__dataclass_fields__}


def read_page(reply: Reply) -> Page:
    """
    Read the reply of a list.

    Raises:
        VendorError: the vendor refused, or sent something else than `data` with a list of objects.
    """
    found = _read_object(reply)
    rows = found.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise build_contract_error(reply, "something else than a list of records", "ROWS_EXPECTED")
    reply.call.rows = len(rows)
    more, total = found.get("hasMore"), found.get("totalResultSize")
    return Page(rows, more if isinstance(more, bool) else None, total if type(total) is int else None, reply)


def judge_worth(status: int, body: bytes) -> Worth:
    """Judge whether an answer may be remembered: a refusal may come with the status of success, too."""
    if status != _OK:
        return judge_status(status, body)
    if _NO_ROWS.search(body):
        return Worth.NOTHING
    return Worth.KEEP if b'"data"' in body else Worth.SHARE


def read_members(reply: Reply) -> Page:
    """
    Read the reply of an audience's members; of an audience that is not there, nobody.

    Raises:
        VendorError: as for any list; a 404 that is not the vendor's own says that the address is wrong.
    Source: T1-OAS-MGMT, getAudienceMemberships, 404.
    """
    if reply.status == _ABSENT and _read_envelope(reply.body):
        reply.call.rows = 0
        return Page([], more=False, total=None, reply=reply)
    return read_page(reply)


def _read_object(reply: Reply) -> Row:
    """Return the JSON object of a reply; an error's envelope under status 200 is a refusal like any other."""
    if reply.status != _OK:
        raise_refusal(reply, reply.status)
    found = decode_json(reply)
    if not isinstance(found, dict):
        raise build_contract_error(reply, "something else than an object", "OBJECT_EXPECTED")
    stated = str(found.get("StatusCode", ""))
    if "data" not in found and stated.isdigit() and int(stated) >= _FIRST_REFUSAL:
        raise_refusal(reply, int(stated))
    return found


def raise_refusal(reply: Reply, status: int, *, writes: bool = False) -> NoReturn:
    """
    Raise what a status means; of a write, one that finds nothing says that nothing was changed.

    Source: vendors/facts.md, 5.2 and 5.5; 403 is a key that lacks the endpoint.
    """
    kind, message, reason = _REFUSALS.get(status, _UNKNOWN)
    if writes and status == _ABSENT:
        kind, message, reason = _NO_RECORD if _read_envelope(reply.body) else (VendorAbsentError, message, reason)
    raise build_error(reply, kind, message, reason, _find_message(reply.quotable))


_UNKNOWN: Final = (VendorContractError, "answered with a status its document does not name", "STATUS_UNKNOWN")
_NO_RECORD: Final = (VendorAbsentError, "has no such record", "NO_RECORD")
_NOT_ACCEPTED: Final = (VendorRejectedError, "did not accept the request", "NOT_ACCEPTED")
_REFUSALS: Final[Mapping[int, tuple[type[VendorError], str, str]]] = {
    400: _NOT_ACCEPTED,
    422: _NOT_ACCEPTED,
    401: (
        VendorAuthError,
        "refused our key, which may have expired; its operator must look at it",
        "CREDENTIALS_REFUSED",
    ),
    403: (
        VendorAuthError,
        "does not let our key use this endpoint; its operator must look at it",
        "KEY_LACKS_ENDPOINT",
    ),
    _ABSENT: (VendorContractError, "knows no such address; deployment or base_url may be wrong", "NO_ADDRESS"),
    409: (VendorConflictError, "found the request at odds with what it holds", "STATE_CONFLICT"),
}


def _find_message(body: bytes) -> str | None:
    """
    Return what may be repeated of a refusal: its sentence, and where which kind of trouble was found.

    The details of single findings are left out: they may repeat a value that was sent.
    """
    found = _read_envelope(body)
    findings = found.get("errors")
    told = [_describe(each) for each in findings if isinstance(each, dict)] if isinstance(findings, list) else []
    parts = [found.get("message"), found.get("Error"), *told]
    return sanitize_message("; ".join(part for part in parts if isinstance(part, str) and part))


def _describe(finding: Row) -> str:
    """Name a finding by its title and its place, as `Unknown at /attributes/Phone`."""
    source = finding.get("source")
    places = [each for each in source.values() if isinstance(each, str)] if isinstance(source, dict) else []
    title = finding.get("title")
    return " at ".join([title, *places[:1]]) if isinstance(title, str) else ""


def _read_envelope(body: bytes) -> Row:
    """Return a refusal's envelope; empty where it is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    known = isinstance(found, dict) and any(isinstance(found.get(name), str) for name in ("message", "Error"))
    return found if known else {}
