"""
What a vendor package is, and the roles its adapter may fill.

A vendor is a value: `ADAPTER: Final[VendorPackage]` in its folder's `__init__.py`. Upper layers ask the capability
table and these Protocols, never a vendor's name.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel

from adapters.calls import CallScope
from adapters.errors import FacadeError, VendorContractError
from adapters.evidence import NOTHING_FOUND, Finding, Findings
from adapters.filters.capability import Capability
from adapters.filters.order import BY_ID, Order, Position
from adapters.filters.tree import EVERYTHING, Filter
from adapters.records import Entity, FeedKey, Record, SeriesRecord, StatisticsPeriod, StatisticsSubject


@dataclass(frozen=True, slots=True)
class SliceQuery:
    """
    The next rows of one line.

    `pushed` holds only what the capability table lets through: a conjunction of comparisons. `residual` and `reasons`
    are words for the plan; the rows are checked by the caller. `after` is where the line was left, None for its start.
    `parts` names costly sub-resources that were selected. `purpose` is the place in the operation, for the plan.
    `count` asks for the vendor's own number of rows in the line; only a source whose capability counts is asked.
    `feed` says whose events are meant, and is there for events only.
    """

    entity: Entity
    pushed: Filter = EVERYTHING
    order: Order = BY_ID
    after: Position | None = None
    limit: int = 25
    parts: frozenset[str] = frozenset()
    purpose: str = ""
    residual: str | None = None
    reasons: tuple[str, ...] = ()
    count: bool = False
    feed: FeedKey | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """
    Rows that stand next in a line, with the position after each.

    The rows are exactly the next ones in order, perhaps fewer than asked for; `end` says that none follow.
    A slice that does not end the line holds at least one row. `total` is the vendor's own count when it was asked for
    and the vendor counts; `calls` how many vendor calls the slice took, for the scan budget. `faults` are the records
    that stand between them and cannot be read, while the rest is sound.

    Where several branches of a filter can be merged, or a line read backwards, a position depends on its row and order
    alone: it means the same place in every branch and in the reversed line.
    """

    records: tuple[Record, ...]
    positions: tuple[Position, ...]
    end: bool
    total: int | None = None
    calls: int = 1
    faults: tuple[VendorContractError, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildrenQuery:
    """
    The first rows of many parents' lines at once: records of `entity` whose `field` is one of `parents`.

    Each parent gets at most `limit` rows in `order` (always by id); `pushed` narrows all of them alike.
    """

    entity: Entity
    field: str
    parents: tuple[str, ...]
    pushed: Filter = EVERYTHING
    order: Order = BY_ID
    limit: int = 25
    parts: frozenset[str] = frozenset()
    purpose: str = ""
    residual: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """
    The numbers of one kind of subject in one period, from day to day in UTC, both included; None is no bound.

    `within` says what `ids` are the ids of: the subjects themselves, or what they belong to; None asks for all there
    are. `events` are the codes to count, for subjects that count events, and at least one.
    """

    subject: StatisticsSubject
    period: StatisticsPeriod
    events: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    within: StatisticsSubject | None = None
    ids: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def names_subjects(self) -> bool:
        """Whether the ids are those of the subjects themselves."""
        return self.within is self.subject


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A vendor call that would be made: method, redacted path with parameters, and what it carries."""

    operation: str
    method: str
    url: str
    pushed: tuple[str, ...] = ()


Loaded = Record | FacadeError | None


