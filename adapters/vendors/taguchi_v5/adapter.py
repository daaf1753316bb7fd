"""
The Taguchi V5 adapter: looks up, writes, and says why it lists nothing; glue only.
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
from adapters.transport.client import VendorClient
from adapters.transport.limits import ClientLimits

from .capability import VENDOR, explain_reading
from .lookups import Lookups
from .people import choose_identity, fetch_people
from .replies import judge_worth
from .settings import TaguchiV5Settings
from .writing import Writer


class TaguchiV5Adapter:
    """Reads and writes one Taguchi V5 endpoint; fills `ReadsRecords`, `FindsPeople` and `WritesRecords`."""

    def __init__(self, client: VendorClient, settings: TaguchiV5Settings) -> None:
        """Keep the client and what the source's table says of the endpoint."""
        self._settings = settings
        self._lookups = Lookups(client, settings)
        self._writer = Writer(client, settings, self._lookups)

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Refuse: an endpoint lists nothing, and its capability says so."""
        del scope
        raise self._refuse(query.entity)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by Taguchi's own id; see `lookups.py`."""
        del parts, fields  # a record comes whole
        return await self._lookups.fetch_by_ids(entity, ids, scope, purpose)

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read records by what identifies them; see `lookups.py`."""
        del parts  # a record comes whole
        return await self._lookups.fetch_by_values(entity, name, values, scope, purpose)

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Refuse for each parent: an endpoint lists nothing."""
        del scope
        return dict.fromkeys(query.parents, self._refuse(query.entity))

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find the records of one person; see `people.py`."""
        return await fetch_people(self._lookups, query, scope, purpose=purpose)

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check a command and build its requests; see `writing.py`."""
        return await self._writer.prepare(command, scope, purpose)

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared write and say what became of it; see `outcomes.py`."""
        return await self._writer.send(prepared, scope, journal)

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, *, purpose: str
    ) -> WriteResult:
        """Look whether a write was done; the endpoint has no words of its own for one."""
        del known_by
        return await self._writer.find_outcome(command, scope, purpose)

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Refuse: there is no such call."""
        raise self._refuse(query.entity)

    def plan_people(self, query: PersonQuery) -> tuple[PlannedCall, ...]:
        """Build the call of a look-up of one person without sending it."""
        request = self._lookups.build_request(*choose_identity(self._lookups, query))
        return (PlannedCall(request.operation, request.method, self._lookups.client.describe_url(request)),)

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """Every key is a call of its own; what cannot be looked up costs none."""
        return (keys, keys) if entity in self._settings.reads else (0, 0)

    def _refuse(self, entity: Entity) -> CapabilityError:
        return CapabilityError(explain_reading(self._settings, entity), hint="Ask another source.")


def open_source(
    source: str, settings: TaguchiV5Settings, transport: httpx.AsyncBaseTransport, findings: Findings = NOTHING_FOUND
) -> TaguchiV5Adapter:
    """
    Build the adapter of a source; nothing is sent yet.

    Raises:
        ValueError: its credential cannot be used.
    """
    del findings  # the endpoint is never checked: what it offers stands in its file
    client = VendorClient(
        source=source,
        vendor=VENDOR,
        base_url=settings.base_url,
        transport=transport,
        authorize=settings.auth.build(),
        judge_worth=judge_worth,
        limits=ClientLimits(
            attempt_s=settings.attempt_s,
            concurrency=settings.concurrency,
            max_body_bytes=settings.max_body_bytes,
        ),
    )
    return TaguchiV5Adapter(client, settings)
