"""
Bar: a person over every source takes no longer than the longest chain of calls that depend on one another.
"""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

import pytest

from tests.graph.conftest import Graph, open_graph, sandboxes  # noqa: F401 - fixtures
from tests.graph.every_source import EVERY, THOMAS, open_every

CALL_S: Final = 0.2
LONGEST_CHAIN: Final = 2
"""Taximail's lists, and then a search of each."""

QUERY: Final = f'{{ person(email: "{THOMAS}") {{ profiles {{ sourceId }} }} }}'


@pytest.mark.bars
async def test_a_person_takes_the_longest_chain(
    open_graph: Callable[..., AbstractAsyncContextManager[Graph]],  # noqa: F811 - the fixture
) -> None:
    """Vendors would be waited for one after the other."""
    async with open_every(open_graph, limit_deadline_s=20.0) as every:
        await every.ask(QUERY)
        for name in EVERY:
            await every.misbehave(name, kind="delay", seconds=CALL_S)
        takes = []
        for _ in range(5):
            begun = time.monotonic()
            data = await every.ask(QUERY)
            takes.append(time.monotonic() - begun)
    print(f"\nperson over {len(EVERY)} sources: {sorted(takes)[2]:.3f} s (median of 5)")  # noqa: T201 - the figure is the point

    assert {profile["sourceId"] for profile in data["person"]["profiles"]} == set(EVERY)
    assert sorted(takes)[2] <= LONGEST_CHAIN * CALL_S * 1.1
