"""
From a write's method, path and body to what becomes of it.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from adapters.sandbox import ReceivedRequest, VirtualClock
from adapters.vendors.taguchi_v4.sandbox.options import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.predicates import PredicateCompiler
from adapters.vendors.taguchi_v4.sandbox.query import Parameters, read_list_query, single
from adapters.vendors.taguchi_v4.sandbox.reading import Reader
from adapters.vendors.taguchi_v4.sandbox.refusals import Refusal, bad_request
from adapters.vendors.taguchi_v4.sandbox.resources import RESOURCES, SUBSCRIBER
from adapters.vendors.taguchi_v4.sandbox.revisions import read_revision_choice
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.tables import Key

from .audits import Audit
from .bodies import read_fields, read_record
from .commands import COMMANDS, Commander
from .fields import read_key
from .imports import ImportProcessor
from .records import RecordWriter

_RECORDS = ("GET", "PUT", "POST", "DELETE")
METHODS: Mapping[str, tuple[str, ...]] = {
    "subscriber": ("GET", "PUT", "POST", "CREATEORUPDATE"),
    "list": (*_RECORDS, "EXTRACT"),
    "campaign": _RECORDS,
    "activity": (*_RECORDS, *COMMANDS),
    "template": _RECORDS,
    "import": (*_RECORDS, "PROCESS"),
    "view": _RECORDS,
    "event": ("GET",),
}
"""What each resource supports. Source: taguchi-v4-api.txt, Operations of each resource."""
_WITHOUT_ID = ("POST", "CREATEORUPDATE")
_DEPTH_OF_RECORD = 2


def check_method(method: str, segments: Sequence[str]) -> None:
    """Refuse what a resource does not support, with 405; feeds and statistics are only read."""
    offered = METHODS.get(segments[0], ("GET",)) if len(segments) <= _DEPTH_OF_RECORD else ("GET",)
    if method not in offered:
        allow = (("allow", ", ".join(offered)),)
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"{segments[0]} does not support {method}.", allow)


class Writer:
    """
    Answers writes over a store.
    """

    def __init__(self, store: Store, options: SandboxOptions, clock: VirtualClock) -> None:
        """The options decide what the document leaves open; the clock says when something was written."""
        self._store = store
        self._options = options
        self._audit = Audit(store, clock)

    def write(
        self, method: str, segments: Sequence[str], parameters: Parameters, request: ReceivedRequest
    ) -> list[dict[str, Any]]:
        """
        Carry out a write and return what is answered: the record as it is afterwards, or nothing.

        Raises:
            Refusal: whatever the vendor would say; nothing has changed then.
        """
        _check_id(method, segments)
        resource = segments[0]
        reader = Reader(self._store.tables[resource], self._options)
        choose = read_revision_choice(parameters, RESOURCES[resource], self._options)
        if method in _WITHOUT_ID:
            return reader.show_one(self._make(method, resource, request, parameters), choose)
        reader.find(segments[1])
        key = read_key(segments[1], "id")
        if method == "PUT":
            self._records(resource).update(key, read_record(request, parameters))
            return reader.show_one(key, choose)
        self._command(method, resource, key, parameters, request)
        shown = self._options.silent == "record" and method != "DELETE"
        return reader.show_one(key, choose) if shown else []

    def _make(self, method: str, resource: str, request: ReceivedRequest, parameters: Parameters) -> Key:
        records = self._records(resource)
        body = read_record(request, parameters)
        return records.create(body) if method == "POST" else records.create_or_update(body)

    def _records(self, resource: str) -> RecordWriter:
        return RecordWriter(self._store, self._options, self._audit, resource)

    def _command(self, method: str, resource: str, key: int, parameters: Parameters, request: ReceivedRequest) -> None:
        match method:
            case "DELETE":
                self._records(resource).delete(key)
            case "EXTRACT":
                self._extract(parameters)
            case "PROCESS":
                people = self._records("subscriber")
                ImportProcessor(self._store, self._audit, people.create_or_update, key).process()
            case _:
                fields = read_fields(request, parameters) or {}
                Commander(self._store, self._options, self._audit, key).carry_out(method, fields)

    def _extract(self, parameters: Parameters) -> None:
        """
        Check what an extract is asked; the extract itself is a file on the vendor's side, and no API shows it.

        Source: List Resource, EXTRACT, parameters.
        """
        compiler = PredicateCompiler(SUBSCRIBER, self._options)
        for predicate in read_list_query(parameters, SUBSCRIBER).predicates:
            compiler.compile_test(predicate)
        notify = single(parameters, "notify")
        if notify is not None and self._store.row("list", read_key(notify, "notify")) is None:
            raise bad_request(f"list {notify} does not exist")


def _check_id(method: str, segments: Sequence[str]) -> None:
    """Source: the operations' "requires that no … ID be present", and that one be present."""
    if (method in _WITHOUT_ID) is (len(segments) == _DEPTH_OF_RECORD):
        wanted = "no id" if method in _WITHOUT_ID else "an id"
        raise bad_request(f"{method} requires {wanted} in the address")
