"""
Rows to records; pure. Unknown keys of a profile are ignored, a value of the wrong type is refused.

Source: vendors/facts.md, 2.2 (full profile) and 2.3 (how V4's names became V5's).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from adapters.records import (
    CustomFieldRecord,
    CustomFieldType,
    Entity,
    MembershipRecord,
    PartitionRecord,
    Record,
    SubscriberRecord,
)

from .extensions import TaguchiV5Subscriber
from .values import parse_date, read_id, read_object, read_required_id, read_rows, read_text, read_time
from .wire import Row


def to_record(entity: Entity, source: str, row: Row) -> Record:
    """
    Turn a row into a record.

    Raises:
        UnreadableError: the id is missing, or a value is not of its documented type.
    """
    return _MAPPERS[entity](source, row)


def to_subscriber(source: str, row: Row) -> SubscriberRecord:
    """Build a subscriber; the one `phone` stands for V4's two."""
    birth = read_text(row, "dob")
    birth_date = None if birth is None else parse_date(birth)
    return SubscriberRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        email=read_text(row, "email"),
        title=read_text(row, "title"),
        first_name=read_text(row, "firstname"),
        last_name=read_text(row, "lastname"),
        phone=read_text(row, "phone"),
        birth_date=birth_date,
        gender=read_text(row, "gender"),
        address=read_text(row, "address"),
        address2=read_text(row, "address2"),
        address3=read_text(row, "address3"),
        suburb=read_text(row, "suburb"),
        state=read_text(row, "state"),
        country=read_text(row, "country"),
        postcode=read_text(row, "postcode"),
        unsubscribed_at=read_time(row, "unsubscribedTimestamp"),
        bounced_at=read_time(row, "invalidTimestamp"),
        campaign_id=read_id(row, "campaignId"),
        import_id=read_id(row, "importId"),
        memberships=tuple(_to_membership(source, item) for item in read_rows(row, "lists")),
        custom_fields=tuple(to_custom_field(key, value) for key, value in read_object(row, "custom").items()),
        extension=TaguchiV5Subscriber(
            notifications=read_text(row, "notifications"),
            extra=read_text(row, "extra"),
            resume_date=read_text(row, "resumeDate"),
            birth_date_text=birth if birth_date is None else None,
            organization_id=read_id(row, "organizationId"),
        ),
    )


def _to_membership(source: str, item: Row) -> MembershipRecord:
    return MembershipRecord(
        source=source,
        list_id=read_required_id(item, "listId"),
        joined_at=read_time(item, "subscribedTimestamp"),
        left_at=read_time(item, "unsubscribedTimestamp"),
        option=read_text(item, "subscriptionOption"),
        campaign_id=read_id(item, "campaignId"),
        import_id=read_id(item, "importId"),
    )


_OWN: Final = frozenset({"id", "ref", "name", "custom"})


def to_partition(source: str, row: Row) -> PartitionRecord:
    """Build a partition; whatever else the endpoint tells of it becomes custom fields, `custom` first."""
    custom = read_object(row, "custom")
    others = {name: value for name, value in row.items() if name not in _OWN}
    return PartitionRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        custom_fields=tuple(to_custom_field(key, value) for key, value in {**others, **custom}.items()),
    )


def to_custom_field(key: str, value: Any) -> CustomFieldRecord:
    """Build a custom field; its JSON says of what type it is, and is the value's text where that is none."""
    if value is None or isinstance(value, str):
        type_ = CustomFieldType.UNSTATED if value is None else CustomFieldType.TEXT
        return CustomFieldRecord(key=key, value=value, type=type_)
    return CustomFieldRecord(key=key, value=orjson.dumps(value).decode(), type=_find_type(value), typed=value)


def _find_type(value: Any) -> CustomFieldType:
    if isinstance(value, bool):
        return CustomFieldType.FLAG
    if isinstance(value, int | float):
        return CustomFieldType.NUMBER
    return CustomFieldType.LIST if isinstance(value, list) else CustomFieldType.OBJECT


_MAPPERS: Final[Mapping[Entity, Callable[[str, Row], Record]]] = {
    Entity.SUBSCRIBER: to_subscriber,
    Entity.PARTITION: to_partition,
}
