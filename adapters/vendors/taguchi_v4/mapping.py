"""
Rows to records; pure. Unknown keys are ignored, a value of the wrong type is refused.

Source: taguchi-v4-api.txt, the Common Fields and JSON parts of each resource. All times are UTC by document.
"""

from collections.abc import Callable, Mapping
from typing import Final

from adapters.records import CampaignRecord, CustomFieldRecord, Entity, ListRecord, MembershipRecord, SubscriberRecord

from .extensions import TaguchiCampaign, TaguchiList, TaguchiSubscriber
from .values import UnreadableError, read_date, read_id, read_number, read_required_id, read_rows, read_text, read_time
from .wire import Row

DELETED: Final = "deleted"
"""A status whose records are not shown. Source: Common Fields, status: "will not be returned in response"."""

V4Record = SubscriberRecord | ListRecord | CampaignRecord


def to_record(entity: Entity, source: str, row: Row) -> V4Record:
    """
    Turn a row into a record.

    Raises:
        UnreadableError: the id is missing, or a value is not of its documented type.
    """
    return _TO_RECORD[entity](source, row)


def is_deleted(row: Row) -> bool:
    """Say whether the vendor marked the row as deleted."""
    return row.get("status") == DELETED


def _to_subscriber(source: str, row: Row) -> SubscriberRecord:
    return SubscriberRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        email=read_text(row, "email"),
        title=read_text(row, "title"),
        first_name=read_text(row, "firstname"),
        last_name=read_text(row, "lastname"),
        phone=read_text(row, "phone"),
        mobile=read_text(row, "mobile"),
        birth_date=read_date(row, "dob"),
        gender=read_text(row, "gender"),
        address=read_text(row, "address"),
        address2=read_text(row, "address2"),
        address3=read_text(row, "address3"),
        suburb=read_text(row, "suburb"),
        state=read_text(row, "state"),
        country=read_text(row, "country"),
        postcode=read_text(row, "postcode"),
        unsubscribed_at=read_time(row, "unsubscribed"),
        bounced_at=read_time(row, "bounced"),
        campaign_id=read_id(row, "campaign_id"),
        memberships=tuple(_to_membership(source, item) for item in read_rows(row, "lists")),
        custom_fields=tuple(_to_custom_field(item) for item in read_rows(row, "custom_fields")),
        extension=_to_subscriber_extension(row),
    )


def _to_subscriber_extension(row: Row) -> TaguchiSubscriber:
    return TaguchiSubscriber(
        notifications=read_text(row, "notifications"),
        extra=read_text(row, "extra"),
        data=read_text(row, "data"),
        organization_id=read_id(row, "organization_id"),
        user_class_id=read_id(row, "user_class_id"),
        import_id=read_id(row, "import_id"),
        cluster_id=read_id(row, "cluster_id"),
        social_rating=read_number(row, "social_rating"),
        social_profile=read_text(row, "social_profile"),
    )


def _to_membership(source: str, item: Row) -> MembershipRecord:
    return MembershipRecord(
        source=source,
        list_id=read_required_id(item, "list_id"),
        joined_at=read_time(item, "timestamp"),
        left_at=read_time(item, "unsubscribed"),
        option=read_text(item, "option"),
        campaign_id=read_id(item, "campaign_id"),
        import_id=read_id(item, "import_id"),
    )


def _to_custom_field(item: Row) -> CustomFieldRecord:
    key = read_text(item, "field")
    if key is None:
        raise UnreadableError("field of a custom field is missing")
    return CustomFieldRecord(key=key, value=read_text(item, "data"))


def _to_list(source: str, row: Row) -> ListRecord:
    return ListRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        created_at=read_time(row, "timestamp"),
        status=read_text(row, "status"),
        extension=TaguchiList(
            data=read_text(row, "data"),
            organization_id=read_id(row, "organization_id"),
            type=read_text(row, "type"),
        ),
    )


def _to_campaign(source: str, row: Row) -> CampaignRecord:
    return CampaignRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        starts_at=read_time(row, "date"),
        status=read_text(row, "status"),
        success_event_ref=read_text(row, "success_event_ref"),
        extension=TaguchiCampaign(data=read_text(row, "data"), organization_id=read_id(row, "organization_id")),
    )


_TO_RECORD: Final[Mapping[Entity, Callable[[str, Row], V4Record]]] = {
    Entity.SUBSCRIBER: _to_subscriber,
    Entity.LIST: _to_list,
    Entity.CAMPAIGN: _to_campaign,
}
