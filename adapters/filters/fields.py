"""
The fields a filter or an order may name, per entity, with the kind of value each holds.

A vendor's extension adds fields of its own under its word (`taguchi.cluster_id`), read off the described dataclass.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import get_args, get_type_hints

from adapters.filters.tree import Op
from adapters.records import Entity


class Kind(StrEnum):
    """What a field's values are; it decides which operators make sense."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    TIME = "time"
    DATE = "date"
    FLAG = "flag"
    WORD = "word"
    ELEMENT = "element"


_ALWAYS = frozenset({Op.EQ, Op.DIFFERS, Op.IN, Op.IS_NULL, Op.PRESENT})
_RANGES = frozenset({Op.LT, Op.LTE, Op.GT, Op.GTE})
_TEXT = frozenset({Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.MATCHES})

OPERATORS: Mapping[Kind, frozenset[Op]] = {
    Kind.TEXT: _ALWAYS | _TEXT,
    Kind.ID: _ALWAYS | _RANGES,
    Kind.NUMBER: _ALWAYS | _RANGES,
    Kind.TIME: _ALWAYS | _RANGES,
    Kind.DATE: _ALWAYS | _RANGES,
    Kind.FLAG: _ALWAYS,
    Kind.WORD: _ALWAYS,
    Kind.ELEMENT: frozenset(),
}


@dataclasses.dataclass(frozen=True, slots=True)
class FieldSpec:
    """
    One field: its name in trees and records, its kind, and what its elements hold when it is many-valued.

    `keyed` marks custom fields, whose comparisons carry a key. Ids are text in records; those of kind ID that are all
    digits order by their number. `extension` is the vendor's dataclass that holds a field of its own; a record with
    another extension has no value.
    """

    name: str
    kind: Kind
    nullable: bool = True
    keyed: bool = False
    elements: Mapping[str, "FieldSpec"] | None = None
    extension: type | None = None


_CALLED: Mapping[str, str] = {"id": "vendorId", "custom_fields": "customField"}


def to_word(name: str) -> str:
    """Return what callers call a field: `birthDate` for `birth_date`, `taguchi.clusterId` for `taguchi.cluster_id`."""
    return ".".join(_CALLED.get(part, _to_camel(part)) for part in name.split("."))


def to_order_word(name: str) -> str:
    """Return what callers call a field they order by: `FIRST_NAME`, `TAGUCHI_CLUSTER_ID`."""
    letters = to_word(name).replace(".", "_")
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in letters).upper()


def _to_camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def build_fields(*specs: FieldSpec) -> Mapping[str, FieldSpec]:
    """Index field specs by name."""
    return {spec.name: spec for spec in specs}


def _texts(*names: str) -> Iterable[FieldSpec]:
    return (FieldSpec(name, Kind.TEXT) for name in names)


def _ids(*names: str) -> Iterable[FieldSpec]:
    return (FieldSpec(name, Kind.ID) for name in names)


def _numbers(*names: str) -> Iterable[FieldSpec]:
    return (FieldSpec(name, Kind.NUMBER) for name in names)


def _flags(*names: str) -> Iterable[FieldSpec]:
    return (FieldSpec(name, Kind.FLAG) for name in names)


def _times(*names: str) -> Iterable[FieldSpec]:
    return (FieldSpec(name, Kind.TIME) for name in names)


_ID = FieldSpec("id", Kind.ID, nullable=False)

MEMBERSHIP_FIELDS = build_fields(
    FieldSpec("list_id", Kind.ID, nullable=False),
    FieldSpec("state", Kind.WORD, nullable=False),
    *_times("joined_at", "left_at"),
    FieldSpec("option", Kind.TEXT),
    *_ids("campaign_id", "import_id"),
)

AUDIENCE_MEMBERSHIP_FIELDS = build_fields(
    FieldSpec("audience_id", Kind.ID, nullable=False), FieldSpec("name", Kind.TEXT)
)

