"""
Bar: random cases of filter, order, page size and direction over event feeds, a part of them while events come.
"""

import pytest

from tests.resolvers.v4_feeds import run_cases, run_growing_cases

CASES = 10_000
GROWING_CASES = 500


@pytest.mark.bars
def test_ten_thousand_cases_are_the_reference_events() -> None:
    """An event lost, repeated or out of order on any page would show here."""
    assert run_cases(range(1_000, 1_000 + CASES)) > CASES


@pytest.mark.bars
def test_five_hundred_cases_stay_right_while_events_come() -> None:
    """A page that repeats an event, or loses one that was there throughout, would show here."""
    run_growing_cases(range(1_000, 1_000 + GROWING_CASES))
