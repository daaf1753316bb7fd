"""
Pages through the real Taguchi V4 adapter over its sandbox.
"""

from tests.resolvers.v4_pages import run_cases, run_moving_cases


def test_pages_are_the_reference_rows():
    """Three hundred random filters, orders, sizes and directions would show a row lost, repeated or out of order."""
    assert run_cases(range(300)) > 1000


def test_pages_stay_right_while_rows_come_and_go():
    """A page that repeats or loses a row when others are inserted or deleted would show here."""
    run_moving_cases(range(25))
