"""One Taguchi V4 source over a sandbox of its own: what the adapter's tests look at the world through."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from adapters.calls import CallScope
from adapters.contract import Slice, SliceQuery
from adapters.filters.order import Position
from adapters.records import Entity, Record
from adapters.vendors.taguchi_v4.adapter import TaguchiV4Adapter, open_source
from adapters.vendors.taguchi_v4.mapping import to_record
from adapters.vendors.taguchi_v4.resources import RESOURCES
from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from adapters.vendors.taguchi_v4.settings import TaguchiV4Settings

SOURCE = "retail"
TOKEN = "sandbox-token"
SUBSCRIBER = Entity.SUBSCRIBER


def build_settings(**changes: Any) -> TaguchiV4Settings:
    """A source's table, as the sandbox wants it."""
    table = {
        "vendor": "taguchi_v4",
        "base_url": "http://127.0.0.1",
        "organization_id": 1,
        "auth": {"token": TOKEN},
        "max_page": 1000,
    }
    return TaguchiV4Settings.model_validate(table | changes)


@dataclass(frozen=True)
class World:
    """A sandbox and the adapter that speaks to it."""

    sandbox: Sandbox
    adapter: TaguchiV4Adapter

    @property
    def queries(self) -> list[str]:
        """The calls the vendor received: `path?query`, without what every call carries."""
        return [_shorten(call.line) for call in self.sandbox.calls.entries]

    @property
    def calls(self) -> int:
        """How many calls the vendor received."""
        return len(self.sandbox.calls.entries)

    def forget(self) -> None:
        """Start counting calls anew."""
        self.sandbox.calls.clear()

    def records(self, entity: Entity = SUBSCRIBER) -> list[Record]:
        """What the vendor really holds."""
        return [to_record(entity, SOURCE, row) for row in self.sandbox.store.rows(RESOURCES[entity])]

    async def read(self, query: SliceQuery) -> Slice:
        """Read one slice."""
        return await self.adapter.fetch_slice(query, scope())


def _shorten(line: str) -> str:
    method, _, rest = line.partition(" ")
    path, _, query = rest.partition("?")
    kept = [part for part in query.split("&") if part != "auth=REDACTED"]
    shown = path.removeprefix("/admin/api/1/") + ("?" + "&".join(kept) if kept else "")
    return shown if method == "GET" else f"{method} {shown}"


def build_world(
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    *,
    options: SandboxOptions | None = None,
    seed: int | None = None,
    people: int = 5_000,
    **settings: Any,
) -> World:
    """Build a world that holds just these rows, or (with `seed`) the sandbox's own made-up people."""
    sandbox = create_sandbox(seed, subscribers=people, events=0, options=options)
    for resource, records in (rows or {}).items():
        for record in records:
            sandbox.store.insert(resource, record)
    adapter = open_source(SOURCE, build_settings(**settings), httpx.ASGITransport(sandbox.app))
    return World(sandbox, adapter)


def scope(seconds: float = 30.0, max_calls: int = 10_000) -> CallScope:
    """A request with time and calls to spend."""
    now = asyncio.get_running_loop().time()
    return CallScope("op", "tenant", deadline_at=now + seconds, max_calls=max_calls, started_at=now)


async def read_line(
    world: World, query: SliceQuery, sizes: Sequence[int] = (25,)
) -> tuple[list[Record], list[Position]]:
    """Read a whole line page by page, cycling through page sizes; a line that never ends fails."""
    records: list[Record] = []
    positions: list[Position] = []
    after = query.after
    for page in range(10_000):
        limit = sizes[page % len(sizes)]
        found = await world.read(_next(query, after, limit))
        assert len(found.records) == len(found.positions) <= limit
        assert found.end or found.records
        records += found.records
        positions += found.positions
        if found.end:
            return records, positions
        after = positions[-1]
    raise AssertionError("the line never ended")


def _next(query: SliceQuery, after: Position | None, limit: int) -> SliceQuery:
    return SliceQuery(query.entity, query.pushed, query.order, after, limit)


def ids(records: Iterable[Any]) -> list[int]:
    """The ids of records, as numbers."""
    return [int(record.id) for record in records]
