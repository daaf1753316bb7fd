"""
A source that can be written to, by contract: one recipe over a vendor whose answers can be lost, late or refused.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx
from pydantic import SecretStr

from adapters.calls import CallScope
from adapters.contract import (
    Outcome,
    PreparedWrite,
    Source,
    WriteCapability,
    WriteCommand,
    WriteResult,
    WriteScope,
)
from adapters.contract.writing import Journal
from adapters.errors import ConsentError, InputError, VendorRejectedError
from adapters.filters.capability import Evidence
from adapters.recipes import Recipe, Step, StepResult, plan_requests, run_recipe
from adapters.records import Entity
from adapters.transport.auth import QueryAuth
from adapters.transport.client import VendorClient
from adapters.transport.limits import ClientLimits
from adapters.transport.requests import Reply, VendorRequest
from tests.resolvers.fake_source import FakeAdapter, build_source

CHECK: Final = "Look for the person."
ATTEMPT_S: Final = 5.0

Judge = Callable[[int], Exception | httpx.Response | None]


def _let_pass(_number: int) -> None:
    return None


@dataclass
class FakeVendor(httpx.AsyncBaseTransport):
    """
    People by e-mail address, and every write that was done to them, in order.

    `before` may refuse a request by its number, from 1, before it does anything; `after` lose the answer of one that
    was done. While `gate` is closed nothing is answered.
    """

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: list[dict[str, Any]] = field(default_factory=list)
    received: int = 0
    looks: int = 0
    before: Judge = _let_pass
    after: Judge = _let_pass
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Open the gate."""
        self.gate.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if request.method == "GET":
            self.looks += 1
            return httpx.Response(200, json=self.people)
        self.received += 1
        number = self.received
        refused = self.before(number)
        self.arrived.set()
        if refused is None:
            self._write(json.loads(request.content))
            refused = self.after(number)
            await self.gate.wait()
        if isinstance(refused, Exception):
            raise refused
        return refused or httpx.Response(200, json={"id": str(number)})

    def _write(self, person: dict[str, Any]) -> None:
        self.writes.append(person)
        self.people[person["email"]] = person


@dataclass
class FakeWriter(FakeAdapter):
    """Writes people: each write is one request. Where it `judges`, who is not there was not written."""

    vendor: FakeVendor = field(default_factory=FakeVendor)
    looked: int = 0
    judges: bool = False

    def __post_init__(self) -> None:
        """Connect to the vendor."""
        self.client = VendorClient(
            source=self.name,
            vendor="fake",
            base_url="http://127.0.0.1/fake",
            transport=self.vendor,
            authorize=QueryAuth("auth", SecretStr("hunter2")),
            limits=ClientLimits(attempt_s=ATTEMPT_S, breaker_failures=1000),
        )

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check a person, and build the request."""
        fields = command.values["fields"]
        if "@" not in fields.get("email", "@"):
            raise InputError("This is no e-mail address.", path=("input", "fields", "email"))
        if fields.get("state") == "back" and command.consent is None:
            raise ConsentError("The person had left.", path=("input", "fields", "state"))
        recipe = self._build_recipe(fields)
        return PreparedWrite(command=command, requests=plan_requests(self.client, recipe), recipe=recipe)

    def _build_recipe(self, fields: Mapping[str, Any]) -> Recipe:
        def build(_found: Mapping[str, str]) -> VendorRequest:
            return VendorRequest("person.write", "people", method="POST", body=json.dumps(fields).encode())

        step = Step(name="person.write", build=build, read=self._read_reply)
        return Recipe(steps=(step,), touches=frozenset({Entity.SUBSCRIBER}), check=CHECK)

    def _read_reply(self, reply: Reply) -> StepResult:
        if reply.status == 400:
            raise VendorRejectedError(
                "The vendor refused it.",
                source=self.name,
                vendor="fake",
                operation="person.write",
                status=400,
                vendor_message="no such thing",
            )
        id_: str = json.loads(reply.body)["id"]
        return StepResult(id=id_, known_by={"person": id_}, warnings=("All is well.",))

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send the request."""
        assert isinstance(prepared.recipe, Recipe)
        return await run_recipe(self.client, prepared.recipe, scope, journal)

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """Look for the person."""
        self.looked += 1
        reply = await self.client.send(VendorRequest("person.read", "people"), scope)
        fields = command.values["fields"]
        if json.loads(reply.body).get(fields["email"]) == fields:
            return WriteResult(outcome=Outcome.APPLIED, id="found")
        return (
            WriteResult(outcome=Outcome.REJECTED) if self.judges else WriteResult(outcome=Outcome.UNKNOWN, check=CHECK)
        )


def build_ability(scope: WriteScope = WriteScope.WRITE, read_back: str | None = "person.read") -> WriteCapability:
    """Build what the fake can do of a mutation."""
    return WriteCapability(
        call="POST /people",
        repeatable=False,
        read_back=read_back,
        scope=scope,
        evidence=Evidence.DOCUMENTED,
        section="the fake's document",
        touches=frozenset({Entity.SUBSCRIBER}),
    )


ABILITIES: Final = {
    "upsertSubscriber": build_ability(),
    "createSubscriber": build_ability(read_back=None),
    "sendMessage": build_ability(WriteScope.SEND),
}


def build_writing_source(name: str = "fake", vendor: FakeVendor | None = None) -> Source:
    """Open a fake source that can be written to."""
    source = build_source(name)
    assert isinstance(source.adapter, FakeAdapter)
    writer = FakeWriter(name, source.adapter.table, vendor=vendor or FakeVendor())
    return replace(source, adapter=writer, writes=ABILITIES)


def writer_of(source: Source) -> FakeWriter:
    """Return the fake behind a source."""
    assert isinstance(source.adapter, FakeWriter)
    return source.adapter
