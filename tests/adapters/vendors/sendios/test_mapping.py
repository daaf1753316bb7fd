"""Replies to records: recorded shapes, awkward values, and what cannot be read."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from adapters.records import CustomFieldType, MembershipRecord, SubscriberRecord
from adapters.vendors.sendios.custom_fields import to_custom_fields
from adapters.vendors.sendios.extensions import SendiosOptOut, SendiosSubscriber, SendiosTypeOptOut
from adapters.vendors.sendios.mapping import Account, find_user, to_email_check, to_stored_fields, to_subscriber
from adapters.vendors.sendios.opt_outs import (
    Marker,
    read_opt_out,
    to_reason,
    to_state,
    to_type_opt_outs,
    to_unsubscribe,
)
from adapters.vendors.sendios.platforms import PLATFORMS, PlatformTable, find_platform
from adapters.vendors.sendios.values import UnreadableError, parse_time, read_time

EXAMPLES = Path(__file__).parent / "examples"
ACCOUNT = Account("mails", UTC, None, {1: "Shop"})
JUNE = datetime(2021, 6, 18, 15, 26, 59, tzinfo=UTC)


def read_example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))["reply"]["data"]


def read_user(name: str, account: Account = ACCOUNT) -> SubscriberRecord:
    row = find_user(read_example(name))
    assert row is not None
    return to_subscriber(account, row)


def extension_of(record: SubscriberRecord) -> SendiosSubscriber:
    assert isinstance(record.extension, SendiosSubscriber)
    return record.extension


def test_recorded_user_info_is_read() -> None:
    """Empty arrays are empty objects, and ids beyond 32 bits stay whole."""
    record = read_user("user_info")
    own = extension_of(record)

    assert (record.id, record.email, record.country, record.gender) == ("1186147905", "anna@example.net", "USA", None)
    assert (record.first_name, record.last_name, record.memberships, record.custom_fields) == (None, None, (), ())
    assert (record.unsubscribed, record.unsubscribed_at) == (False, None)
    assert (own.name, own.project_id, own.project_title, own.ak) == ("Anna", "19300", "Garden Project", "a-log-in-key")
    assert (own.sends, own.clicks, own.age, own.last_mailed_at) == (8, 0, 0, JUNE)
    assert (own.webpush, own.last_payment, own.promotion_opt_out, own.vip) == (None, None, None, None)
    assert [(mail.id, mail.type, mail.created_at) for mail in own.sent_mails] == [
        ("16072377551", "email_confirm", JUNE)
    ]


def test_log_in_key_is_in_no_text_of_the_record() -> None:
    """A record that is printed ends in a log."""
    assert "a-log-in-key" not in repr(read_user("user_info"))
    assert "a-log-in-key" not in str(read_user("user_info"))


def test_user_fields_are_read_in_every_depth() -> None:
    """`data.result.user`, `data.user` with the custom fields beside it, and the user by itself."""
    deep = read_example("user_fields")
    flat = deep["result"]
    alone = {**flat["user"], "custom_fields": flat["custom_fields"]}

    rows = [find_user(data) for data in (deep, flat, {"result": flat}, alone)]
    expected = to_stored_fields(ACCOUNT, alone)

    assert all(row == alone for row in rows)
    assert (expected.list_id, expected.client_user_id, expected.vendor_id, expected.valid_id) == (
        "3",
        "1234",
        "12",
        None,
    )
    assert (expected.language_id, expected.country_id, expected.platform_number) == ("en", "UKR", 4)
    assert expected.updated_at == datetime(2021, 4, 9, tzinfo=UTC)
    assert {each.key: each.value for each in expected.custom_fields}["sessions_count"] == "22"


def test_user_fields_make_a_record_too() -> None:
    """They name things otherwise, print times as seconds, and say nothing of opting out."""
    record = read_user("user_fields")
    own = extension_of(record)

    assert (record.ref, record.country, own.language, own.name, own.vip) == ("1234", "UKR", "en", "404", True)
    assert record.memberships == (MembershipRecord(source="mails", list_id="3"),)
    assert record.unsubscribed is None
    assert own.last_online_at == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert own.last_reaction_at is None
    assert own.project_title == "Shop"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (None, [None] * 7),
        ("faq", ["Unknown", "Desktop", None, "Mobile", "Android App", "iOS App", None]),
        ("sdk", ["Unknown", "Desktop", "Mobile", "Android", "iOS", None, None]),
    ],
)
def test_platforms_are_read_by_the_chosen_table(table: PlatformTable | None, words: list[str | None]) -> None:
    """The same number means different things, so none is guessed."""
    assert words == [find_platform(number, table) for number in range(7)]
    assert find_platform(None, table) is None
    own = extension_of(read_user("user_fields", Account("mails", UTC, table, {})))
    assert (own.platform_number, own.platform) == (4, words[4])


def test_every_platform_table_can_be_chosen() -> None:
    """A table nobody can name is none."""
    assert set(PLATFORMS) == set(get_args(PlatformTable))


def test_custom_fields_have_the_types_of_their_json() -> None:
    """The vendor tells a field's type by its JSON alone."""
    fields = {each.key: each for each in to_custom_fields(read_example("user_fields")["result"])}

    assert {key: (each.value, each.type, each.typed) for key, each in fields.items()} == {
        "sessions_count": ("22", CustomFieldType.NUMBER, 22),
        "rating": ("4.5", CustomFieldType.NUMBER, 4.5),
        "newsletter": ("true", CustomFieldType.FLAG, True),
        "shirt": ("", CustomFieldType.TEXT, None),
        "colours": ('["red",7]', CustomFieldType.LIST, ["red", 7]),
        "size": ('{"width":3}', CustomFieldType.OBJECT, {"width": 3}),
        "nickname": (None, CustomFieldType.UNSTATED, None),
    }


