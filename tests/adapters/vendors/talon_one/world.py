"""One Talon.One source over a sandbox of its own: what the adapter's tests look at the world through."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
import uvicorn

from adapters.calls import CallScope
from adapters.contract import Slice, SliceQuery
from adapters.records import AudienceRecord, Entity, Record, SubscriberRecord
from adapters.vendors.talon_one.adapter import TalonOneAdapter, open_source
from adapters.vendors.talon_one.mapping import to_audience, to_subscriber
from adapters.vendors.talon_one.sandbox import Keys, Sandbox, create_sandbox
from adapters.vendors.talon_one.settings import TalonOneSettings

SOURCE = "promo"
KEYS = Keys()
DEPLOYMENT = "sandbox.europe-west1.talon.one"
CUSTOMER, AUDIENCE = Entity.SUBSCRIBER, Entity.AUDIENCE

GATEWAY_HEADERS = {
    "Authorization": f"ApiKey-v1 {KEYS.cdp}",
    "destination-hostname": DEPLOYMENT,
    "customer-data-platform-name": "My CDP platform",
}
INTEGRATION_HEADERS = {"Authorization": f"ApiKey-v1 {KEYS.integration}"}
MANAGEMENT_HEADERS = {"Authorization": f"ManagementKey-v1 {KEYS.management}"}


def build_settings(**changes: Any) -> TalonOneSettings:
    """A source's table, as the sandbox wants it."""
    table = {
        "vendor": "talon_one",
        "base_url": "http://127.0.0.1",
        "deployment": DEPLOYMENT,
        "platform_name": "Marketing Graph",
        "region": "AU",
        "auth": {"key": KEYS.cdp},
        "management": {"key": KEYS.management},
    }
    return TalonOneSettings.model_validate(table | changes)


@dataclass(frozen=True)
class World:
    """A sandbox and the adapter that speaks to it."""

    sandbox: Sandbox
    adapter: TalonOneAdapter
    settings: TalonOneSettings

    @property
    def lines(self) -> list[str]:
        """The calls the vendor received."""
        return [call.line for call in self.sandbox.calls.entries]

    def customers(self) -> list[SubscriberRecord]:
        """What the vendor really holds, in its own order."""
        store = self.sandbox.store
        rows = map(store.show_profile, store.list_profiles())
        return [to_subscriber(SOURCE, row, self.settings.attributes) for row in rows]

    def audiences(self) -> list[AudienceRecord]:
        """What the vendor really holds, in the order of ids."""
        store = self.sandbox.store
        return [to_audience(SOURCE, store.show_audience(each)) for each in store.audiences.values()]

    async def read(self, query: SliceQuery) -> Slice:
        """Read one slice."""
        return await self.adapter.fetch_slice(query, scope())


def build_world(sandbox: Sandbox | None = None, **settings: Any) -> World:
    """Build a world over the sandbox's own made-up account."""
    chosen, read = sandbox or create_sandbox(), build_settings(**settings)
    return World(chosen, open_source(SOURCE, read, httpx.ASGITransport(chosen.app)), read)


def scope(seconds: float = 30.0, max_calls: int = 1_000) -> CallScope:
    """A request with time and calls to spend."""
    now = asyncio.get_running_loop().time()
    return CallScope("op", "tenant", deadline_at=now + seconds, max_calls=max_calls, started_at=now)


async def read_line(world: World, query: SliceQuery, sizes: Sequence[int] = (25,)) -> list[Record]:
    """Read a whole line page by page, cycling through page sizes; a line that never ends fails."""
    records: list[Record] = []
    after = query.after
    for page in range(2_000):
        limit = sizes[page % len(sizes)]
        found = await world.read(replace(query, after=after, limit=limit))
        assert len(found.records) == len(found.positions) <= limit
        assert found.end or found.records
        records += found.records
        if found.end:
            return records
        after = found.positions[-1]
    raise AssertionError("the line never ended")


@contextlib.contextmanager
def serving(sandbox: Sandbox) -> Iterator[str]:
    """Serve a sandbox by real HTTP on a free port of this machine for the time of the block."""
    config = uvicorn.Config(
        sandbox.app, host="127.0.0.1", port=0, log_level="error", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
