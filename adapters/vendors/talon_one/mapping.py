"""
Rows to records; pure.

A profile's id and reference are its integration id: the company's own key, which every write takes. An attribute that
fills a common field is not repeated among the custom ones; one whose value is no text does not fill a field of text.
"""

from typing import Any, Final

import orjson

from adapters.records import (
    AudienceKind,
    AudienceMembershipRecord,
    AudienceRecord,
    CustomFieldRecord,
    CustomFieldType,
    Entity,
    SubscriberRecord,
)

from .extensions import TalonOneAudience, TalonOneCustomer
from .settings import AttributeSettings
from .values import (
    UnreadableError,
    parse_date,
    parse_time,
    read_count,
    read_flag,
    read_id,
    read_key,
    read_list,
    read_number,
    read_object,
    read_required_id,
    read_text,
    read_time,
)
from .wire import Row

_BIRTH_DATE: Final = "birth_date"


def to_key(entity: Entity, row: Row) -> str:
    """Read what a row's record is known by."""
    return read_key(row) if entity is Entity.SUBSCRIBER else read_required_id(row)


def to_record(entity: Entity, source: str, row: Row, names: AttributeSettings) -> SubscriberRecord | AudienceRecord:
    """Build the record of a row; raises `UnreadableError` for one that is not as documented."""
    return to_subscriber(source, row, names) if entity is Entity.SUBSCRIBER else to_audience(source, row)


def to_subscriber(source: str, row: Row, names: AttributeSettings) -> SubscriberRecord:
    """Build a subscriber. Talon.One knows nothing of opting out."""
    attributes = read_object(row, "attributes")
    common = _read_common(attributes, names)
    taken = {attribute for field, attribute in names.pairs() if field in common}
    return SubscriberRecord(
        source=source,
        id=read_key(row),
        ref=read_key(row),
        tells_consent=False,
        custom_fields=tuple(to_custom_field(*pair) for pair in attributes.items() if pair[0] not in taken),
        audiences=tuple(_to_membership(source, item) for item in read_list(row, "audienceMemberships")),
        extension=TalonOneCustomer(
            profile_id=read_id(row, "id"),
            account_id=read_id(row, "accountId"),
            created_at=read_time(row, "created"),
            last_activity_at=read_time(row, "lastActivity"),
            closed_sessions=read_count(row, "closedSessions"),
            total_sales=_to_float(read_number(row, "totalSales")),
            sandbox=read_flag(row, "sandbox"),
        ),
        **common,
    )


def _read_common(attributes: Row, names: AttributeSettings) -> dict[str, Any]:
    """Read the common fields that attributes fill; a value of another kind stays a custom field."""
    found: dict[str, Any] = {}
    for field, attribute in names.pairs():
        value = attributes.get(attribute)
        if field == _BIRTH_DATE:
            value = parse_date(value)
        if value is not None and (field == _BIRTH_DATE or isinstance(value, str)):
            found[field] = value
    return found


def to_custom_field(key: str, value: Any) -> CustomFieldRecord:
    """
    Build a custom field, its type told by its JSON.

    Source: T1-OAS-MGMT, NewAttribute, type: texts, numbers, flags, times as RFC 3339, lists of them, places.
    """
    if value is None:
        return CustomFieldRecord(key=key, value=None)
    if isinstance(value, str):
        return CustomFieldRecord(key=key, value=value, type=_name_text(value))
    return CustomFieldRecord(key=key, value=orjson.dumps(value).decode(), type=_TYPES[type(value)], typed=value)


_TYPES: Final[dict[type, CustomFieldType]] = {
    bool: CustomFieldType.FLAG,
    int: CustomFieldType.NUMBER,
    float: CustomFieldType.NUMBER,
    list: CustomFieldType.LIST,
    dict: CustomFieldType.OBJECT,
}


def _name_text(value: str) -> CustomFieldType:
    if parse_time(value):
        return CustomFieldType.DATE_TIME
    return CustomFieldType.DATE if parse_date(value) else CustomFieldType.TEXT


def _to_membership(source: str, item: Any) -> AudienceMembershipRecord:
    if not isinstance(item, dict):
        raise UnreadableError("audienceMemberships holds something else than objects", "audienceMemberships")
    return AudienceMembershipRecord(source=source, audience_id=read_required_id(item), name=read_text(item, "name"))


def to_audience(source: str, row: Row) -> AudienceRecord:
    """Build an audience; its size is a call of its own."""
    return AudienceRecord(
        source=source,
        id=read_required_id(row),
        kind=AudienceKind.AUDIENCE,
        ref=read_text(row, "integrationId"),
        name=read_text(row, "name"),
        created_at=read_time(row, "created"),
        members_listable=True,
        extension=TalonOneAudience(
            account_id=read_id(row, "accountId"),
            integration=read_text(row, "integration"),
            description=read_text(row, "description"),
            created_in_third_party=read_flag(row, "createdIn3rdParty"),
            application_ids=tuple(map(_to_id, read_list(row, "subscribedApplicationsIds"))),
            members_changed_at=read_time(row, "lastUpdate"),
            sandbox=read_flag(row, "sandbox"),
        ),
    )


def _to_float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _to_id(value: Any) -> str:
    return read_required_id({"subscribedApplicationsIds": value}, "subscribedApplicationsIds")
