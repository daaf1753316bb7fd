"""
The vendor's side of a request: from method, path and parameters to a reply.

Reads only, so far. PUT, POST, DELETE and the named commands (PROOF, TRIGGER, CREATEORUPDATE, …) are answered 405, which
is this sandbox's gap and not the vendor's; event feeds and statistics are answered 501, a status the vendor never uses.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import orjson

from adapters.sandbox import ReceivedRequest, Reply

from .credentials import Credentials
from .formats import JSON, check_format
from .options import SandboxOptions
from .query import Parameters, single
from .reading import Reader
from .refusals import Refusal, bad_request, not_found
from .store import Store

ROOT = ("admin", "api")
FEEDS = {"subject-feed", "object-feed"}
NOT_YET = {"stats", "event-feed"}
JSON_MEDIA_TYPE = f"{JSON}; charset=UTF-8"


class Vendor:
    """
    Answers requests over a store.
    """

    def __init__(self, store: Store, credentials: Credentials, options: SandboxOptions) -> None:
        """The options decide what the document leaves open."""
        self._store = store
        self._credentials = credentials
        self._options = options

    def answer(self, request: ReceivedRequest) -> Reply:
        """Answer one request; whatever is wrong with it becomes one of the vendor's refusals."""
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.to_reply()

    def _answer(self, request: ReceivedRequest) -> Reply:
        parameters = _read_parameters(request.raw_query)
        segments = self._check_organization(request.path, parameters)
        check_format(parameters, request.headers)
        reader = self._reader_of(segments)
        _check_method(single(parameters, "_method") or request.method)
        records = reader.read_one(segments[1], parameters) if segments[1:] else reader.read_list(parameters)
        if not records and self._options.empty == "204":
            return Reply(HTTPStatus.NO_CONTENT)
        return Reply.of_rows(records, _render, JSON_MEDIA_TYPE)

    def _check_organization(self, path: str, parameters: Parameters) -> tuple[str, ...]:
        """What follows the organization in the path, after authentication."""
        segments = tuple(path.removesuffix("/").split("/")[1:])
        if segments[:2] != ROOT:
            raise not_found(f"{path} does not exist")
        self._credentials.check(parameters)
        if segments[2:3] != (str(self._store.organization_id),):
            raise not_found("The organization does not exist")
        return segments[3:]

    def _reader_of(self, segments: Sequence[str]) -> Reader:
        if segments and (segments[0] in NOT_YET or FEEDS.intersection(segments[2:])):
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "The sandbox does not serve feeds and statistics yet.")
        if len(segments) not in {1, 2} or segments[0] not in self._store.tables:
            raise not_found("The resource does not exist")
        return Reader(self._store.tables[segments[0]], self._options)


def _read_parameters(raw_query: bytes) -> Parameters:
    """
    The query string's pairs: form encoding, a `+` being a blank; a lone `%` stands for itself, as the document prints
    it.
    """
    try:
        return parse_qsl(raw_query.decode("utf-8"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise bad_request("The query string is not valid UTF-8") from error


def _check_method(method: str) -> None:
    if method != "GET":
        allow = (("allow", "GET"),)
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"The sandbox does not support {method} yet.", allow)


def _render(records: Sequence[dict[str, Any]]) -> bytes:
    return orjson.dumps(records)
