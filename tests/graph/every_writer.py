"""
The graph over one vendor's own sandbox, newly filled, to write to it and see every byte that it received.
"""

import dataclasses
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.contract import SandboxParts, Source, VendorPackage
from adapters.registry import find_vendors
from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox
from graph.server.app import create_app
from graph.server.sources import embedded_sandbox
from graph.settings import load_settings
from resolvers.ids import encode_id
from tests.graph.bulk_words import read_outcome, tell_outcome
from tests.graph.conftest import connect

SHOWN: Final = (
    "outcome warnings facts sourceId requests { step method url body } "
    "errors { code reason path vendorStatus vendorMessage } operation { id outcome check }"
)
READS: Final[Mapping[str, re.Pattern[str]]] = {
    "taguchi_v4": re.compile(r"GET (?!.*_method=)"),
    "taguchi_v5": re.compile(r"GET "),
    "taximail": re.compile(r"GET (?!.*/commit/)|POST /v2/user/login"),
    "sendios": re.compile(r"GET |POST /v1/email/check"),
    "talon_one": re.compile(r"GET |POST /v1/"),
}
"""What every vendor's document calls a read, or a log-in."""

BESIDE: Final = ("sendios", "taximail")
"""Opened beside a vendor: a source that is alone is not named after its vendor."""

_SECRET: Final = re.compile(r"(?<=auth=)[^&]*")
LEFT: Final = "2023-01-01T00:00:00"
READY: Final = {"id": 1, "approval_status": "deployed", "content": "<a/>"}
ROWS: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "list": [{"id": 5, "ref": "news", "name": "News"}, {"id": 6, "ref": "offers", "name": "Offers"}],
    "event": [{"ref": ref} for ref in ("s", "aac", "aaa", "aao", "aap", "aaq", "aat", "alc", "asc", "asu")],
    "campaign": [{"id": 1, "ref": "spring", "name": "Spring"}],
    "view": [{"id": 1, "ref": "vic", "name": "Victoria", "predicate": "true"}],
    "template": [{"id": 1, "ref": "plain", "name": "Plain", "revisions": [{"id": 1, "content": "<t/>"}]}],
    "import": [{"id": 1, "ref": "fair", "name": "Fair", "manifest": "<manifest/>"}],
    "activity": [
        {"id": 1, "name": "Ready", "date": "2099-01-01T00:00:00", "target_lists": "[5]", "revisions": [READY]},
        {"id": 2, "name": "Draft", "target_lists": "[5]", "revisions": [{"id": 2, "content": "<a/>"}]},
    ],
    "subscriber": [
        {"id": 1, "ref": "crm-1", "email": "ada@example.org", "firstname": "Ada", "lists": [{"list_id": 5}]},
        {"id": 2, "ref": "crm-2", "email": "gone@example.org", "unsubscribed": LEFT},
        {"id": 3, "ref": "crm-3", "email": "eve@example.org", "lists": [{"list_id": 6, "unsubscribed": LEFT}]},
    ],
}  # fmt: skip
"""Taguchi V4's small account: its large one takes a second to fill."""

SMALL_TABLE: Final = {
    "base_url": "/admin/api/1/",
    "organization_id": 1,
    "region": "AU",
    "auth": {"token": "sandbox-token"},
    "max_page": 1000,
}


