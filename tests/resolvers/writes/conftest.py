"""One fake source, one ledger in a file, and as many desks over it as there are processes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from adapters.calls import CallScope
from adapters.contract import Source, WriteCommand
from adapters.errors import FacadeError
from adapters.ledger import Entry, EntryFilter
from adapters.ledger.store import open_ledger
from resolvers.context import RequestContext
from resolvers.principal import LOCAL, Principal
from resolvers.selection import Selection, build_selection
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.desk import WriteDesk
from resolvers.writes.payload import PayloadRecord
from resolvers.writes.pipeline import write
from tests.resolvers.writes.fake_writer import FakeVendor, build_writing_source

if TYPE_CHECKING:
    from tests.resolvers.writes.bulk_world import BulkWorld

EMAIL = "ann@shop.example"
SELECTION: Selection = build_selection("upsertSubscriber", "outcome")


def build_write(key: str | None = None, *, kind: str = "upsertSubscriber", **given: Any) -> WriteArgs:
    """Build a mutation about one person."""
    fields = {"email": EMAIL, **given.pop("fields", {})}
    consent = given.pop("consent", None)
    command = WriteCommand(kind=kind, source="fake", values={"fields": fields}, consent=consent)
    return WriteArgs(command=command, key=key, **given)


@dataclass
class World:
    """A source, its vendor, and desks over one ledger."""

    url: str
    vendor: FakeVendor = field(default_factory=FakeVendor)
    desks: list[WriteDesk] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source: Source = build_writing_source(vendor=self.vendor)

    async def open_desk(self, **options: Any) -> WriteDesk:
        self.desks.append(WriteDesk(await open_ledger(self.url, **options)))
        return self.desks[-1]

    def context(
        self, principal: Principal = LOCAL, *, desk: WriteDesk | None = None, deadline_s: float = 5.0
    ) -> RequestContext:
        chosen = desk or self.desks[0]

        async def find_desk() -> WriteDesk:
            return chosen

        now = asyncio.get_running_loop().time()
        return RequestContext(
            operation_id="test",
            principal=principal,
            sources={"fake": self.source},
            scope=CallScope("test", principal.tenant, deadline_at=now + deadline_s),
            find_desk=find_desk,
        )

    async def ask(self, args: WriteArgs, ctx: RequestContext | None = None) -> PayloadRecord | FacadeError:
        (value,) = await write([None], args, ctx or self.context(), SELECTION)
        return value

    async def write(self, args: WriteArgs, ctx: RequestContext | None = None) -> PayloadRecord:
        value = await self.ask(args, ctx)
        if isinstance(value, FacadeError):
            raise value
        return value

    async def rows(self) -> Sequence[Entry]:
        page, _ = await self.desks[0].ledger.fetch_page(EntryFilter(), after=None, limit=100)
        return page


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(f"sqlite:///{tmp_path}/ledger.db")
    await made.open_desk()
    yield made
    made.vendor.gate.set()
    for desk in made.desks:
        await desk.aclose()


@pytest.fixture
async def bulk(tmp_path: Path) -> "AsyncIterator[BulkWorld]":
    """A world whose vendor takes people in bulk."""
    from tests.resolvers.writes.bulk_world import BulkWorld
    from tests.resolvers.writes.bulk_writer import BulkVendor

    made = BulkWorld(f"sqlite:///{tmp_path}/ledger.db", BulkVendor())
    made.take_in_bulk()
    await made.open_bulk_desk()
    yield made
    made.vendor.gate.set()
    for desk in made.desks:
        await desk.aclose()