FIELDS: Mapping[Entity, Mapping[str, FieldSpec]] = {
    Entity.SUBSCRIBER: build_fields(
        _ID,
        *_texts("ref", "email", "title", "first_name", "last_name", "phone", "mobile", "gender"),
        *_texts("address", "address2", "address3", "suburb", "state", "country", "postcode"),
        FieldSpec("birth_date", Kind.DATE),
        *_times("unsubscribed_at", "bounced_at"),
        *_ids("campaign_id", "import_id"),
        FieldSpec("memberships", Kind.ELEMENT, elements=MEMBERSHIP_FIELDS),
        FieldSpec("audiences", Kind.ELEMENT, elements=AUDIENCE_MEMBERSHIP_FIELDS),
        FieldSpec("custom_fields", Kind.TEXT, keyed=True),
    ),
    Entity.LIST: build_fields(_ID, *_texts("ref", "name", "status"), *_times("created_at")),
    Entity.CAMPAIGN: build_fields(_ID, *_texts("ref", "name", "status", "success_event_ref"), *_times("starts_at")),
    Entity.ACTIVITY: build_fields(
        _ID,
        *_texts("ref", "name", "type", "subtype", "status", "approval_status"),
        *_times("scheduled_at"),
        *_numbers("throttle"),
        *_ids("campaign_id", "template_id"),
    ),
    Entity.TEMPLATE: build_fields(_ID, *_texts("ref", "name", "type", "subtype", "status")),
    Entity.IMPORT: build_fields(
        _ID,
        *_texts("ref", "name", "origin", "status"),
        *_times("started_at"),
        *_numbers("total", "invalid", "bounced", "global_new", "list_new"),
    ),
    Entity.VIEW: build_fields(_ID, *_texts("ref", "name", "predicate", "status")),
    Entity.EVENT_TYPE: build_fields(
        FieldSpec("id", Kind.TEXT, nullable=False),
        FieldSpec("ref", Kind.TEXT, nullable=False),
        *_texts("name", "description"),
        *_numbers("priority"),
    ),
    Entity.FEED_EVENT: build_fields(
        _ID,
        FieldSpec("kind", Kind.WORD, nullable=False),
        *_flags("test", "processed", "oneshot"),
        *_ids("parent_id", "subscriber_id", "activity_id", "revision_id", "configuration_id", "campaign_id", "link_id"),
        *_numbers("link_index"),
        *_texts("event_ref", "link_url", "data", "schedule"),
        *_times("occurred_at", "next_at", "last_at", "start_at"),
        FieldSpec("custom_fields", Kind.TEXT, keyed=True),
    ),
    Entity.AUDIENCE: build_fields(
        _ID,
        FieldSpec("kind", Kind.WORD, nullable=False),
        *_texts("ref", "name", "definition", "status"),
        *_times("created_at"),
        *_numbers("size"),
    ),
    Entity.PARTITION: build_fields(_ID, *_texts("ref", "name"), FieldSpec("custom_fields", Kind.TEXT, keyed=True)),
    Entity.MESSAGE: build_fields(_ID, *_texts("ref", "status", "subject", "email"), *_times("created_at", "sent_at")),
    Entity.UNSUBSCRIBE: build_fields(
        FieldSpec("id", Kind.TEXT, nullable=False),
        *_texts("email", "subscriber_ref", "cause"),
        *_ids("subscriber_id", "project_id"),
        *_times("occurred_at"),
    ),
}

_KIND_OF_TYPE: Mapping[object, Kind] = {
    str: Kind.TEXT,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    bool: Kind.FLAG,
    datetime: Kind.TIME,
    date: Kind.DATE,
}


def build_extension_fields(word: str, extension: type) -> Mapping[str, FieldSpec]:
    """
    Read the filterable fields off a vendor's described extension dataclass.

    A dataclass field whose metadata says `"id": True` is of kind ID; one whose metadata says `"filter": False`, or
    whose type is not a scalar, cannot be filtered by.
    """
    hints = get_type_hints(extension)
    specs = (_extension_field(word, extension, field, hints[field.name]) for field in dataclasses.fields(extension))
    return build_fields(*(spec for spec in specs if spec is not None))


def _extension_field(word: str, extension: type, field: "dataclasses.Field[object]", hint: object) -> FieldSpec | None:
    scalar, nullable = _without_none(hint)
    kind = _KIND_OF_TYPE.get(scalar)
    if kind is Kind.TEXT and field.metadata.get("id"):
        kind = Kind.ID
    if kind is None or not field.metadata.get("filter", True):
        return None
    return FieldSpec(f"{word}.{field.name}", kind, nullable=nullable, extension=extension)


def _without_none(hint: object) -> tuple[object, bool]:
    if not isinstance(hint, UnionType):
        return hint, False
    rest = [part for part in get_args(hint) if part is not type(None)]
    return rest[0], len(rest) < len(get_args(hint))
