"""
The write column of the fault matrix: everything a vendor can do wrong with a write, and what must be said of it.

Every cell is tried at every vendor, by the one write of each that must never be sent twice. A cell that cannot be at a
vendor stands in `INAPPLICABLE` with the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from adapters.sandbox import Fault
from tests.graph.write_cases import THOMAS


@dataclass(frozen=True, slots=True)
class Probe:
    """
    The write a vendor is tried with: `call` is the request of it that changes something, `good` how it is answered.

    `build` makes its input with a word of its own, so that no two are alike. `refusal` is an error inside a success,
    None where no document knows one; `odd` are answers whose needed part is missing, null, renamed or of another type;
    `as_text` has its numbers as text and `extra` keys that nobody knows. `blind_sends` is how often the call goes out
    where a 429 names no time to wait, and `renews` says that a session is renewed once when it is refused. `data_503`
    says that the vendor answers errors in what was sent with a 503, so that none is sent again, whatever it names.
    """

    mutation: str
    build: Callable[[str], Mapping[str, Any]]
    call: str
    good: str
    extra: str
    as_text: str
    odd: Mapping[str, str]
    refusal: str | None = None
    blind_sends: int = 1
    renews: bool = False
    data_503: bool = False


PROBES: Final[Mapping[str, Probe]] = {
    "taguchi_v4": Probe(
        "createList",
        lambda word: {"source": "taguchi_v4", "fields": {"name": word}},
        "POST /admin/api/1/list/",
        "APPLIED",
        '[{"id":7,"name":"Probe","new_key":[1]}]',
        '[{"id":"7","name":"Probe"}]',
        {
            "missing": '[{"name":"Probe"}]',
            "null": '[{"id":null,"name":"Probe"}]',
            "renamed": '[{"list_id":7,"name":"Probe"}]',
            "retyped": '[{"id":[7],"name":"Probe"}]',
        },
    ),
    "taguchi_v5": Probe(
        "logEvent",
        lambda word: {"source": "taguchi_v5", "person": {"email": THOMAS}, "type": "p", "data": {"word": word}},
        "POST /abc123/prod/subscriber",
        "APPLIED",
        '[{"code":200,"name":"OK","description":"","new_key":1}]',
        '[{"code":"200","name":"OK","description":""}]',
        {
            "missing": '[{"name":"OK","description":""}]',
            "null": '[{"code":null,"name":"OK","description":""}]',
            "renamed": '[{"status":200,"name":"OK","description":""}]',
            "retyped": '[{"code":[200],"name":"OK","description":""}]',
        },
        refusal='[{"code":400,"name":"Bad Request","description":"The server could not answer."}]',
    ),
    "taximail": Probe(
        "createSubscriber",
        lambda word: {
            "source": "taximail",
            "fields": {"email": f"{word}@example.com", "memberships": [{"listId": "402", "subscribed": True}]},
        },
        "/commit/",
        "APPLIED",
        '{"status":"success","code":200,"new_key":1,'
        '"data":{"subscribers_count":1,"success":1,"duplicate":0,"failed":0,"x":1}}',
        '{"status":"success","code":"200","data":{"subscribers_count":"1","success":"1","duplicate":"0","failed":"0"}}',
        {
            "missing": '{"status":"success","code":200,"data":{}}',
            "null": '{"status":"success","code":200,"data":null}',
            "renamed": '{"status":"success","code":200,"data":{"total":1,"imported":1}}',
            "retyped": '{"status":"success","code":200,"data":{"success":[1],"duplicate":0,"failed":0}}',
        },
        refusal='{"status":"error","code":400,"err_msg":"The server could not answer."}',
        renews=True,
        data_503=True,
    ),
    "sendios": Probe(
        "sendMessage",
        lambda word: {
            "source": "sendios",
            "recipients": [{"email": f"{word}@gmail.com"}],
            "sendios": {"kind": "SYSTEM", "typeId": "1", "projectId": "1"},
        },
        "/push/system",
        "ACCEPTED",
        '{"_meta":{"status":"SUCCESS","time":1,"count":1,"x":1},"data":{"queued":true,"new_key":1}}',
        '{"_meta":{"status":"SUCCESS","time":"1","count":"1"},"data":{"queued":true,"r_time":"0.1"}}',
        {
            "missing": '{"_meta":{"status":"SUCCESS"},"data":{}}',
            "null": '{"_meta":{"status":"SUCCESS"},"data":{"queued":null}}',
            "renamed": '{"_meta":{"status":"SUCCESS"},"data":{"enqueued":true}}',
            "retyped": '{"_meta":{"status":"SUCCESS"},"data":{"queued":[true]}}',
        },
        refusal='{"_meta":{"status":"ERROR","time":1,"count":1},"data":{"error":"The server could not answer."}}',
    ),
    "talon_one": Probe(
        "updateAudience",
        lambda word: {"source": "talon_one", "ref": "e/1", "name": word},
        "PUT /cdp/audiences",
        "APPLIED",
        '{"id":4,"name":"Probe","integration":"x","integrationId":"e/1","accountId":1,"new_key":1}',
        '{"id":"4","name":"Probe","integration":"x","integrationId":"e/1","accountId":"1"}',
        {
            "missing": '{"name":"Probe","integrationId":"e/1"}',
            "null": '{"id":null,"name":"Probe","integrationId":"e/1"}',
            "renamed": '{"audience_id":4,"name":"Probe","integrationId":"e/1"}',
            "retyped": '{"id":[4],"name":"Probe","integrationId":"e/1"}',
        },
        refusal='{"StatusCode":400,"Error":"The server could not answer.","RequestUUID":"1"}',
        blind_sends=3,
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One trouble, and what must be said of the write: its outcome, the error's code and reason (None: any).

    `fault` strikes the call that changes something; `body` is the name of a part of the probe that answers it instead.
    `address` is that of a vendor who cannot be reached. `sends` is how often the call goes out.
    """

    fault: Fault | None
    outcome: str
    code: str | None
    sends: int = 1
    body: str | None = None
    address: str | None = None
    reasons: frozenset[str] = field(default_factory=frozenset)


