"""
One account at every vendor found: its seeded sandbox, a source over it in this process, and the rows it holds.

Nothing here knows a vendor by name. What a vendor's tests must add, since nobody can find it out from outside, stands
in `tests/adapters/vendors/<vendor>/contract.toml`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx

from adapters.calls import CallScope
from adapters.contract import FindsPeople, PersonQuery, SandboxParts, Slice, SliceQuery, Source
from adapters.errors import FacadeError
from adapters.filters.capability import Capability, EntityCapability
from adapters.filters.fields import FIELDS, FieldSpec, build_extension_fields
from adapters.memory import Memory
from adapters.records import Entity, FeedKey, FeedSide, Record, SubscriberRecord
from adapters.registry import find_vendors
from adapters.sandbox.cast import CAST
from resolvers.lookups import LOOKUPS
from resolvers.order_keys import SortKey, build_tie_key
from tests.contract.gaps import read_notes

ORIGIN: Final = "http://127.0.0.1"
FAULTS: Final = "/_sandbox/faults"
CALLS: Final = "/_sandbox/calls"
VENDORS: Final = tuple(sorted(find_vendors()))
DEADLINE_S: Final = 60.0

_FEED_ROWS: Final = 5
_HOLDERS: Final = 300
_ROWS: dict[tuple[str, Entity], Sequence[Record]] = {}
_FEEDS: dict[str, FeedKey] = {}


@cache
def build_parts(vendor: str) -> SandboxParts:
    """Build a vendor's seeded sandbox once; tests leave its records alone and take their faults back."""
    return find_vendors()[vendor].sandbox()


@cache
def build_settings(vendor: str) -> Any:
    """Build the settings that reach the sandbox."""
    table = build_parts(vendor).table
    return find_vendors()[vendor].settings.model_validate(
        {"vendor": vendor, **table, "base_url": ORIGIN + table["base_url"]}
    )


@cache
def build_capability(vendor: str) -> Capability:
    """Build the capability table of the sandbox's source."""
    return find_vendors()[vendor].build_capability(build_settings(vendor))


def list_tables(vendor: str) -> Mapping[Entity, EntityCapability]:
    """Return what can be listed at a vendor."""
    return {entity: able for entity, able in build_capability(vendor).entities.items() if able.listable}


def list_fields(vendor: str, entity: Entity) -> Mapping[str, FieldSpec]:
    """Return what a filter may name at a vendor: the common fields and its own."""
    extension = find_vendors()[vendor].extensions.get(entity)
    own = {} if extension is None else build_extension_fields(extension.word, extension.type)
    return {**FIELDS[entity], **own}


LISTED: Final = [(vendor, entity) for vendor in VENDORS for entity in list_tables(vendor)]
"""Every kind of record that can be listed, by vendor."""

HELD: Final = [(vendor, entity) for vendor in VENDORS for entity in build_capability(vendor).entities]
"""Every kind of record that a vendor's table names."""


