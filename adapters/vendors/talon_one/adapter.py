"""
The Talon.One adapter: plans, compiles, calls and maps; glue only.
"""

from collections.abc import Mapping, Sequence

import httpx

from adapters.calls import CallNote, CallScope
from adapters.contract import (
    ChildrenQuery,
    Fields,
    Journal,
    Loaded,
    Names,
    PeopleFound,
    PersonMatch,
    PersonQuery,
    PlannedCall,
    PreparedWrite,
    Slice,
    SliceQuery,
    WriteCommand,
    WriteResult,
)
from adapters.errors import CapabilityError, FacadeError
from adapters.evidence import NOTHING_FOUND, Findings
from adapters.records import Entity, Record
from adapters.shapes import UNKNOWN
from adapters.transport.client import VendorClient, VendorRequest
from adapters.transport.limits import ClientLimits

from .auth import KeyAuth
from .capability import UNREADABLE, VENDOR, build_customers
from .compiler import TalonOneCompiler
from .endpoints import Window, build_members, build_sizes, judge_worth
from .gateway import GATEWAY_KEY
from .lookups import fetch_by_ids, fetch_by_values
from .parts import SIZE, Sizes, fetch_parts
from .people import build_person_requests, fetch_many_people, fetch_people
from .reading import MAX_PAGES, Reader
from .settings import TalonOneSettings
from .slices import build_ask, fetch_slice, read_place
from .writing import Writer

MANAGEMENT_KEY = "ManagementKey-v1"


class TalonOneAdapter:
    """
    Reads and writes one Talon.One deployment; fills `ReadsRecords`, `ReadsParts`, `FindsPeople`,
    `FindsManyPeople` and `WritesRecords`.

    Without a Management key nothing is readable: every read raises `CapabilityError` before a call.
    """

    def __init__(
        self, source: str, client: VendorClient | None, gateway: VendorClient, settings: TalonOneSettings
    ) -> None:
        """Keep the clients of the Management API, None where there is no key for it, and of the CDP API."""
        self._source = source
        self._open = None if client is None else Reader(client, settings)
        self._writer = Writer(gateway, settings, self._open)
        self._compiler = TalonOneCompiler(build_customers(settings.attributes, settings.max_page))

    @property
    def _reader(self) -> Reader:
        if self._open is None:
            raise CapabilityError(
                f"The source {self._source} cannot be read. {UNREADABLE}", hint="Name another source."
            )
        return self._open

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next rows of a line; see `slices.py`."""
        return await fetch_slice(self._reader, self._compiler, query, scope)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by vendor id; see `lookups.py`."""
        del parts, fields  # a record comes whole
        return await fetch_by_ids(self._reader, entity, ids, scope, purpose=purpose)

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read records by the exact value of a text field; see `lookups.py`."""
        del parts
        return await fetch_by_values(self._reader, entity, name, values, scope, purpose=purpose)

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Read nothing: each audience's members are a call of their own."""
        del query, scope
        return {}

    async def fetch_parts(
        self, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Sizes:
        """Read the sizes of audiences; see `parts.py`."""
        return await fetch_parts(self._reader, entity, part, ids, scope, purpose=purpose)

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find one person's profiles; see `people.py`."""
        return await fetch_people(self._reader, query, scope, purpose=purpose)

    async def fetch_many_people(
        self, queries: Sequence[PersonQuery], scope: CallScope, *, purpose: str
    ) -> Mapping[PersonQuery, PeopleFound]:
        """Find many people's profiles; see `people.py`."""
        if self._open is None:
            return dict.fromkeys(queries, CapabilityError(f"The source {self._source} cannot be read. {UNREADABLE}"))
        return await fetch_many_people(self._open, queries, scope, purpose=purpose)

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check a command and build its requests; see `writing.py`."""
        return await self._writer.prepare(command, scope, purpose)

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared write and say what became of it; see `gateway.py`."""
        return await self._writer.send(prepared, scope, journal)

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """Look whether a write was done; see `reconciling.py`. Talon.One has no words of its own for one."""
        del known_by
        return await self._writer.find_outcome(command, scope, purpose)

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Build the first call of a slice without sending it."""
        ask = build_ask(self._reader, self._compiler, query)
        request = ask.build(Window(query.limit, read_place(query.after)[0]))
        return self._describe(request)

    def plan_people(self, query: PersonQuery) -> tuple[PlannedCall, ...]:
        """Build the searches for one person without sending them."""
        return tuple(map(self._describe, build_person_requests(self._reader, query)))

    def plan_part(self, entity: Entity, part: str) -> PlannedCall | None:
        """Build the read of unknown audiences' sizes without sending it."""
        sizes = (entity, part) == (Entity.AUDIENCE, SIZE)
        return self._describe(build_sizes([UNKNOWN], CallNote())) if sizes else None

    def plan_members(self, limit: int) -> PlannedCall:
        """Build the first page of an unknown audience's members without sending it."""
        window = Window(min(limit, self._reader.settings.max_page))
        return self._describe(build_members(UNKNOWN, window, CallNote()))

    def _describe(self, request: VendorRequest) -> PlannedCall:
        return PlannedCall(request.operation, request.method, self._reader.client.describe_url(request), request.pushed)

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """A page of profiles shares a call; audiences are looked for page by page, of which few accounts have two."""
        if self._open is None or not keys:
            return 0, 0
        if entity is Entity.AUDIENCE:
            return 1, MAX_PAGES
        calls = -(-keys // self._open.max_ids)
        return calls, calls


def open_source(
    source: str, settings: TalonOneSettings, transport: httpx.AsyncBaseTransport, findings: Findings = NOTHING_FOUND
) -> TalonOneAdapter:
    """Build the adapter of a source; nothing is sent yet. No check refines it, so it uses no findings."""
    del findings
    limits = ClientLimits(
        attempt_s=settings.attempt_s,
        concurrency=settings.concurrency,
        max_body_bytes=settings.max_body_bytes,
        backs_off_blindly=True,
    )
    gateway = VendorClient(
        source=source,
        vendor=VENDOR,
        base_url=settings.base_url,
        transport=transport,
        authorize=KeyAuth(GATEWAY_KEY, settings.auth.key),
        limits=limits,
    )
    if settings.management is None:
        return TalonOneAdapter(source, None, gateway, settings)
    client = VendorClient(
        source=source,
        vendor=VENDOR,
        base_url=settings.management_url,
        transport=transport,
        authorize=KeyAuth(MANAGEMENT_KEY, settings.management.key),
        limits=limits,
        judge_worth=judge_worth,
    )
    return TalonOneAdapter(source, client, gateway, settings)
