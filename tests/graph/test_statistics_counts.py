"""Statistics as the graph tells them, against a direct count of everything that happened in the sandbox."""

from collections.abc import Sequence

import pytest

from tests.graph.statistics_cases import Account, build_account, run_case

CASES = 30


@pytest.fixture(scope="module")
def accounts() -> Sequence[Account]:
    """Accounts on servers that bound ranges in each of the ways the document can be read."""
    return [build_account("days"), build_account("instants"), build_account("buckets")]


async def test_numbers_are_those_of_a_direct_count(accounts: Sequence[Account]) -> None:
    """A number lost, counted twice, of a neighbour, of another period or outside the range would show here."""
    points = [await run_case(number, accounts[number % len(accounts)]) for number in range(CASES)]

    assert sum(points) > 20 * CASES
    assert sum(map(bool, points)) > CASES // 2
