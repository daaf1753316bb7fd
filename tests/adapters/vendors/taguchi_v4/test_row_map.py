"""Rows to records by columns: whole, partly, and one field late, always the same values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.records import SubscriberRecord
from adapters.vendors.taguchi_v4.people_rows import SUBSCRIBER
from adapters.vendors.taguchi_v4.values import UnreadableError

FIELDS = ("ref", "email", "first_name", "birth_date", "unsubscribed_at", "campaign_id", "memberships", "custom_fields")
NESTED = ("memberships.list_id", "memberships.joined_at", "memberships.left_at", "memberships.option")
TEXTS = st.none() | st.text(max_size=3) | st.integers(0, 99)
IDS = st.none() | st.integers(0, 9) | st.sampled_from(["007", "12"])
TIMES = st.none() | st.sampled_from(
    ["2020-01-02T03:04:05", "2020-01-02 03:04:05.5", "2020-01-02", "2020-01-02T03:04:05Z"]
)
MEMBERSHIPS = st.fixed_dictionaries({"list_id": st.integers(1, 9)}, optional={"timestamp": TIMES, "option": TEXTS})
ROWS = st.fixed_dictionaries(
    {"id": st.integers(1, 10**6)},
    optional={
        "ref": TEXTS,
        "email": TEXTS,
        "firstname": TEXTS,
        "dob": st.none() | st.just("1980-02-29"),
        "unsubscribed": TIMES | st.just(value=False),
        "campaign_id": IDS,
        "lists": st.none() | st.lists(MEMBERSHIPS, max_size=3),
        "custom_fields": st.none()
        | st.lists(st.fixed_dictionaries({"field": st.just("pets"), "data": TEXTS}), max_size=2),
    },
)


@given(st.lists(ROWS, max_size=4), st.frozensets(st.sampled_from((*FIELDS, *NESTED))))
def test_a_record_is_the_same_however_much_of_it_was_wanted(rows: list[Any], wanted: frozenset[str]) -> None:
    """What an operation selects would change what a person is."""
    whole = SUBSCRIBER.read_whole("retail", rows)

    assert SUBSCRIBER.build_reader(wanted)("retail", rows) == whole
    assert [SUBSCRIBER.read_whole("retail", [row])[0] for row in rows] == whole


WRONG: dict[str, Any] = {
    "email": [],
    "firstname": {},
    "dob": "1980",
    "unsubscribed": 5,
    "campaign_id": -1,
    "import_id": "x",
    "extra": 1.5,
    "cluster_id": True,
    "social_rating": "many",
    "lists": [{"list_id": 1, "unsubscribed": [1]}],
    "custom_fields": [{"data": "no key"}],
}


@pytest.mark.parametrize("wanted", [frozenset(), frozenset(FIELDS), frozenset((*FIELDS, *NESTED))], ids=len)
@pytest.mark.parametrize("wire", WRONG)
def test_a_record_is_sound_or_is_not_whatever_is_wanted_of_it(wire: str, wanted: frozenset[str]) -> None:
    """A page would show a person to one who asks for this, and fail whoever asks for that."""
    rows: list[Any] = [{"id": 1}, {"id": 7, wire: WRONG[wire]}]

    with pytest.raises(UnreadableError):
        SUBSCRIBER.build_reader(wanted)("retail", rows)


def test_a_row_without_an_id_is_no_record() -> None:
    """A person whom nothing tells from others would be told."""
    with pytest.raises(UnreadableError, match="id is missing"):
        SUBSCRIBER.build_reader(frozenset())("retail", [{"email": "a@b.example"}])


def test_what_no_row_tells_is_what_a_record_says_by_itself() -> None:
    """A person read partly would answer otherwise than one read whole."""
    (record,) = SUBSCRIBER.build_reader(frozenset())("retail", [{"id": 7}])

    whole = SubscriberRecord(source="retail", id="7")

    for name in ("tells_consent", "audiences", "bounced", "subscription"):
        assert getattr(record, name) == getattr(whole, name)
