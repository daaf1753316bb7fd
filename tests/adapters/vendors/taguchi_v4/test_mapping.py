"""Rows of the document to records: every field arrives, and what is not of its type is refused."""

import dataclasses
import json
from datetime import UTC, date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from adapters.records import (
    CampaignRecord,
    CustomFieldRecord,
    Entity,
    ListRecord,
    MembershipRecord,
    MembershipState,
    SubscriberRecord,
)
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.extensions import EXTENSIONS, TaguchiCampaign, TaguchiList, TaguchiSubscriber
from adapters.vendors.taguchi_v4.mapping import is_deleted, to_record
from adapters.vendors.taguchi_v4.values import UnreadableError
from adapters.vendors.taguchi_v4.wire import WireCampaign, WireCustomField, WireList, WireMembership, WireSubscriber

EXAMPLES = Path(__file__).with_name("examples")
NOON = "2024-05-01T12:00:00"
NOON_AT = datetime(2024, 5, 1, 12, tzinfo=UTC)
WIRES = {Entity.SUBSCRIBER: WireSubscriber, Entity.LIST: WireList, Entity.CAMPAIGN: WireCampaign}

SUBSCRIBER_SECTION = "Subscriber Resource, Common Fields"
LIST_SECTION = "List Resource, Common Fields"
CAMPAIGN_SECTION = "Campaign Resource, Common Fields"
WRAPPER = "facts.md 1.5"
# section, JSON field, place in the record, a value of the vendor's, the value read
FIELDS: dict[Entity, list[tuple[str, str, str, Any, Any]]] = {
    Entity.SUBSCRIBER: [
        (SUBSCRIBER_SECTION, "id", "id", 7, "7"),
        (SUBSCRIBER_SECTION, "ref", "ref", "crm-7", "crm-7"),
        (SUBSCRIBER_SECTION, "title", "title", "Ms", "Ms"),
        (SUBSCRIBER_SECTION, "firstname", "first_name", "Ada", "Ada"),
        (SUBSCRIBER_SECTION, "lastname", "last_name", "King", "King"),
        (SUBSCRIBER_SECTION, "notifications", "extension.notifications", "weekly", "weekly"),
        (SUBSCRIBER_SECTION, "extra", "extension.extra", '{"a": 1}', '{"a": 1}'),
        (SUBSCRIBER_SECTION, "phone", "phone", "03 9000 0000", "03 9000 0000"),
        (SUBSCRIBER_SECTION, "mobile", "mobile", "0400312312", "0400312312"),
        (SUBSCRIBER_SECTION, "dob", "birth_date", "1970-04-01", date(1970, 4, 1)),
        (SUBSCRIBER_SECTION, "address", "address", "1 Collins St", "1 Collins St"),
        (SUBSCRIBER_SECTION, "address2", "address2", "Level 2", "Level 2"),
        (SUBSCRIBER_SECTION, "address3", "address3", "Desk 3", "Desk 3"),
        (SUBSCRIBER_SECTION, "suburb", "suburb", "Melbourne", "Melbourne"),
        (SUBSCRIBER_SECTION, "state", "state", "VIC", "VIC"),
        (SUBSCRIBER_SECTION, "country", "country", "AU", "AU"),
        (SUBSCRIBER_SECTION, "postcode", "postcode", "0800", "0800"),
        (SUBSCRIBER_SECTION, "gender", "gender", "F", "F"),
        (SUBSCRIBER_SECTION, "email", "email", "ada@example.org", "ada@example.org"),
        (SUBSCRIBER_SECTION, "unsubscribed", "unsubscribed_at", NOON, NOON_AT),
        (SUBSCRIBER_SECTION, "bounced", "bounced_at", NOON, NOON_AT),
        (SUBSCRIBER_SECTION, "data", "extension.data", "<a/>", "<a/>"),
        (SUBSCRIBER_SECTION, "organization_id", "extension.organization_id", 1, "1"),
        (SUBSCRIBER_SECTION, "user_class_id", "extension.user_class_id", 2, "2"),
        (SUBSCRIBER_SECTION, "campaign_id", "campaign_id", 3, "3"),
        (SUBSCRIBER_SECTION, "import_id", "extension.import_id", 4, "4"),
        (SUBSCRIBER_SECTION, "import_id", "import_id", 4, "4"),
        (SUBSCRIBER_SECTION, "cluster_id", "extension.cluster_id", 5, "5"),
        (WRAPPER, "social_rating", "extension.social_rating", 60, 60),
        (WRAPPER, "social_profile", "extension.social_profile", "@ada", "@ada"),
        (
            "Subscriber Resource, List Memberships",
            "lists",
            "memberships",
            [{"list_id": 5, "timestamp": NOON}],
            (MembershipRecord(source="retail", list_id="5", joined_at=NOON_AT),),
        ),
        (
            "Subscriber Resource, Custom Fields",
            "custom_fields",
            "custom_fields",
            [{"field": "pets", "data": "2"}],
            (CustomFieldRecord(key="pets", value="2"),),
        ),
    ],
    Entity.LIST: [
        (LIST_SECTION, "id", "id", 3, "3"),
        (LIST_SECTION, "ref", "ref", "news", "news"),
        (LIST_SECTION, "name", "name", "News", "News"),
        (LIST_SECTION, "timestamp", "created_at", NOON, NOON_AT),
        (LIST_SECTION, "status", "status", "active", "active"),
        (LIST_SECTION, "data", "extension.data", "note", "note"),
        (LIST_SECTION, "organization_id", "extension.organization_id", 1, "1"),
        (WRAPPER, "type", "extension.type", "proof", "proof"),
    ],
    Entity.CAMPAIGN: [
        (CAMPAIGN_SECTION, "id", "id", 1, "1"),
        (CAMPAIGN_SECTION, "ref", "ref", "spring", "spring"),
        (CAMPAIGN_SECTION, "name", "name", "Spring", "Spring"),
        (CAMPAIGN_SECTION, "date", "starts_at", NOON, NOON_AT),
        (CAMPAIGN_SECTION, "success_event_ref", "success_event_ref", "s", "s"),
        (CAMPAIGN_SECTION, "status", "status", "active", "active"),
        (CAMPAIGN_SECTION, "data", "extension.data", "note", "note"),
        (CAMPAIGN_SECTION, "organization_id", "extension.organization_id", 1, "1"),
    ],
}
MEMBERSHIP_FIELDS = [
    ("Subscriber Resource, List Memberships", "list_id", "list_id", 6, "6"),
    ("Subscriber Resource, List Memberships", "import_id", "import_id", 4, "4"),
    ("Subscriber Resource, List Memberships", "campaign_id", "campaign_id", 3, "3"),
    ("Subscriber Resource, List Memberships", "timestamp", "joined_at", NOON, NOON_AT),
    ("Subscriber Resource, List Memberships", "unsubscribed", "left_at", NOON, NOON_AT),
    ("Subscriber Resource, List Memberships", "option", "option", "weekly", "weekly"),
]
UNFILLED: dict[type, set[str]] = {
    # Opting out and bouncing are told by their times; a V4 account always knows of opting out; its views name nobody.
    SubscriberRecord: {"unsubscribed", "bounced", "tells_consent", "audiences"},
    # Leaving is told by its time, and a membership has no status of its own.
    MembershipRecord: {"left", "status"},
    # Keys and values are both text, and a field has no other name than its key.
    CustomFieldRecord: {"type", "typed", "label"},
}
"""What other vendors say of people and V4 does not: these stay as they are when a record is made."""
ROWS = [pytest.param(entity, row, id=f"{entity}.{row[1]}") for entity, rows in FIELDS.items() for row in rows]


