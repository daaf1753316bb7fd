"""
Reading a line of sections of numbered pages: the next rows after a place, by as few calls as there are pages.

A section ends where its pages have shown as many rows as it counts, where it counts none, with a page that is not full,
and in any case with an empty page. A page that begins with rows taken before goes on behind them; a full page of
nothing else repeats what was sent, and ends the line with an error.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from adapters.calls import CallScope
from adapters.contract import Gap, Slice, SliceQuery
from adapters.errors import CursorError, VendorContractError
from adapters.records import Record
from adapters.transport.requests import Reply

from .places import Place, read_place
from .replies import build_contract_error

MOST_AT_ONCE: Final = 8
"""Sections whose first pages are read side by side, when those before them had nothing."""

MOST_PAGES: Final = 100_000
"""No section has as many pages; a vendor that says so does not come to an end."""

COUNT_SHORT: Final = "ROWS_MISSING"
PAGE_REPEATED: Final = "PAGE_REPEATED"


@dataclass(frozen=True, slots=True)
class Item:
    """A row as a record, or why it cannot be read; `id` is None where even that is unreadable."""

    id: str | None
    record: Record | VendorContractError


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a section; `total` is how many rows the section has, as far as the vendor says."""

    reply: Reply
    items: tuple[Item, ...]
    total: int | None

    @property
    def distinct(self) -> int:
        """How many rows there are, repeated ones counted once."""
        known = [item.id for item in self.items if item.id is not None]
        return len(self.items) - len(known) + len(set(known))


class PagedLine(Protocol):
    """A kind of line."""

    @property
    def size(self) -> int:
        """How many rows a page may have."""
        ...

    @property
    def known(self) -> tuple[str, ...] | None:
        """The sections in order, where they are known without a call."""
        ...

    async def fetch_sections(self, scope: CallScope) -> tuple[Sequence[str], int]:
        """Find out the sections in order, and say how many calls that took."""
        ...

    async def fetch_page(self, section: str, page: int, scope: CallScope) -> Page | None:
        """Read one page; None where there is no such section any more."""
        ...

    def owns(self, section: str) -> bool:
        """Say whether a text can be one of the line's sections."""
        ...

    def is_after(self, section: str, other: str) -> bool:
        """Say whether a section stands after another one."""
        ...


async def fetch_line(line: PagedLine, query: SliceQuery, scope: CallScope) -> Slice:
    """
    Read the next rows of a line.

    Raises:
        VendorError: a call failed, or a page repeats.
        CursorError: the position was not made for this line.
    """
    walk = _Walk(line, scope, query.limit)
    place = _find_place(line, query)
    if place is not None and not place.done:
        await walk.read_section(place, None)
    after = place.section if place is not None else None
    while not walk.full and (sections := await walk.find_sections(after)):
        after = await walk.read_sections(sections)
    return await walk.build_slice(after, count=query.count)


def _find_place(line: PagedLine, query: SliceQuery) -> Place | None:
    """Return where the line was left; a place in a section that is none of the line's was made for another filter."""
    if query.after is None:
        return None
    place = read_place(query.after, line.size)
    if not line.owns(place.section):
        raise CursorError("This cursor stands in rows that are not asked for.", hint="Start again without a cursor.")
    return place


