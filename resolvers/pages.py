"""
What a connection is asked, and what it answers.

Rules of asking: `first` (with `after`) reads forwards, `last` (with `before`) backwards; nothing else may be combined,
because Relay's meaning of the other pairs is not what people expect. A size is 1 to the limit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import repeat
from typing import Generic, TypeVar, final, overload

from adapters.errors import InputError, VendorError
from adapters.filters.order import Order, Position
from adapters.filters.tree import Filter
from resolvers.cursors import CursorWriter

N_co = TypeVar("N_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionArgs:
    """A connection's arguments as GraphQL takes them; None is what was not given."""

    source: str | None = None
    filter: Filter | None = None
    order: Order | None = None
    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many rows to read from which cursor, and in which direction."""

    size: int
    cursor: str | None = None
    backward: bool = False

    @property
    def argument(self) -> str:
        """The argument the cursor is given as."""
        return "before" if self.backward else "after"


class CompletenessState(StrEnum):
    """
    How much of what was asked one source gave to a page.

    OK: everything the page needed. TRUNCATED: the scan budget ended first; the end cursor goes on. PARTIAL: the source
    failed after some of its rows, or some of its records cannot be read. FAILED: it failed before any. UNSUPPORTED: it
    cannot answer this at all.
    """

    OK = "OK"
    PARTIAL = "PARTIAL"
    TRUNCATED = "TRUNCATED"
    FAILED = "FAILED"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessRecord:
    """
    What one source gave to one page.

    `rows` are those on the page, `scanned_rows` those read and checked for it; `reason` says why something is missing.
    """

    source: str
    vendor: str
    state: CompletenessState
    rows: int = 0
    scanned_rows: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EdgeRecord(Generic[N_co]):
    """A row of a page with its place, after which its cursor stands; the cursor is written when it is asked for."""

    node: N_co
    position: Position
    writer: CursorWriter

    @property
    def cursor(self) -> str:
        """The cursor; raises `CursorError` where the row's value is too long for one."""
        return self.writer.write(self.position)


@final
class Edges(Sequence[EdgeRecord[N_co]]):
    """The rows of one source on a page; few operations look at their cursors."""

    __slots__ = ("_positions", "_writer", "nodes")

    def __init__(self, nodes: Sequence[N_co], positions: Sequence[Position], writer: CursorWriter) -> None:
        """Take the records, and the position after each."""
        self.nodes = nodes
        self._positions = positions
        self._writer = writer

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._positions)

    def __iter__(self) -> Iterator[EdgeRecord[N_co]]:
        """Give the rows; their records are made all at once, since one by one costs far more."""
        return map(EdgeRecord, self.nodes, self._positions, repeat(self._writer))

    @overload
    def __getitem__(self, place: int) -> EdgeRecord[N_co]: ...

    @overload
    def __getitem__(self, place: slice) -> "Edges[N_co]": ...

    def __getitem__(self, place: int | slice) -> "EdgeRecord[N_co] | Edges[N_co]":
        """Return a row, or some of them."""
        if isinstance(place, slice):
            return Edges(self.nodes[place], self._positions[place], self._writer)
        return EdgeRecord(self.nodes[place], self._positions[place], self._writer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRecord(Generic[N_co]):
    """
    One page.

    Relay's rule where a side is unknown: a page read forwards has a previous page when `after` was given, one read
    backwards has a next page when `before` was. `resume` is where to go on from, in the direction in which the page was
    read, where that is not the last row: after the last one that was checked, so a page without rows can still be
    continued. `gaps` are the records that could not be read; they are told beside the data, at the path of the page, by
    whoever knows it.
    """

    edges: Sequence[EdgeRecord[N_co]] = ()
    has_next_page: bool = False
    has_previous_page: bool = False
    resume: str | None = None
    backward: bool = False
    total_count: int | None = None
    completeness: tuple[CompletenessRecord, ...] = ()
    gaps: tuple[VendorError, ...] = ()

    @property
    def nodes(self) -> Sequence[N_co]:
        """The rows without their cursors."""
        return self.edges.nodes if type(self.edges) is Edges else tuple([edge.node for edge in self.edges])

    @property
    def start_cursor(self) -> str | None:
        """Where the page before this one is read from; raises as `EdgeRecord.cursor`."""
        return (self.resume if self.backward else None) or (self.edges[0].cursor if self.edges else None)

    @property
    def end_cursor(self) -> str | None:
        """Where the page after this one is read from; raises as `EdgeRecord.cursor`."""
        return (None if self.backward else self.resume) or (self.edges[-1].cursor if self.edges else None)

    def reversed(self) -> "ConnectionRecord[N_co]":
        """Return the same page as read from its other end."""
        return replace(
            self,
            edges=self.edges[::-1],
            has_next_page=self.has_previous_page,
            has_previous_page=self.has_next_page,
            backward=not self.backward,
        )


def build_page_request(args: ConnectionArgs, default_first: int, max_first: int) -> PageRequest:
    """Check a connection's page arguments; raises `InputError` with reason PAGE_ARGUMENTS or PAGE_SIZE."""
    for one, other in (("first", "last"), ("after", "before"), ("after", "last"), ("before", "first")):
        if getattr(args, one) is not None and getattr(args, other) is not None:
            raise _refuse_pair(one, other)
    if args.before is not None and args.last is None:
        raise InputError(
            "`before` needs `last`.",
            reason="PAGE_ARGUMENTS",
            hint="Read backwards with `last` and `before`.",
            path=("before",),
        )
    name = "first" if args.last is None else "last"
    size = args.first if args.last is None else args.last
    size = default_first if size is None else size
    if not 1 <= size <= max_first:
        raise InputError(
            f"`{name}` must be 1 to {max_first}.",
            reason="PAGE_SIZE",
            hint=f"Ask for at most {max_first} and go on from the page's cursor.",
            path=(name,),
        )
    return PageRequest(size, args.after if name == "first" else args.before, backward=name == "last")


def _refuse_pair(one: str, other: str) -> InputError:
    return InputError(
        f"`{one}` and `{other}` cannot be combined.",
        reason="PAGE_ARGUMENTS",
        hint="Read forwards with `first` and `after`, or backwards with `last` and `before`.",
        path=(other,),
    )