@dataclass(frozen=True, slots=True)
class Recorder(httpx.AsyncBaseTransport):
    """The wire to a sandbox, which keeps every request that was sent."""

    inner: httpx.AsyncBaseTransport
    sent: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on."""
        await request.aread()
        self.sent.append(request)
        return await self.inner.handle_async_request(request)


@dataclass(frozen=True, slots=True)
class Account:
    """A source over a vendor's sandbox; `door` is the sandbox's control path, `wire` what was sent to it."""

    vendor: str
    source: Source
    wire: Recorder
    door: httpx.AsyncClient

    @property
    def settings(self) -> Any:
        """The source's settings."""
        return build_settings(self.vendor)

    def table(self, entity: Entity) -> EntityCapability:
        """Return what the source can do with one kind of record."""
        return self.source.capability.entities[entity]

    def fields(self, entity: Entity) -> Mapping[str, FieldSpec]:
        """Return what a filter may name."""
        return list_fields(self.vendor, entity)

    async def misbehave(self, *faults: Mapping[str, Any]) -> None:
        """Put faults in force at the sandbox."""
        reply = await self.door.post(FAULTS, json=list(faults))
        assert reply.status_code == 200, reply.text

    async def behave(self) -> None:
        """Take all faults back."""
        await self.door.delete(FAULTS)

    async def received(self) -> list[dict[str, Any]]:
        """Return the calls that the sandbox received since it was last asked."""
        calls: list[dict[str, Any]] = (await self.door.get(CALLS)).json()
        await self.door.delete(CALLS)
        return calls

    async def fetch_rows(self, entity: Entity) -> Sequence[Record]:
        """Read every record of a kind by paging the whole list, once for all tests."""
        key = (self.vendor, entity)
        if key not in _ROWS:
            query = SliceQuery(entity, limit=self.table(entity).max_page, feed=await self.find_feed(entity))
            _ROWS[key] = await read_all(self, query)
        return _ROWS[key]

    async def fetch_known(self, entity: Entity, most: int = 7) -> Sequence[Record]:
        """
        Return some records of a kind: of its list, or where there is none people whom every sandbox may keep, or those
        that the vendor's notes name.
        """
        if self.table(entity).listable:
            rows = await self.fetch_rows(entity)
            return rows[:: max(1, len(rows) // most)][:most]
        if entity is Entity.SUBSCRIBER:
            return (await self._fetch_cast())[:most]
        return (await self._fetch_noted(entity))[:most]

    async def find_feed(self, entity: Entity) -> FeedKey | None:
        """Return a feed with some events in it, where events are asked for."""
        if entity is not Entity.FEED_EVENT:
            return None
        if self.vendor not in _FEEDS:
            _FEEDS[self.vendor] = await self._find_feed(entity)
        return _FEEDS[self.vendor]

    async def _find_feed(self, entity: Entity) -> FeedKey:
        for person in (await self.fetch_rows(Entity.SUBSCRIBER))[:_HOLDERS]:
            feed = FeedKey(Entity.SUBSCRIBER, person.id, FeedSide.SUBJECT)
            found = await self.source.adapter.fetch_slice(
                SliceQuery(entity, limit=_FEED_ROWS, feed=feed), build_scope()
            )
            if len(found.records) == _FEED_ROWS:
                return feed
        raise AssertionError("nobody has events")

    async def _fetch_noted(self, entity: Entity) -> Sequence[Record]:
        key = (self.vendor, entity)
        if key not in _ROWS:
            ids: list[str] = read_notes(self.vendor).get("known", {}).get(entity, [])
            found = await self.source.adapter.fetch_by_ids(entity, ids, build_scope(), parts=frozenset(), purpose="")
            _ROWS[key] = [each for each in found.values() if each is not None and not isinstance(each, FacadeError)]
        return _ROWS[key]

    async def _fetch_cast(self) -> Sequence[Record]:
        key = (self.vendor, Entity.SUBSCRIBER)
        if key not in _ROWS:
            finder = self.source.adapter
            assert isinstance(finder, FindsPeople)
            queries = [PersonQuery(email=each.email) for each in CAST]
            found = [await finder.fetch_people(query, build_scope(), purpose="") for query in queries]
            _ROWS[key] = list({match.record.id: match.record for matches in found for match in matches}.values())
        return _ROWS[key]


@asynccontextmanager
async def open_account(vendor: str) -> AsyncIterator[Account]:
    """Open a source over a vendor's sandbox for the running loop; the sandbox is left as it was."""
    package, parts = find_vendors()[vendor], build_parts(vendor)
    wire = Recorder(httpx.ASGITransport(parts.app, raise_app_exceptions=False))
    settings = build_settings(vendor)
    adapter = package.open(vendor, settings, wire)
    source = Source(vendor, package, build_capability(vendor), adapter, region=settings.region)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(parts.app), base_url=ORIGIN) as door:
        account = Account(vendor, source, wire, door)
        await account.behave()
        await account.received()
        yield account
        await account.behave()


def build_scope(*, tenant: str = "test", memory: Memory | None = None, deadline_s: float = DEADLINE_S) -> CallScope:
    """Build one request's spending."""
    now = asyncio.get_running_loop().time()
    return CallScope("contract", tenant, deadline_at=now + deadline_s, max_calls=10_000, memory=memory)


async def read_slices(
    account: Account, query: SliceQuery, *, most: int = 10_000, scope: CallScope | None = None
) -> list[Slice]:
    """Read a line slice by slice, to its end or until there are so many."""
    slices: list[Slice] = []
    spent = scope or build_scope()
    while len(slices) < most:
        after = slices[-1].positions[-1] if slices else query.after
        asked = SliceQuery(
            query.entity, query.pushed, query.order, after, query.limit, feed=query.feed, count=query.count
        )
        slices.append(await account.source.adapter.fetch_slice(asked, spent))
        if slices[-1].end:
            return slices
        assert slices[-1].records, "a slice that does not end the line holds a row"
    assert most < 10_000, "the line does not end"
    return slices


async def read_all(account: Account, query: SliceQuery) -> list[Record]:
    """Read a line to its end."""
    return [record for each in await read_slices(account, query) for record in each.records]


def keys_of(records: Sequence[Record]) -> list[SortKey]:
    """Return what tells records of one kind apart, in their order."""
    return [build_tie_key(record) for record in records]


def list_read_by_id(vendor: str) -> list[Entity]:
    """Return the kinds of record of a vendor that have a look-up by id."""
    return [entity for entity in build_capability(vendor).entities if entity in LOOKUPS]


def read_email(record: Record) -> str | None:
    """Return a person's address, None of anything else."""
    return record.email if isinstance(record, SubscriberRecord) else None
