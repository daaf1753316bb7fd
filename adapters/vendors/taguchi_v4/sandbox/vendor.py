"""
The vendor's side of a request: from method, path and parameters to a reply.
"""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import orjson

from adapters.sandbox import ReceivedRequest, Reply, VirtualClock
from adapters.sandbox.replies import Render

from .credentials import Credentials
from .events import has_feed
from .events.shape import FEED
from .formats import JSON, XML, choose_format
from .markup import print_document
from .options import SandboxOptions
from .query import Parameters, single
from .reading import Reader, read_feed
from .refusals import Refusal, bad_request, not_found
from .statistics import KINDS, read_statistics
from .store import Store
from .writing import Writer
from .writing.writer import check_method

ROOT = ("admin", "api")
STATISTICS = "stats"
READ = "GET"
STATISTICS_DEPTH, FEED_DEPTH = 2, 3


class Vendor:
    """
    Answers requests over a store.
    """

    def __init__(self, store: Store, credentials: Credentials, options: SandboxOptions, clock: VirtualClock) -> None:
        """The options decide what the document leaves open; the clock says when something is written."""
        self._store = store
        self._credentials = credentials
        self._options = options
        self._writer = Writer(store, options, clock)

    def answer(self, request: ReceivedRequest) -> Reply:
        """Answer one request; whatever is wrong with it becomes one of the vendor's refusals."""
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.to_reply()

    def _answer(self, request: ReceivedRequest) -> Reply:
        parameters = _read_parameters(request.raw_query)
        segments = self._check_organization(request.path, parameters)
        offered = (JSON,) if segments[:1] == (STATISTICS,) else (JSON, XML)
        media_type = choose_format(parameters, request.headers, offered)
        self._check_path(segments)
        method = single(parameters, "_method") or request.method
        check_method(method, segments)
        if segments[0] == STATISTICS:
            return self._answer_statistics(segments[1], parameters)
        if method == READ:
            records, bare = self._read(segments, parameters), self._options.empty == "204"
        else:
            records, bare = self._writer.write(method, segments, parameters, request), self._options.silent == "204"
        if bare and not records:
            return Reply(HTTPStatus.NO_CONTENT)
        render = _print_json if media_type == JSON else self._build_xml_printer(segments)
        return Reply.of_rows(records, render, f"{media_type}; charset=UTF-8")

    def _build_xml_printer(self, segments: Sequence[str]) -> Render:
        name = FEED.name if len(segments) == FEED_DEPTH else segments[0]
        return partial(print_document, name, "/".join(("", *ROOT, str(self._store.organization_id))))

    def _read(self, segments: Sequence[str], parameters: Parameters) -> list[dict[str, Any]]:
        if len(segments) == FEED_DEPTH:
            return read_feed(self._store, self._options, (segments[0], segments[1], segments[2]), parameters)
        reader = Reader(self._store.tables[segments[0]], self._options)
        return reader.read_one(segments[1], parameters) if segments[1:] else reader.read_list(parameters)

    def _answer_statistics(self, kind: str, parameters: Parameters) -> Reply:
        counts = read_statistics(self._store, kind, parameters, self._options.statistics_range)
        if not counts and self._options.empty == "204":
            return Reply(HTTPStatus.NO_CONTENT)
        return Reply(HTTPStatus.OK, orjson.dumps(counts), f"{JSON}; charset=UTF-8")

    def _check_organization(self, path: str, parameters: Parameters) -> tuple[str, ...]:
        """What follows the organization in the path, after authentication."""
        segments = tuple(path.removesuffix("/").split("/")[1:])
        if segments[:2] != ROOT:
            raise not_found(f"{path} does not exist")
        self._credentials.check(parameters)
        if segments[2:3] != (str(self._store.organization_id),):
            raise not_found("The organization does not exist")
        return segments[3:]

    def _check_path(self, segments: Sequence[str]) -> None:
        """Refuse what names no resource, no feed of one and no statistics."""
        if segments[:1] == (STATISTICS,):
            known = len(segments) == STATISTICS_DEPTH and segments[1] in KINDS
        else:
            known = 0 < len(segments) <= FEED_DEPTH and segments[0] in self._store.tables
            known = known and (len(segments) < FEED_DEPTH or has_feed(segments[0], segments[2]))
        if not known:
            raise not_found("The resource does not exist")


def _read_parameters(raw_query: bytes) -> Parameters:
    """
    The query string's pairs: form encoding, a `+` being a blank; a lone `%` stands for itself, as the document prints
    it.
    """
    try:
        return parse_qsl(raw_query.decode("utf-8"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise bad_request("The query string is not valid UTF-8") from error


def _print_json(records: Sequence[dict[str, Any]]) -> bytes:
    return orjson.dumps(records)
