"""
Pages of event feeds through the real Taguchi V4 adapter over its sandbox.
"""

from tests.resolvers.v4_feeds import run_cases, run_growing_cases


def test_pages_of_events_are_the_reference_rows() -> None:
    """Random filters, orders, sizes and directions would show an event lost, repeated or out of order."""
    assert run_cases(range(150)) > 500


def test_pages_of_events_stay_right_while_events_come() -> None:
    """A page that repeats or loses an event when its twin of the other kind comes would show here."""
    run_growing_cases(range(15))