def _example(name: str) -> dict[str, Any]:
    example = json.loads((EXAMPLES / f"{name}.json").read_text())
    assert example["source"]
    row: dict[str, Any] = example["rows"][0]
    return row


def _subscriber(**fields: Any) -> SubscriberRecord:
    record = to_record(Entity.SUBSCRIBER, "retail", {"id": 7, **fields})
    assert isinstance(record, SubscriberRecord)
    return record


@pytest.mark.parametrize(("entity", "row"), ROWS)
def test_field_of_the_document_arrives(entity: Entity, row: tuple[str, str, str, Any, Any]) -> None:
    """A field dropped on the way is one nobody can ever ask for."""
    section, name, place, value, expected = row

    record = to_record(entity, "retail", {"id": 7, name: value})

    assert section
    assert expected == attrgetter(place)(record)


@pytest.mark.parametrize("row", MEMBERSHIP_FIELDS, ids=lambda row: row[1])
def test_field_of_a_membership_arrives(row: tuple[str, str, str, Any, Any]) -> None:
    """A field dropped on the way is one nobody can ever ask for."""
    _, name, place, value, expected = row

    membership = _subscriber(lists=[{"list_id": 5, name: value}]).memberships[0]

    assert expected == getattr(membership, place)


@pytest.mark.parametrize("entity", list(FIELDS))
def test_the_table_of_fields_is_complete(entity: Entity) -> None:
    """A field of the document, of the record or of the extension that is in no table is tested nowhere."""
    wire = {row[1] for row in FIELDS[entity]}
    places = {row[2] for row in FIELDS[entity]}
    record = {Entity.SUBSCRIBER: SubscriberRecord, Entity.LIST: ListRecord, Entity.CAMPAIGN: CampaignRecord}[entity]
    own = {f"extension.{field.name}" for field in dataclasses.fields(EXTENSIONS[entity].type)}

    assert set(_example(entity.value)) <= wire
    assert set(get_type_hints(WIRES[entity])) == wire
    assert _fields_of(record) - {"extension"} | own == places
    assert {column.wire for column in COLUMNS[entity].values()} == wire - {"lists", "custom_fields"}