@dataclass(slots=True)
class _Walk:
    """What one slice has read so far; `cut` says that a section goes on behind the last row."""

    line: PagedLine
    scope: CallScope
    limit: int
    records: list[Record] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    calls: int = 0
    cut: bool = False
    batch: int = 1
    total: int | None = None
    sections: tuple[str, ...] | None = None

    @property
    def full(self) -> bool:
        """Whether there are as many rows as were asked for."""
        return len(self.records) >= self.limit

    async def find_sections(self, after: str | None) -> deque[str]:
        """Return the sections that are still to be read, in order."""
        if self.sections is None:
            self.sections = self.line.known
        if self.sections is None:
            found, calls = await self.line.fetch_sections(self.scope)
            self.sections, self.calls = tuple(found), self.calls + calls
        return deque(each for each in self.sections if after is None or self.line.is_after(each, after))

    async def read_sections(self, sections: deque[str]) -> str:
        """Read the next section, or several with their first pages side by side, and return the last one read."""
        chosen = [sections.popleft() for _ in range(min(self.batch, len(sections)))]
        before = len(self.records)
        pages = await asyncio.gather(*(self._fetch(section, 1) for section in chosen))
        for section, page in zip(chosen, pages, strict=True):
            await self.read_section(Place(self.line.size, section), _First(page))
            if self.full:
                return section
        self.batch = min(2 * self.batch, MOST_AT_ONCE) if len(self.records) == before else 1
        return chosen[-1]

    async def read_section(self, place: Place, first: "_First | None") -> None:
        """Read a section on from a place to its end, or until there are rows enough; its first page may be there."""
        here: Place = place
        while not here.done and not self.full:
            page = first.page if first else await self._fetch(here.section, here.page)
            first = None
            self.total = 0 if page is None else page.total
            here = here.finish() if page is None else self._take(page, here)
        self.cut = not here.done

    async def _fetch(self, section: str, page: int) -> Page | None:
        self.calls += 1
        return await self.line.fetch_page(section, page, self.scope)

    def _take(self, page: Page, here: Place) -> Place:
        """Take a page's rows from a place on, and return the place behind the last one taken."""
        start, behind = _find_start(page, here), _end_page(page, here)
        self.known.update(item.id for item in page.items[:start] if item.id)
        last = here.last
        for index in range(start, len(page.items)):
            if self.full:
                return replace(here, taken=index, last=last)
            item = page.items[index]
            last = item.id or last
            more = index + 1 < len(page.items)
            self._keep(item, replace(here, taken=index + 1, last=last) if more else behind)
        if behind.done:
            self._tell_missing(page, here)
        return behind

    def _keep(self, item: Item, place: Place) -> None:
        if isinstance(item.record, VendorContractError):
            self.gaps.append(Gap(item.record, len(self.records)))
        elif item.id not in self.known:
            self.known.add(item.record.id)
            self.records.append(item.record)
            self.places.append(place)

    def _tell_missing(self, page: Page, here: Place) -> None:
        """Note a section that ends before it has shown as many rows as it counts."""
        if page.total is not None and here.seen + page.distinct < page.total:
            error = build_contract_error(page.reply, "fewer records than it counts", COUNT_SHORT)
            self.gaps.append(Gap(error, len(self.records)))

    async def build_slice(self, after: str | None, *, count: bool) -> Slice:
        """Return what was read; whether sections follow is not asked for by a call of its own."""
        known = self.sections if self.sections is not None else self.line.known
        more = known is None or any(after is None or self.line.is_after(each, after) for each in known)
        end = not self.cut and not more
        return Slice(
            records=tuple(self.records),
            positions=tuple(place.to_position() for place in self.places),
            end=end,
            total=self._count() if count else None,
            calls=self.calls,
            gaps=tuple(gap for gap in self.gaps if end or gap.place < len(self.records)),
        )

    def _count(self) -> int | None:
        """Return the vendor's count of a line of one section, None for one of several: it counts no more."""
        if self.line.known is None or len(self.line.known) > 1:
            return None
        return self.total if self.line.known else 0


@dataclass(frozen=True, slots=True)
class _First:
    """A first page that was read ahead; None in it where there is no such section."""

    page: Page | None


def _end_page(page: Page, here: Place) -> Place:
    """
    Return the place behind a page's last row.

    Raises:
        VendorContractError: there is no end of pages.
    """
    seen = here.seen + page.distinct
    ended = len(page.items) < here.size if page.total is None else seen >= page.total
    if ended or not page.items:
        return here.finish()
    if here.page >= MOST_PAGES:
        raise build_contract_error(page.reply, "pages without an end", PAGE_REPEATED)
    last = next((item.id for item in reversed(page.items) if item.id), here.last)
    return replace(here.turn(page.distinct), last=last)


def _find_start(page: Page, here: Place) -> int:
    """
    Return the first row of a page that was not taken yet.

    Raises:
        VendorContractError: the page is full, and all its rows stand before the place.
    """
    ids = [item.id for item in page.items]
    if here.last is None or here.last not in ids:
        return min(here.taken, len(ids))
    start = ids.index(here.last) + 1
    if here.taken == 0 and start == len(ids) >= here.size:
        raise build_contract_error(page.reply, "a page it had sent before", PAGE_REPEATED)
    return start


async def fetch_items(
    line: PagedLine, section: str, scope: CallScope, wanted: frozenset[str] | None = None
) -> tuple[list[Item], int]:
    """
    Read a section to its end, or until it has brought all rows that are wanted, and say how many calls that took.

    Raises:
        VendorError: a call failed, or a page repeats.
    """
    items: list[Item] = []
    here, calls = Place(line.size, section), 0
    while not here.done and not (wanted is not None and wanted <= {item.id for item in items}):
        page, calls = await line.fetch_page(section, here.page, scope), calls + 1
        if page is None:
            break
        items += page.items[_find_start(page, here) :]
        here = _end_page(page, here)
    return items, calls
