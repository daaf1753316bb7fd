"""
Rows of subscribers and lists to records.

Source: taguchi-v4-api.txt, Subscriber Resource and List Resource.
"""

from adapters.records import CustomFieldRecord, ListRecord, MembershipRecord, SubscriberRecord

from .extensions import TaguchiList, TaguchiSubscriber
from .values import (
    UnreadableError,
    build_text_reader,
    read_date,
    read_id,
    read_number,
    read_required_id,
    read_rows,
    read_text,
    read_time,
)
from .wire import Row

_read_names = build_text_reader("ref", "email", "title", "firstname", "lastname", "phone", "mobile", "gender")
_read_address = build_text_reader("address", "address2", "address3", "suburb", "state", "country", "postcode")
_read_extras = build_text_reader("notifications", "extra", "data")


def to_subscriber(source: str, row: Row) -> SubscriberRecord:
    """Build a subscriber."""
    ref, email, title, first_name, last_name, phone, mobile, gender = _read_names(row)
    address, address2, address3, suburb, state, country, postcode = _read_address(row)
    return SubscriberRecord(
        source=source,
        id=read_required_id(row),
        ref=ref,
        email=email,
        title=title,
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        mobile=mobile,
        birth_date=read_date(row, "dob"),
        gender=gender,
        address=address,
        address2=address2,
        address3=address3,
        suburb=suburb,
        state=state,
        country=country,
        postcode=postcode,
        unsubscribed_at=read_time(row, "unsubscribed"),
        bounced_at=read_time(row, "bounced"),
        campaign_id=read_id(row, "campaign_id"),
        import_id=read_id(row, "import_id"),
        memberships=tuple([_to_membership(source, item) for item in read_rows(row, "lists")]),
        custom_fields=tuple([to_custom_field(item) for item in read_rows(row, "custom_fields")]),
        extension=_to_subscriber_extension(row),
    )


def _to_subscriber_extension(row: Row) -> TaguchiSubscriber:
    notifications, extra, data = _read_extras(row)
    return TaguchiSubscriber(
        notifications=notifications,
        extra=extra,
        data=data,
        organization_id=read_id(row, "organization_id"),
        user_class_id=read_id(row, "user_class_id"),
        import_id=read_id(row, "import_id"),
        cluster_id=read_id(row, "cluster_id"),
        social_rating=read_number(row, "social_rating"),
        social_profile=read_text(row, "social_profile"),
    )


def _to_membership(source: str, item: Row) -> MembershipRecord:
    """Build an entry of `lists`, of which there are several to a person."""
    return MembershipRecord(
        source=source,
        list_id=read_required_id(item, "list_id"),
        joined_at=read_time(item, "timestamp"),
        left_at=read_time(item, "unsubscribed"),
        option=read_text(item, "option"),
        campaign_id=read_id(item, "campaign_id"),
        import_id=read_id(item, "import_id"),
    )


def to_custom_field(item: Row) -> CustomFieldRecord:
    """Build an entry of `custom_fields`, which people and events have."""
    key = read_text(item, "field")
    if key is None:
        raise UnreadableError("field of a custom field is missing", "custom_fields")
    return CustomFieldRecord(key=key, value=read_text(item, "data"))


def to_list(source: str, row: Row) -> ListRecord:
    """Build a list."""
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
