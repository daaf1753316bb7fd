"""One Sendios source over a sandbox of its own: what the adapter's tests look at the world through."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import httpx

from adapters.calls import CallScope
from adapters.contract import Gap, Loaded, Slice, SliceQuery
from adapters.filters.order import Position
from adapters.filters.tree import EVERYTHING, Filter
from adapters.records import Entity, Record, SubscriberRecord, UnsubscribeRecord
from adapters.sandbox import Fault
from adapters.vendors.sendios.adapter import SendiosAdapter, open_source
from adapters.vendors.sendios.opt_outs import Marker, to_unsubscribe
from adapters.vendors.sendios.sandbox import Sandbox, SandboxOptions, create_sandbox
from adapters.vendors.sendios.sandbox.showing import show_listed
from adapters.vendors.sendios.settings import SendiosSettings

SOURCE = "mails"
KEY = "sandbox-key"
SUBSCRIBER, UNSUBSCRIBE = Entity.SUBSCRIBER, Entity.UNSUBSCRIBE
PROJECTS = {1: "Shop", 2: "Club"}


def build_settings(**changes: Any) -> SendiosSettings:
    """A source's table, as the sandbox wants it."""
    table = {
        "vendor": "sendios",
        "base_url": "http://127.0.0.1",
        "client_id": 123,
        "auth": {"key": KEY},
        "projects": PROJECTS,
    }
    return SendiosSettings.model_validate(table | changes)


@dataclass(frozen=True)
class World:
    """A sandbox and the adapter that speaks to it."""

    sandbox: Sandbox
    adapter: SendiosAdapter
    settings: SendiosSettings

    @property
    def lines(self) -> list[str]:
        """The calls the vendor received."""
        return [call.line for call in self.sandbox.calls.entries]

    def forget(self) -> None:
        """Start counting calls anew."""
        self.sandbox.calls.clear()

    def strike(self, kind: str, **settings: Any) -> None:
        """Put one fault in force."""
        self.sandbox.faults.add(Fault(kind, **settings))

    def opt_outs(self) -> list[UnsubscribeRecord]:
        """Every opt-out the vendor really holds, in the order of its list."""
        marker = Marker(self.settings.build_marking_key())
        rows = [show_listed(*pair) for pair in self.sandbox.store.opted_out()]
        records = [to_unsubscribe(SOURCE, marker.mark(row), row, UTC, PROJECTS) for row in rows]
        return records[::-1] if self.sandbox.options.newest_first else records

    async def load(self, *ids: str) -> dict[str, Loaded]:
        """Read people by id."""
        found = await self.adapter.fetch_by_ids(SUBSCRIBER, ids, scope(), parts=frozenset(), purpose="test")
        return dict(found)

    async def load_one(self, user_id: str = "8424") -> SubscriberRecord:
        """Read one person who is there."""
        found = (await self.load(user_id))[user_id]
        assert isinstance(found, SubscriberRecord), found
        return found

    async def look_up(self, *emails: str) -> dict[str, Any]:
        """Read people by address."""
        return dict(
            await self.adapter.fetch_by_values(SUBSCRIBER, "email", emails, scope(), parts=frozenset(), purpose="test")
        )

    async def read_part(self, part: str, *ids: str) -> dict[str, Any]:
        """Read one part of people."""
        return dict(await self.adapter.fetch_parts(SUBSCRIBER, part, ids, scope(), purpose="test"))

    async def read(self, pushed: Filter = EVERYTHING, after: Position | None = None, limit: int = 25) -> Slice:
        """Read one slice of opt-outs."""
        return await self.adapter.fetch_slice(SliceQuery(UNSUBSCRIBE, pushed, after=after, limit=limit), scope())

    async def read_line(
        self, pushed: Filter = EVERYTHING, sizes: Sequence[int] = (25,)
    ) -> tuple[list[Record], list[Gap]]:
        """Read a whole line page by page, cycling through page sizes; a line that never ends fails."""
        records: list[Record] = []
        gaps: list[Gap] = []
        after = None
        for page in range(10_000):
            limit = sizes[page % len(sizes)]
            found = await self.read(pushed, after, limit)
            assert len(found.records) == len(found.positions) <= limit
            assert found.end or found.records
            records += found.records
            gaps += found.gaps
            if found.end:
                return records, gaps
            after = found.positions[-1]
        raise AssertionError("the line never ended")


def build_world(*, seed: int | None = 1, options: SandboxOptions | None = None, **settings: Any) -> World:
    """Build a world of the sandbox's own made-up people, or (without a seed) of nobody."""
    sandbox = create_sandbox(seed, options=options)
    table = build_settings(**settings)
    return World(sandbox, open_source(SOURCE, table, httpx.ASGITransport(sandbox.app)), table)


def scope(seconds: float = 30.0, max_calls: int = 10_000) -> CallScope:
    """A request with time and calls to spend."""
    now = asyncio.get_running_loop().time()
    return CallScope("op", "tenant", deadline_at=now + seconds, max_calls=max_calls, started_at=now)


def ids(records: Iterable[Any]) -> list[str]:
    """The ids of records."""
    return [record.id for record in records]
