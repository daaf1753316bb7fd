"""Rows to records: a whole profile, custom fields by their JSON, and values by stated rules."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.records import CustomFieldRecord, CustomFieldType, Entity, MembershipRecord, SubscriberRecord
from adapters.vendors.taguchi_v5.extensions import TaguchiV5Subscriber
from adapters.vendors.taguchi_v5.mapping import to_custom_field, to_partition, to_record, to_subscriber
from adapters.vendors.taguchi_v5.values import UnreadableError

EXAMPLE = orjson.loads((Path(__file__).parent / "examples" / "profile.json").read_bytes())


def test_a_whole_profile_is_read() -> None:
    """Source: vendors/facts.md, 2.2, full profile; a field of it would be lost."""
    assert to_record(Entity.SUBSCRIBER, "web", EXAMPLE) == SubscriberRecord(
        source="web",
        id="121299001",
        ref="5f0c2c1e-crm-0001",
        email="person@example.org",
        title="Ms",
        first_name="Sample",
        last_name="Person",
        phone="+61491570156",
        birth_date=date(1972, 4, 1),
        address="7 Sample Road",
        suburb="Melbourne",
        state="VIC",
        country="Australia",
        postcode="3000",
        memberships=(MembershipRecord(source="web", list_id="12", joined_at=datetime(2023, 1, 1, 5, tzinfo=UTC)),),
        custom_fields=(CustomFieldRecord(key="tier", value="gold", type=CustomFieldType.TEXT),),
        extension=TaguchiV5Subscriber(organization_id="482"),
    )


def test_v4s_names_are_v5s() -> None:
    """Source: vendors/facts.md, 2.3: an unsubscribed or bounced person would seem reachable."""
    row = {
        "id": "7",
        "unsubscribedTimestamp": "2025-01-15T08:00:00.250Z",
        "invalidTimestamp": "2025-01-15T19:00:00+11:00",
        "resumeDate": "2025-03-01",
        "notifications": "weekly",
        "extra": "x",
        "campaignId": 3,
        "importId": "4",
        "lists": [
            {
                "listId": "12",
                "importId": 5,
                "campaignId": 6,
                "subscribedTimestamp": "2025-01-01",
                "unsubscribedTimestamp": "2025-01-02T03:04:05",
                "subscriptionOption": "weekly",
                "new": 1,
            }
        ],
    }

    record = to_subscriber("web", row)

    assert record.unsubscribed_at == record.bounced_at == datetime(2025, 1, 15, 8, tzinfo=UTC)
    assert (record.id, record.campaign_id, record.import_id, record.tells_consent) == ("7", "3", "4", True)
    assert record.extension == TaguchiV5Subscriber(notifications="weekly", extra="x", resume_date="2025-03-01")
    assert record.memberships == (
        MembershipRecord(
            source="web",
            list_id="12",
            joined_at=datetime(2025, 1, 1, tzinfo=UTC),
            left_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
            option="weekly",
            campaign_id="6",
            import_id="5",
        ),
    )


@pytest.mark.parametrize(
    ("value", "text", "type_", "typed"),
    [
        ("gold", "gold", CustomFieldType.TEXT, None),
        ("", "", CustomFieldType.TEXT, None),
        (None, None, CustomFieldType.UNSTATED, None),
        (True, "true", CustomFieldType.FLAG, True),
        (12, "12", CustomFieldType.NUMBER, 12),
        (2**60, "1152921504606846976", CustomFieldType.NUMBER, 2**60),
        (99.5, "99.5", CustomFieldType.NUMBER, 99.5),
        (["M", 1], '["M",1]', CustomFieldType.LIST, ["M", 1]),
        ({"a": None}, '{"a":null}', CustomFieldType.OBJECT, {"a": None}),
    ],
)
def test_custom_fields_have_the_type_of_their_json(value: Any, text: str, type_: CustomFieldType, typed: Any) -> None:
    """A number would be text, or an object would be dropped."""
    assert to_custom_field("k", value) == CustomFieldRecord(key="k", value=text, type=type_, typed=typed)


@pytest.mark.parametrize(
    ("dob", "birth_date", "text"),
    [
        ("1970-01-31", date(1970, 1, 31), None),
        ("1970-01-31T00:00:00Z", date(1970, 1, 31), None),
        ("31 January", None, "31 January"),
        ("1970-02-30", None, "1970-02-30"),
        ("", None, ""),
        (None, None, None),
    ],
)
def test_a_birthday_that_is_no_date_stays_text(dob: Any, birth_date: date | None, text: str | None) -> None:
    """Source: vendors/facts.md, TG-SEG: all texts, no format is enforced; a person must not be unreadable for that."""
    record = to_subscriber("web", {"id": 1, "dob": dob})

    assert record.birth_date == birth_date
    assert record.extension == TaguchiV5Subscriber(birth_date_text=text)


def test_partitions_keep_all_that_is_told() -> None:
    """What a partition holds is not public, so whatever comes is shown."""
    row = {"id": 71, "ref": "syd", "name": "Sydney", "active": True, "size": 3, "custom": {"size": "L"}}

    record = to_partition("web", row)

    assert (record.id, record.ref, record.name) == ("71", "syd", "Sydney")
    assert {each.key: each.value for each in record.custom_fields} == {"active": "true", "size": "L"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, "id is missing"),
        ({"id": -1}, "id is not an id"),
        ({"id": True}, "id is not an id"),
        ({"id": "12a"}, "id is not an id"),
        ({"id": 1.0}, "id is not an id"),
        ({"id": 1, "email": ["x"]}, "email is not a text"),
        ({"id": 1, "email": False}, "email is not a text"),
        ({"id": 1, "lists": "x"}, "lists is not a list"),
        ({"id": 1, "lists": [{}]}, "listId is missing"),
        ({"id": 1, "custom": "x"}, "custom is not an object"),
        ({"id": 1, "unsubscribedTimestamp": "2025-13-01"}, "unsubscribedTimestamp is not a time"),
        ({"id": 1, "unsubscribedTimestamp": True}, "unsubscribedTimestamp is not a time"),
        ({"id": 1, "invalidTimestamp": 1_700_000_000}, "invalidTimestamp is not a time"),
    ],
    ids=str,
)
def test_wrong_values_are_refused_by_name(row: dict[str, Any], words: str) -> None:
    """A person who left would seem to be there."""
    with pytest.raises(UnreadableError, match=words):
        to_subscriber("web", row)


@pytest.mark.parametrize("empty", [None, [], {}])
def test_empty_parts_are_empty(empty: Any) -> None:
    """`[]` for `{}`, and the other way round."""
    record = to_subscriber("web", {"id": 1, "lists": empty, "custom": empty})

    assert (record.memberships, record.custom_fields) == ((), ())
