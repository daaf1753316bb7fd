"""
Taguchi V4's REST calls, each built once, and the one place that says what a reply means.

Every call goes out as HTTP GET without `_method`: the document offers that parameter only where the method cannot be
set. `limit` is always sent, its default being 1. Source: taguchi-v4-api.txt, Introduction.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from adapters.calls import CallNote
from adapters.errors import (
    CapabilityError,
    NotFoundError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRejectedError,
)
from adapters.records import Entity, FeedKey, RevisionChoice
from adapters.records.making import made_quickly
from adapters.refusals import build_contract_error, build_error
from adapters.transport.body import decode_json
from adapters.transport.client import Reply, VendorRequest
from adapters.transport.redact import sanitize_message
from adapters.transport.urls import quote_query, quote_segment

from .resources import FEED_SEGMENTS, REMEMBERED, RESOURCES
from .wire import Row

API_VERSION: Final = "V4, document last updated 17/1/2025"
"""Source: taguchi-v4-api.txt, first line."""

MAX_QUERY_BYTES: Final = 7_000
"""What a list read's parameters may take: common servers refuse a request line above 8 KB. [inferred]"""

_QUOTED: Final = 14
"""More than the bytes that one letter and its share of a parameter's name can take when they are quoted."""

_JSON_ONLY: Final = (("Accept", "application/json"),)
_OK, _NOTHING, _ABSENT = 200, 204, 404
_AFTER_BREAK = re.compile(rb"<br\s*/?>(?P<text>.*?)(?:</body|</p|<br|\Z)", re.IGNORECASE | re.DOTALL)


@made_quickly
@dataclass(frozen=True, slots=True)
class ListCall:
    """
    The query interface's parameters of one list read; `predicates` are `field-op-value` texts, all of which hold.

    `revisions` says which saved revisions come along. Source: Activity Resource and Template Resource. `feed` is the
    feed to list, for events. `fields` are the fields of the records that are wanted, None all.
    """

    predicates: tuple[str, ...]
    sort: str
    limit: int
    descending: bool = False
    revisions: RevisionChoice | None = None
    feed: FeedKey | None = None
    fields: frozenset[str] | None = None

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """The parameters in the order they are sent."""
        return (
            *[("query", predicate) for predicate in self.predicates],
            ("sort", self.sort),
            ("order", "desc" if self.descending else "asc"),
            ("limit", str(self.limit)),
            *_build_revisions(self.revisions),
        )


def build_list(entity: Entity, call: ListCall, note: CallNote) -> VendorRequest:
    """
    Build `GET /{resource}/?query=…&sort=…&order=…&limit=…`, for events `GET /{resource}/{id}/{feed}?…`.

    Raises:
        CapabilityError: the parameters do not fit a URL.
    Source: Queries; the slash after the resource is what all public clients send (vendors/facts.md, 1.1).
    """
    params = call.params
    size = sum([len(value) for _, value in params])
    if size * _QUOTED > MAX_QUERY_BYTES and len(quote_query(params)) > MAX_QUERY_BYTES:
        raise CapabilityError(
            "Taguchi takes filters and orders in an address, and these values are too long for one.",
            reason="CALL_TOO_LONG",
            hint="Compare with shorter or fewer values, or order by another field.",
        )
    path = f"{RESOURCES[entity]}/" if call.feed is None else _build_feed_path(call.feed)
    return build_request(f"{RESOURCES[entity]}.list", path, params, note)


def name_resource(entity: Entity, call: ListCall) -> str:
    """Name what a list read reads, as `campaign` or, of all feeds of a kind and side, `campaign/subject-feed`."""
    if call.feed is None:
        return RESOURCES[entity]
    return f"{RESOURCES[call.feed.holder]}/{FEED_SEGMENTS[call.feed.side]}"


def _build_feed_path(feed: FeedKey) -> str:
    """Build a feed's path. Source: Behavioural History and Audit Log of each resource."""
    return f"{RESOURCES[feed.holder]}/{quote_segment(feed.id)}/{FEED_SEGMENTS[feed.side]}"


def build_read(
    entity: Entity, record_id: str, note: CallNote, revisions: RevisionChoice | None = None
) -> VendorRequest:
    """Build `GET /{resource}/{id}`. Source: the operations of each resource, GET."""
    path = f"{RESOURCES[entity]}/{quote_segment(record_id)}"
    return build_request(f"{RESOURCES[entity]}.read", path, _build_revisions(revisions), note)


def _build_revisions(choice: RevisionChoice | None) -> tuple[tuple[str, str], ...]:
    return () if choice is None else (("revisions", choice.value),)


def build_request(operation: str, path: str, params: tuple[tuple[str, str], ...], note: CallNote) -> VendorRequest:
    """Build a read that wants JSON."""
    return VendorRequest(
        operation=operation,
        path=path,
        params=params,
        headers=_JSON_ONLY,
        purpose=note.purpose,
        pushed=note.pushed,
        residual=note.residual,
        reasons=note.reasons,
        keys=note.keys,
        remembered_as=REMEMBERED.get(operation.partition(".")[0]),
    )


