"""
The line of campaigns, status by status.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from adapters.calls import CallNote, CallScope
from adapters.records import Entity
from adapters.transport.requests import Reply, VendorRequest

from .account import Account
from .endpoints import CAMPAIGN_STATUSES, PageCall, build_campaigns
from .mapping import to_campaign
from .pages import Item, Page, Sections
from .replies import read_count, read_listed
from .values import to_id
from .wire import Row


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """Campaigns of some statuses."""

    account: Account
    call: PageCall
    note: CallNote
    known: tuple[str, ...] | None = CAMPAIGN_STATUSES

    @property
    def size(self) -> int:
        """How many rows a page may have."""
        return self.call.limit

    async def fetch_sections(self, scope: CallScope) -> Sections:
        """Return the statuses."""
        del scope
        return Sections(self.known or ())

    def build_request(self, section: str, page: int) -> VendorRequest:
        """Build the read of one page of a status."""
        return build_campaigns(section, replace(self.call, page=page), self.note)

    async def fetch_page(self, section: str, page: int, scope: CallScope) -> Page | None:
        """Read one page of a status."""
        found = await self.account.fetch(self.build_request(section, page), scope)
        if found is None:
            return None
        reply, data = found
        rows = read_listed(reply, data, "campaigns")
        return Page(
            reply, tuple(self._build_item(reply, section, row) for row in rows), read_count(data, "campaign_count")
        )

    def _build_item(self, reply: Reply, status: str, row: Row) -> Item:
        account, id_ = self.account, to_id(row.get("campaign_id"))
        return account.build_item(
            Entity.CAMPAIGN, reply, id_, lambda: to_campaign(account.source, status, row, account.zone)
        )

    def name_sections(self) -> Hashable:
        """They are known without a call."""
        return self.known

    def name_page(self, section: str, page: int) -> Hashable:
        """A page is known by its call."""
        return self.account.name(self.build_request(section, page))

    def owns(self, section: str) -> bool:
        """Say whether a status is one of the line's."""
        return section in (self.known or ())

    def is_after(self, section: str, other: str) -> bool:
        """Statuses stand as the vendor's page names them."""
        return CAMPAIGN_STATUSES.index(section) > CAMPAIGN_STATUSES.index(other)
