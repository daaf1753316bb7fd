"""
The line of contacts, list by list.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.calls import CallNote, CallScope
from adapters.records import Entity
from adapters.transport.requests import Reply, VendorRequest

from .account import Account
from .contact_rows import Origin, read_labels, to_contact
from .endpoints import ContactSearch, PageCall, build_contacts
from .field_types import FieldTypes, Types
from .keys import InnerKey, is_id
from .list_line import ONE_SECTION, build_list_line, fetch_list_ids
from .pages import Item, Page, Sections
from .replies import read_count, read_listed
from .values import to_id
from .wire import Row


@dataclass(frozen=True, slots=True)
class ContactLine:
    """
    Contacts of some lists, or of all of them (`known` None), narrowed alike.

    `segment` names the segment of the only list. `types` are those of the lists' fields, where somebody wants them.
    """

    account: Account
    call: PageCall
    note: CallNote
    known: tuple[str, ...] | None = None
    segment_id: str | None = None
    keyword: str = ""
    types: FieldTypes | None = None

    @property
    def size(self) -> int:
        """How many rows a page may have."""
        return self.call.limit

    async def fetch_sections(self, scope: CallScope) -> Sections:
        """Read the ids of all lists, in ascending order."""
        return await fetch_list_ids(self.account, scope, self.note.purpose)

    def build_request(self, section: str, page: int) -> VendorRequest:
        """Build the read of one page of a list."""
        search = ContactSearch(section, self.segment_id, self.keyword)
        return build_contacts(search, replace(self.call, page=page), self.note)

    async def fetch_page(self, section: str, page: int, scope: CallScope) -> Page | None:
        """Read one page of a list, and what its fields hold if somebody is on it; None where there is no such list."""
        found = await self.account.fetch(self.build_request(section, page), scope)
        if found is None:
            return None
        reply, data = found
        rows = read_listed(reply, data, "list_subscriber")
        types, calls = await self._fetch_types(section, scope) if rows else ({}, 0)
        labels = read_labels(data.get("field_subscriber"))
        origin = Origin(self.account.source, self.account.zone, section, self.segment_id)
        items = tuple(self._build_item(reply, origin, row, labels, types) for row in rows)
        return Page(reply, items, read_count(data, "subscriber_filter_count"), 1 + calls)

    async def _fetch_types(self, section: str, scope: CallScope) -> tuple[Types, int]:
        """Return what the list's fields hold, where somebody wants that, and how many calls it took."""
        if self.types is None:
            return {}, 0
        calls = 0 if self.types.knows(section, scope) else 1
        return await self.types.fetch(section, scope), calls

    def _build_item(self, reply: Reply, origin: Origin, row: Row, labels: Mapping[str, Any], types: Types) -> Item:
        number = to_id(row.get("subscriber_id"))
        id_ = None if number is None else str(InnerKey(origin.list_id, number))
        return self.account.build_item(Entity.SUBSCRIBER, reply, id_, lambda: to_contact(origin, row, labels, types))

    def name_sections(self) -> Hashable:
        """They are the lists' ids."""
        return ("list ids", build_list_line(self.account, CallNote()).name_page(*ONE_SECTION, 1))

    def name_page(self, section: str, page: int) -> Hashable:
        """A page is known by its call, and by whether the types of its fields are wanted."""
        return self.account.name(self.build_request(section, page), self.types is not None)

    def owns(self, section: str) -> bool:
        """Say whether a list is one of the line's."""
        return is_id(section) if self.known is None else section in self.known

    def is_after(self, section: str, other: str) -> bool:
        """Lists stand by number."""
        return int(section) > int(other)
