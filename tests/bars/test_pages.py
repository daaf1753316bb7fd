"""
Bar: ten thousand random cases of filter, order, page size and direction; five hundred of them while rows come and go.
"""

import pytest

from tests.resolvers.v4_pages import run_cases, run_moving_cases

CASES = 10_000
MOVING_CASES = 500


@pytest.mark.bars
def test_ten_thousand_cases_are_the_reference_rows():
    """A row lost, repeated or out of order on any page would show here."""
    rows = run_cases(range(1_000, 1_000 + CASES))

    assert rows > CASES


@pytest.mark.bars
def test_five_hundred_cases_stay_right_while_rows_come_and_go():
    """A page that repeats a row, or loses one that was there throughout, would show here."""
    run_moving_cases(range(1_000, 1_000 + MOVING_CASES))
