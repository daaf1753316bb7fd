"""Times and days: what is read, what is refused, what is written."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from graph.types.scalars import parse_day, parse_time, print_day, print_time, print_times

SYDNEY = timezone(timedelta(hours=11))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T20:30:00+11:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.25Z", datetime(2026, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)),
        ("2024-02-29T23:59:59-00:00", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
    ids=["utc", "another offset", "a fraction", "a leap day"],
)
def test_a_time_is_read_in_utc(written: str, expected: datetime) -> None:
    """Broken, people would be chosen by another moment than the one written."""
    read = parse_time(written)

    assert read == expected
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01T09:30:00",
        "2026-03-01",
        "2026-03-01 09:30:00Z",
        "2026-02-30T09:30:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T23:59:60Z",
        "2026-03-01T09:30:00+1100",
        "2026-03-01T09:30:00+99:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-W09-7T09:30:00Z",
        "٢٠٢٦-03-01T09:30:00Z",
        "2026-03-01T09:30:00Z\n",
        "yesterday",
        "",
        1_700_000_000,
        None,
        True,
        "9" * 5000,
    ],
)
def test_a_time_that_would_have_to_be_guessed_is_refused(written: object) -> None:
    """Broken, a time without an offset would silently be somebody's local time."""
    with pytest.raises(GraphQLError) as refused:
        parse_time(written)

    assert len(refused.value.message) < 200


def test_a_time_is_written_in_utc_with_a_z() -> None:
    """Broken, two clients would read two moments."""
    assert print_time(datetime(2026, 3, 1, 20, 30, tzinfo=SYDNEY)) == "2026-03-01T09:30:00Z"
    assert print_time(datetime(2026, 3, 1, 9, 30, 0, 5, tzinfo=UTC)) == "2026-03-01T09:30:00.000005Z"


@pytest.mark.parametrize("value", [datetime(2026, 3, 1), date(2026, 3, 1), "2026-03-01T09:30:00Z"])  # noqa: DTZ001 - the point
def test_what_is_no_aware_time_is_never_written(value: Any) -> None:
    """Broken, a vendor's local time would be shown as UTC."""
    with pytest.raises(TypeError):
        print_time(value)


def test_a_day_goes_both_ways() -> None:
    """Broken, birthdays would move."""
    assert print_day(parse_day("1970-04-01")) == "1970-04-01"


@pytest.mark.parametrize("written", ["1970-4-1", "19700401", "1970-02-30", "1970-04-01T00:00:00Z", "", None, 19700401])
def test_a_day_is_read_in_one_form_only(written: object) -> None:
    """Broken, a time would be cut to a day of some zone."""
    with pytest.raises(GraphQLError):
        parse_day(written)


def test_a_moment_is_never_written_as_a_day() -> None:
    """Broken, a moment would become a day of whatever zone it is in."""
    with pytest.raises(TypeError):
        print_day(datetime(2026, 3, 1, tzinfo=UTC))


@given(st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=4))
def test_times_written_together_are_written_as_each_alone(times: list[datetime | None]) -> None:
    """The same time would read otherwise on a page than in a look-up."""
    each = [None if time is None else print_time(time) for time in times]

    assert print_times(times) == (each if any(times) else None)


@pytest.mark.parametrize("odd", [datetime(2026, 3, 1), datetime(2026, 3, 1, tzinfo=SYDNEY), "2026-03-01", 5])  # noqa: DTZ001 - that is the point
def test_times_are_not_written_together_where_one_is_another_thing(odd: object) -> None:
    """A time that would have to be guessed would be written all the same."""
    assert print_times([datetime(2026, 3, 1, tzinfo=UTC), odd]) is None
