"""
The Taguchi V4 adapter: plans, compiles, calls and maps; glue only.
"""

from collections.abc import Mapping, Sequence

import httpx

from adapters.calls import CallScope
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
    StatisticsQuery,
    WriteCommand,
    WriteResult,
)
from adapters.errors import FacadeError
from adapters.evidence import NOTHING_FOUND, Finding, Findings
from adapters.records import Entity, Record, SeriesRecord
from adapters.transport.client import VendorClient, VendorRequest
from adapters.transport.limits import ClientLimits

from .capability import MAX_IN, VENDOR
from .children import fetch_children
from .columns import has_text_key
from .endpoints import build_list
from .habits import read_habits
from .lookups import fetch_by_keys, fetch_by_values
from .many_people import fetch_many_people
from .page_probe import PROBED
from .paging import PageSizes
from .people import build_way_query, choose_ways, fetch_people
from .probes import fetch_findings
from .reading import Reader
from .resources import RESOURCES
from .revisions import choose_revisions
from .settings import TaguchiV4Settings
from .shapes import build_children_shape, build_load_shape
from .slices import build_line, build_note, complete_call, fetch_slice
from .statistics import fetch_statistics
from .statistics_calls import build_statistics
from .windows import fetch_by_ids
from .writing.writer import Writer


class TaguchiV4Adapter:
    """
    One Taguchi V4 account.

    Fills `ReadsRecords`, `ReadsStatistics`, `FindsPeople`, `FindsManyPeople`, `PlansShapes`, `ChecksSource` and
    `WritesRecords`.
    """

    def __init__(self, client: VendorClient, settings: TaguchiV4Settings, findings: Findings = NOTHING_FOUND) -> None:
        """Keep the client and what a check and the source's replies teach about it."""
        habits = read_habits(findings)
        sizes = PageSizes(full=settings.full_pages or habits.fills_pages, seen={RESOURCES[PROBED]: habits.largest})
        self._client = client
        self._region = settings.region
        self._writer = Writer(client)
        self._reader = Reader(
            client,
            sizes,
            habits.choose_page_size(settings),
            takes_one=habits.takes_one,
            trusts_ands=habits.trusts_ands,
        )

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next rows of a line; see `slices.py`."""
        return await fetch_slice(self._reader, query, scope)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by number, see `windows.py`, or by text, see `lookups.py`."""
        if has_text_key(entity):
            return await fetch_by_keys(self._reader, entity, ids, scope, purpose=purpose)
        revisions = choose_revisions(entity, parts)
        return await fetch_by_ids(self._reader, entity, ids, scope, purpose, revisions=revisions, fields=fields)

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read records by the exact value of a text field; see `lookups.py`."""
        revisions = choose_revisions(entity, parts)
        return await fetch_by_values(self._reader, entity, name, values, scope, purpose=purpose, revisions=revisions)

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find every record of one person; see `people.py`."""
        return await fetch_people(self._reader, query, scope, region=self._region, purpose=purpose)

    async def fetch_many_people(
        self, queries: Sequence[PersonQuery], scope: CallScope, *, purpose: str
    ) -> Mapping[PersonQuery, PeopleFound]:
        """Find every record of many people; see `many_people.py`."""
        return await fetch_many_people(self._reader, queries, scope, region=self._region, purpose=purpose)

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Read the first rows of each parent's line, see `children.py`; none where a range cannot be asked for."""
        if self._reader.takes_one:
            return {}
        return await fetch_children(self._reader, query, scope)

    async def fetch_statistics(
        self, query: StatisticsQuery, scope: CallScope
    ) -> Mapping[str, tuple[SeriesRecord, ...] | FacadeError]:
        """Read the series of each subject; see `statistics.py`."""
        return await fetch_statistics(self._client, query, scope)

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Build the first call of a slice without sending it."""
        call = complete_call(build_line(query).build_call(query.limit, self._reader.max_page), query)
        request = build_list(query.entity, call, build_note(query))
        return self._describe(request)

    def plan_load(self, entity: Entity, name: str, keys: int, parts: frozenset[str]) -> PlannedCall:
        """Build a read of unknown keys without sending it; see `shapes.py`."""
        return self._describe(build_load_shape(self._reader, entity, name, keys, parts))

    def plan_children(self, query: ChildrenQuery) -> PlannedCall:
        """Build the first read below unknown parents without sending it; see `shapes.py`."""
        return self._describe(build_children_shape(self._reader, query))

    def plan_statistics(self, query: StatisticsQuery) -> PlannedCall:
        """Build a statistics call without sending it."""
        return self._describe(build_statistics(query))

    def plan_people(self, query: PersonQuery) -> tuple[PlannedCall, ...]:
        """Build the calls of a look-up of one person without sending them."""
        return tuple(self.plan_slice(build_way_query(way)) for way in choose_ways(query, self._region))

    def _describe(self, request: VendorRequest) -> PlannedCall:
        return PlannedCall(request.operation, request.method, self._client.describe_url(request), request.pushed)

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """
        Dense ids share windows of a page, texts share an alternation, events a feed; sparse ids cost a call each.

        More there cannot be however short replies are cut, since each call brings one of its keys or rules one out.
        Of events, a range may be read in vain before each of them; a server that is not known to fill its pages may
        also be asked behind each (`paging.py`).
        """
        if entity is Entity.FEED_EVENT:
            return min(keys, 1), keys + (keys > 1)
        shared = MAX_IN if has_text_key(entity) else self._reader.max_window
        return -(-keys // shared), keys

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check a mutation, read what it changes, and build its requests; see `writing/`."""
        return await self._writer.prepare(command, scope, purpose)

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared mutation and say what became of it."""
        return await self._writer.send(prepared, scope, journal)

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """Find out what became of a mutation whose answer was lost; see `writing/outcomes.py`."""
        return await self._writer.fetch_outcome(command, known_by, scope, purpose)

    async def fetch_findings(self, scope: CallScope) -> tuple[Finding, ...]:
        """Find out what the document leaves open; see `probes.py`."""
        return await fetch_findings(self._client, scope)


def open_source(
    source: str, settings: TaguchiV4Settings, transport: httpx.AsyncBaseTransport, findings: Findings = NOTHING_FOUND
) -> TaguchiV4Adapter:
    """Build the adapter of a source; nothing is sent yet."""
    client = VendorClient(
        source=source,
        vendor=VENDOR,
        base_url=settings.api_url,
        transport=transport,
        authorize=settings.build_auth(),
        limits=ClientLimits(
            attempt_s=settings.attempt_s,
            concurrency=settings.concurrency,
            max_body_bytes=settings.max_body_bytes,
        ),
    )
    return TaguchiV4Adapter(client, settings, findings)
