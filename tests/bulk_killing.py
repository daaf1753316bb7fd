"""
Bulk writes of our real server over real sockets: how often each person was sent, and what the ledger tells of each.

What a vendor received is counted in front of its emulator, body by body.
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.sandbox import Fault
from adapters.vendors.taguchi_v5.sandbox import OPENAPI_FILE, SandboxOptions
from adapters.vendors.taguchi_v5.sandbox import create_sandbox as create_endpoint
from adapters.vendors.talon_one.sandbox import Keys
from adapters.vendors.talon_one.sandbox import create_sandbox as create_tenant
from tests.graph.real_vendor import serving
from tests.killing import KilledServer

DONE_LIMIT_S: Final = 300.0
KEY: Final = "sandbox-key"
ENVIRONMENT: Final = {"WEB_TOKEN": "sandbox-token", "PROMO_KEY": KEY}
TABLES: Final = """
[sources.web]
vendor = "taguchi_v5"
base_url = "{web}/abc123/prod"
organization_id = 482
auth = {{ token = {{ env = "WEB_TOKEN" }} }}
openapi = {{ file = "{openapi}" }}
region = "AU"
identify_by = "email"
allow_creation = true
allow_updates = true

[sources.promo]
vendor = "talon_one"
base_url = "{promo}"
deployment = "sandbox.europe-west1.talon.one"
platform_name = "Marketing Graph"
auth = {{ key = {{ env = "PROMO_KEY" }} }}
management = {{ key = {{ env = "PROMO_KEY" }} }}
"""
LOOK: Final = """
query ($id: ID!, $after: String) {
  writeOperation(id: $id) {
    state outcome check counts { state outcome count }
    items(first: 100, after: $after) { nodes { place outcome } pageInfo { hasNextPage endCursor } }
  }
}
"""
_READING: Final = "/v1/"
"""Where Talon.One is searched, by POST."""

_REF: Final = re.compile(rb"kim(\d+)@bulk\.example")


@dataclass(frozen=True, slots=True)
class Bulk:
    """One bulk mutation: its name, its source, and what it says of each person."""

    name: str
    source: str
    item: Mapping[str, Any]
    named: str

    def build_body(self, count: int, key: str) -> dict[str, Any]:
        """Build the request about so many people."""
        kind = self.name[0].upper() + self.name[1:]
        query = (
            f"mutation ($input: {kind}Input!) {{ {self.name}(input: $input) "
            "{ errors { message } operation { id } } }"
        )
        items = [{self.named: f"kim{place}@bulk.example", **self.item} for place in range(count)]
        return {"query": query, "variables": {"input": {"source": self.source, "idempotencyKey": key, "items": items}}}


PROFILES: Final = Bulk("upsertSubscribers", "web", {"firstName": "Kim", "lastName": "Lee", "title": "Dr"}, "email")
AUDIENCES: Final = Bulk("changeAudiences", "promo", {"join": ["1"]}, "ref")


@dataclass
class Witness:
    """Counts how often each person was sent to a vendor, and in how many bodies."""

    app: ASGIApp
    sent: Counter[int] = field(default_factory=Counter)
    bodies: int = 0
    came: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, having counted what it holds."""
        if scope["type"] != "http" or scope["method"] == "GET" or scope["path"].startswith(_READING):
            await self.app(scope, receive, send)
            return
        body = bytearray()

        async def read() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            if not message.get("more_body", False) and body:
                self._count(bytes(body))
                body.clear()
            return message

        await self.app(scope, read, send)

    def _count(self, body: bytes) -> None:
        found = {int(number) for number in _REF.findall(body)}
        if found:
            self.sent.update(found)
            self.bodies += 1
            self.came.set()


@dataclass
class BulkScene:
    """Both vendors behind real sockets, counted, and the server over them that is asked, beside others."""

    server: KilledServer
    witnesses: Mapping[str, Witness]
    others: Sequence[KilledServer] = ()

    def ask(self, body: Mapping[str, Any]) -> Any:
        """Ask the server, and return the data."""
        with httpx.Client(trust_env=False, timeout=60) as client:
            answer = client.post(self.server.url, json=body).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def start(self, bulk: Bulk, count: int, key: str) -> str:
        """Ask for a bulk write, and return its operation's id once it is accepted."""
        payload = self.ask(bulk.build_body(count, key))[bulk.name]
        assert payload["errors"] == []
        id_: str = payload["operation"]["id"]
        return id_

    def wait_for(self, id_: str) -> dict[str, Any]:
        """Return a write once it is done."""
        give_up_at = time.monotonic() + DONE_LIMIT_S
        while (found := self._look(id_, None))["state"] != "DONE":
            assert time.monotonic() < give_up_at, f"{found}\n{self.server.log}"
            time.sleep(0.1)
        return found

    def read_outcomes(self, id_: str) -> list[str]:
        """Read what became of every item, page by page."""
        outcomes: list[str] = []
        after = None
        while True:
            page = self._look(id_, after)["items"]
            outcomes += [node["outcome"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return outcomes

    def _look(self, id_: str, after: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self.ask({"query": LOOK, "variables": {"id": id_, "after": after}})["writeOperation"]
        return found

    def read_memory_mb(self, name: str) -> float:
        """Return what the server's process holds now (`VmRSS`) or held at its most (`VmHWM`)."""
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) / 1024


@contextmanager
def open_scene(
    folder: Path, *, delay_s: float = 0.0, ledger_url: str | None = None, others: int = 0
) -> Iterator[BulkScene]:
    """
    Serve both vendors and start the server, over a file or the ledger of a URL; it is stopped at the end.

    `others` are further servers over the same vendors and ledger, which nobody asks anything yet.
    """
    endpoint = create_endpoint(options=SandboxOptions(identify_by="email"))
    tenant = create_tenant(keys=Keys(cdp=KEY, integration=KEY, management=KEY), customers=5)
    for faults in (endpoint.faults, tenant.faults):
        faults.add(Fault(kind="delay", match="", seconds=delay_s))
    witnesses = {"web": Witness(endpoint.app), "promo": Witness(tenant.app)}
    with serving(witnesses["web"]) as web, serving(witnesses["promo"]) as promo:
        tables = TABLES.format(web=web, promo=promo, openapi=OPENAPI_FILE)
        environment = {**ENVIRONMENT, **({"MARKETING_GRAPH_LEDGER_URL": ledger_url} if ledger_url else {})}
        servers = [KilledServer(folder / f"server{number}", tables, environment) for number in range(1 + others)]
        for server in servers:
            server.start()
        try:
            yield BulkScene(servers[0], witnesses, servers[1:])
        finally:
            for server in servers:
                server.stop()