BLIND: Final = -1
"""As often as the probe says."""

GOOD: Final = "GOOD"
"""The outcome of the probe where nothing is wrong."""


def _lost(kind: str, *reasons: str, **settings: Any) -> Cell:
    return Cell(Fault(kind, **settings), "UNKNOWN", "OUTCOME_UNKNOWN", reasons=frozenset(reasons))


def _json(body: bytes) -> Cell:
    return _lost("json", body=body)


def _status(status: int, outcome: str, code: str | None, sends: int = 1, **settings: Any) -> Cell:
    return Cell(Fault("status", status=status, **settings), outcome, code, sends)


def _unreached(address: str, reason: str) -> Cell:
    return Cell(None, "NOT_SENT", "VENDOR_UNAVAILABLE", 0, address=address, reasons=frozenset({reason}))


def _part(body: str, outcome: str = "UNKNOWN", code: str | None = "OUTCOME_UNKNOWN") -> Cell:
    return Cell(None, outcome, code, body=body)


TOMORROW: Final = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
CELLS: Final[Mapping[str, Cell]] = {
    # no vendor at all
    "nobody listens": _unreached("http://127.0.0.1:{closed}", "CONNECT"),
    "no such name": _unreached("https://nowhere.invalid", "CONNECT"),
    "no TLS": _unreached("https://127.0.0.1:{open}", "TLS"),
    # time
    "hang": _lost("hang", "TIMEOUT"),
    "slow headers": _lost("delay", "TIMEOUT", seconds=3.0),
    "drip": _lost("drip", "TIMEOUT", bytes_per_s=20.0),
    # connection
    "reset before the answer": _lost("reset"),
    "reset in the body": _lost("reset", after_bytes=5),
    "short body": _lost("short_body"),
    "applied, then reset": _lost("reset", applied=True),
    "applied, then hang": _lost("hang", applied=True),
    "applied, then 502": _lost("status", status=502, applied=True),
    # bodies
    "truncated JSON": _lost("truncate"),
    "invalid UTF-8": _json(b'[{"id":1,"name":"\xff\xfe"}]'),
    "deep JSON": _json(b"[" * 50_000 + b"]" * 50_000),
    "NaN": _json(b'[{"id":NaN}]'),
    "web page": _lost("html"),
    "empty body": _lost("empty"),
    "null": _json(b"null"),
    "a text": _json(b'"OK"'),
    "numbers": _json(b"[1,2]"),
    "204": _status(204, "UNKNOWN", "OUTCOME_UNKNOWN"),
    "huge body": _lost("huge", size_bytes=200_000_000),
    "gzip bomb": _lost("gzip_bomb"),
    "gzip header on plain text": _lost("gzip_header_on_plain"),
    "wrong content type": Cell(Fault("content_type", content_type="text/html"), GOOD, None),
    "an error with status 200": _part("refusal", "REJECTED", "VENDOR_REJECTED"),
    # fields
    "extra field": _part("extra", GOOD, None),
    "numbers as text": _part("as_text", GOOD, None),
    **{f"{odd} field": _part(odd) for odd in ("missing", "null", "renamed", "retyped")},
    # statuses
    **{
        str(status): _lost("redirect", "REDIRECT", status=status, location=location)
        for status, location in (
            (301, "/canary"),
            (302, "/canary"),
            (307, "http://127.0.0.2:1/canary"),
            (308, "https://elsewhere.example/?auth=x"),
        )
    },
    "400": _status(400, "REJECTED", "VENDOR_REJECTED"),
    "422": _status(422, "REJECTED", "VENDOR_REJECTED"),
    "401": _status(401, "REJECTED", "VENDOR_AUTH"),
    "403": _status(403, "REJECTED", "VENDOR_AUTH"),
    "404": _status(404, "REJECTED", "NOT_FOUND"),
    "409": _status(409, "REJECTED", "CONFLICT"),
    "429 with a short wait": _status(429, GOOD, None, 2, retry_after="0", times=1),
    "429 for long": _status(429, "NOT_SENT", "RATE_LIMITED", retry_after="600"),
    "429 until tomorrow": _status(429, "NOT_SENT", "RATE_LIMITED", retry_after=TOMORROW),
    "429 for ever": _status(429, "NOT_SENT", "RATE_LIMITED", retry_after="9" * 40),
    "429 with nonsense": _status(429, "NOT_SENT", "RATE_LIMITED", BLIND, retry_after="soon"),
    "429": _status(429, "NOT_SENT", "RATE_LIMITED", BLIND),
    "500": _status(500, "UNKNOWN", "OUTCOME_UNKNOWN"),
    "502": _status(502, "UNKNOWN", "OUTCOME_UNKNOWN"),
    "503": _status(503, "UNKNOWN", "OUTCOME_UNKNOWN"),
    "503 with a short wait": _status(503, GOOD, None, 2, retry_after="0", times=1),
    "503 that goes on": _status(503, "NOT_SENT", "VENDOR_UNAVAILABLE", 3, retry_after="0"),
    "503 for long": _status(503, "NOT_SENT", "VENDOR_UNAVAILABLE", retry_after="600"),
    "503 until tomorrow": _status(503, "NOT_SENT", "VENDOR_UNAVAILABLE", retry_after=TOMORROW),
    "503 with nonsense": _status(503, "UNKNOWN", "OUTCOME_UNKNOWN", retry_after="soon"),
    "504": _status(504, "UNKNOWN", "OUTCOME_UNKNOWN"),
}
INAPPLICABLE: Final[Mapping[str, str]] = {
    "duplicate records, overlapping pages": "a write is answered by no page",
    "page cursor that never ends or repeats": "a write is answered by no page",
}
"""Rows of the matrix that are about reads alone."""

APART: Final[Mapping[str, str]] = {
    "vendor down for long": "test_a_vendor_that_is_down_is_left_alone",
}
"""Rows that need more than one call, with the test that tries them at every vendor."""
