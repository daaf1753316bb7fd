"""
Reading a line of sections of numbered pages: the next rows after a place, by as few calls as there are pages.

A slice seldom ends where a page does. What a page brought is kept for the request, so that its next slice begins with
rows that are already there.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, cast

from adapters.calls import CallScope
from adapters.contract import Gap, Slice, SliceQuery
from adapters.errors import CursorError, VendorContractError
from adapters.records import Record

from .pages import Item, Page, PagedLine, end_page, find_missing, find_start
from .places import Place, read_place

T = TypeVar("T")

MOST_AT_ONCE: Final = 8
"""Sections whose first pages are read side by side, when those before them had nothing."""


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
    return walk.build_slice(after, count=query.count)


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
            line, scope = self.line, self.scope
            found, new = await _read_once(scope, line.name_sections(), lambda: line.fetch_sections(scope))
            self.sections, self.calls = found.names, self.calls + (found.calls if new else 0)
            for fault in found.faults:
                self._tell(fault)
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
        line, scope = self.line, self.scope
        name = line.name_page(section, page)
        found, new = await _read_once(scope, name, lambda: line.fetch_page(section, page, scope))
        if new:
            self.calls += 1 if found is None else found.calls
        return found

    def _take(self, page: Page, here: Place) -> Place:
        """Take a page's rows from a place on, and return the place behind the last one taken."""
        start, behind = find_start(page, here), end_page(page, here)
        self.known.update(item.id for item in page.items[:start] if item.id)
        last = here.last
        for index in range(start, len(page.items)):
            if self.full:
                return replace(here, taken=index, last=last)
            item = page.items[index]
            last = item.id or last
            more = index + 1 < len(page.items)
            self._keep(item, replace(here, taken=index + 1, last=last) if more else behind)
        if behind.done and (fault := find_missing(page, here)):
            self._tell(fault)
        return behind

    def _keep(self, item: Item, place: Place) -> None:
        if isinstance(item.record, VendorContractError):
            self._tell(item.record)
        elif item.id not in self.known:
            self.known.add(item.record.id)
            self.records.append(item.record)
            self.places.append(place)

    def _tell(self, fault: VendorContractError) -> None:
        self.gaps.append(Gap(fault, len(self.records)))

    def build_slice(self, after: str | None, *, count: bool) -> Slice:
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


async def _read_once(scope: CallScope, name: Hashable, read: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
    """Return what the request has read under a name, or read it now; and whether it was read now."""
    if name in scope.kept:
        return cast("T", scope.kept[name]), False
    found = await read()
    scope.kept[name] = found
    return found, True


@dataclass(frozen=True, slots=True)
class _First:
    """A first page that was read ahead; None in it where there is no such section."""

    page: Page | None
