"""
Pages through the real Taguchi V4 adapter over its sandbox.
"""

from tests.resolvers.v4_pages import run_cases, run_moving_cases, run_unreadable_cases
from tests.resolvers.v4_subjects import OTHERS, PEOPLE


def test_pages_are_the_reference_rows():
    """Three hundred random filters, orders, sizes and directions would show a row lost, repeated or out of order."""
    assert run_cases(range(300)) > 1000


def test_pages_of_the_other_resources_are_the_reference_rows():
    """The same for activities, templates, imports, views and event types, whose key only the vendor can order."""
    assert run_cases(range(250), OTHERS) > 1000


def test_pages_beside_unreadable_rows_are_the_reference_rows():
    """Whatever of a row is unreadable, its key and its place in the order among it, the others must all be there."""
    assert run_unreadable_cases(range(150), (PEOPLE, *OTHERS)) > 1000


def test_pages_stay_right_while_rows_come_and_go():
    """A page that repeats or loses a row when others are inserted or deleted would show here."""
    run_moving_cases(range(25))


def test_pages_of_the_other_resources_stay_right_while_rows_come_and_go():
    """The same for activities, templates, imports, views and event types."""
    run_moving_cases(range(25), OTHERS)
