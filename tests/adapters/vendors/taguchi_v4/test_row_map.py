"""Rows to records by columns: by the same rules as one value of one row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.vendors.taguchi_v4.people_rows import SUBSCRIBER
from adapters.vendors.taguchi_v4.values import (
    UnreadableError,
    read_date,
    read_id,
    read_required_id,
    read_text,
    read_time,
)

TEXT_NAMES = ("ref", "email", "firstname")
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


@given(st.lists(ROWS, max_size=4))
def test_rows_read_together_are_read_as_each_alone(rows: list[Any]) -> None:
    """A person would be another one beside others."""
    assert SUBSCRIBER.read("retail", rows) == [SUBSCRIBER.read("retail", [row])[0] for row in rows]


@given(ROWS)
def test_a_field_is_what_the_rules_for_one_row_say(row: Any) -> None:
    """A column would be read by other rules than a value."""
    (record,) = SUBSCRIBER.read("retail", [row])

    assert record.id == read_required_id(row)
    assert (record.ref, record.email, record.first_name) == tuple(read_text(row, name) for name in TEXT_NAMES)
    assert record.campaign_id == read_id(row, "campaign_id")
    assert (record.birth_date, record.unsubscribed_at) == (read_date(row, "dob"), read_time(row, "unsubscribed"))
    assert [(each.list_id, each.joined_at, each.option) for each in record.memberships] == [
        (read_required_id(item, "list_id"), read_time(item, "timestamp"), read_text(item, "option"))
        for item in row.get("lists") or []
    ]
    assert [each.value for each in record.custom_fields] == [
        read_text(item, "data") for item in row.get("custom_fields") or []
    ]


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


@pytest.mark.parametrize("wire", WRONG)
def test_a_field_of_another_type_is_refused_beside_sound_ones(wire: str) -> None:
    """A record that is not what the document says would be shown as if it were."""
    rows: list[Any] = [{"id": 1}, {"id": 7, wire: WRONG[wire]}]

    with pytest.raises(UnreadableError):
        SUBSCRIBER.read("retail", rows)


def test_a_row_without_an_id_is_no_record() -> None:
    """A person whom nothing tells from others would be told."""
    with pytest.raises(UnreadableError, match="id is missing"):
        SUBSCRIBER.read("retail", [{"email": "a@b.example"}])
