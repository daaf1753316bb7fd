"""
What Talon.One can do with each field and operator; without a Management key, nothing.

Source: vendors/facts.md, 5.4; T1-OAS-MGMT. A call narrows by one thing: an audience's members are one address, searches
another, and that a search joins its parts by AND is said of attributes only.
"""

from typing import Final

from adapters.evidence import NOTHING_FOUND, Findings
from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.fields import FIELDS, Kind
from adapters.filters.tree import Op
from adapters.records import Entity

from .endpoints import API_VERSION, MAX_IDS
from .settings import AttributeSettings, TalonOneSettings

VENDOR: Final = "talon_one"
MEMBERS: Final = "audiences.audience_id"
MEMBERS_WIRE: Final = "memberships"
IDS_WIRE: Final = "integrationIDs"

UNREADABLE: Final = (
    "Talon.One's CDP API can only be written to: "
    "add management = { key = … } with a Management API key to the source, to read by it."
)

_MAX_BODY_BYTES = 500_000
"""What the values of one search may take: they travel in its body."""

_ONE_EACH: Final = Line(
    Support.UNSUPPORTED, Evidence.INFERRED, "customer_search and memberships are calls of their own"
)
_IDS: Final = Line(Support.INEXACT, Evidence.INFERRED, "POST /v1/customer_search/no_total, integrationIDs")
_ATTRIBUTE: Final = Line(Support.EXACT, Evidence.DOCUMENTED, "POST /v1/customer_search/no_total, attributes")
_MEMBER: Final = Line(Support.EXACT, Evidence.DOCUMENTED, "GET /v1/audiences/{audienceId}/memberships")

_SEARCHED = frozenset({Kind.TEXT})
_ALWAYS_HELD: Final = frozenset({"id", "ref", "audiences", "custom_fields"})
_AUDIENCE_LACKS: Final = frozenset({"definition", "status"})
_COUNTED_APART: Final = frozenset({"size"})


def build_capability(settings: TalonOneSettings, findings: Findings = NOTHING_FOUND) -> Capability:
    """Build the table for one source: what can be read hangs on its Management key; no check refines it."""
    del findings
    if settings.management is None:
        return Capability(VENDOR, API_VERSION, dict.fromkeys((Entity.SUBSCRIBER, Entity.AUDIENCE), _CLOSED))
    entities = {
        Entity.SUBSCRIBER: build_customers(settings.attributes, settings.max_page),
        Entity.AUDIENCE: _build_audiences(settings.max_page),
    }
    return Capability(VENDOR, API_VERSION, entities)


def build_customers(attributes: AttributeSettings, max_page: int) -> EntityCapability:
    """
    Build the table of customer profiles, listed in the vendor's own order.

    Fields that no attribute fills are held by no row.
    """
    common = FIELDS[Entity.SUBSCRIBER]
    held = dict(attributes.pairs())
    ids = FieldCapability(IDS_WIRE, {Op.EQ: _IDS, Op.IN: _IDS})
    return EntityCapability(
        fields={
            "id": ids,
            "ref": ids,
            **{name: _build_attribute(wire, common[name].kind) for name, wire in held.items()},
            MEMBERS: FieldCapability(MEMBERS_WIRE, {Op.EQ: _MEMBER}, at_most=1, digits=True),
        },
        conjunction=_ONE_EACH,
        backwards=False,
        stable_pages=False,
        max_page=max_page,
        max_in=MAX_IDS,
        max_filter_bytes=_MAX_BODY_BYTES,
        never_told=frozenset(common.keys() - _ALWAYS_HELD - held.keys()),
    )


def _build_attribute(wire: str, kind: Kind) -> FieldCapability:
    """A text is filled from texts alone, so that it can be searched for; a date may be written in several ways."""
    return FieldCapability(wire, {Op.EQ: _ATTRIBUTE} if kind in _SEARCHED else {})


def _build_audiences(max_page: int) -> EntityCapability:
    """Build the table of audiences: all of them are listed, and narrowed here."""
    return EntityCapability(
        fields={
            "id": FieldCapability("id", sortable=True, digits=True),
            "name": FieldCapability("name", sortable=True, mergeable=False),
            "ref": FieldCapability("integrationId"),
            "created_at": FieldCapability("created"),
        },
        conjunction=_ONE_EACH,
        backwards=False,
        counts=True,
        stable_pages=False,
        max_page=max_page,
        missing_in_rows=_COUNTED_APART,
        never_told=_AUDIENCE_LACKS,
    )


_CLOSED: Final = EntityCapability(
    fields={}, conjunction=_ONE_EACH, listable=False, backwards=False, stable_pages=False, reason=UNREADABLE
)