OPT_OUT = {
    "project_id": "1",
    "user_id": 8424,
    "source_id": 9,
    "meta": {"message": "settings_all_types"},
    "created_at": "2021-06-18 15:26:59",
    "updated_at": "2021-06-18 15:27:00",
}


def test_opt_out_is_nothing_or_an_object() -> None:
    """False, an empty array, null and a missing `meta` come all."""
    nothing: list[Any] = [False, [], None, {}, ""]
    assert [read_opt_out({"x": value}, "x", UTC).unsubscribed for value in nothing] == [False] * 5
    found = to_state(UTC, {"result": OPT_OUT})

    assert (found.unsubscribed, found.project_id, found.source_number, found.cause) == (True, "1", 9, "settings")
    assert (found.message, found.created_at) == ("settings_all_types", JUNE)
    assert to_state(UTC, {"result": {**OPT_OUT, "meta": []}}).message is None
    assert to_state(UTC, {"result": True}) == SendiosOptOut(unsubscribed=True)
    assert to_state(UTC, {"result": False}) == SendiosOptOut(unsubscribed=False)


def test_opt_out_in_user_info_shows_on_the_record() -> None:
    """Consent is what every reader looks at first."""
    user = {
        **read_example("user_info")["user"],
        "unsubscribe": OPT_OUT,
        "unsubscribe_types": [
            {"type_id": 4},
        ],
    }
    record = to_subscriber(ACCOUNT, user)

    assert (record.unsubscribed, record.unsubscribed_at) == (True, JUNE)
    assert extension_of(record).unsubscribe == to_state(UTC, {"result": OPT_OUT})
    assert extension_of(record).unsubscribe_types == (SendiosTypeOptOut(type_id="4"),)


@pytest.mark.parametrize(
    ("result", "expected"), [(False, None), ("Unknown", "Unknown"), ("admin", "admin"), ("new_word", "new_word")]
)
def test_reason_is_the_vendors_word(result: object, expected: str | None) -> None:
    """A word nobody has documented is shown, and false is no reason."""
    assert to_reason({"result": result}) == expected


def test_types_come_as_rows_or_numbers() -> None:
    """User info does not say how it writes them."""
    row = {"type_id": "3", "unsubscribed": False, "name": "Popular now"}

    assert to_type_opt_outs([row]) == (SendiosTypeOptOut(type_id="3", name="Popular now", unsubscribed=False),)
    assert to_type_opt_outs({"0": row}) == to_type_opt_outs([row])
    assert to_type_opt_outs([4, "5"]) == tuple(SendiosTypeOptOut(type_id=n, unsubscribed=True) for n in ("4", "5"))
    assert to_type_opt_outs([]) == to_type_opt_outs(None) == ()


LISTED = {
    "email": "anna@example.net",
    "project_id": 1,
    "client_user_id": None,
    "source_id": 17,
    "created_at": "2021-06-18 15:26:59",
}


def test_listed_opt_out_is_read() -> None:
    """A source nobody explains is shown as its number."""
    record = to_unsubscribe("mails", "m", LISTED, UTC, {1: "Shop"})

    assert (record.id, record.email, record.project_id, record.cause) == ("m", "anna@example.net", "1", "17")
    assert (record.occurred_at, record.subscriber_id, record.subscriber_ref) == (JUNE, None, None)
    assert getattr(record.extension, "project_name", None) == "Shop"
    assert to_unsubscribe("mails", "m", {**LISTED, "source_id": "9"}, UTC, {}).cause == "settings"


