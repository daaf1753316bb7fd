"""Rows to records: the document's examples, and rows as they are never documented."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.records import (
    AudienceKind,
    AudienceMembershipRecord,
    AudienceRecord,
    CustomFieldRecord,
    CustomFieldType,
    SubscriberRecord,
    SubscriptionState,
)
from adapters.vendors.talon_one.extensions import TalonOneAudience, TalonOneCustomer
from adapters.vendors.talon_one.mapping import to_audience, to_custom_field, to_subscriber
from adapters.vendors.talon_one.settings import AttributeSettings
from adapters.vendors.talon_one.values import UnreadableError, parse_date, parse_time

NAMES = AttributeSettings()

CUSTOMER_ROW: dict[str, Any] = {
    "id": 6,
    "created": "2020-06-10T09:05:27.993483Z",
    "integrationId": "URNGV8294NV",
    "attributes": {"Language": "english", "ShippingCountry": "DE", "Email": "Jane.Doe@example.com", "Points": 7},
    "accountId": 31,
    "closedSessions": 3,
    "totalSales": 299.99,
    "loyaltyMemberships": None,
    "audienceMemberships": [{"id": 2, "name": "Travel audience"}],
    "lastActivity": "2020-02-08T14:15:20Z",
    "sandbox": False,
}
AUDIENCE_ROW: dict[str, Any] = {
    "accountId": 3886,
    "id": 6,
    "created": "2020-06-10T09:05:27.993483Z",
    "name": "Travel audience",
    "sandbox": True,
    "description": "Travel audience 18-27",
    "subscribedApplicationsIds": [3, 13],
    "integration": "mparticle",
    "integrationId": "382370BKDB946",
    "createdIn3rdParty": False,
    "lastUpdate": "2022-04-26T11:02:38Z",
}


def test_the_documents_customer_is_read() -> None:
    """Source: T1-OAS-MGMT, CustomerProfile, the examples of its fields."""
    expected = SubscriberRecord(
        source="promo",
        id="URNGV8294NV",
        ref="URNGV8294NV",
        email="Jane.Doe@example.com",
        country="DE",
        tells_consent=False,
        custom_fields=(
            CustomFieldRecord(key="Language", value="english", type=CustomFieldType.TEXT),
            CustomFieldRecord(key="Points", value="7", type=CustomFieldType.NUMBER, typed=7),
        ),
        audiences=(AudienceMembershipRecord(source="promo", audience_id="2", name="Travel audience"),),
        extension=TalonOneCustomer(
            profile_id="6",
            account_id="31",
            created_at=datetime(2020, 6, 10, 9, 5, 27, 993483, UTC),
            last_activity_at=datetime(2020, 2, 8, 14, 15, 20, tzinfo=UTC),
            closed_sessions=3,
            total_sales=299.99,
            sandbox=False,
        ),
    )

    assert to_subscriber("promo", CUSTOMER_ROW, NAMES) == expected


def test_the_documents_audience_is_read() -> None:
    """Source: T1-OAS-INT, createAudienceV2, the full example."""
    expected = AudienceRecord(
        source="promo",
        id="6",
        kind=AudienceKind.AUDIENCE,
        ref="382370BKDB946",
        name="Travel audience",
        created_at=datetime(2020, 6, 10, 9, 5, 27, 993483, UTC),
        members_listable=True,
        extension=TalonOneAudience(
            account_id="3886",
            integration="mparticle",
            description="Travel audience 18-27",
            created_in_third_party=False,
            application_ids=("3", "13"),
            members_changed_at=datetime(2022, 4, 26, 11, 2, 38, tzinfo=UTC),
            sandbox=True,
        ),
    )

    assert to_audience("promo", AUDIENCE_ROW) == expected


def test_rows_of_ids_alone_are_read() -> None:
    """Every other key may be missing or null; that is no reason to lose the record."""
    assert to_subscriber("promo", {"integrationId": "a"}, NAMES).id == "a"
    nulls = dict.fromkeys(CUSTOMER_ROW) | {"integrationId": "a"}
    assert to_subscriber("promo", nulls, NAMES) == to_subscriber("promo", {"integrationId": "a"}, NAMES)
    assert to_audience("promo", {"id": 1}).ref is None
    assert to_audience("promo", dict.fromkeys(AUDIENCE_ROW) | {"id": 1}) == to_audience("promo", {"id": 1})


def test_values_in_other_types_are_read() -> None:
    """Numbers as texts, flags as words, an empty object printed as a list: the same record comes of it."""
    bent = CUSTOMER_ROW | {
        "id": "6",
        "accountId": "31",
        "closedSessions": "3",
        "totalSales": "299.99",
        "sandbox": "False",
        "audienceMemberships": [{"id": "2", "name": "Travel audience", "more": 1}],
        "unheardOf": {},
    }

    assert to_subscriber("promo", bent, NAMES) == to_subscriber("promo", CUSTOMER_ROW, NAMES)
    empty = to_subscriber("promo", CUSTOMER_ROW | {"attributes": [], "audienceMemberships": {}}, NAMES)
    assert (empty.custom_fields, empty.audiences) == ((), ())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"integrationId": None}, "integrationId"),
        ({"integrationId": ""}, "integrationId"),
        ({"integrationId": 1.5}, "integrationId"),
        ({"id": -1}, "id"),
        ({"id": True}, "id"),
        ({"attributes": "x"}, "attributes"),
        ({"attributes": [1]}, "attributes"),
        ({"audienceMemberships": "x"}, "audienceMemberships"),
        ({"audienceMemberships": [7]}, "audienceMemberships"),
        ({"audienceMemberships": [{"name": "x"}]}, "id"),
        ({"created": "yesterday"}, "created"),
        ({"lastActivity": "2020-13-01T00:00:00Z"}, "lastActivity"),
        ({"closedSessions": 1.5}, "closedSessions"),
        ({"totalSales": "much"}, "totalSales"),
        ({"sandbox": 1}, "sandbox"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    """A value that is guessed at is another value; the message names the field and repeats nothing."""
    with pytest.raises(UnreadableError, match=f"^{field} ") as caught:
        to_subscriber("promo", CUSTOMER_ROW | changes, NAMES)

    assert "yesterday" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text", "kind", "typed"),
    [
        (None, None, CustomFieldType.UNSTATED, None),
        ("", "", CustomFieldType.TEXT, None),
        ("gold", "gold", CustomFieldType.TEXT, None),
        (7, "7", CustomFieldType.NUMBER, 7),
        (-0.5, "-0.5", CustomFieldType.NUMBER, -0.5),
        (True, "true", CustomFieldType.FLAG, True),
        (["a", "b"], '["a","b"]', CustomFieldType.LIST, ["a", "b"]),
        ({"lat": 1}, '{"lat":1}', CustomFieldType.OBJECT, {"lat": 1}),
        ("2026-01-21T15:04:05+07:00", "2026-01-21T15:04:05+07:00", CustomFieldType.DATE_TIME, None),
        ("2026-01-21", "2026-01-21", CustomFieldType.DATE, None),
        ("2026-02-31", "2026-02-31", CustomFieldType.TEXT, None),
        ("2026", "2026", CustomFieldType.TEXT, None),
    ],
)
def test_attributes_are_typed_by_their_json(value: Any, text: str | None, kind: CustomFieldType, typed: Any) -> None:
    """A number that comes as text cannot be summed; a text that comes as a number loses its zeros."""
    assert to_custom_field("A", value) == CustomFieldRecord(key="A", value=text, type=kind, typed=typed)


def test_the_accounts_own_attributes_fill_common_fields() -> None:
    """What an account calls an address is its own choice; each attribute is shown once."""
    names = AttributeSettings(email="Mail", first_name="Given", birth_date="Born", country="")
    attributes = {"Mail": "a@example.com", "Given": "Ada", "Born": "1990-05-01T00:00:00+07:00", "ShippingCountry": "DE"}

    record = to_subscriber("promo", {"integrationId": "a", "attributes": attributes}, names)

    assert (record.email, record.first_name, record.birth_date) == ("a@example.com", "Ada", date(1990, 5, 1))
    assert record.country is None
    assert [each.key for each in record.custom_fields] == ["ShippingCountry"]


@pytest.mark.parametrize("value", [61489701378, True, ["+61489701378"], {}])
def test_a_value_of_another_kind_fills_no_field_of_text(value: Any) -> None:
    """A search by text could not find it: a field that shows it would promise what no look-up keeps."""
    record = to_subscriber("promo", {"integrationId": "a", "attributes": {"Phone": value}}, NAMES)

    assert record.phone is None
    assert [each.key for each in record.custom_fields] == ["Phone"]


def test_a_birthday_that_is_none_stays_a_custom_field() -> None:
    """What cannot be read as a date is still what the account holds."""
    names = AttributeSettings(birth_date="Born")

    record = to_subscriber("promo", {"integrationId": "a", "attributes": {"Born": "May 1990"}}, names)

    assert record.birth_date is None
    assert [(each.key, each.value) for each in record.custom_fields] == [("Born", "May 1990")]


def test_talon_one_knows_nothing_of_opting_out() -> None:
    """Somebody nobody asked would pass for a subscriber."""
    assert to_subscriber("promo", CUSTOMER_ROW, NAMES).subscription is SubscriptionState.UNKNOWN


def test_a_time_that_never_came_is_none() -> None:
    """The vendor prints the year 1, which would stand first in every order. Source: T1-OAS-MGMT, the export example."""
    for never in ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+07:00", "", None):
        extension = to_subscriber("promo", CUSTOMER_ROW | {"lastActivity": never}, NAMES).extension
        assert isinstance(extension, TalonOneCustomer)
        assert extension.last_activity_at is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-06-10T09:05:27Z", datetime(2020, 6, 10, 9, 5, 27, tzinfo=UTC)),
        ("2020-06-10t09:05:27.123456789z", datetime(2020, 6, 10, 9, 5, 27, 123456, UTC)),
        ("2020-06-10T09:05:27+07:00", datetime(2020, 6, 10, 2, 5, 27, tzinfo=UTC)),
        ("2020-06-10T09:05:27", None),
        ("2020-06-10", None),
        ("2020-06-31T09:05:27Z", None),
        ("9999-12-31T23:59:59-07:00", None),
        (5, None),
    ],
)
def test_times_are_rfc_3339(text: Any, expected: datetime | None) -> None:
    """A time without a zone is no instant: it is refused, not guessed. Source: T1-OAS-MGMT, NewAttribute, time."""
    assert parse_time(text) == expected


def test_a_time_stands_for_its_own_day() -> None:
    """Moved to UTC, somebody born in the East would be a day older."""
    assert parse_date("1990-05-01T00:00:00+07:00") == date(1990, 5, 1)
    assert parse_date("1990-05-01 x") is None
