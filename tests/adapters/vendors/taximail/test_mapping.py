"""The document's own examples as records, and every trap that is known of its values."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.records import CustomFieldType, MembershipState
from adapters.vendors.taximail.contact_rows import Origin, read_labels, to_contact, to_detailed_contact
from adapters.vendors.taximail.custom_fields import build_field, to_key, to_type
from adapters.vendors.taximail.keys import InnerKey, parse_key
from adapters.vendors.taximail.mapping import to_campaign, to_field, to_list, to_message, to_segment
from adapters.vendors.taximail.values import UnreadableError

BANGKOK = ZoneInfo("Asia/Bangkok")
ORIGIN = Origin("shop", BANGKOK, "314")
JOINED = datetime(2015, 10, 29, 4, 10, 19, tzinfo=UTC)

ROW = {
    "subscriber_id": 3,
    "firstname": "John",
    "lastname": "Smith",
    "email": "john@example.com",
    "subscription_status": "Subscribed",
    "bounce_type": "Not Bounced",
    "subscription_date": "2015-10-29 11:10:19",
    "custom_field_208": "Mr. John Smith",
}
LABELS = {"custom_field_208": "Customer Fullname", "email": "email"}
DETAIL = {
    "email": "john@example.com",
    "custom_field": [
        {"custom_field_id": "firstname", "custom_field_name": "Firstname", "type": "text", "data": "John"},
        {"custom_field_id": "lastname", "custom_field_name": "Lastname", "type": "text", "data": "Smith"},
        {"custom_field_id": 208, "custom_field_name": "This is fullname", "type": "text", "data": "Mr. John Smith"},
    ],
    "subscription_status": "Subscribed",
    "bounce_type": "Not Bounced",
    "subscription_date": "2015-10-29 11:10:19",
}


def test_a_row_of_a_page_is_a_record():
    """Source: Showing, Example Result."""
    record = to_contact(ORIGIN, ROW, LABELS)

    membership = record.memberships[0]
    assert (record.id, record.email, record.first_name, record.last_name) == (
        "314/3",
        "john@example.com",
        "John",
        "Smith",
    )
    assert (record.unsubscribed, record.bounced) == (False, False)
    assert (membership.list_id, membership.joined_at, membership.status) == ("314", JOINED, "Subscribed")
    assert membership.state is MembershipState.ACTIVE
    assert (record.extension.contact_id, record.extension.subscribed_at) == ("3", JOINED)
    assert [(each.key, each.value, each.label) for each in record.custom_fields] == [
        ("custom_field_208", "Mr. John Smith", "Customer Fullname")
    ]
    assert record.audiences is None, "no row names segments"


def test_one_contact_is_the_same_record_with_types():
    """Source: Contact's detail, Example Result; its id is the one it was asked for by."""
    record = to_detailed_contact(ORIGIN, InnerKey("314", "3"), DETAIL)

    row = to_contact(ORIGIN, ROW, LABELS)
    assert (record.id, record.email, record.memberships, record.extension) == (
        row.id,
        row.email,
        row.memberships,
        row.extension,
    )
    assert (record.first_name, record.last_name) == ("John", "Smith")
    assert [(each.key, each.type, each.label) for each in record.custom_fields] == [
        ("custom_field_208", CustomFieldType.TEXT, "This is fullname")
    ]


@pytest.mark.parametrize(
    ("word", "unsubscribed", "state"),
    [
        ("Subscribed", False, MembershipState.ACTIVE),
        ("subscribed ", False, MembershipState.ACTIVE),
        ("Unsubscribed", True, MembershipState.LEFT),
        ("UNSUBSCRIBED", True, MembershipState.LEFT),
        ("Unsubscribed by admin", True, MembershipState.LEFT),
        ("Unconfirmed", None, MembershipState.ACTIVE),
        (None, None, MembershipState.ACTIVE),
    ],
)
def test_whether_somebody_left_is_read_from_the_words(word, unsubscribed, state):
    """A word we do not know is shown and says nothing."""
    record = to_contact(ORIGIN, {**ROW, "subscription_status": word}, LABELS)

    assert (record.unsubscribed, record.memberships[0].state) == (unsubscribed, state)
    assert (record.memberships[0].status, record.extension.subscription_status) == (word, word)


