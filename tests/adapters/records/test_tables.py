"""Records held by columns: whoever looks at them sees the records, in whatever way they are looked at."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.records import MembershipRecord, SubscriberRecord
from adapters.records.making import build_maker
from adapters.records.tables import Nested, Shared, Table, UtcTimes, read_column

PLACES = st.lists(st.integers(0, 3), max_size=6)
SLICES = st.slices(8)


def _build_memberships(counts: list[int]) -> Nested[MembershipRecord]:
    ids = [str(number) for number in range(sum(counts))]
    make = build_maker(MembershipRecord, ("list_id", "source"))
    return Nested(Table(MembershipRecord, make, {"list_id": ids}, {"source": "a"}, len(ids)), counts)


def _build_people(counts: list[int]) -> Table[SubscriberRecord]:
    """Build a table of people with so many memberships each; their addresses are read when they are asked for."""
    make = build_maker(SubscriberRecord, ("id", "email", "memberships", "source"))
    ids = [str(number) for number in range(len(counts))]
    columns: dict[str, Any] = {
        "id": ids,
        "email": lambda: [f"{id_}@example.org" for id_ in ids],
        "memberships": _build_memberships(counts),
    }
    return Table(SubscriberRecord, make, columns, {"source": "a"}, len(ids))


def _tell(people: Any) -> list[tuple[Any, ...]]:
    return [(one.id, one.email, one.source, [each.list_id for each in one.memberships]) for one in people]


def _expect(counts: list[int]) -> list[tuple[Any, ...]]:
    starts = [sum(counts[:place]) for place in range(len(counts))]
    return [
        (str(place), f"{place}@example.org", "a", [str(start + number) for number in range(counts[place])])
        for place, start in enumerate(starts)
    ]


@given(PLACES, SLICES, st.booleans())
def test_a_table_is_the_list_of_its_records(counts: list[int], part: slice, looked: bool) -> None:
    """A record would be lost, doubled, or given another's list."""
    people, expected = _build_people(counts), _expect(counts)
    if looked:
        assert _tell(people) == expected

    assert len(people) == len(expected)
    assert _tell(people[part]) == expected[part]
    assert [_tell([people[place]])[0] for place in range(len(people))] == expected
    assert _tell(reversed(people)) == expected[::-1]


@given(PLACES, st.integers(0, 7))
def test_the_first_records_have_the_first_values(counts: list[int], most: int) -> None:
    """A page would show the values of the row that only told that another page follows."""
    some = _build_people(counts)[:most]

    assert read_column(some, "email") == [f"{place}@example.org" for place in range(len(some))]
    assert read_column(some, "source") == ["a"] * len(some)
    assert [len(each) for each in read_column(some, "memberships")] == counts[:most]
    assert isinstance(some, Table)
    assert some.find_column("phone") is None


@given(PLACES, SLICES)
def test_nested_lists_are_those_of_their_rows(counts: list[int], part: slice) -> None:
    """A person would be shown on another's lists."""
    nested, expected = _build_memberships(counts), [row[3] for row in _expect(counts)]

    assert [[each.list_id for each in entries] for entries in nested] == expected
    assert [[each.list_id for each in entries] for entries in nested[part]] == expected[part]
    assert [[each.list_id for each in nested[place]] for place in range(len(nested))] == expected


@given(st.lists(st.none() | st.integers(0, 2), max_size=6), SLICES)
def test_shared_records_stand_in_their_rows(places: list[int | None], part: slice) -> None:
    """A row would show what another refers to."""
    column, expected = Shared("abc", places), [None if place is None else "abc"[place] for place in places]

    assert list(column) == expected
    assert list(column[part]) == expected[part]
    assert [column[row] for row in range(len(column))] == expected


@given(st.lists(st.none() | st.integers(0, 2), max_size=6), SLICES)
def test_some_rows_share_what_they_hold_alone(places: list[int | None], part: slice) -> None:
    """A fragment spread in two places would ask below each of them for what the other refers to."""
    some = Shared("abc", places)[part]

    assert sorted(some.records) == sorted({held for held in some if held is not None})


@given(st.lists(st.none() | st.datetimes(), max_size=6), SLICES)
def test_times_are_in_utc(naive: list[datetime | None], part: slice) -> None:
    """A time would be taken for that of the server's own zone."""
    times, expected = UtcTimes(naive), [None if time is None else time.replace(tzinfo=UTC) for time in naive]

    assert list(times) == expected
    assert list(times[part]) == expected[part]
    assert [times[row] for row in range(len(times))] == expected


def test_a_record_of_a_table_is_frozen_like_any_other() -> None:
    """What many share could be changed by one."""
    with pytest.raises(AttributeError):
        _build_people([0])[0].email = "x"  # type: ignore[misc] # as it should be
