"""
Bar: five hundred random questions about statistics, each against a direct count of the sandbox's events.
"""

import asyncio

import pytest

from tests.graph.statistics_cases import build_account, run_case

CASES = 500


@pytest.mark.bars
def test_five_hundred_questions_are_answered_as_counted_by_hand():
    """A number lost, counted twice, of a neighbour, of another period or outside the range would show here."""
    accounts = [build_account("days"), build_account("instants"), build_account("buckets")]

    async def run():
        return [await run_case(number, accounts[number % 3]) for number in range(1_000, 1_000 + CASES)]

    points = asyncio.run(run())

    assert sum(points) > 100 * CASES
    assert sum(map(bool, points)) > CASES // 2