def test_marks_tell_opt_outs_apart_and_nothing_of_the_person() -> None:
    """They are ids that leave the house; numbers may come as text, further keys may come or go."""
    marker = Marker(b"k" * 32)
    same = {**LISTED, "project_id": "1", "source_id": "17", "more": 1}

    assert marker.mark(LISTED) == marker.mark(same)
    assert marker.mark(LISTED) != Marker(b"l" * 32).mark(LISTED)
    assert len({marker.mark({**LISTED, name: "x"}) for name in LISTED} | {marker.mark(LISTED)}) == 6
    assert marker.mark(None) != marker.mark([]) != marker.mark({})


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2021-06-18 15:26:59", UTC, JUNE),
        ("2021-06-18T15:26:59", UTC, JUNE),
        ("2021-06-18 15:26:59.75", UTC, JUNE),
        ("2021-06-18T15:26:59Z", ZoneInfo("Europe/Kyiv"), JUNE),
        ("2021-06-18 18:26:59", ZoneInfo("Europe/Kyiv"), JUNE),
        ("2021-06-18T15:26:59+00:00", timezone(timedelta(hours=9)), JUNE),
        ("2021-06-18", UTC, datetime(2021, 6, 18, tzinfo=UTC)),
        (1_624_030_019, ZoneInfo("Europe/Kyiv"), JUNE),
        ("1624030019", UTC, JUNE),
        ("2021-06-31 00:00:00", UTC, None),
        ("0001-01-01 00:00:00", timezone(timedelta(hours=9)), None),
        ("yesterday", UTC, None),
        (10**15, UTC, None),
        (True, UTC, None),
        (1.5, UTC, None),
    ],
)
def test_times_are_read_in_the_sources_zone(text: object, zone: Any, expected: datetime | None) -> None:
    """Times say no zone; those that do are believed."""
    assert parse_time(text, zone) == expected


@pytest.mark.parametrize("value", [None, "", False, [], 0, "0", "0000-00-00 00:00:00"])
def test_no_time_has_many_forms(value: object) -> None:
    """Somebody never seen was not seen in 1970."""
    assert read_time({"x": value}, "x", UTC) is None


NUMBERS = {"id": "8424", "project_id": "1", "sends": "3", "vip": "1", "meta": [], "sent_mails": {}, "email": "a@b.c"}


def test_numbers_as_text_are_numbers() -> None:
    """PHP prints what a database gives it."""
    record = to_subscriber(ACCOUNT, NUMBERS)
    own = extension_of(record)

    assert (record.id, own.project_id, own.sends, own.vip, own.project_title) == ("8424", "1", 3, True, "Shop")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": -1}, "id"),
        ({"id": True}, "id"),
        ({"email": {"a": 1}}, "email"),
        ({"vip": "yes"}, "vip"),
        ({"sends": "many"}, "sends"),
        ({"created_at": "soon"}, "created_at"),
        ({"meta": "x"}, "meta"),
        ({"meta": {"profile": [1]}}, "profile"),
        ({"sent_mails": [1]}, "sent_mails"),
        ({"sent_mails": [{"type_id": 1}]}, "id"),
        ({"unsubscribe": "yes"}, "unsubscribe"),
        ({"unsubscribe_types": [{}]}, "type_id"),
        ({"custom_fields": ["x"]}, "custom_fields"),
    ],
    ids=str,
)
def test_wrong_values_are_refused_by_their_field(changes: dict[str, Any], field: str) -> None:
    """Nothing is guessed, and no value stands in a message."""
    with pytest.raises(UnreadableError) as caught:
        to_subscriber(ACCOUNT, {**NUMBERS, **changes})

    assert caught.value.field == field
    assert "yes" not in str(caught.value)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"people": 1}, {"user": "x"}, {"result": {"users": 1}}, {"id": 1}])
def test_replies_without_a_place_for_a_user_are_refused(data: object) -> None:
    """Taken for nobody, a changed reply would empty every answer."""
    with pytest.raises(UnreadableError):
        find_user(data)


def test_verdicts_keep_the_vendors_words() -> None:
    """A reason nobody has documented is shown."""
    row = {"reason": "moon_phase", "valid": "0", "email": "a@b.c", "vendor": "Unknown", "domain": "b.c", "trusted": 0}
    check = to_email_check("mails", "A@b.c", row)

    assert (check.email, check.corrected, check.valid, check.reason) == ("A@b.c", "a@b.c", False, "moon_phase")
    assert (check.provider, check.domain, check.trusted) == ("Unknown", "b.c", False)
    with pytest.raises(UnreadableError):
        to_email_check("mails", "a@b.c", {"email": "a@b.c"})
