"""
The scalar fields of the document: record field, wire name, document section. Every other table here is made from this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

from adapters.filters.fields import FIELDS, FieldSpec, Kind, build_extension_fields
from adapters.records import Entity

from .extensions import EXTENSIONS, WORD

LARGEST_ID: Final = 2**63 - 1
LARGEST_COMPARED: Final = 2**31 - 1
"""PostgreSQL refuses a comparison of an `integer` column with more than this; which columns are wider is not said."""

Value = str | int | date | datetime
"""A present value of a column in the form orders compare: ids and numbers as `int`, times to the second."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    One scalar field.

    `name` is the record's, `wire` the vendor's. `section` is the part of the document that names it, empty for fields
    only public clients know: those are read and never asked for. `largest` is the number up to which the vendor can be
    asked to compare. `inferred` says that the type is only read out of the document's examples.
    """

    name: str
    wire: str
    kind: Kind
    section: str
    largest: int = LARGEST_COMPARED
    inferred: bool = False

    @property
    def documented(self) -> bool:
        """Say whether the vendor's document names the field."""
        return bool(self.section)

    def build_reader(self) -> Callable[[Any], Value | None]:
        """Build a function of a record that returns the column's value."""
        read: Callable[[Any], Any] = attrgetter(self.name.replace(f"{WORD}.", "extension."))
        if self.kind is not Kind.ID:
            return read
        return lambda record: None if (value := read(record)) is None else int(value)


_SUBSCRIBER: Final = {
    "id": "id",
    "ref": "ref",
    "title": "title",
    "first_name": "firstname",
    "last_name": "lastname",
    "phone": "phone",
    "mobile": "mobile",
    "birth_date": "dob",
    "address": "address",
    "address2": "address2",
    "address3": "address3",
    "suburb": "suburb",
    "state": "state",
    "country": "country",
    "postcode": "postcode",
    "gender": "gender",
    "email": "email",
    "unsubscribed_at": "unsubscribed",
    "bounced_at": "bounced",
    "campaign_id": "campaign_id",
    "import_id": "import_id",
    "taguchi.notifications": "notifications",
    "taguchi.extra": "extra",
    "taguchi.data": "data",
    "taguchi.organization_id": "organization_id",
    "taguchi.user_class_id": "user_class_id",
    "taguchi.import_id": "import_id",
    "taguchi.cluster_id": "cluster_id",
    "taguchi.social_rating": "social_rating",
    "taguchi.social_profile": "social_profile",
}
_LIST: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "created_at": "timestamp",
    "status": "status",
    "taguchi.data": "data",
    "taguchi.organization_id": "organization_id",
    "taguchi.type": "type",
}
_CAMPAIGN: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "starts_at": "date",
    "success_event_ref": "success_event_ref",
    "status": "status",
    "taguchi.data": "data",
    "taguchi.organization_id": "organization_id",
}
_ACTIVITY: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "type": "type",
    "subtype": "subtype",
    "status": "status",
    "approval_status": "approval_status",
    "scheduled_at": "date",
    "throttle": "throttle",
    "campaign_id": "campaign_id",
    "template_id": "template_id",
    "taguchi.target_lists": "target_lists",
    "taguchi.target_views": "target_views",
    "taguchi.data": "data",
    "taguchi.organization_id": "organization_id",
}
_TEMPLATE: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "type": "type",
    "subtype": "subtype",
    "status": "status",
    "taguchi.data": "data",
    "taguchi.organization_id": "organization_id",
}
_IMPORT: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "origin": "source",
    "started_at": "timestamp",
    "status": "status",
    "total": "total",
    "invalid": "invalid",
    "bounced": "bounced",
    "global_new": "global_new",
    "list_new": "list_new",
    "taguchi.params": "params",
    "taguchi.organization_id": "organization_id",
}
_VIEW: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "predicate": "predicate",
    "status": "status",
    "taguchi.organization_id": "organization_id",
}
_AUDIENCE: Final = {
    "id": "id",
    "ref": "ref",
    "name": "name",
    "definition": "predicate",
    "status": "status",
}
"""A view, as one of the groups of people that vendors keep."""
_EVENT_TYPE: Final = {
    "id": "ref",
    "ref": "ref",
    "name": "name",
    "description": "description",
    "priority": "priority",
}
_FEED_EVENT: Final = {
    "id": "id",
    "kind": "type",
    "test": "test",
    "processed": "processed",
    "parent_id": "parent_id",
    "event_ref": "event_ref",
    "subscriber_id": "subscriber_id",
    "activity_id": "activity_id",
    "revision_id": "revision_id",
    "configuration_id": "configuration_id",
    "campaign_id": "campaign_id",
    "link_id": "trackurl_id",
    "link_index": "trackurl_index",
    "link_url": "trackurl_destination",
    "data": "data",
    "occurred_at": "timestamp",
    "oneshot": "oneshot",
    "schedule": "schedule",
    "next_at": "next_timestamp",
    "last_at": "last_timestamp",
    "start_at": "start_timestamp",
}
_TOKENS: Final = frozenset({(Entity.FEED_EVENT, "id"), (Entity.FEED_EVENT, "parent_id")})
"""Event tokens have 64 bits (vendors/facts.md, 1.6)."""

