"""
Bars: ten thousand random cases of filter, order, page size and direction, for people and for the other resources; five
hundred of each while rows come and go.
"""

from collections.abc import Sequence

import pytest

from tests.resolvers.v4_pages import run_cases, run_moving_cases
from tests.resolvers.v4_subjects import OTHERS, PEOPLE, Subject

CASES = 10_000
MOVING_CASES = 500
SUBJECTS = pytest.mark.parametrize("subjects", [(PEOPLE,), OTHERS], ids=["people", "others"])


@pytest.mark.bars
@SUBJECTS
def test_ten_thousand_cases_are_the_reference_rows(subjects: Sequence[Subject]):
    """A row lost, repeated or out of order on any page would show here."""
    rows = run_cases(range(1_000, 1_000 + CASES), subjects)

    assert rows > CASES


@pytest.mark.bars
@SUBJECTS
def test_five_hundred_cases_stay_right_while_rows_come_and_go(subjects: Sequence[Subject]):
    """A page that repeats a row, or loses one that was there throughout, would show here."""
    run_moving_cases(range(1_000, 1_000 + MOVING_CASES), subjects)
