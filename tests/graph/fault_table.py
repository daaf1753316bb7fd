"""
Everything a vendor can do wrong with a read, and what must come of it.

One graph has a source of its own for every fault, so breakers and budgets do not mix and all faults can strike side by
side. A fault strikes the calls for lists that carry the source's number, as `id-lt-900017`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

from adapters.sandbox import Fault
from tests.graph.real_vendor import Answered, OpenGraph, RealVendor, describe_source, free_port, open_graph

DEADLINE_S: Final = 12.0
SHORT_S: Final = 2.0

QUERY: Final = """query($source: ID!, $mark: ID!) {
  lists(source: $source, first: 2, filter: {vendorId: {lt: $mark}}) {
    nodes { vendorId name } read: nodes { createdAt }
  }
  campaigns(source: $source, first: 2) { nodes { vendorId name } }
  elsewhere: subscribers(source: "sound", first: 2) { nodes { vendorId } }
}"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """
    A fault of the vendor and what must come of it.

    `attempts` is how often the read is sent before it is given up. `status` and `retry_after` are what the error tells
    of the vendor; `hasty` sources give one attempt only half a second. `settings` replace the fault by a source that
    cannot be reached at all.
    """

    fault: Fault | None
    code: str
    reason: str
    attempts: int = 1
    status: int | None = None
    retry_after: float | None = None
    hasty: bool = False
    message: str | None = None
    settings: str | None = None

    @property
    def vendor_status(self) -> int | None:
        """The status the error tells: that of a reply that was read whole, or that was all there was to see."""
        if self.reason == "REDIRECT" and self.fault is not None:
            return self.fault.status or 302
        return 200 if self.reason in READ_WHOLE else self.status


READ_WHOLE: Final = {"BODY_NOT_JSON", "BODY_HTML", "BODY_EMPTY", "ROWS_EXPECTED", "RECORD_UNREADABLE"}


def _json(body: bytes, reason: str, **more: Any) -> Trouble:
    return Trouble(Fault("json", body=body), "VENDOR_BAD_RESPONSE", reason, **more)


def _bad(kind: str, reason: str, **settings: Any) -> Trouble:
    return Trouble(Fault(kind, **settings), "VENDOR_BAD_RESPONSE", reason)


def _broken(kind: str, **settings: Any) -> Trouble:
    return Trouble(Fault(kind, **settings), "VENDOR_UNAVAILABLE", "RESET", attempts=3)


def _late(kind: str, **settings: Any) -> Trouble:
    return Trouble(Fault(kind, **settings), "VENDOR_TIMEOUT", "TIMEOUT", attempts=3, hasty=True)


def _status(
    status: int, code: str, reason: str, *, attempts: int = 1, told: float | None = None, **settings: Any
) -> Trouble:
    shown = SAID if code in {"VENDOR_REJECTED", "VENDOR_AUTH", "CONFLICT"} or reason in REFUSALS else None
    fault = Fault("status", status=status, **settings)
    return Trouble(fault, code, reason, attempts, status, message=shown, retry_after=told)


def _throttled(after: str | None, retry_after: float | None) -> Trouble:
    fault = Fault("status", status=429, retry_after=after)
    return Trouble(fault, "RATE_LIMITED", "THROTTLED", status=429, retry_after=retry_after)


SAID: Final = "The server could not answer."
"""What the sandbox's refusals say after the line break; the only text of a vendor's that may be repeated."""

REFUSALS: Final = {"NO_ADDRESS", "RESOURCE_UNSUPPORTED", "FORMAT_UNSUPPORTED", "STATUS_UNKNOWN"}
TOMORROW: Final = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)

TROUBLES: Final[Mapping[str, Trouble]] = {
    # time
    "hang": _late("hang"),
    "slow answer": _late("delay", seconds=4.0),
    "drip": _late("drip", bytes_per_s=20.0),
    # connection
    "reset before the answer": _broken("reset"),
    "reset in the body": _broken("reset", after_bytes=40),
    "short body": _broken("short_body"),
    # bodies
    "truncated JSON": _bad("truncate", "BODY_NOT_JSON"),
    "invalid UTF-8": _json(b'[{"id":1,"name":"\xff\xfe"}]', "BODY_NOT_JSON"),
    "deep JSON": _json(b"[" * 60_000 + b"]" * 60_000, "BODY_NOT_JSON"),
    "NaN": _json(b'[{"id":NaN}]', "BODY_NOT_JSON"),
    "web page": _bad("html", "BODY_HTML"),
    "empty body": _bad("empty", "BODY_EMPTY"),
    "null": _json(b"null", "ROWS_EXPECTED"),
    "a text": _json(b'"nothing"', "ROWS_EXPECTED"),
    "a number": _json(b"7", "ROWS_EXPECTED"),
    "an object": _json(b'{"rows":[]}', "ROWS_EXPECTED"),
    "numbers": _json(b"[1,2]", "ROWS_EXPECTED"),
    "nulls": _json(b"[null]", "ROWS_EXPECTED"),
    "lists": _json(b"[[],[]]", "ROWS_EXPECTED"),
    "an error with status 200": _json(b'{"error":"auth expired","trace":"at /srv/app.php:7"}', "ROWS_EXPECTED"),
    "huge body": _bad("huge", "BODY_TOO_LARGE"),
    "gzip bomb": _bad("gzip_bomb", "BODY_TOO_LARGE"),
    "gzip header on plain text": _bad("gzip_header_on_plain", "BODY_ENCODING"),
    # rows
    "missing id": _bad("missing_field", "RECORD_UNREADABLE", field="id"),
    "id of another type": _bad("retyped_field", "RECORD_UNREADABLE", field="id", value=[1]),
    "id with a fraction": _bad("retyped_field", "RECORD_UNREADABLE", field="id", value=1.5),
    "text of another type": _bad("retyped_field", "RECORD_UNREADABLE", field="name", value={"a": 1}),
    "time in another format": _bad("retyped_field", "RECORD_UNREADABLE", field="timestamp", value="17/01/2025"),
    "time as a number": _bad("retyped_field", "RECORD_UNREADABLE", field="timestamp", value=1_737_072_000),
    # statuses
    "301": _bad("redirect", "REDIRECT", status=301, location="/canary"),
    "302": _bad("redirect", "REDIRECT", location="/canary"),
    "307": _bad("redirect", "REDIRECT", status=307, location="http://127.0.0.2:1/canary"),
    "308": _bad("redirect", "REDIRECT", status=308, location="https://elsewhere.example/?auth=x"),
    "400": _status(400, "VENDOR_REJECTED", "NOT_ACCEPTED"),
    "401": _status(401, "VENDOR_AUTH", "CREDENTIALS_REFUSED"),
    "403": _status(403, "VENDOR_AUTH", "CREDENTIALS_REFUSED"),
    "404": _status(404, "VENDOR_BAD_RESPONSE", "NO_ADDRESS"),
    "405": _status(405, "VENDOR_BAD_RESPONSE", "RESOURCE_UNSUPPORTED"),
    "406": _status(406, "VENDOR_BAD_RESPONSE", "FORMAT_UNSUPPORTED"),
    "409": _status(409, "CONFLICT", "STATE_CONFLICT"),
    "418": _status(418, "VENDOR_BAD_RESPONSE", "STATUS_UNKNOWN"),
    "422": _status(422, "VENDOR_REJECTED", "NOT_ACCEPTED"),
    "429": _throttled(None, None),
    "429 for long": _throttled("600", 600.0),
    "429 until tomorrow": _throttled(TOMORROW, 3600.0),
    "429 for ever": _throttled("9" * 40, 3600.0),
    "429 with nonsense": _throttled("soon", None),
    "500": _status(500, "VENDOR_UNAVAILABLE", "STATUS_500", attempts=3),
    "501": _status(501, "VENDOR_UNAVAILABLE", "STATUS_501"),
    "502": _status(502, "VENDOR_UNAVAILABLE", "STATUS_502", attempts=3),
    "503": _status(503, "VENDOR_UNAVAILABLE", "STATUS_503", attempts=3),
    "503 with Retry-After": _status(503, "VENDOR_UNAVAILABLE", "STATUS_503", attempts=3, told=1.0, retry_after="1"),
    "504": _status(504, "VENDOR_UNAVAILABLE", "STATUS_504", attempts=3),
    # no vendor at all
    "nobody listens": Trouble(None, "VENDOR_UNAVAILABLE", "CONNECT", attempts=3, settings="http://127.0.0.1:{closed}"),
    "no such name": Trouble(None, "VENDOR_UNAVAILABLE", "CONNECT", attempts=3, settings="https://nowhere.invalid"),
    "no TLS": Trouble(None, "VENDOR_UNAVAILABLE", "TLS", settings="https://127.0.0.1:{open}"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one fault: the answer, the vendor calls it cost, and the answer to the same operation after it."""

    answered: Answered
    received: list[str]
    after: Answered


