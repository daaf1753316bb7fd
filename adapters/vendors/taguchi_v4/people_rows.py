"""
Rows of subscribers and lists to records.

Source: taguchi-v4-api.txt, Subscriber Resource and List Resource.
"""

from typing import Final

from adapters.records import CustomFieldRecord, ListRecord, MembershipRecord, SubscriberRecord

from .columns_of_rows import EachReader, IdReader, NumberReader, TextReader, TimeReader
from .extensions import TaguchiList, TaguchiSubscriber
from .row_map import PartReader, RowMap
from .values import (
    UnreadableError,
    read_date,
    read_rows,
    read_text,
)
from .wire import Row


def to_custom_field(item: Row) -> CustomFieldRecord:
    """Build an entry of `custom_fields`, which people and events have."""
    key = read_text(item, "field")
    if key is None:
        raise UnreadableError("field of a custom field is missing", "custom_fields")
    return CustomFieldRecord(key=key, value=read_text(item, "data"))


_MEMBERSHIP: Final = RowMap(
    MembershipRecord,
    texts={"option": "option"},
    readers={
        "list_id": IdReader("list_id", required=True),
        "joined_at": TimeReader("timestamp"),
        "left_at": TimeReader("unsubscribed"),
        "campaign_id": IdReader("campaign_id"),
        "import_id": IdReader("import_id"),
    },
)
"""An entry of `lists`, of which there are several to a person."""

SUBSCRIBER: Final = RowMap(
    SubscriberRecord,
    texts={
        "ref": "ref",
        "email": "email",
        "title": "title",
        "first_name": "firstname",
        "last_name": "lastname",
        "phone": "phone",
        "mobile": "mobile",
        "gender": "gender",
        "address": "address",
        "address2": "address2",
        "address3": "address3",
        "suburb": "suburb",
        "state": "state",
        "country": "country",
        "postcode": "postcode",
    },
    readers={
        "id": IdReader("id", required=True),
        "birth_date": EachReader(lambda row: read_date(row, "dob")),
        "unsubscribed_at": TimeReader("unsubscribed"),
        "bounced_at": TimeReader("bounced"),
        "campaign_id": IdReader("campaign_id"),
        "import_id": IdReader("import_id"),
        "custom_fields": EachReader(
            lambda row: tuple([to_custom_field(item) for item in read_rows(row, "custom_fields")])
        ),
        "extension": PartReader(
            TaguchiSubscriber,
            {
                "notifications": TextReader("notifications"),
                "extra": TextReader("extra"),
                "data": TextReader("data"),
                "organization_id": IdReader("organization_id"),
                "user_class_id": IdReader("user_class_id"),
                "import_id": IdReader("import_id"),
                "cluster_id": IdReader("cluster_id"),
                "social_rating": NumberReader("social_rating"),
                "social_profile": TextReader("social_profile"),
            },
        ),
    },
    entries={"memberships": ("lists", _MEMBERSHIP)},
)


LIST: Final = RowMap(
    ListRecord,
    texts={"ref": "ref", "name": "name", "status": "status"},
    readers={
        "id": IdReader("id", required=True),
        "created_at": TimeReader("timestamp"),
        "extension": PartReader(
            TaguchiList,
            {"data": TextReader("data"), "organization_id": IdReader("organization_id"), "type": TextReader("type")},
        ),
    },
)
