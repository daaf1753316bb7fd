"""Two sources that know people, and asking for writes about one person at both."""

from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import MatchReason, Outcome, PersonMatch, PersonQuery, Source
from adapters.errors import FacadeError, VendorUnavailableError
from adapters.records import SubscriberRecord
from resolvers.context import RequestContext
from resolvers.writes.desk import WriteDesk
from resolvers.writes.people import write_people
from resolvers.writes.people_parts import UPSERT, PeopleArgs, PeoplePayload
from tests.resolvers.writes.conftest import EMAIL, SELECTION, World
from tests.resolvers.writes.fake_writer import ABILITIES, FakeVendor, FakeWriter, build_writing_source, writer_of

UPSERTS: Final = {"upsertSubscriber": ABILITIES["upsertSubscriber"]}


@dataclass
class FindingWriter(FakeWriter):
    """A source that is also looked into; while it is down nobody can look."""

    down: bool = False

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find whom the vendor was told of."""
        if self.down:
            raise VendorUnavailableError("It is down.", source=self.name, vendor="fake", operation="person.find")
        found = [email for email in self.vendor.people if email == query.email]
        return tuple(
            PersonMatch(SubscriberRecord(source=self.name, id=email, email=email), (MatchReason.EMAIL,))
            for email in found
        )


def build_source(name: str, vendor: FakeVendor | None = None) -> Source:
    source = build_writing_source(name, vendor)
    writer = FindingWriter(name, writer_of(source).table, vendor=vendor or FakeVendor())
    return replace(source, adapter=writer, writes=UPSERTS)


@dataclass
class HoldingWriter(FakeWriter):
    """A source in which certain people are found, whatever is looked for."""

    matches: tuple[PersonMatch, ...] = ()

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find them."""
        return self.matches


def build_holder(source: Source, vendor: FakeVendor, *matches: PersonMatch) -> Source:
    """Build a source that finds these people."""
    return replace(source, adapter=HoldingWriter(source.name, writer_of(source).table, vendor=vendor, matches=matches))


@dataclass
class Places:
    """Two sources over one world."""

    world: World
    sources: dict[str, Source]

    def context(self, desk: WriteDesk | None = None) -> RequestContext:
        ctx = self.world.context(desk=desk)
        ctx.sources = self.sources
        return ctx

    def vendor(self, name: str) -> FakeVendor:
        return writer_of(self.sources[name]).vendor

    async def ask(self, args: PeopleArgs, ctx: RequestContext | None = None) -> PeoplePayload:
        (value,) = await write_people([None], args, ctx or self.context(), SELECTION)
        if isinstance(value, FacadeError):
            raise value
        return value


def build_args(kind: str = UPSERT, **given: Any) -> PeopleArgs:
    return PeopleArgs(kind=kind, **{"named": {"email": EMAIL}, "fields": {"first_name": "Ann"}, **given})


def outcomes(payload: PeoplePayload) -> dict[str, Outcome]:
    return {part.source: part.outcome for part in payload.parts}
