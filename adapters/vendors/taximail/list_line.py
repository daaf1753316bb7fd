"""
The line of all lists, and their ids.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.errors import VendorContractError
from adapters.records import Entity
from adapters.transport.requests import Reply, VendorRequest

from .account import Account
from .endpoints import CREATED, PageCall, build_lists
from .mapping import to_list
from .pages import Item, Page, Sections, fetch_section
from .replies import read_count, read_listed
from .values import to_id
from .wire import Row

ONE_SECTION: Final = ("",)
"""Lists are not divided."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """All lists."""

    account: Account
    call: PageCall
    note: CallNote
    known: tuple[str, ...] | None = ONE_SECTION

    @property
    def size(self) -> int:
        """How many rows a page may have."""
        return self.call.limit

    async def fetch_sections(self, scope: CallScope) -> Sections:
        """Return the only one."""
        del scope
        return Sections(ONE_SECTION)

    def build_request(self, section: str, page: int) -> VendorRequest:
        """Build the read of one page."""
        del section
        return build_lists(replace(self.call, page=page), self.note)

    async def fetch_page(self, section: str, page: int, scope: CallScope) -> Page | None:
        """Read one page."""
        found = await self.account.fetch(self.build_request(section, page), scope)
        if found is None:
            return None
        reply, data = found
        rows = read_listed(reply, data, "lists")
        return Page(reply, tuple(self._build_item(reply, row) for row in rows), read_count(data, "list_count"))

    def _build_item(self, reply: Reply, row: Row) -> Item:
        account = self.account
        return account.build_item(
            Entity.LIST, reply, to_id(row.get("list_id")), lambda: to_list(account.source, row, account.zone)
        )

    def name_sections(self) -> Hashable:
        """They are known without a call."""
        return self.known

    def name_page(self, section: str, page: int) -> Hashable:
        """A page is known by its call."""
        return self.account.name(self.build_request(section, page))

    def owns(self, section: str) -> bool:
        """Say whether it is the only one."""
        return section in ONE_SECTION

    def is_after(self, section: str, other: str) -> bool:
        """Nothing follows the only one."""
        return section > other


def build_list_line(account: Account, note: CallNote) -> ListLine:
    """Build the line of all lists in the order they were made, which new ones do not shift."""
    return ListLine(account, PageCall(CREATED, limit=account.size), note)


async def fetch_list_ids(account: Account, scope: CallScope, purpose: str) -> Sections:
    """
    Read the ids of all lists in ascending order; one without an id, or one that is only counted, is a fault.

    Raises:
        VendorError: a page cannot be read.
    """
    found = await fetch_section(build_list_line(account, CallNote(purpose=purpose)), *ONE_SECTION, scope)
    names = sorted({item.id for item in found.items if item.id is not None}, key=int)
    faults = [item.record for item in found.items if item.id is None and isinstance(item.record, VendorContractError)]
    return Sections(tuple(names), found.calls, (*faults, *([found.fault] if found.fault else [])))