def fill_small() -> Sandbox:
    """Make a Taguchi V4 account with a record or two of each kind."""
    sandbox = create_sandbox(seed=None)
    for resource, rows in ROWS.items():
        for row in rows:
            sandbox.store.insert(resource, dict(row))
    return sandbox


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: its line has the path with its query, secrets left out."""

    method: str
    url: str
    body: Any
    headers: Mapping[str, str]

    @property
    def line(self) -> str:
        """Method and address."""
        return f"{self.method} {self.url}"


@dataclass(slots=True)
class Tap:
    """Stands before a sandbox and keeps what it is sent; its control path is not the vendor's."""

    app: ASGIApp
    received: list[Received] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a request whole, keep it, and hand it on."""
        if scope["type"] != "http" or scope["path"].startswith("/_sandbox/"):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        url = scope["raw_path"].decode() + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        self.received.append(Received(scope["method"], _SECRET.sub("REDACTED", url), _parse(body), headers))
        await self.app(scope, _replay(body, receive), send)


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode()


@dataclass(slots=True)
class Writing:
    """The real app over sandboxes of their own, each source named after its vendor."""

    app: FastAPI
    client: httpx.AsyncClient
    taps: Mapping[str, Tap]
    doors: Mapping[str, httpx.AsyncClient]
    sources: Mapping[str, Source]

    async def ask(self, query: str, **variables: Any) -> Any:
        """Ask, and return the whole answer."""
        return (await self.client.post("/graphql", json={"query": query, "variables": variables})).json()

    async def read(self, query: str, **variables: Any) -> Any:
        """Ask what must succeed, and return its data."""
        answer = await self.ask(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def write(self, name: str, tells: str = "", /, **given: Any) -> Any:
        """Carry out one mutation and return its payload."""
        answer = await self.ask(build_write(name, SHOWN, tells), input=given)
        assert "errors" not in answer, answer
        return read_outcome(answer["data"][name])

    async def misbehave(self, vendor: str, **fault: Any) -> None:
        """Put a fault in force."""
        assert (await self.doors[vendor].post("/_sandbox/faults", json=fault)).status_code == 200

    async def behave(self, vendor: str) -> None:
        """Take every fault back."""
        await self.doors[vendor].delete("/_sandbox/faults")

    def list_writes(self, vendor: str) -> list[Received]:
        """What a vendor received that was no read, in order."""
        return [each for each in self.taps[vendor].received if not READS[vendor].match(each.line)]

    def forget(self) -> None:
        """Forget what was received."""
        for tap in self.taps.values():
            tap.received.clear()


def build_write(name: str, shown: str, tells: str = "") -> str:
    """Build the document of a mutation."""
    said = f"{tell_outcome(name, shown)} {tells}"
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {said} }} }}"


def id_of(vendor: str, kind: str, key: object) -> str:
    """The id of a record in the graph."""
    return encode_id(vendor, kind, (str(key),))


@asynccontextmanager
async def open_writing(*vendors: str, **settings: Any) -> AsyncIterator[Writing]:
    """Open the app over newly filled sandboxes of these vendors."""
    taps: dict[str, Tap] = {}
    named = {*vendors, *BESIDE} if len(vendors) == 1 else {*vendors}
    sources = embedded_sandbox({name: _tap(find_vendors()[name], taps) for name in sorted(named)})
    app = create_app(load_settings(**{"cache": False, **settings}), sources=sources)
    doors = {name: connect(tap) for name, tap in taps.items()}
    async with connect(app) as client:
        yield Writing(app, client, taps, doors, sources.by_name)
        await app.state.desks.aclose()
    for door in doors.values():
        await door.aclose()
    await sources.aclose()


def _tap(package: VendorPackage, taps: dict[str, Tap]) -> VendorPackage:
    small = package.name == "taguchi_v4"
    parts = SandboxParts(fill_small().app, SMALL_TABLE) if small else package.sandbox()
    taps[package.name] = Tap(parts.app)
    tapped = dataclasses.replace(parts, app=taps[package.name])
    return dataclasses.replace(package, sandbox=lambda: tapped)


_PLACEHOLDERS: Final[Mapping[str, str]] = {
    "{now}": r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?",
    "{id}": r"\d+",
    "{key_import}": r"[0-9a-f]{32}",
    "{token}": r"[0-9a-f]{32}",
}
"""What may stand for what is not known yet, and what must then be sent in its place."""


def equals(shown: Any, sent: Any) -> bool:
    """Say whether what was sent is what was shown, placeholders aside."""
    if isinstance(shown, str) and isinstance(sent, str):
        return _build_pattern(shown).fullmatch(sent) is not None
    if isinstance(shown, dict) and isinstance(sent, dict):
        return list(shown) == list(sent) and all(equals(shown[key], sent[key]) for key in shown)
    if isinstance(shown, list) and isinstance(sent, list):
        return len(shown) == len(sent) and all(map(equals, shown, sent))
    return type(shown) is type(sent) and bool(shown == sent)


def _build_pattern(shown: str) -> re.Pattern[str]:
    pattern = re.escape(shown)
    for name, meant in _PLACEHOLDERS.items():
        pattern = pattern.replace(re.escape(name), meant)
    return re.compile(pattern)


def assert_sent_as_shown(vendor: str, shown: Sequence[Mapping[str, Any]], received: Sequence[Received]) -> None:
    """Every request that was shown is sent, in order and as it was shown; beside them nothing but reads."""
    left = list(received)
    for each in shown:
        line = f"{each['method']} {each['url']}"
        passed = []
        while left and not (equals(unquote(line), unquote(left[0].line)) and equals(each["body"], left[0].body)):
            passed.append(left.pop(0).line)
        assert left, f"{line} {each['body']} was shown and not sent; sent: {passed}"
        assert all(READS[vendor].match(other) for other in passed), f"sent and not shown: {passed}"
        left.pop(0)
    assert all(READS[vendor].match(other.line) for other in left), f"sent and not shown: {[each.line for each in left]}"
