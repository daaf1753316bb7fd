"""
Taximail's REST calls, each built once.

What a list read does not name takes a default that is not ours (25 rows, newest first), so everything is always named.
Source: taximail-contacts.txt; vendors/facts.md, 3.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.calls import CallNote
from adapters.records import Entity
from adapters.transport.requests import VendorRequest
from adapters.transport.session import LogIn
from adapters.transport.urls import quote_segment

from .extensions import WORD
from .keys import InnerKey
from .replies import is_unauthorized, read_session

API_VERSION: Final = "v2, contacts as in taximail-contacts.txt, the rest as in vendors/facts.md, 3.1 to 3.4"

JSON_ONLY: Final = (("Accept", "application/json"),)

LOG_IN: Final = LogIn(
    request=VendorRequest("user.login", "user/login", method="POST", headers=JSON_ONLY, purpose="session", safe=True),
    read_session=read_session,
    refuses=is_unauthorized,
)
"""Source: vendors/facts.md, 3.1; opening a session twice harms nothing."""

DATE, EMAIL = "date", "email"
"""What contacts can be ordered by. Source: Showing, order_by."""

CREATED, LIST_NAME = "create_date", "list_name"
CAMPAIGN_NAME, SENT = "campaign_name", "sent_success_date"
"""What lists and campaigns can be ordered by. Source: vendors/facts.md, 3.3."""


@dataclass(frozen=True, slots=True)
class PageCall:
    """Which page of a list read is asked for, and how its rows stand; pages are numbered from 1."""

    order_by: str
    page: int = 1
    limit: int = 100
    descending: bool = False

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """The parameters in the order they are sent."""
        return (
            ("order_by", self.order_by),
            ("order_type", "desc" if self.descending else "asc"),
            ("page", str(self.page)),
            ("limit", str(self.limit)),
        )


@dataclass(frozen=True, slots=True)
class ContactSearch:
    """Which contacts of a list are meant: all of them, those of a segment, or those a keyword finds."""

    list_id: str
    segment_id: str | None = None
    keyword: str = ""

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """The parameters; contacts who have left are meant too. Source: Showing."""
        browse = (("browse", self.segment_id or "all"),)
        keyword = (("keyword_search", self.keyword),) if self.keyword else ()
        return (("display_mode", "all"), *browse, *keyword)


def build_lists(call: PageCall, note: CallNote) -> VendorRequest:
    """Build `GET /list`."""
    return _build("list.list", "list", call.params, note, Entity.LIST)


def build_fields(list_id: str, note: CallNote) -> VendorRequest:
    """Build `GET /list/{id}/custom_fields`."""
    return _build("custom_fields.list", f"list/{quote_segment(list_id)}/custom_fields", (), note, Entity.LIST)


def build_contacts(search: ContactSearch, call: PageCall, note: CallNote) -> VendorRequest:
    """Build `GET /list/{id}/subscribers`. Source: Showing."""
    path = f"list/{quote_segment(search.list_id)}/subscribers"
    return _build("subscribers.list", path, (*search.params, *call.params), note, Entity.SUBSCRIBER)


def build_contact(key: InnerKey, note: CallNote) -> VendorRequest:
    """Build `GET /list/{id}/subscribers/{id}`. Source: Contact's detail."""
    path = f"list/{quote_segment(key.list_id)}/subscribers/{quote_segment(key.inner_id)}"
    return _build("subscribers.read", path, (), note, Entity.SUBSCRIBER)


def build_campaigns(status: str, call: PageCall, note: CallNote) -> VendorRequest:
    """Build `GET /campaign`; a status must be named."""
    return _build("campaign.list", "campaign", (("campaign_status", status), *call.params), note, Entity.CAMPAIGN)


def build_message(message_id: str, note: CallNote) -> VendorRequest:
    """Build `GET /transactional/{message_id}`; the id is the caller's own text."""
    path = f"transactional/{quote_segment(message_id)}"
    return _build("transactional.read", path, (), note, Entity.MESSAGE)


def _build(
    operation: str, path: str, params: tuple[tuple[str, str], ...], note: CallNote, told: Entity
) -> VendorRequest:
    return VendorRequest(
        operation=operation,
        path=path,
        params=params,
        headers=JSON_ONLY,
        purpose=note.purpose,
        pushed=note.pushed,
        residual=note.residual,
        reasons=note.reasons,
        keys=note.keys,
        remembered_as=told,
    )


CAMPAIGN_STATUSES: Final = ("Sent", "Outbox", "Draft", "Paused", "Scheduled", "Repeatly", "PendingApproval")
"""Every status campaigns can be asked for by, in the order of the vendor's page. Source: vendors/facts.md, 3.3."""

WIRE_ORDERS: Final[Mapping[Entity, Mapping[str, str]]] = {
    Entity.SUBSCRIBER: {"id": DATE, "email": EMAIL, f"{WORD}.subscribed_at": DATE},
    Entity.LIST: {"id": CREATED, "name": LIST_NAME, "created_at": CREATED},
    Entity.CAMPAIGN: {"id": CREATED, "name": CAMPAIGN_NAME, f"{WORD}.created_at": CREATED, f"{WORD}.sent_at": SENT},
}
"""What each of our orders is called there; where an order by id is wanted, rows stand as they came."""
