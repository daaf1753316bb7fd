"""Replies decoded into the fields that are selected: the same values as row by row, and the others when asked for."""

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.calls import CallRecord
from adapters.errors import VendorContractError
from adapters.records import Entity, SubscriberRecord
from adapters.transport.client import Reply
from adapters.vendors.taguchi_v4.decoding import Part, find_part
from adapters.vendors.taguchi_v4.endpoints import ListCall
from adapters.vendors.taguchi_v4.keys import RowKey
from adapters.vendors.taguchi_v4.people_rows import SUBSCRIBER
from adapters.vendors.taguchi_v4.reply_rows import ReplyRows, read_reply
from adapters.vendors.taguchi_v4.values import UnreadableError

TEXTS = st.none() | st.text(max_size=4) | st.integers(0, 99)
TIMES = st.none() | st.sampled_from(["2020-01-02T03:04:05", "2020-01-02 03:04:05.5", "2020-13-02T03:04:05", ""])
IDS = st.none() | st.integers(-1, 9) | st.sampled_from(["007", "x", True, 1.0, 2**63, 2**64])
MEMBERSHIPS = st.fixed_dictionaries(
    {"list_id": st.integers(1, 9) | st.just("4")}, optional={"timestamp": TIMES, "option": TEXTS, "campaign_id": IDS}
)
ROWS = st.fixed_dictionaries(
    {"id": st.integers(0, 5) | st.sampled_from([2**53 + 1, 2**63 - 1])},
    optional={
        "status": st.sampled_from([None, "active", "deleted", 3]),
        "email": TEXTS,
        "firstname": TEXTS,
        "dob": st.sampled_from([None, "1980-02-29", "1980"]),
        "unsubscribed": TIMES | st.just(value=False),
        "campaign_id": IDS,
        "extra": TEXTS,
        "social_rating": st.none() | st.integers(0, 9),
        "lists": st.none() | st.lists(MEMBERSHIPS, max_size=3) | st.just("none"),
    },
)
READ = ("email", "first_name", "birth_date", "unsubscribed_at", "campaign_id", "memberships")
SELECTED = st.frozensets(st.sampled_from(READ))


def _reply(rows: Any, status: int = 200) -> Reply:
    body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    call = CallRecord(source="retail", vendor="taguchi_v4", operation="subscriber list", method="GET", url="/")
    return Reply(status, body, call)


def _read(rows: Any, fields: frozenset[str] | None, sort: str = "id") -> ReplyRows:
    return read_reply(Entity.SUBSCRIBER, ListCall((), sort, 100, fields=fields), _reply(rows))


def _find(read: ReplyRows, key: RowKey) -> Any:
    """Return a record that was decoded at once."""
    return dict(zip(read.rows, read.table or (), strict=True))[key]


def _tell(read: ReplyRows, fields: frozenset[str]) -> dict[Any, Any]:
    """Tell of each row that is not deleted what its record holds of some fields, or that it cannot be read."""
    told: dict[Any, Any] = {}
    for key, row in read.rows.items():
        try:
            record: Any = read.convert([row])[0] if read.table is None else _find(read, key)
            told[key] = [getattr(record, name) for name in sorted(fields)]
        except UnreadableError:
            told[key] = "unreadable"
    return told


@given(st.lists(ROWS, max_size=4), SELECTED)
def test_decoded_at_once_or_row_by_row_a_record_is_the_same(rows: list[Any], fields: frozenset[str]) -> None:
    """A value would depend on what the rows beside it hold: in another order nothing is decoded at once."""
    assert _tell(_read(rows, fields), fields) == _tell(_read(rows, fields, sort="email"), fields)


@given(st.lists(ROWS, max_size=4), SELECTED)
def test_a_selected_field_is_what_it_is_in_the_whole_record(rows: list[Any], fields: frozenset[str]) -> None:
    """A field would say something else when it is selected alone."""
    alone = _tell(_read(rows, fields), fields)

    for key, row in _read(rows, None).rows.items():
        try:
            whole = SUBSCRIBER.read("retail", [row])[0]
        except UnreadableError:
            continue
        assert alone[key] == [getattr(whole, name) for name in sorted(fields)]