@runtime_checkable
class ReadsRecords(Protocol):
    """
    An adapter whose source can be read.

    Every method matches rows by key, never by place; a failed call fails only its own keys, as an exception value.
    """

    async def fetch_slice(self, query: SliceQuery, scope: CallScope) -> Slice:
        """Read the next rows of a line; raises a `VendorError` when it cannot."""
        ...

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
    ) -> Mapping[str, Loaded]:
        """Read records by vendor id in as few calls as the vendor allows; None for an id with no record."""
        ...

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Mapping[str, tuple[Record, ...] | FacadeError]:
        """Read the records whose text field `name` equals each value (a reference, an e-mail address, a phone)."""
        ...

    async def fetch_children(self, query: ChildrenQuery, scope: CallScope) -> Mapping[str, Slice | FacadeError]:
        """Read the first rows of each parent's line; a parent that is left out is read on its own."""
        ...

    def plan_slice(self, query: SliceQuery) -> PlannedCall:
        """Build, without sending it, the first call `fetch_slice` would make."""
        ...

    def count_loads(self, entity: Entity, keys: int) -> tuple[int, int]:
        """Estimate the calls `fetch_by_ids` makes for so many keys: when ids are dense, and at the worst."""
        ...


TOTAL: Final = "all"
"""The id of a subject there is only one of."""


@runtime_checkable
class ReadsStatistics(Protocol):
    """An adapter whose source counts things; what it counts stands in its capability."""

    async def fetch_statistics(
        self, query: StatisticsQuery, scope: CallScope
    ) -> Mapping[str, tuple[SeriesRecord, ...] | FacadeError]:
        """
        Read the series of each subject by its id, `TOTAL` for a total.

        Subjects that were named are all there: without series where the vendor tells of none, with the error where
        the call failed for them. Otherwise those the vendor tells of, and a failed call raises a `VendorError`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Extension:
    """
    What only this vendor says of a record.

    `word` is the GraphQL field (`taguchi`); `type` a frozen dataclass whose fields carry
    `metadata={"description": …}` and, where they apply, `"id": True`, `"pii": True`, `"filter": False`.
    """

    word: str
    type: type
    description: str


class SourceSettings(BaseModel, frozen=True, extra="forbid"):
    """What every source's table in `sources.toml` may say, whatever its vendor."""

    vendor: str

    @property
    def account(self) -> str:
        """What tells this account from every other one, without a secret: findings are kept for it alone."""
        return self.model_dump_json()  # secrets are printed as asterisks


@runtime_checkable
class ChecksSource(Protocol):
    """An adapter that can find out what its vendor's document leaves open."""

    async def fetch_findings(self, scope: CallScope) -> tuple[Finding, ...]:
        """Ask the source by a bounded number of reads; raises a `VendorError` when it cannot be asked."""
        ...


class BuildsCapability(Protocol):
    """Build the capability table of one configured source."""

    def __call__(self, settings: Any, findings: Findings = NOTHING_FOUND) -> Capability:
        """Narrow the vendor's table by the settings, and sharpen it by what a check has found."""
        ...


class OpensSource(Protocol):
    """Build an adapter for one configured source."""

    def __call__(
        self, source: str, settings: Any, transport: httpx.AsyncBaseTransport, findings: Findings = NOTHING_FOUND
    ) -> ReadsRecords:
        """Return the adapter of `source`, speaking through `transport`; nothing is sent yet."""
        ...


@dataclass(frozen=True, slots=True)
class VendorPackage:
    """
    One vendor, as a value.

    `build_capability` narrows the vendor's table by a source's settings (its page size, its switches) and by what a
    check has found. `open` builds the adapter; one that fills `ChecksSource` too can be checked, and only then is
    either given findings. `sandbox` builds the vendor's emulator as an ASGI app together with the settings that reach
    it.
    """

    name: str
    title: str
    settings: type[SourceSettings]
    build_capability: BuildsCapability
    open: OpensSource
    sandbox: Callable[[], "SandboxParts"]
    extensions: Mapping[Entity, Extension] = field(default_factory=dict)


ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SandboxParts:
    """An emulator and the `sources.toml` table that reaches it, less its base URL's origin."""

    app: ASGIApp
    table: Mapping[str, Any]
    close: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """
    One configured account at a vendor, open for use: what it can do and the adapter that does it.

    `account` is the fingerprint that findings about it are kept with.
    """

    name: str
    package: VendorPackage
    capability: Capability
    adapter: ReadsRecords
    account: str = ""

    @property
    def vendor(self) -> str:
        """The vendor's word, as `taguchi_v4`."""
        return self.package.name