_INFERRED: Final = frozenset(
    {
        (Entity.SUBSCRIBER, "birth_date"),
        (Entity.SUBSCRIBER, "taguchi.user_class_id"),
        (Entity.SUBSCRIBER, "taguchi.cluster_id"),
        (Entity.ACTIVITY, "throttle"),
        (Entity.FEED_EVENT, "revision_id"),
        (Entity.FEED_EVENT, "configuration_id"),
    }
)
"""
Fields whose type the text leaves open: `dob` is "date of birth", whether a day or a time is not said; a user class
"identifies the level of access", a cluster is "identified with", neither said to be a number; a throttle is a rate,
perhaps with a fraction; revisions and configurations have an ID, of which nothing is said. The other ids are "numeric
ID" in the text of their resource, the other times are "date and time (UTC)".
"""

_UNDOCUMENTED: Final = frozenset({"taguchi.social_rating", "taguchi.social_profile", "taguchi.type"})
"""Read by a public wrapper, absent from the document (vendors/facts.md, 1.5)."""


def _build_specs(entity: Entity) -> Mapping[str, FieldSpec]:
    extension = EXTENSIONS.get(entity)
    own = build_extension_fields(WORD, extension.type) if extension else {}
    return {**FIELDS[entity], **own}


SPECS: Final[Mapping[Entity, Mapping[str, FieldSpec]]] = {entity: _build_specs(entity) for entity in FIELDS}
"""The fields a filter may name, of the record and of its extension."""


def _build(entity: Entity, wires: Mapping[str, str], section: str) -> Mapping[str, Column]:
    specs = SPECS[entity]
    return {
        name: Column(
            name,
            wire,
            specs[name].kind,
            "" if name in _UNDOCUMENTED else section,
            LARGEST_ID if (entity, name) in _TOKENS else LARGEST_COMPARED,
            inferred=(entity, name) in _INFERRED,
        )
        for name, wire in wires.items()
    }


COLUMNS: Final[Mapping[Entity, Mapping[str, Column]]] = {
    Entity.SUBSCRIBER: _build(Entity.SUBSCRIBER, _SUBSCRIBER, "Subscriber Resource, Common Fields"),
    Entity.LIST: _build(Entity.LIST, _LIST, "List Resource, Common Fields"),
    Entity.CAMPAIGN: _build(Entity.CAMPAIGN, _CAMPAIGN, "Campaign Resource, Common Fields"),
    Entity.ACTIVITY: _build(Entity.ACTIVITY, _ACTIVITY, "Activity Resource, Common Fields"),
    Entity.TEMPLATE: _build(Entity.TEMPLATE, _TEMPLATE, "Template Resource, Common Fields"),
    Entity.IMPORT: _build(Entity.IMPORT, _IMPORT, "Import Resource, Common Fields"),
    Entity.VIEW: _build(Entity.VIEW, _VIEW, "View Resource, Common Fields"),
    Entity.AUDIENCE: _build(Entity.AUDIENCE, _AUDIENCE, "View Resource, Common Fields"),
    Entity.EVENT_TYPE: _build(Entity.EVENT_TYPE, _EVENT_TYPE, "Event Resource, Common Fields"),
    Entity.FEED_EVENT: _build(Entity.FEED_EVENT, _FEED_EVENT, "Event Feed Resource"),
}


def has_text_key(entity: Entity) -> bool:
    """Say whether records are known by a text, which only the vendor can put in order."""
    return COLUMNS[entity]["id"].kind is Kind.TEXT
