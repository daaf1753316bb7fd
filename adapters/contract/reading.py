"""
What an adapter is asked for records, and what it answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from adapters.calls import CallScope
from adapters.errors import FacadeError, VendorContractError
from adapters.filters.order import BY_ID, Order, Position
from adapters.filters.tree import EVERYTHING, Filter
from adapters.records import Entity, FeedKey, Record
from adapters.records.making import made_quickly

FIELD_TYPES: Final = "field_types"
"""The part of people's records that says what the values of their custom fields are, where that costs calls."""


Names = frozenset[str]
Fields = Names | None
"""The fields of a record that will be read, as far as is known, and the word of its extension; None is all of them."""


@made_quickly
@dataclass(frozen=True, slots=True)
class SliceQuery:
    """
    The next rows of one line.

    `pushed` holds only what the capability table lets through: a conjunction of comparisons. `residual` and `reasons`
    are words for the plan; the rows are checked by the caller. `after` is where the line was left, None for its start.
    `parts` names costly sub-resources that were selected. `purpose` is the place in the operation, for the plan.
    `count` asks for the vendor's own number of rows in the line; only a source whose capability counts is asked.
    `feed` says whose events are meant, and is there for events only. An order by id is the default: a source that knows
    none for a kind of record, whose capability then has no `sortable` id, reads in the vendor's own order, always the
    same one. Of `fields` that are not named an adapter may leave the values unread until somebody asks for them.
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
    fields: Fields = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A record in a line that cannot be read; `place` is how many rows of its slice stand before it."""

    error: VendorContractError
    place: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """
    Rows that stand next in a line, with the position after each.

    The rows are exactly the next ones in order, perhaps fewer than asked for; `end` says that none follow.
    A slice that does not end the line holds at least one row. `total` is the vendor's own count when it was asked for
    and the vendor counts; `calls` how many vendor calls the slice took, for the scan budget. `gaps` are the records
    among them that cannot be read, while the rest is sound; those after the last row are told only where the line ends,
    because what is read from there on brings them again.

    Where several branches of a filter can be merged, or a line read backwards, a position depends on its row and order
    alone: it means the same place in every branch and in the reversed line.
    """

    records: Sequence[Record]
    positions: Sequence[Position]
    end: bool
    total: int | None = None
    calls: int = 1
    gaps: tuple[Gap, ...] = ()


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
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Read records by vendor id in as few calls as the vendor allows; None for an id with no record."""
        ...

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, *, parts: frozenset[str], purpose: str
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
        """
        Estimate the calls `fetch_by_ids` makes for so many keys: when ids are dense, and at the worst.

        Neither counts a call that is made again, because it failed or its reply was too long to read.
        """
        ...


@runtime_checkable
class ReadsParts(Protocol):
    """An adapter with parts of records that cost calls of their own and are read only where they are selected."""

    async def fetch_parts(
        self, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Mapping[str, object | FacadeError | None]:
        """
        Read one part of many records: a field of the extension marked `"part"`, or `size` of audiences.

        None, or a missing key, is a record without it; an error fails its key alone.
        """
        ...