SOUND = {
    "id": 7,
    "email": "a@example.org",
    "firstname": "Ada",
    "campaign_id": 3,
    "lists": [{"list_id": 4, "timestamp": "2020-01-02T03:04:05"}],
    "custom_fields": [{"field": "pets", "data": "cat"}],
    "extra": "much",
}


@pytest.mark.parametrize("fraction", ["5", "0", "999999", "9999995", "9999999", "0000004", "0000000000000001"])
def test_a_fraction_of_a_second_is_cut_off(fraction: str) -> None:
    """Somebody would have left a second later, or in another year, than the same row says in another order."""
    left = {**SOUND, "unsubscribed": f"2020-12-31T23:59:59.{fraction}"}
    fields = frozenset({"unsubscribed_at"})

    assert _tell(_read([left], fields), fields) == {7: [datetime(2020, 12, 31, 23, 59, 59, tzinfo=UTC)]}


def test_a_documented_reply_is_decoded_at_once() -> None:
    """What the module is for would not happen."""
    read = _read([SOUND, SOUND | {"id": 8}], frozenset({"email", "memberships"}))

    assert read.table is not None
    assert list(read.rows) == [7, 8]
    assert read.count == len(read.table) == 2


@pytest.mark.parametrize(
    "row",
    [
        SOUND,
        {"id": 7, "status": "deleted"},
        {"id": 9, "email": 5},
        {"id": "9"},
        {"id": None},
        {"email": "b"},
        {"id": -1},
    ],
)
def test_any_other_reply_is_read_row_by_row(row: Any) -> None:
    """A row twice, a deleted one, or one of other types would be taken for a sound one."""
    read = _read([SOUND, row], frozenset({"email"}))

    assert read.table is None
    assert read.count == 2


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'[{"id":7}', b"[7]", b"<html>", b'[{"id":7,"email":"\xff"}]', b"[" * 5000]
)
def test_what_is_no_list_of_rows_is_refused_as_ever(body: bytes) -> None:
    """A reply that is none would be an empty page, or break the reader."""
    with pytest.raises(VendorContractError):
        _read(body, frozenset({"email"}))


def test_a_text_that_is_no_unicode_never_leaves() -> None:
    """Half of a surrogate pair cannot be written into an answer."""
    with pytest.raises(VendorContractError):
        _read(b'[{"id":7,"email":"\\ud800"}]', frozenset({"email"}))


def test_fields_that_were_not_selected_are_read_when_asked_for() -> None:
    """A field that syntax does not tell would be missing; its record is equal to one that was read whole."""
    record = _find(_read([SOUND, SOUND | {"id": 8, "email": "b@example.org"}], frozenset({"first_name"})), 8)
    whole = SUBSCRIBER.read("retail", [SOUND | {"id": 8, "email": "b@example.org"}])[0]

    assert record.email == "b@example.org"
    assert record == whole
    assert dataclasses.replace(record, first_name="Eve").extension == whole.extension
    assert "extra='much'" in repr(record)
    with pytest.raises(AttributeError):
        _ = record.surname


def test_an_unselected_field_that_cannot_be_read_fails_alone() -> None:
    """Nobody asked for it: the record would be lost for it."""
    record = _find(_read([SOUND | {"dob": "1980"}], frozenset({"email"})), 7)

    assert record.email == "a@example.org"
    with pytest.raises(VendorContractError, match="subscriber 7, in which dob is not a date"):
        _ = record.birth_date


def test_an_extension_is_selected_by_its_word() -> None:
    """Every record's extension would be read late, one by one."""
    part = find_part(Entity.SUBSCRIBER, frozenset({"taguchi"}))

    assert isinstance(part, Part)
    assert set(part.map.readers) == {"id", "extension"}
    assert find_part(Entity.SUBSCRIBER, None) is None
    assert find_part(Entity.ACTIVITY, frozenset({"name"})) is None


def test_a_record_without_a_rest_has_no_other_fields() -> None:
    """A name that is wrong would pass for a field."""
    with pytest.raises(AttributeError):
        _ = SubscriberRecord(source="retail", id="7").surname  # type: ignore[attr-defined]
