"""
What Taximail can do with each field and operator.

Source: taximail-contacts.txt, Showing; vendors/facts.md, 3.3. A contact lives in one list, so a filter by list is the
list's own page, exactly. A keyword search says only that it searches the contact list: all readings of that which fit
its example find at least the contacts whose address is the keyword, so an equality narrows, and is checked again;
parts of an address do not, since a search by words would not find them. How a segment and a keyword go together is not
stated, so several narrowings at once are checked again, and a segment, which rows do not name, is asked for alone.

Pages are numbered: rows that come or go between two of them shift the others.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adapters.contract import FIELD_TYPES
from adapters.evidence import NOTHING_FOUND, Findings
from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.fields import FIELDS
from adapters.filters.tree import Op
from adapters.records import Entity

from .endpoints import API_VERSION
from .extensions import WORD
from .settings import TaximailSettings

VENDOR: Final = "taximail"

LIST_PARAMETER: Final = "list_id"
SEGMENT_PARAMETER: Final = "browse"
KEYWORD_PARAMETER: Final = "keyword_search"
STATUS_PARAMETER: Final = "campaign_status"

_PATH: Final = Line(Support.EXACT, Evidence.DOCUMENTED, "Contacts, Showing: the list in the path")
_BROWSE: Final = Line(Support.EXACT, Evidence.DOCUMENTED, "Contacts, Showing, browse")
_KEYWORD: Final = Line(Support.INEXACT, Evidence.INFERRED, "Contacts, Showing, keyword_search")
_STATUS: Final = Line(Support.EXACT, Evidence.DOCUMENTED, "vendors/facts.md, 3.3: campaign_status")
_TOGETHER: Final = Line(Support.INEXACT, Evidence.INFERRED, "Contacts, Showing: several parameters at once")

_ORDERED: Final = FieldCapability("", sortable=True, mergeable=False)

_NO_SEGMENTS: Final = (
    "Taximail has no call that lists segments; name one by its id, as 314/7 for segment 7 of list 314."
)
_NO_MESSAGES: Final = "Taximail has no call that lists messages; name one by the id it was sent with."

_CONTACT_HOLDS: Final = frozenset({"id", "email", "first_name", "last_name", "memberships", "custom_fields"})
_SEGMENT: Final = "audiences.audience_id"
"""Contacts can be asked for by segment, and no row names one."""

_CONTACT_LACKS: Final = frozenset(FIELDS[Entity.SUBSCRIBER].keys() - _CONTACT_HOLDS) | {
    "audiences.name",
    *("memberships.left_at", "memberships.option", "memberships.campaign_id", "memberships.import_id"),
}
"""A row says that a contact has left and not when: whoever asks for people without an opt-out must not get them."""

_SEGMENT_LACKS: Final = frozenset(FIELDS[Entity.AUDIENCE].keys() - {"id", "kind", "size"})
_LIST_LACKS: Final = frozenset({"ref", "status"})
_CAMPAIGN_LACKS: Final = frozenset({"ref", "starts_at", "success_event_ref"})
"""What no page of the vendor's names. Source: vendors/facts.md, 3.3, Lists and Campaigns."""

_TABLES: Final[Mapping[Entity, EntityCapability]] = {
    Entity.SUBSCRIBER: EntityCapability(
        fields={
            "email": FieldCapability(KEYWORD_PARAMETER, {Op.EQ: _KEYWORD}, sortable=True, mergeable=False, at_most=1),
            f"{WORD}.subscribed_at": replace(_ORDERED, wire="date"),
            "memberships.list_id": FieldCapability(
                LIST_PARAMETER, {Op.EQ: _PATH, Op.IN: _PATH}, at_most=1, digits=True
            ),
            _SEGMENT: FieldCapability(SEGMENT_PARAMETER, {Op.EQ: _BROWSE}, at_most=1),
        },
        conjunction=_TOGETHER,
        counts=True,
        backwards=False,
        stable_pages=False,
        missing_in_rows=frozenset({_SEGMENT}),
        never_told=_CONTACT_LACKS,
        parts_in_rows=frozenset({FIELD_TYPES}),
    ),
    Entity.LIST: EntityCapability(
        fields={"name": replace(_ORDERED, wire="list_name"), "created_at": replace(_ORDERED, wire="create_date")},
        conjunction=_TOGETHER,
        counts=True,
        backwards=False,
        stable_pages=False,
        never_told=_LIST_LACKS,
    ),
    Entity.CAMPAIGN: EntityCapability(
        fields={
            "status": FieldCapability(STATUS_PARAMETER, {Op.EQ: _STATUS, Op.IN: _STATUS}, at_most=1),
            "name": replace(_ORDERED, wire="campaign_name"),
            f"{WORD}.created_at": replace(_ORDERED, wire="create_date"),
            f"{WORD}.sent_at": replace(_ORDERED, wire="sent_success_date"),
        },
        conjunction=_TOGETHER,
        counts=True,
        backwards=False,
        stable_pages=False,
        never_told=_CAMPAIGN_LACKS,
    ),
    Entity.AUDIENCE: EntityCapability(
        fields={},
        conjunction=_TOGETHER,
        listable=False,
        backwards=False,
        never_told=_SEGMENT_LACKS,
        reason=_NO_SEGMENTS,
    ),
    Entity.MESSAGE: EntityCapability(
        fields={}, conjunction=_TOGETHER, listable=False, backwards=False, reason=_NO_MESSAGES
    ),
}


def build_capability(settings: TaximailSettings, findings: Findings = NOTHING_FOUND) -> Capability:
    """Build the table for one source: its page size is the operator's, within the vendor's."""
    del findings
    entities = {entity: replace(table, max_page=settings.max_page) for entity, table in _TABLES.items()}
    return Capability(VENDOR, API_VERSION, entities)


TABLES: Final = _TABLES
"""The tables before a source's own page size."""
