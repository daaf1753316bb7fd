"""
Slices of the list of opt-outs: the next rows in the vendor's own order, by as few calls as its pages allow.

A position holds how many rows stand before it, and the mark of the row before it. Pages shift when people opt out or
in; where the marked row stands further down than it did, everything up to it was shown already.
"""

from dataclasses import dataclass, field
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.contract import Gap, Slice, SliceQuery
from adapters.errors import CapabilityError, CursorError
from adapters.filters.order import BY_ID, Position
from adapters.records import Entity, UnsubscribeRecord
from adapters.refusals import build_contract_error, build_unreadable
from adapters.transport.client import VendorRequest

from .compiler import COMPILER
from .endpoints import PageCall, build_page
from .opt_outs import to_unsubscribe
from .paging import Page, choose_page, read_page
from .reading import Reader
from .replies import read_data
from .values import UnreadableError

MAX_CALLS: Final = 6
"""After so many calls a slice returns what it has, if that is anything."""

LAST_CALL: Final = 30
MOST_CUTS: Final = 3
LARGEST_OFFSET: Final = 10**9
LONGEST_MARK: Final = 64


@dataclass(slots=True)
class PageSizes:
    """The most rows one page holds: the operator's word, less what replies teach."""

    largest: int

    def learn(self, page: Page) -> None:
        """Remember how large the vendor's pages are; its last one may only look small."""
        if page.cut and not page.last:
            self.largest = min(self.largest, page.size)


@dataclass(slots=True)
class _Gathering:
    """What a slice has found so far; `offset` is how many rows stand before the next one to look at."""

    reader: Reader
    limit: int
    offset: int
    after: str | None
    seen: set[str] = field(default_factory=set)
    records: list[UnsubscribeRecord] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def wanted(self) -> int:
        """How many rows are still wanted."""
        return self.limit - len(self.records)

    def take(self, page: Page) -> bool:
        """Take a page's rows as long as they are wanted; say whether all of them were looked at."""
        rows = list(page.rows[self.offset - page.start :])
        marks = [self.reader.marker.mark(row) for row in rows]
        known, fresh = marks.index(self.after) + 1 if self.after in marks else 0, False
        for place, (row, mark) in enumerate(zip(rows, marks, strict=True)):
            if not self.wanted:
                return False
            self.offset += 1
            fresh = fresh or (mark not in self.seen and mark != self.after)
            if place >= known and mark not in self.seen:
                self._take_row(page, row, mark)
            self.seen.add(mark)
        if not fresh and not page.last:
            raise build_contract_error(page.reply, "a page that brings nothing new", "LINE_REPEATS")
        return True

    def _take_row(self, page: Page, row: object, mark: str) -> None:
        account = self.reader.account
        try:
            record = to_unsubscribe(account.source, mark, row, account.zone, account.projects)
        except UnreadableError as error:
            fault = build_unreadable(page.reply, Entity.UNSUBSCRIBE, error, "an opt-out")
            self.gaps.append(Gap(fault, len(self.records)))
            return
        self.records.append(record)
        self.positions.append(Position((self.offset, mark)))

    def build_slice(self, *, end: bool, calls: int) -> Slice:
        """Build the slice; what cannot be read after its last row is told where the line ends, or comes again."""
        gaps = self.gaps if end else [gap for gap in self.gaps if gap.place < len(self.records)]
        return Slice(tuple(self.records), tuple(self.positions), end=end, calls=calls, gaps=tuple(gaps))


async def fetch_slice(reader: Reader, sizes: PageSizes, query: SliceQuery, scope: CallScope) -> Slice:
    """
    Read the next rows of the list.

    Raises:
        VendorError: a call failed, or a reply is no page of the list.
        CapabilityError: another order than the vendor's own is asked for.
        CursorError: the position was not made for this list.
    """
    check_order(query)
    offset, after = _parse_position(query.after)
    gathering = _Gathering(reader, query.limit, offset, after)
    calls, end, page = 0, False, None
    while gathering.wanted and not end:
        if page and (calls >= LAST_CALL or (calls >= MAX_CALLS and gathering.records)):
            break
        page, spent = await _fetch_page(reader, sizes, query, gathering, scope)
        calls += spent
        end = gathering.take(page) and page.last
    if page and not end and not gathering.records:
        raise build_contract_error(page.reply, "page after page without a row to show", "LINE_ENDLESS")
    return gathering.build_slice(end=end, calls=calls)


async def _fetch_page(
    reader: Reader, sizes: PageSizes, query: SliceQuery, gathering: _Gathering, scope: CallScope
) -> tuple[Page, int]:
    """Read the page that holds the next row; where the vendor's pages are smaller than asked for, ask anew."""
    largest, page = sizes.largest, None
    for calls in range(1, MOST_CUTS + 1):
        call = choose_page(COMPILER.find_since(query.pushed), gathering.offset, gathering.wanted, largest)
        reply = await reader.client.send(build_request(call, query), scope)
        page = read_page(reply, read_data(reply), call)
        sizes.learn(page)
        if not page.cut or page.start <= gathering.offset < page.start + page.size:
            return page, calls
        largest = page.size
    raise build_contract_error(reply, "pages of ever other sizes", "PAGE_SIZES")


def build_first_request(query: SliceQuery, sizes: PageSizes) -> VendorRequest:
    """
    Build the first call of a slice without sending it.

    Raises:
        CapabilityError, CursorError: as `fetch_slice`.
    """
    check_order(query)
    offset, _ = _parse_position(query.after)
    return build_request(choose_page(COMPILER.find_since(query.pushed), offset, query.limit, sizes.largest), query)


def build_request(call: PageCall, query: SliceQuery) -> VendorRequest:
    """Build the call of a page, with what the plan says of it."""
    pushed = (f"since {call.since}",) if COMPILER.build_predicates(query.pushed) else ()
    return build_page(call, CallNote(query.purpose, pushed, query.residual, query.reasons))


def check_order(query: SliceQuery) -> None:
    """Refuse every order but the vendor's own, which stands for the default."""
    if query.order != BY_ID:
        raise CapabilityError(
            "Sendios lists opt-outs in its own order only.", reason="ORDER_UNSUPPORTED", hint="Leave the order out."
        )


def _parse_position(after: Position | None) -> tuple[int, str | None]:
    if after is None:
        return 0, None
    match after.parts:
        case (offset, str(mark)) if type(offset) is int and 0 < offset <= LARGEST_OFFSET and len(mark) <= LONGEST_MARK:
            return offset, mark
    raise CursorError("The cursor was not made for this list.")
