"""
Slices: the next rows of a line that is paged by how many rows to pass over.

A place is how many rows stand before it, and the id of the last one. Where rows were added before it since, that row
is met again, and the line goes on behind it; rows that were taken away in between hide as many others.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from adapters.calls import CallNote, CallScope
from adapters.contract import Gap, Slice, SliceQuery
from adapters.errors import CursorError, VendorContractError
from adapters.filters.order import Position
from adapters.records import Entity, Record

from .compiler import TalonOneCompiler, build_question
from .reading import Ask, Found, Reader, find_key, refuse_endless

if TYPE_CHECKING:
    from .reading import OwnRecord

MAX_CALLS: Final = 5
"""So many pages without a row to show are taken for a list without an end."""

LARGEST_SKIP: Final = 2**31 - 1
"""The most rows a place can have before it: the vendor's integers."""

_PLACE_PARTS = 2


async def fetch_slice(reader: Reader, compiler: TalonOneCompiler, query: SliceQuery, scope: CallScope) -> Slice:
    """
    Read the next rows of a line, by one call unless a page holds none that can be shown.

    Raises:
        VendorError: a call failed, or pages bring nothing new.
        CursorError: the position was not made here.
    """
    ask = build_ask(reader, compiler, query)
    skip, last = read_place(query.after)
    taker = _Taker(query.limit, seen={last} if last else set())
    for calls in range(1, MAX_CALLS + 1):
        found = await reader.fetch_page(ask, skip, query.limit, scope)
        whole = taker.take(reader, ask, found, last)
        ended = whole and found.ended
        if taker.records or ended:
            return taker.build_slice(found, calls, end=ended)
        if not found.page.rows:
            break
        skip += len(found.page.rows)
    raise refuse_endless(found)


def build_ask(reader: Reader, compiler: TalonOneCompiler, query: SliceQuery) -> Ask:
    """Build what a query's pages ask for."""
    if query.entity is Entity.AUDIENCE:
        sort = f"-{query.order.field}" if query.order.descending else query.order.field
        return reader.ask_audiences(_build_note(query, ()), sort, count=query.count)
    question = build_question(compiler, query.pushed)
    return reader.ask_customers(question, _build_note(query, question.describe()))


def read_place(after: Position | None) -> tuple[int, str | None]:
    """
    Return how many rows stand before a place, and the last one's id.

    Raises:
        CursorError: the position was not made here.
    """
    if after is None:
        return 0, None
    if len(after.parts) == _PLACE_PARTS:
        skip, last = after.parts
        if type(skip) is int and 0 < skip <= LARGEST_SKIP and isinstance(last, str):
            return skip, last
    raise CursorError("This cursor does not belong to this list.", hint="Start again without `after`.")


def _build_note(query: SliceQuery, pushed: tuple[str, ...]) -> CallNote:
    return CallNote(purpose=query.purpose, pushed=pushed, residual=query.residual, reasons=query.reasons)


@dataclass(slots=True)
class _Taker:
    """Takes rows from pages: each record once, at most `limit`, with the place after it."""

    limit: int
    records: list[Record] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, reader: Reader, ask: Ask, found: Found, last: str | None) -> bool:
        """Take what fits of a page, behind the row that was read last; say whether that was all of it."""
        keys = [find_key(ask.entity, row) for row in found.page.rows]
        start = keys.index(last) + 1 if last in keys and last is not None else 0
        for place, row in list(enumerate(found.page.rows))[start:]:
            if len(self.records) == self.limit:
                return False
            record = reader.to_record(ask, found.page, row)
            if isinstance(record, VendorContractError):
                self.gaps.append(Gap(record, len(self.records)))
            elif record.id not in self.seen:
                self._add(record, found.window.skip + place + 1)
        return True

    def _add(self, record: "OwnRecord", index: int) -> None:
        self.seen.add(record.id)
        self.records.append(record)
        self.positions.append(Position((index, record.id)))

    def build_slice(self, found: Found, calls: int, *, end: bool) -> Slice:
        """Build the slice; what cannot be read behind its last row is told where the line ends."""
        gaps = tuple(gap for gap in self.gaps if end or gap.place < len(self.records))
        return Slice(
            tuple(self.records), tuple(self.positions), end=end, total=found.page.total, calls=calls, gaps=gaps
        )