@pytest.mark.parametrize(
    ("word", "bounced"),
    [
        ("Not Bounced", False),
        ("not bounced", False),
        ("Hard Bounced", True),
        ("Soft", True),
        ("hard", True),
        ("Bounced", True),
        ("Notified", None),
        ("Unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_whether_mail_came_back_is_read_from_the_words(word, bounced):
    """Likewise."""
    record = to_contact(ORIGIN, {**ROW, "bounce_type": word}, LABELS)

    assert (record.bounced, record.extension.bounce_type) == (bounced, word)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2015-10-29 11:10:19", JOINED),
        ("2015-10-29T11:10:19", JOINED),
        ("2015-10-29 11:10:19.987", JOINED),
        ("2015-10-29T04:10:19Z", JOINED),
        ("2015-10-29 05:10:19+01:00", JOINED),
        ("0000-00-00 00:00:00", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_of_the_source_s_zone(text, wanted):
    """A time without a zone is local; the zero date is none."""
    assert to_contact(ORIGIN, {**ROW, "subscription_date": text}, LABELS).memberships[0].joined_at == wanted


def test_a_source_in_another_zone_reads_other_times():
    """The operator says which."""
    record = to_contact(Origin("shop", ZoneInfo("UTC"), "314"), ROW, LABELS)

    assert record.memberships[0].joined_at == datetime(2015, 10, 29, 11, 10, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"subscriber_id": None},
        {"subscriber_id": "x"},
        {"subscriber_id": -1},
        {"subscriber_id": 1.5},
        {"subscriber_id": True},
        {"email": ["a"]},
        {"subscription_date": "29/10/2015"},
        {"subscription_date": "2015-13-29 11:10:19"},
        {"subscription_date": 1446091819},
        {"subscription_status": {}},
    ],
    ids=str,
)
def test_a_row_that_cannot_be_read_is_refused_without_its_values(change):
    """Guessing would show something nobody said."""
    with pytest.raises(UnreadableError) as caught:
        to_contact(ORIGIN, ROW | change, LABELS)

    assert "29/10" not in str(caught.value)


def test_numbers_come_as_text_too():
    """Source: vendors/facts.md, 3.1."""
    assert to_contact(ORIGIN, {**ROW, "subscriber_id": "0003", "firstname": 7}, LABELS).id == "314/3"


def test_custom_fields_are_the_declared_columns_and_those_named_so():
    """Another column is not the document's; an empty text is a value, null is none."""
    row = {
        **ROW,
        "custom_field_210": None,
        "custom_field_211": "",
        "COUNTRY": "TH",
        "undeclared": "x",
        "custom_field_x": "y",
        "custom_field_212": 5,
        "custom_field_213": {"a": [1]},
        "custom_field_214": 0.5,
    }

    record = to_contact(ORIGIN, row, {**LABELS, "COUNTRY": "Country"})

    assert {each.key: (each.value, each.label) for each in record.custom_fields} == {
        "custom_field_208": ("Mr. John Smith", "Customer Fullname"),
        "custom_field_210": (None, None),
        "custom_field_211": ("", None),
        "COUNTRY": ("TH", "Country"),
        "custom_field_212": ("5", None),
        "custom_field_213": ('{"a":[1]}', None),
        "custom_field_214": ("0.5", None),
    }
    assert {each.type for each in record.custom_fields} == {CustomFieldType.UNSTATED}


@pytest.mark.parametrize("columns", [None, [], {}, "x", [{"field_key": 3}], [None]])
def test_a_page_that_does_not_name_its_columns_is_still_read(columns):
    """Labels are a courtesy."""
    record = to_contact(ORIGIN, ROW, read_labels(columns))

    assert [(each.key, each.label) for each in record.custom_fields] == [("custom_field_208", None)]


def test_columns_are_named_by_the_page():
    """Source: Showing, field_subscriber."""
    assert read_labels([{"field_name": "Customer Fullname", "field_key": "custom_field_208"}]) == {
        "custom_field_208": "Customer Fullname"
    }


@pytest.mark.parametrize(
    ("field_id", "key"),
    [(208, "custom_field_208"), ("208", "custom_field_208"), ("firstname", "firstname"), ("", None), (None, None)],
)
def test_a_field_s_number_and_its_column_are_one_key(field_id, key):
    """208 in one contact is `custom_field_208` in a page."""
    assert to_key(field_id) == key


@pytest.mark.parametrize(
    ("word", "text", "type_", "typed"),
    [
        ("text", "7", CustomFieldType.TEXT, None),
        ("text1024", "x", CustomFieldType.TEXT, None),
        ("Paragraph text", "x", CustomFieldType.TEXT, None),
        ("integer", "42", CustomFieldType.NUMBER, 42),
        ("integer", "-42", CustomFieldType.NUMBER, -42),
        ("float", "1.5", CustomFieldType.NUMBER, 1.5),
        ("float", "1e3", CustomFieldType.NUMBER, 1000.0),
        ("float", "NaN", CustomFieldType.NUMBER, None),
        ("float", "Infinity", CustomFieldType.NUMBER, None),
        ("integer", "many", CustomFieldType.NUMBER, None),
        ("integer", "", CustomFieldType.NUMBER, None),
        ("integer", None, CustomFieldType.NUMBER, None),
        ("integer", "9" * 5000, CustomFieldType.NUMBER, None),
        ("boolean", "T", CustomFieldType.FLAG, True),
        ("boolean", "F", CustomFieldType.FLAG, False),
        ("boolean", "maybe", CustomFieldType.FLAG, None),
        ("enum", "Gold", CustomFieldType.CHOICE, None),
        ("date", "2024-01-01", CustomFieldType.DATE, None),
        ("time", "10:00:00", CustomFieldType.TIME, None),
        ("datetime", "2024-01-01 10:00:00", CustomFieldType.DATE_TIME, None),
        ("colour", "red", CustomFieldType.UNSTATED, None),
        (None, "red", CustomFieldType.UNSTATED, None),
    ],
)
def test_a_value_is_typed_where_its_type_is_known(word, text, type_, typed):
    """Source: vendors/facts.md, 3.3; the text always stays."""
    record = build_field("custom_field_1", text, type_=to_type(word))

    assert (record.type, record.typed, record.value) == (type_, typed, text)
    assert type(record.typed) is type(typed)


@pytest.mark.parametrize("entries", [5, "x", [{"custom_field_name": "no id"}], [None]])
def test_one_contact_whose_fields_cannot_be_read_is_refused(entries):
    """A value without its field is nobody's."""
    with pytest.raises(UnreadableError):
        to_detailed_contact(ORIGIN, InnerKey("314", "3"), DETAIL | {"custom_field": entries})


@pytest.mark.parametrize("entries", [[], {}, None])
def test_one_contact_may_have_no_fields(entries):
    """An empty object may come as `[]`, and the other way round."""
    record = to_detailed_contact(ORIGIN, InnerKey("314", "3"), DETAIL | {"custom_field": entries})

    assert (record.custom_fields, record.first_name) == ((), None)


@pytest.mark.parametrize("text", ["314/3", "0/0"])
def test_an_id_is_a_list_and_a_number_in_it(text):
    """It reads back as it was printed."""
    assert str(parse_key(text)) == text


@pytest.mark.parametrize("text", ["", "/", "314", "314/", "/3", "314/3/4", "314/03", "x/3", "314/-3", "٣/3", " 314/3"])
def test_an_id_of_another_shape_is_nothing_s(text):
    """A server may read it as a neighbour's."""
    assert parse_key(text) is None


def test_a_list_is_a_record():
    """Source: vendors/facts.md, 3.3."""
    row = {
        "list_id": "182",
        "list_name": "List A",
        "sync_status": "F",
        "optin_content": "T",
        "all_subscribers": "3",
        "created_date": "2015-02-08 10:01:43",
    }

    record = to_list("shop", row, BANGKOK)

    assert (record.id, record.name, record.created_at) == (
        "182",
        "List A",
        datetime(2015, 2, 8, 3, 1, 43, tzinfo=UTC),
    )
    assert (record.extension.sync_status, record.extension.optin_content) == (False, True)
    assert record.extension.all_subscribers == 3


def test_a_list_s_flag_that_is_neither_is_none():
    """An unknown word never breaks a record."""
    assert to_list("shop", {"list_id": 1, "sync_status": "P"}, BANGKOK).extension.sync_status is None


def test_a_field_without_a_number_is_left_out():
    """Nothing could name it."""
    assert to_field({"field_name": "x"}) is None
    assert to_field({"custom_field_id": "208", "field_name": "x"}).key == "custom_field_208"


def test_a_segment_is_its_counts():
    """Source: Showing, Fields."""
    record = to_segment("shop", InnerKey("314", "7"), {"subscriber_filter_count": "2", "subscriber_count": 5})

    assert (record.id, record.size, record.extension.list_size) == ("314/7", 2, 5)
    assert to_segment("shop", InnerKey("314", "7"), {}).size is None


def test_a_campaign_keeps_what_the_pages_do_not_name():
    """Nothing is dropped."""
    row = {"campaign_id": 315, "campaign_name": "Autumn", "create_date": "2015-02-08 10:01:43", "open_rate": "12.5"}

    record = to_campaign("shop", "Draft", row, BANGKOK)

    assert (record.id, record.name, record.status) == ("315", "Autumn", "Draft")
    assert record.extension.created_at == datetime(2015, 2, 8, 3, 1, 43, tzinfo=UTC)
    assert json.loads(record.extension.details) == {"open_rate": "12.5"}
    assert to_campaign("shop", "Draft", {"campaign_id": 1}, BANGKOK).extension.details is None


def test_a_message_is_read_whatever_its_words():
    """Which they are is not stated, so none is required and all are kept."""
    record = to_message("shop", "m/1", {"message_status": "Opened", "to": "+66812345678", "sent_at": "soon"}, BANGKOK)

    assert (record.id, record.ref, record.status, record.email, record.sent_at) == ("m/1", "m/1", "Opened", None, None)
    assert json.loads(record.extension.details)["sent_at"] == "soon"
