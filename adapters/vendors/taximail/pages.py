"""
Numbered pages: what one is, where it ends, and how a section of them is read whole.

A section ends where its pages have shown as many rows as it counts, where it counts none, with a page that is not full,
and in any case with an empty page. A page that begins with rows taken before goes on behind them; a full page of
nothing else repeats what was sent, and ends the line with an error.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from adapters.calls import CallScope
from adapters.errors import VendorContractError
from adapters.records import Record
from adapters.refusals import build_contract_error
from adapters.transport.requests import Reply

from .places import Place

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
    """
    One page of a section; `total` is how many rows the section has, as far as the vendor says.

    `calls` is how many it took: what its rows do not hold may cost another.
    """

    reply: Reply
    items: tuple[Item, ...]
    total: int | None
    calls: int = 1

    @property
    def distinct(self) -> int:
        """How many rows there are, repeated ones counted once."""
        known = [item.id for item in self.items if item.id is not None]
        return len(self.items) - len(known) + len(set(known))


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of a line in order, the calls that told them, and why some may be missing."""

    names: tuple[str, ...]
    calls: int = 0
    faults: tuple[VendorContractError, ...] = ()


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

    async def fetch_sections(self, scope: CallScope) -> Sections:
        """Find out the sections in order."""
        ...

    async def fetch_page(self, section: str, page: int, scope: CallScope) -> Page | None:
        """Read one page; None where there is no such section any more."""
        ...

    def name_sections(self) -> Hashable:
        """Return what the line's sections are known by within a request."""
        ...

    def name_page(self, section: str, page: int) -> Hashable:
        """Return what a page's rows are known by within a request: whatever tells them from those of any other."""
        ...

    def owns(self, section: str) -> bool:
        """Say whether a text can be one of the line's sections."""
        ...

    def is_after(self, section: str, other: str) -> bool:
        """Say whether a section stands after another one."""
        ...


def end_page(page: Page, here: Place) -> Place:
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


def find_start(page: Page, here: Place) -> int:
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


@dataclass(frozen=True, slots=True)
class Section:
    """All rows of a section, and the calls that brought them; `fault` says that it counts more than it has shown."""

    items: tuple[Item, ...]
    calls: int
    fault: VendorContractError | None = None


async def fetch_section(
    line: PagedLine, section: str, scope: CallScope, wanted: frozenset[str] | None = None
) -> Section:
    """
    Read a section to its end, or until it has brought all rows that are wanted.

    Raises:
        VendorError: a call failed, or a page repeats.
    """
    items: list[Item] = []
    here, calls = Place(line.size, section), 0
    fault: VendorContractError | None = None
    while not here.done and not (wanted is not None and wanted <= {item.id for item in items}):
        page = await line.fetch_page(section, here.page, scope)
        calls += 1 if page is None else page.calls
        if page is None:
            break
        items += page.items[find_start(page, here) :]
        behind = end_page(page, here)
        fault = find_missing(page, here) if behind.done else None
        here = behind
    return Section(tuple(items), calls, fault)


def find_missing(page: Page, here: Place) -> VendorContractError | None:
    """Return the error that a section ends before it has shown as many rows as it counts."""
    if page.total is None or here.seen + page.distinct >= page.total:
        return None
    return build_contract_error(page.reply, "fewer records than it counts", COUNT_SHORT)
