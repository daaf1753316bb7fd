"""
A source that writes people in bulk: one request a chunk, each person in it with a verdict of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import ItemResult, Outcome, PreparedWrite, Source, WriteCommand, WriteResult
from adapters.errors import InputError, VendorRejectedError
from adapters.recipes import Recipe, Step, StepResult, plan_requests
from adapters.records import Entity
from adapters.transport.requests import Reply, VendorRequest
from tests.resolvers.fake_source import FakeAdapter, build_source
from tests.resolvers.writes.fake_writer import CHECK, FakeVendor, FakeWriter, build_ability

CHUNK: Final = 50
KIND: Final = "upsertSubscribers"
REFUSED: Final = "no@shop.example"


@dataclass
class BulkVendor(FakeVendor):
    """Takes chunks of people, in order, and refuses one address."""

    chunks: list[list[str]] = field(default_factory=list)

    def _write(self, person: dict[str, Any]) -> None:
        self.chunks.append([each["email"] for each in person["people"]])
        self.people |= {each["email"]: each for each in person["people"]}

    @property
    def emails(self) -> list[str]:
        """Every address that was written, as often as it was."""
        return [email for chunk in self.chunks for email in chunk]


@dataclass
class BulkWriter(FakeWriter):
    """Writes people in bulk, and keeps what each chunk might spend; who has no address cannot be sent."""

    scopes: list[CallScope] = field(default_factory=list)
    largest: int = 0

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check people, and build the request of their chunk."""
        self.scopes.append(scope)
        self.largest = max(self.largest, len(command.items))
        for place, item in enumerate(command.items):
            if "@" not in item["email"]:
                raise InputError("This is no e-mail address.", path=("input", "items", place, "email"))
        left_out = {place: "They have left." for place, item in enumerate(command.items) if item.get("left")}
        recipe = self._build_chunk(command, left_out)
        return PreparedWrite(
            command=command, requests=plan_requests(self.client, recipe), recipe=recipe, skipped=left_out
        )

    def _build_chunk(self, command: WriteCommand, left_out: Mapping[int, str]) -> Recipe:
        places = tuple(place for place in range(len(command.items)) if place not in left_out)
        people = [command.items[place] for place in places]
        body = json.dumps({"people": people}).encode()

        def build(_found: Mapping[str, str]) -> VendorRequest:
            return VendorRequest("people.write", "people", method="POST", body=body)

        def read(reply: Reply) -> StepResult:
            json.loads(reply.body)
            return StepResult(items=tuple(self._judge(place, command.items[place]["email"]) for place in places))

        step = Step(name="people.write", build=build, read=read, places=places)
        return Recipe(steps=(step,), touches=frozenset({Entity.SUBSCRIBER}), independent=True, check=CHECK)

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """Look for the people of a command; who is not there may come."""
        reply = await self.client.send(VendorRequest("people.read", "people"), scope)
        there = json.loads(reply.body)
        found = [place for place, item in enumerate(command.items) if item["email"] in there]
        items = tuple(ItemResult(place=place, outcome=Outcome.APPLIED) for place in found)
        return WriteResult(outcome=Outcome.UNKNOWN, items=items, check=CHECK)

    def _judge(self, place: int, email: str) -> ItemResult:
        if email != REFUSED:
            return ItemResult(place=place, outcome=Outcome.APPLIED, id=email)
        error = VendorRejectedError("The vendor refused it.", source=self.name, vendor="fake", operation="people.write")
        return ItemResult(place=place, outcome=Outcome.REJECTED, error=error)


def _sends(values: Mapping[str, Any]) -> bool:
    return bool(values.get("mails"))


def build_bulk_source(vendor: BulkVendor, *, reads_nothing: bool = False, read_back: str | None = None) -> Source:
    """Open a fake source that can be written to in bulk, and mails people where it is told to."""
    source = build_source("fake")
    assert isinstance(source.adapter, FakeAdapter)
    ability = replace(build_ability(read_back=read_back), bulk=CHUNK, reads_nothing=reads_nothing, sends=_sends)
    return replace(source, adapter=BulkWriter("fake", source.adapter.table, vendor=vendor), writes={KIND: ability})


def bulk_writer_of(source: Source) -> BulkWriter:
    """Return the fake behind a source."""
    assert isinstance(source.adapter, BulkWriter)
    return source.adapter
