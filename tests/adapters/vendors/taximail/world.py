"""One Taximail source over a sandbox of its own: what the adapter's tests look at the world through."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from adapters.calls import CallScope
from adapters.contract import Slice, SliceQuery
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import Entity, Record, SubscriberRecord
from adapters.vendors.taximail.adapter import TaximailAdapter, open_source
from adapters.vendors.taximail.contact_rows import Origin, to_contact
from adapters.vendors.taximail.sandbox import Sandbox, SandboxOptions, create_sandbox
from adapters.vendors.taximail.sandbox.contacts import _show_row
from adapters.vendors.taximail.sandbox.store import MailList
from adapters.vendors.taximail.settings import TaximailSettings

SOURCE = "shop"
SUBSCRIBER = Entity.SUBSCRIBER
BANGKOK = ZoneInfo("Asia/Bangkok")


def build_settings(**changes: Any) -> TaximailSettings:
    """A source's table, as the sandbox wants it."""
    table = {
        "vendor": "taximail",
        "base_url": "http://127.0.0.1/v2",
        "auth": {"api_key": "sandbox-key", "secret_key": "sandbox-secret"},
        "region": "AU",
    }
    return TaximailSettings.model_validate(table | changes)


@dataclass(frozen=True)
class World:
    """A sandbox and the adapter that speaks to it."""

    sandbox: Sandbox
    adapter: TaximailAdapter

    @property
    def queries(self) -> list[str]:
        """The calls the vendor received, log-ins left out: the path below the version, and the query."""
        lines = [call.line.replace("/v2/", "") for call in self.sandbox.calls.entries]
        return [line.removeprefix("GET ") for line in lines if line != "POST user/login"]

    @property
    def calls(self) -> int:
        """How many calls the vendor received, log-ins left out."""
        return len(self.queries)

    @property
    def log_ins(self) -> int:
        """How many log-ins the vendor received."""
        return len(self.sandbox.calls.entries) - self.calls

    def forget(self) -> None:
        """Start counting calls anew."""
        self.sandbox.calls.clear()

    def contacts(self) -> list[SubscriberRecord]:
        """What the vendor really holds, list by list in ascending order."""
        lists = sorted(self.sandbox.store.lists.values(), key=lambda each: each.id)
        return [record for mail_list in lists for record in show(mail_list)]

    async def read(self, query: SliceQuery) -> Slice:
        """Read one slice."""
        return await self.adapter.fetch_slice(query, scope())


def show(mail_list: MailList) -> list[SubscriberRecord]:
    """A list's contacts in the order they came, as records."""
    origin = Origin(SOURCE, BANGKOK, str(mail_list.id))
    labels = {each.column: each.name for each in mail_list.fields}
    rows = sorted(mail_list.contacts.values(), key=lambda each: (each.subscribed_at, each.id))
    return [to_contact(origin, _show_row(mail_list, row), labels) for row in rows]


def build_world(sandbox: Sandbox | None = None, *, options: SandboxOptions | None = None, **settings: Any) -> World:
    """Build a world over a given sandbox, or over the seeded account."""
    sandbox = sandbox or create_sandbox(options=options)
    adapter = open_source(SOURCE, build_settings(**settings), httpx.ASGITransport(sandbox.app))
    return World(sandbox, adapter)


def scope(seconds: float = 30.0, max_calls: int = 10_000) -> CallScope:
    """A request with time and calls to spend."""
    now = asyncio.get_running_loop().time()
    return CallScope("op", "tenant", deadline_at=now + seconds, max_calls=max_calls, started_at=now)


async def read_line(world: World, query: SliceQuery, sizes: Sequence[int] = (25,)) -> list[Record]:
    """Read a whole line page by page, cycling through page sizes; a line that never ends fails."""
    records: list[Record] = []
    after = query.after
    for page in range(10_000):
        found = await world.read(replace(query, after=after, limit=sizes[page % len(sizes)]))
        assert len(found.records) == len(found.positions) <= sizes[page % len(sizes)]
        assert found.end or found.records
        records += found.records
        if found.end:
            return records
        after = found.positions[-1]
    raise AssertionError("the line never ended")


def ids(records: Iterable[Any]) -> list[str]:
    """The ids of records."""
    return [record.id for record in records]


def in_list(*lists: str) -> Filter:
    """The contacts of some lists."""
    leaf = Comparison("list_id", Op.IN, lists) if len(lists) > 1 else Comparison("list_id", Op.EQ, lists[0])
    return And((Some("memberships", leaf),))


def in_segment(audience_id: str) -> Filter:
    """The contacts of a segment."""
    return And((Some("audiences", Comparison("audience_id", Op.EQ, audience_id)),))
