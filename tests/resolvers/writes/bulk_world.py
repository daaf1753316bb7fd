"""
A world whose vendor takes people in bulk.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.ledger import Entry, ItemEntry, State
from adapters.ledger.store import open_ledger
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.desk import WriteDesk
from resolvers.writes.worker import BulkWorker
from tests.resolvers.writes.bulk_writer import KIND, BulkVendor, build_bulk_source
from tests.resolvers.writes.conftest import World

PEOPLE = 230
LEASE_S = 1.0


def build_scope(entry: Entry, items: int) -> CallScope:
    now = asyncio.get_running_loop().time()
    return CallScope(entry.id, entry.tenant, deadline_at=now + 5.0, max_calls=items)


class BulkWorld(World):
    """A world whose vendor takes people in bulk, and whose desks have a worker."""

    vendor: BulkVendor

    def take_in_bulk(self, **ability: Any) -> None:
        self.source = build_bulk_source(self.vendor, **ability)

    async def open_bulk_desk(self, lease_s: float = LEASE_S) -> WriteDesk:
        worker = BulkWorker({"fake": self.source}, build_scope)
        self.desks.append(WriteDesk(await open_ledger(self.url, lease_s=lease_s), worker))
        return self.desks[-1]

    async def wait_for(
        self, id_: str, done: Callable[[Entry], bool] = lambda entry: entry.state is State.DONE
    ) -> Entry:
        async with asyncio.timeout(20):
            while True:
                entry = await self.desks[-1].ledger.fetch(id_)
                assert entry is not None
                if done(entry):
                    return entry
                await asyncio.sleep(0.02)

    async def items(self, id_: str) -> list[ItemEntry]:
        items, more = await self.desks[-1].ledger.fetch_items(id_, after=-1, limit=1000)
        assert not more
        return items


def build_bulk(
    count: int = PEOPLE,
    key: str | None = None,
    others: Mapping[int, dict[str, Any]] | None = None,
    values: Mapping[str, Any] | None = None,
) -> WriteArgs:
    """Build a bulk mutation; `others` are items by their place."""
    people = {place: {"email": f"kim{place}@shop.example"} for place in range(count)}
    items = (people | dict(others or {})).values()
    return WriteArgs(command=WriteCommand(kind=KIND, source="fake", values=values or {}, items=tuple(items)), key=key)