def is_list_reply(reply: Reply) -> bool:
    """Say whether a reply to a list read holds its rows, as far as its status tells."""
    return reply.status == _OK


def read_list_reply(reply: Reply) -> list[Row]:
    """
    Return a list read's rows.

    204 and `[]` are nothing found. Source: Error Handling, 204.

    Raises:
        VendorError: anything else that is not a JSON array of objects with status 200.
    """
    if reply.status == _NOTHING:
        return _counted(reply, [])
    if not is_list_reply(reply):
        raise_refusal(reply)
    return _counted(reply, _rows_of(reply))


def read_one_reply(reply: Reply) -> Row | None:
    """
    Return a by-id read's row, or None for 404, 204 and `[]`.

    Raises:
        VendorError: anything else that is not an array of at most one record with status 200.
    Source: the reply to one id is an array too (vendors/facts.md, 1.3).
    """
    if reply.status in {_NOTHING, _ABSENT}:
        _counted(reply, [])
        return None
    if reply.status != _OK:
        raise_refusal(reply)
    rows = _counted(reply, _rows_of(reply))
    if len(rows) > 1 and any(row != rows[0] for row in rows):
        raise build_contract_error(reply, "several records for one id", "RECORDS_TOO_MANY")
    return rows[0] if rows else None


def read_object_reply(reply: Reply) -> Mapping[str, Row]:
    """
    Return what statistics say of each subject, by its key.

    204 is nothing found, and so is `[]`: how an empty object comes out of some servers, and the empty reply of every
    other resource.

    Raises:
        VendorError: anything else that is not a JSON object of objects with status 200.
    Source: Statistics Resource, the example responses; Error Handling, 204.
    """
    if reply.status == _NOTHING:
        found: Any = []
    elif reply.status == _OK:
        found = decode_json(reply)
    else:
        raise_refusal(reply)
    if found == []:
        found = {}
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise build_contract_error(reply, "something else than statistics", "STATISTICS_EXPECTED")
    reply.call.rows = len(found)
    return found


def read_feed_reply(reply: Reply) -> list[Row]:
    """
    Return a feed's rows.

    Raises:
        NotFoundError: there is no such feed, because its record is gone.
        VendorError: anything else that is not a list read's reply.
    """
    if reply.status == _ABSENT:
        _counted(reply, [])
        raise NotFoundError(f"Source '{reply.call.source}' has no such events: their record is not there any more.")
    return read_list_reply(reply)


def _rows_of(reply: Reply) -> list[Row]:
    rows = decode_json(reply)
    if not isinstance(rows, list) or not set(map(type, rows)) <= {dict}:
        raise build_contract_error(reply, "something else than a list of records", "ROWS_EXPECTED")
    return rows


def _counted(reply: Reply, rows: list[Row]) -> list[Row]:
    reply.call.rows = len(rows)
    return rows


def raise_refusal(reply: Reply) -> NoReturn:
    """
    Raise what a status other than 200 and 204 means.

    Source: Error Handling, the table of codes; the text stands after the first `<br/>` of an XHTML page
    (vendors/facts.md, 1.1). 401, 409 and 422 are not in the table; a proxy in front may use them, the first and the
    last for 403 and 400.
    """
    kind, message, reason = _REFUSALS.get(reply.status, _UNKNOWN)
    raise build_error(reply, kind, message, reason, message_of(reply.body))


_UNKNOWN: Final = (VendorContractError, "answered with a status its document does not name", "STATUS_UNKNOWN")
_NOT_ACCEPTED: Final = (VendorRejectedError, "did not accept the request", "NOT_ACCEPTED")
_NO_CREDENTIALS: Final = (
    VendorAuthError,
    "refused our credentials; its operator must look at them",
    "CREDENTIALS_REFUSED",
)
_REFUSALS: Final[Mapping[int, tuple[type[VendorError], str, str]]] = {
    400: _NOT_ACCEPTED,
    422: _NOT_ACCEPTED,
    401: _NO_CREDENTIALS,
    403: _NO_CREDENTIALS,
    _ABSENT: (
        VendorContractError,
        "knows no such address; base_url or organization_id may be wrong",
        "NO_ADDRESS",
    ),
    405: (VendorContractError, "does not support this resource", "RESOURCE_UNSUPPORTED"),
    406: (VendorContractError, "cannot answer in JSON", "FORMAT_UNSUPPORTED"),
    409: (VendorConflictError, "found the request at odds with what it holds", "STATE_CONFLICT"),
}


def message_of(body: bytes) -> str | None:
    """Return what a refusal's page says, fit to be shown."""
    found = _AFTER_BREAK.search(body)
    return sanitize_message(found["text"].decode("utf-8", "replace")) if found else None
