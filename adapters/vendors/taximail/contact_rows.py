"""
Contacts to records: rows of a page, and one contact with the types of its fields.

Source: taximail-contacts.txt, Showing and Contact's detail. A contact lives in one list: its place there is its only
membership, and what it says of mail is what that list says. Words are read by stated rules, others stay words:
`Subscribed` and `Unsubscribed` in any case; a word with "bounce" in it, or `Hard` or `Soft`, is one that came back
unless it begins with `Not`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any, Final

from adapters.records import (
    AudienceMembershipRecord,
    CustomFieldRecord,
    CustomFieldType,
    MembershipRecord,
    SubscriberRecord,
)

from .custom_fields import NUMBERED, build_field, to_key, to_type
from .extensions import TaximailContact
from .keys import InnerKey
from .values import UnreadableError, read_id, read_rows, read_text, read_time
from .wire import Row

FIXED: Final = frozenset(
    {"subscriber_id", "firstname", "lastname", "email", "subscription_status", "bounce_type", "subscription_date"}
)
"""The columns that are no custom fields."""

_CAME_BACK: Final = frozenset({"hard", "soft"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row was read: the source, the zone of its times, the list, and the segment if one was browsed."""

    source: str
    zone: tzinfo
    list_id: str
    segment_id: str | None = None


def read_labels(columns: Any) -> Mapping[str, Any]:
    """Read what a page says its columns are called; nothing where it does not say."""
    return {
        key: column.get("field_name")
        for column in read_rows(columns) or []
        if isinstance(key := column.get("field_key"), str)
    }


def to_contact(
    origin: Origin, row: Row, labels: Mapping[str, Any], types: Mapping[str, CustomFieldType] = MappingProxyType({})
) -> SubscriberRecord:
    """
    Turn a row of a page into a record; `types` are those of its list's fields, where they were asked for.

    Custom fields are the columns the page declares, and those whose name says so; any other is not the document's.
    """
    key = InnerKey(origin.list_id, read_id(row, "subscriber_id"))
    keys = [name for name in row if name not in FIXED and (name in labels or NUMBERED.fullmatch(name))]
    fields = tuple(build_field(name, row[name], labels.get(name), types.get(name)) for name in keys)
    return _build(origin, key, row, (read_text(row, "firstname"), read_text(row, "lastname")), fields)


def to_detailed_contact(origin: Origin, key: InnerKey, data: Row) -> SubscriberRecord:
    """Turn one contact into a record; it does not repeat its id."""
    entries = dict(_read_entries(data))
    names = (read_text(entries.get("firstname", {}), "data"), read_text(entries.get("lastname", {}), "data"))
    fields = tuple(
        build_field(name, entry.get("data"), entry.get("custom_field_name"), to_type(entry.get("type")))
        for name, entry in entries.items()
        if name not in FIXED
    )
    return _build(origin, key, data, names, fields)


def _read_entries(data: Row) -> Iterator[tuple[str, Row]]:
    entries = read_rows(data.get("custom_field") or [])
    if entries is None:
        raise UnreadableError("custom_field is not a list", "custom_field")
    for entry in entries:
        key = to_key(entry.get("custom_field_id"))
        if key is None:
            raise UnreadableError("custom_field_id is missing", "custom_field_id")
        yield key, entry


def _build(
    origin: Origin,
    key: InnerKey,
    row: Row,
    names: tuple[str | None, str | None],
    fields: tuple[CustomFieldRecord, ...],
) -> SubscriberRecord:
    status, bounce = read_text(row, "subscription_status"), read_text(row, "bounce_type")
    joined_at = read_time(row, "subscription_date", origin.zone)
    return SubscriberRecord(
        source=origin.source,
        id=str(key),
        email=read_text(row, "email"),
        first_name=names[0] or None,
        last_name=names[1] or None,
        unsubscribed=_has_left(status),
        bounced=_has_bounced(bounce),
        memberships=(_to_membership(origin, status, joined_at),),
        custom_fields=fields,
        audiences=_to_audiences(origin),
        extension=TaximailContact(
            list_id=key.list_id,
            contact_id=key.inner_id,
            subscription_status=status,
            bounce_type=bounce,
            subscribed_at=joined_at,
        ),
    )


def _to_membership(origin: Origin, status: str | None, joined_at: datetime | None) -> MembershipRecord:
    return MembershipRecord(
        source=origin.source,
        list_id=origin.list_id,
        joined_at=joined_at,
        left=_has_left(status) is True,
        status=status,
    )


def _to_audiences(origin: Origin) -> tuple[AudienceMembershipRecord, ...] | None:
    """Return the segment a contact was browsed in; its row names none, so otherwise nobody knows."""
    if origin.segment_id is None:
        return None
    return (
        AudienceMembershipRecord(source=origin.source, audience_id=f"{InnerKey(origin.list_id, origin.segment_id)}"),
    )


def _has_left(word: str | None) -> bool | None:
    text = (word or "").strip().lower()
    if text.startswith("unsubscribe"):
        return True
    return False if text == "subscribed" else None


def _has_bounced(word: str | None) -> bool | None:
    text = (word or "").strip().lower()
    if text.startswith("not ") or text == "not":
        return False
    return True if text in _CAME_BACK or "bounce" in text else None
