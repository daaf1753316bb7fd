"""
The Sendios adapter: plans, calls and maps; glue only.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

import httpx

from adapters.calls import CallNote, CallScope
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
    StatisticsQuery,
    WriteCommand,
    WriteResult,
)
from adapters.errors import CapabilityError, FacadeError
from adapters.evidence import NOTHING_FOUND, Findings
from adapters.recipes import Recipe, run_recipe
from adapters.records import SUBSCRIBER_KEY, EmailCheckRecord, Entity, Record
from adapters.shapes import UNKNOWN
from adapters.transport.client import VendorClient, VendorRequest
from adapters.transport.limits import ClientLimits

from .capability import VENDOR
from .email_check import fetch_email_check
from .endpoints import build_email_check, build_user, build_user_by_email
from .mapping import Account
from .opt_outs import Marker
from .outcomes import fetch_outcome
from .parts import PARTS, fetch_parts
from .people import EMAIL, fetch_by_ids, fetch_by_values, fetch_people, find_address, refuse_lookup
from .reading import Reader
from .replies import judge_worth
from .settings import SendiosSettings
from .targets import Work
from .unsubscribes import PageSizes, build_first_request, fetch_slice
from .writes import prepare_write


class SendiosAdapter:
    """
    Reads and writes one Sendios account.

    It fills `ReadsRecords`, `ReadsParts`, `FindsPeople`, `ChecksEmail`, `PlansShapes` and `WritesRecords`.
    """

    def __init__(self, reader: Reader, sizes: PageSizes) -> None:
        """Keep how to read the account, and how large its pages are."""
        self._reader = reader
        self._sizes = sizes

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next opt-outs; see `unsubscribes.py`."""
        _check_listed(query.entity)
        return await fetch_slice(self._reader, self._sizes, query, scope)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read people by id; see `people.py`. Of everything else Sendios tells ids alone, at most."""
        del parts, fields  # what costs calls of its own is read by `fetch_parts`; a record comes whole
        if entity is not Entity.SUBSCRIBER:
            return dict.fromkeys(ids, _refuse_reading(entity))
        return await fetch_by_ids(self._reader, ids, scope, purpose=purpose)

    async def fetch_by_values(
        self,
        entity: Entity,
        name: str,
        values: Sequence[str],
        scope: CallScope,
        *,
        parts: frozenset[str],  # noqa: ARG002 - as above
        purpose: str,
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read people by their e-mail address, or by what an opt-out knows of them; see `people.py`."""
        if entity is not Entity.SUBSCRIBER:
            raise _refuse_reading(entity)
        return await fetch_by_values(self._reader, name, values, scope, purpose=purpose)

    async def fetch_children(
        self,
        query: ChildrenQuery,  # noqa: ARG002 - nothing at Sendios can be read below another record
        scope: CallScope,  # noqa: ARG002 - likewise
    ) -> Mapping[str, Slice | FacadeError]:
        """Read nothing: every parent's line is read on its own, or refused there."""
        return {}

    async def fetch_parts(
        self, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Mapping[str, object | FacadeError | None]:
        """Read one part of people's records; see `parts.py`."""
        if entity is not Entity.SUBSCRIBER:
            raise _refuse_reading(entity)
        return await fetch_parts(self._reader, part, ids, scope, purpose=purpose)

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find a person's records, one in each project at most; see `people.py`."""
        return await fetch_people(self._reader, query, scope, purpose=purpose)

    async def fetch_email_check(self, email: str, scope: CallScope, *, purpose: str) -> EmailCheckRecord:
        """Ask what the vendor makes of an address; see `email_check.py`."""
        return await fetch_email_check(self._reader, email, scope, purpose=purpose)

    async def prepare_write(self, command: WriteCommand, scope: CallScope, *, purpose: str) -> PreparedWrite:
        """Check a write, read what it must, and build its request; see `writes.py`."""
        return await prepare_write(Work(self._reader, command, scope, purpose))

    async def send_write(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared write, once."""
        recipe = cast("Recipe", prepared.recipe)
        return await run_recipe(self._reader.client, recipe, scope, journal)

    async def fetch_outcome(
        self,
        command: WriteCommand,
        known_by: Mapping[str, str],  # noqa: ARG002 - the vendor can be asked for none of its words
        scope: CallScope,
        *,
        purpose: str,
    ) -> WriteResult:
        """Find out by reading what became of a write; see `outcomes.py`."""
        return await fetch_outcome(Work(self._reader, command, scope, purpose))

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Build the first call of a slice without sending it."""
        _check_listed(query.entity)
        return self._describe(build_first_request(query, self._sizes))

    def plan_load(self, entity: Entity, name: str, keys: int, parts: frozenset[str]) -> PlannedCall:  # noqa: ARG002 - one call a key, whatever is wanted of it
        """Build a read of unknown people without sending it."""
        if entity is not Entity.SUBSCRIBER:
            raise _refuse_reading(entity)
        if name == "id":
            return self._describe(build_user(UNKNOWN, CallNote()))
        if name not in {EMAIL, SUBSCRIBER_KEY}:
            raise refuse_lookup(name)
        project = next(iter(self._reader.account.projects)) if name == EMAIL else UNKNOWN
        return self._describe(build_user_by_email(project, UNKNOWN, CallNote()))

    def plan_people(self, query: PersonQuery) -> tuple[PlannedCall, ...]:
        """Build the calls of a look-up of one person without sending them, one in each project."""
        email = find_address(query)
        projects = self._reader.account.projects
        return tuple(self._describe(build_user_by_email(each, email, CallNote())) for each in projects)

    def plan_email_check(self, email: str) -> PlannedCall:
        """Build the call about an address without sending it."""
        return self._describe(build_email_check(email, CallNote()))

    def plan_part(self, entity: Entity, part: str) -> PlannedCall | None:
        """Build the read of one part of an unknown person without sending it."""
        known = PARTS.get(part) if entity is Entity.SUBSCRIBER else None
        return None if known is None else self._describe(known.build(UNKNOWN, CallNote()))

    def plan_children(self, query: ChildrenQuery) -> PlannedCall:
        """Refuse: nothing can be read below another record."""
        raise _refuse_reading(query.entity)

    def plan_statistics(self, query: StatisticsQuery) -> PlannedCall:  # noqa: ARG002 - there are none
        """Refuse: Sendios counts nothing for its callers."""
        raise CapabilityError("Sendios has no statistics to read.", hint="Name another source.")

    def _describe(self, request: VendorRequest) -> PlannedCall:
        return PlannedCall(request.operation, request.method, self._reader.client.describe_url(request), request.pushed)

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """One call for each person; nothing else is read by id."""
        calls = keys if entity is Entity.SUBSCRIBER else 0
        return calls, calls


def _check_listed(entity: Entity) -> None:
    if entity is not Entity.UNSUBSCRIBE:
        raise _refuse_reading(entity)


def _refuse_reading(entity: Entity) -> CapabilityError:
    return CapabilityError(
        f"Sendios does not tell its {entity.plural}: only people by id or e-mail address, and opt-outs by time.",
        hint="Name another source.",
    )


def open_source(
    source: str,
    settings: SendiosSettings,
    transport: httpx.AsyncBaseTransport,
    findings: Findings = NOTHING_FOUND,  # noqa: ARG001 - a check finds nothing out here
) -> SendiosAdapter:
    """Build the adapter of a source; nothing is sent yet."""
    client = VendorClient(
        source=source,
        vendor=VENDOR,
        base_url=settings.base_url,
        transport=transport,
        authorize=settings.build_auth(),
        judge_worth=judge_worth,
        limits=ClientLimits(
            attempt_s=settings.attempt_s,
            concurrency=settings.concurrency,
            max_body_bytes=settings.max_body_bytes,
        ),
    )
    account = Account(source, settings.zone, settings.platform_table, MappingProxyType(settings.projects))
    reader = Reader(client, account, Marker(settings.build_marking_key()))
    return SendiosAdapter(reader, PageSizes(settings.max_page))
