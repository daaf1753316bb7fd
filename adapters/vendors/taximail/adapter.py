"""
The Taximail adapter: plans, compiles, calls and maps; glue only.
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
from adapters.errors import FacadeError
from adapters.evidence import NOTHING_FOUND, Findings
from adapters.records import Entity, Record
from adapters.transport.client import VendorClient
from adapters.transport.limits import ClientLimits
from adapters.transport.requests import VendorRequest

from .account import Account
from .capability import VENDOR
from .endpoints import CAMPAIGN_STATUSES
from .lines import build_line
from .list_line import ONE_SECTION, build_list_line
from .lookups import fetch_by_ids, fetch_by_values
from .paging import fetch_line
from .people import fetch_many_people, fetch_people
from .replies import judge_worth
from .segments import fetch_parts
from .settings import TaximailSettings
from .shapes import build_members_shape, build_part_shape, build_person_shapes
from .writing.writer import check_items, fetch_outcome, prepare_write, send_write


class TaximailAdapter:
    """
    Reads and writes one Taximail account.

    Fills `ReadsRecords`, `ReadsParts`, `FindsPeople`, `FindsManyPeople` and `WritesRecords`.
    """

    def __init__(self, client: VendorClient, settings: TaximailSettings) -> None:
        """Keep the client with what its replies are read by."""
        self._account = Account(client, settings.zone, settings.max_page)

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next rows of a line; see `paging.py`."""
        return await fetch_line(build_line(self._account, query), query, scope)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by id; see `lookups.py`."""
        del parts, fields  # a record comes whole
        return await fetch_by_ids(self._account, entity, ids, scope, purpose)

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read contacts by their address; see `lookups.py`."""
        return await fetch_by_values(self._account, entity, name, values, scope, parts=parts, purpose=purpose)

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Leave every parent to a call of its own: no call reads below several."""
        del query, scope
        return {}

    async def fetch_parts(
        self, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Mapping[str, object | FacadeError | None]:
        """Read one part of many records; see `segments.py`."""
        return await fetch_parts(self._account, entity, part, ids, scope, purpose=purpose)

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find every contact that is the person's; see `people.py`."""
        return await fetch_people(self._account, query, scope, purpose)

    async def fetch_many_people(
        self, queries: Sequence[PersonQuery], scope: CallScope, *, purpose: str
    ) -> Mapping[PersonQuery, PeopleFound]:
        """Find every contact of many people; see `people.py`."""
        return await fetch_many_people(self._account, queries, scope, purpose)

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check a write and build its requests; see `writing/`."""
        return await prepare_write(self._account, command, scope, purpose)

    async def check_items(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> None:
        """Check the items of a bulk write without looking any of them up; see `writing/imports.py`."""
        await check_items(self._account, command, scope, purpose)

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared write; see `writing/writer.py`."""
        return await send_write(self._account, prepared, scope, journal)

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """Find out by reading what became of a write; the vendor can be asked for none of its own words."""
        del known_by
        return await fetch_outcome(self._account, command, scope, purpose)

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Build the first call of a slice without sending it: of all contacts, the one that brings their lists."""
        line = build_line(self._account, query)
        if line.known is None:
            request = build_list_line(self._account, CallNote(query.purpose)).build_request(*ONE_SECTION, 1)
        else:
            request = line.build_request(next(iter(line.known), "0"), 1)
        pushed = line.note.pushed
        return PlannedCall(request.operation, request.method, self._account.client.describe_url(request), pushed)

    def plan_people(self, query: PersonQuery) -> tuple[PlannedCall, ...]:
        """Build the calls of a look-up of one person without sending them; see `shapes.py`."""
        return tuple(map(self._describe, build_person_shapes(self._account, query)))

    def plan_part(self, entity: Entity, part: str) -> PlannedCall | None:
        """Build the read of one part of an unknown record without sending it; see `shapes.py`."""
        request = build_part_shape(entity, part)
        return None if request is None else self._describe(request)

    def plan_members(self, limit: int) -> PlannedCall:
        """Build the first page of an unknown segment's contacts without sending it; pages are as large as they are."""
        del limit
        return self._describe(build_members_shape(self._account))

    def _describe(self, request: VendorRequest) -> PlannedCall:
        return PlannedCall(
            request.operation, request.method, self._account.client.describe_url(request), request.pushed
        )

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """Lists and campaigns are looked for among all of them, page by page; everything else is a call each."""
        if entity is Entity.LIST:
            return min(keys, 1), min(keys, 1)
        if entity is Entity.CAMPAIGN:
            return (len(CAMPAIGN_STATUSES),) * 2 if keys else (0, 0)
        return keys, keys


def open_source(
    source: str, settings: TaximailSettings, transport: httpx.AsyncBaseTransport, findings: Findings = NOTHING_FOUND
) -> TaximailAdapter:
    """Build the adapter of a source; nothing is sent yet."""
    del findings
    client = VendorClient(
        source=source,
        vendor=VENDOR,
        base_url=settings.base_url,
        transport=transport,
        authorize=settings.build_auth(),
        limits=ClientLimits(
            attempt_s=settings.attempt_s,
            concurrency=settings.concurrency,
            max_body_bytes=settings.max_body_bytes,
            waits_out_503=False,  # its 503 says that a field is duplicate (taximail-contacts.txt, Importing)
        ),
        judge_worth=judge_worth,
    )
    return TaximailAdapter(client, settings)