def source_of(place: int) -> str:
    """The name of the source a fault of the table belongs to."""
    return f"s{place}"


def mark_of(place: int) -> str:
    """The number in the calls of that source."""
    return str(900_000 + place)


def write_tables(vendor: RealVendor, auth: str) -> list[str]:
    """Write the sources: a sound one, and one for each fault."""
    port, closed = vendor.url.rpartition(":")[2], free_port()
    tables = [describe_source("sound", vendor.url, auth=auth)]
    for place, trouble in enumerate(TROUBLES.values()):
        url = vendor.url if trouble.settings is None else trouble.settings.format(open=port, closed=closed)
        lines = [f"attempt_s = {SHORT_S if trouble.hasty else 8}"]
        lines += ["allow_private = true"] if url.startswith("https://127") else []
        tables.append(describe_source(source_of(place), url, *lines, auth=auth))
    return tables


@asynccontextmanager
async def open_troubled(vendor: RealVendor, folder: Path, auth: str) -> AsyncIterator[OpenGraph]:
    """Put every fault of the table in force, each for its own source, and open the graph over all of them."""
    vendor.behave()
    vendor.misbehave(
        *(
            replace(trouble.fault, match=f"id-lt-{mark_of(place)}&")
            for place, trouble in enumerate(TROUBLES.values())
            if trouble.fault is not None
        )
    )
    async with open_graph(folder, *write_tables(vendor, auth), limit_deadline_s=DEADLINE_S) as graph:
        yield graph
    vendor.behave()


async def run_table(vendor: RealVendor, folder: Path, auth: str) -> dict[str, Outcome]:
    """Let every fault strike once, all side by side, and ask again when they are over."""
    async with open_troubled(vendor, folder, auth) as graph:
        struck = await ask_all(graph)
        canary = vendor.received("canary")
        received = [[*vendor.received(f"id-lt-{mark_of(place)}&"), *canary] for place in range(len(TROUBLES))]
        vendor.behave()
        after = await ask_all(graph, at_once=4)  # nobody in a hurry must wait for the others' turns
    return {
        name: Outcome(answered, lines, later)
        for name, answered, lines, later in zip(TROUBLES, struck, received, after, strict=True)
    }


async def ask_all(graph: OpenGraph, *, at_once: int = len(TROUBLES)) -> list[Answered]:
    """Send the operation to every source of the table."""
    places = asyncio.Semaphore(at_once)

    async def ask(place: int) -> Answered:
        async with places:
            return await graph.ask(QUERY, source=source_of(place), mark=mark_of(place))

    return await asyncio.gather(*map(ask, range(len(TROUBLES))))