def test_the_tables_of_parts_are_complete() -> None:
    """The same, for what stands inside a subscriber."""
    assert set(get_type_hints(WireMembership)) == {row[1] for row in MEMBERSHIP_FIELDS}
    assert _fields_of(MembershipRecord) == {row[2] for row in MEMBERSHIP_FIELDS}
    assert set(get_type_hints(WireCustomField)) == {"field", "data"}
    assert _fields_of(CustomFieldRecord) == {"key", "value"}


def _fields_of(record: type) -> set[str]:
    """Name what V4 fills of a record, and see that the rest exists."""
    fields = {field.name for field in dataclasses.fields(record)}
    unfilled = UNFILLED.get(record, set())
    assert unfilled <= fields
    return fields - unfilled - {"source", "rest"}


def test_what_v4_does_not_say_is_left_alone() -> None:
    """A field filled by nothing must not say anything."""
    person = _subscriber(
        unsubscribed=NOON,
        bounced=NOON,
        lists=[{"list_id": 5, "unsubscribed": NOON}],
        custom_fields=[{"field": "pets", "data": "2"}],
    )

    for record in (person, person.memberships[0], person.custom_fields[0]):
        defaults = {field.name: field.default for field in dataclasses.fields(record)}
        assert {name: getattr(record, name) for name in UNFILLED[type(record)]} == {
            name: defaults[name] for name in UNFILLED[type(record)]
        }


def test_subscriber_example_of_the_document() -> None:
    """The document's own person must be read as the document describes it."""
    record = to_record(Entity.SUBSCRIBER, "retail", _example("subscriber"))

    joined_at = datetime(2010, 4, 11, tzinfo=UTC)
    left_at = datetime(2010, 4, 12, tzinfo=UTC)
    active = MembershipRecord(source="retail", list_id="5", joined_at=joined_at)
    left = MembershipRecord(source="retail", list_id="6", joined_at=joined_at, left_at=left_at)
    expected = SubscriberRecord(
        source="retail",
        id="2",
        email="person@example.org",
        title="Mr",
        first_name="Example",
        last_name="Person",
        phone="0400312312",
        birth_date=date(1970, 4, 1),
        gender="M",
        country="AU",
        postcode="3000",
        memberships=(active, left),
        custom_fields=(CustomFieldRecord(key="examplekey", value="val"),),
        extension=TaguchiSubscriber(organization_id="1", user_class_id="1"),
    )
    assert expected == record
    assert [active.state, left.state] == [MembershipState.ACTIVE, MembershipState.LEFT]


