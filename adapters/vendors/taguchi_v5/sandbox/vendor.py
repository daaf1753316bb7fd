"""
The vendor's side of a request: from method, path and items to a reply.

Source: vendors/facts.md, 2.1 and 2.2; what a wrong path or method is answered is inferred.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from adapters.sandbox import ReceivedRequest, Reply, VirtualClock

from .activity import Activity
from .credentials import Credentials
from .document import build_document
from .keys import to_key
from .options import SandboxOptions
from .partitions import Partitions
from .profiles import EMPTY, Profiles
from .statuses import Refusal, Status, build_status, check_switch
from .store import Person, Row, Store

STAGES: Final = ("prod", "test")
JSON: Final = "application/json"
OK: Final = 200


class Vendor:
    """Answers requests to one endpoint over a store; the test stage checks and answers alike, and keeps nothing."""

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        options: SandboxOptions,
        clock: VirtualClock,
        *,
        endpoint: str,
        organization_id: int,
    ) -> None:
        """`endpoint` is the first part of the path, which each integration has of its own."""
        self._store = store
        self._credentials = credentials
        self._options = options
        self._clock = clock
        self._endpoint = endpoint
        self._organization_id = organization_id
        self._profiles = Profiles(store, options, organization_id)
        self._activity = Activity(store, options)
        self._partitions = Partitions(store, options)
        self._seen: dict[bytes, Any] = {}

    def answer(self, request: ReceivedRequest) -> Reply:
        """Answer one request; a whole request that fails is one status object."""
        try:
            return self._answer(request)
        except Refusal as refusal:
            status = OK if self._options.webhook_mode else refusal.code
            return _reply_one(refusal.status, status)

    def _answer(self, request: ReceivedRequest) -> Reply:
        stage, resource = self._read_path(request.path)
        if (request.method, resource) == ("GET", "openapi.json"):
            return _reply_one(build_document(self._options, self._endpoint, stage))
        self._credentials.check(request.headers)
        match request.method, resource:
            case "POST", "subscriber":
                return self._take_items(request.body, self._take_item, keep=stage == "prod")
            case "POST", "partition":
                return self._take_items(request.body, self._take_partition, keep=stage == "prod")
            case "GET", "subscriber":
                return _reply_one(self._find_person(_read_parameters(request)).row)
            case "GET", "partition":
                return _reply_one(self._partitions.read(_read_parameters(request)))
            case "DELETE", "subscriber":
                return self._anonymize(_read_parameters(request), keep=stage == "prod")
            case _:
                raise Refusal(405, f"{resource} does not take {request.method}")

    def _read_path(self, path: str) -> tuple[str, str]:
        """Split `/{endpoint}/{stage}/{resource}`."""
        segments = path.strip("/").split("/")
        known = len(segments) == len(("endpoint", "stage", "resource")) and segments[0] == self._endpoint
        if not known or segments[1] not in STAGES or segments[2] not in {"subscriber", "partition", "openapi.json"}:
            raise Refusal(404, "There is no such endpoint")
        return segments[1], segments[2]

    def _take_items(self, body: bytes, take: Callable[..., Status], *, keep: bool) -> Reply:
        """Answer an array of items by an array of statuses in their order."""
        try:
            items = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise Refusal(400, "The body is not JSON") from None
        if not isinstance(items, list):
            raise Refusal(400, "The body is not an array of items")
        statuses = [self._take_once(item, take, keep=keep) for item in items]
        return Reply.of_rows(statuses, _print_array, JSON)

    def _take_once(self, item: Any, take: Callable[..., Status], *, keep: bool) -> Status:
        """Take an item unless the same one was taken a moment ago; that this is judged item by item is inferred."""
        mark = orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
        if keep and mark in self._seen and self._clock.now_at < self._seen[mark]:
            return build_status(OK, "Duplicate request")
        try:
            status = take(item, keep=keep)
        except Refusal as refusal:
            return refusal.status
        if keep and self._options.deduplication_s:
            self._seen[mark] = self._clock.now_at + timedelta(seconds=self._options.deduplication_s)
        return status

    def _take_item(self, item: Any, *, keep: bool) -> Status:
        """Take one item by the one key that wraps it."""
        match item:
            case {"profile": profile, **others} if not others:
                return self._profiles.take(profile, self._clock.now_at, keep=keep)
            case {"event": event, **others} if not others:
                return self._activity.log(event, self._clock.now_at, keep=keep)
            case {"message": message, **others} if not others:
                return self._activity.send(message, keep=keep)
        raise Refusal(400, "An item is an object with one key: profile, event or message")

    def _take_partition(self, item: Any, *, keep: bool) -> Status:
        if not isinstance(item, dict) or set(item) != {"partition"}:
            raise Refusal(400, "An item is an object with one key: partition")
        return self._partitions.take(item["partition"], keep=keep)

    def _find_person(self, parameters: dict[str, str]) -> Person:
        """Find one profile by the configured identity or by id; all of it inferred."""
        check_switch(self._options.allow_retrieval, "profile retrieval")
        return self._look_up(parameters)

    def _anonymize(self, parameters: dict[str, str], *, keep: bool) -> Reply:
        """Take out of a profile what tells who it is; all of it inferred."""
        check_switch(self._options.allow_anonymization, "anonymization")
        person = self._look_up(parameters)
        if keep:
            self._store.unindex(person.row["id"])
            person.row |= {**EMPTY, "custom": {}}
            person.sent.clear()
        return _reply_one(build_status(OK))

    def _look_up(self, parameters: dict[str, str]) -> Person:
        names = (self._options.identify_by, "id")
        asked = [(name, to_key(name, parameters[name])) for name in names if name in parameters]
        if len(asked) != 1 or asked[0][1] is None:
            raise Refusal(400, f"Name one {self._options.identify_by}")
        person = self._store.find_person(asked[0][0], str(asked[0][1]))
        if person is None:
            raise Refusal(404, "There is no such subscriber")
        return person


def _read_parameters(request: ReceivedRequest) -> dict[str, str]:
    return dict(parse_qsl(request.raw_query.decode("utf-8", "replace"), keep_blank_values=True))


def _reply_one(row: Row, status: int = OK) -> Reply:
    """Answer one object; it counts as a row, so that faults can bend it."""
    return Reply.of_rows([row], _print_one, JSON, status)


def _print_one(rows: Sequence[Row]) -> bytes:
    """Print one object, or an array where a fault made it several or none."""
    return orjson.dumps(rows[0] if len(rows) == 1 else list(rows))


def _print_array(rows: Sequence[Row]) -> bytes:
    return orjson.dumps(list(rows))