def test_list_example_of_the_document() -> None:
    """The document's own list must be read as the document describes it."""
    expected = ListRecord(
        source="retail",
        id="3",
        ref="notifications.tm",
        name="Notifications - Taguchi Support",
        created_at=datetime(2010, 4, 14, 17, 23, 44, tzinfo=UTC),
        extension=TaguchiList(organization_id="1"),
    )

    assert expected == to_record(Entity.LIST, "retail", _example("list"))


def test_campaign_example_of_the_document() -> None:
    """The document's own campaign must be read as the document describes it."""
    expected = CampaignRecord(
        source="retail",
        id="1",
        ref="campaign-1",
        name="Test Campaign 1",
        success_event_ref="s",
        extension=TaguchiCampaign(organization_id="1"),
    )

    assert expected == to_record(Entity.CAMPAIGN, "retail", _example("campaign"))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2024-05-01T12:00:00", NOON_AT),
        ("2024-05-01 12:00:00", NOON_AT),
        ("2024-05-01T12:00:00.987654", NOON_AT),
        ("2024-05-01T12:00:00Z", NOON_AT),
        ("2024-05-01T22:00:00+10:00", NOON_AT),
        ("2024-05-01T22:00:00+1000", NOON_AT),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        (False, None),
        (None, None),
    ],
)
def test_times_are_read_by_stated_rules(printed: object, expected: datetime | None) -> None:
    """A time read in another zone unsubscribes people on another day."""
    assert expected == _subscriber(unsubscribed=printed).unsubscribed_at


@pytest.mark.parametrize(
    "fields",
    [
        {"id": None},
        {"id": "seven"},
        {"id": -7},
        {"id": True},
        {"id": 7.0},
        {"id": "9" * 40},
        {"email": ["a@b.c"]},
        {"email": True},
        {"postcode": 3000.5},
        {"unsubscribed": "yesterday"},
        {"unsubscribed": "2024-02-30T00:00:00"},
        {"unsubscribed": "01/05/2024"},
        {"unsubscribed": True},
        {"unsubscribed": 1_714_564_800},
        {"bounced": "2024-05-01T25:00:00"},
        {"dob": "1970-4-1"},
        {"dob": 1970},
        {"campaign_id": "spring"},
        {"social_rating": "high"},
        {"lists": {"list_id": 5}},
        {"lists": [5]},
        {"lists": [{"timestamp": NOON}]},
        {"lists": [{"list_id": 5, "unsubscribed": True}]},
        {"custom_fields": "none"},
        {"custom_fields": [{"data": "2"}]},
        {"custom_fields": [{"field": "pets", "data": {"n": 2}}]},
    ],
    ids=str,
)
def test_values_of_another_type_are_refused(fields: dict[str, Any]) -> None:
    """A guessed value is a wrong one that nobody notices; the message must not repeat it either."""
    with pytest.raises(UnreadableError) as caught:
        _subscriber(**fields)

    assert "seven" not in str(caught.value)
    assert "yesterday" not in str(caught.value)


def test_numbers_as_text_and_texts_as_number_are_the_same_value() -> None:
    """Accounts differ in how they store a post code, and JSON encoders in how they write an id."""
    record = _subscriber(id="007", postcode=3000, campaign_id="12", social_rating="60")

    assert (record.id, record.postcode, record.campaign_id) == ("7", "3000", "12")
    assert record.extension == TaguchiSubscriber(social_rating=60)


def test_unknown_keys_and_missing_keys_are_no_error() -> None:
    """The vendor adds fields without a word; that must break nobody."""
    assert SubscriberRecord(source="retail", id="7", extension=TaguchiSubscriber()) == _subscriber(invented="x")


def test_rows_marked_deleted_are_known() -> None:
    """The document promises that deleted records are not returned; if one is, nobody shall see it."""
    assert is_deleted({"id": 1, "status": "deleted"})
    assert not is_deleted({"id": 1, "status": None})
