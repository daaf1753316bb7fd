"""
Generated operations: a plan gives the answer graphql-core gives.

`make bars` runs twenty thousand; here are three hundred, and that the comparison can fail.
"""

import asyncio
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.graph.execution.cases import LIBRARY_OPERATIONS, run_library_cases, run_text
from tests.graph.execution.marketing import run_marketing_cases
from tests.graph.execution.sameness import assert_same

pytestmark = pytest.mark.filterwarnings(
    # graphql-core leaves the coroutines of a field behind whose neighbour fails
    "ignore:coroutine .* was never awaited:RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


async def test_our_own_operations_over_a_graph_that_misbehaves() -> None:
    """Broken, the faster executor would answer something else for some document nobody thought of."""
    assert await run_library_cases(range(230)) > 200


@given(LIBRARY_OPERATIONS, st.integers(0, 10_000))
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_operations_of_hypothesis_over_a_graph_that_misbehaves(text: str, seed: int) -> None:
    """Broken, what our own generator never writes would be answered otherwise."""
    asyncio.run(run_text(text, seed))


async def test_operations_over_the_sandbox_with_their_vendor_calls() -> None:
    """Broken, the real graph would answer otherwise, or with more calls."""
    answered, well = await run_marketing_cases(range(60))

    assert answered > 40
    assert well > 5


ERROR = GraphQLError("broken", path=["a", "b"])
OTHER = GraphQLError("broken otherwise", path=["a", "c"])
RIGHT = ExecutionResult({"a": {"b": None}}, [ERROR])
NULLED = ExecutionResult({"a": None}, [ERROR])


@pytest.mark.parametrize(
    ("core", "compiled"),
    [
        (RIGHT, ExecutionResult({"a": {"b": 1}}, [ERROR])),
        (RIGHT, ExecutionResult({"a": {"b": None}}, None)),
        (RIGHT, ExecutionResult({"a": {"b": None}}, [GraphQLError("other", path=["a", "b"])])),
        (RIGHT, ExecutionResult({"a": {"b": None}}, [ERROR, GraphQLError("more", path=["a"])])),
        (NULLED, ExecutionResult({"a": None}, None)),
        (NULLED, ExecutionResult({"a": None}, [GraphQLError("impossible", path=["a", "d"])])),
    ],
    ids=["other data", "no error", "other message", "one more", "a null without error", "an impossible error"],
)
def test_a_difference_is_seen(core: Any, compiled: Any) -> None:
    """Broken, everything above would pass whatever the plan answers."""
    with pytest.raises(AssertionError):
        assert_same(core, compiled, ExecutionResult({}, [ERROR, OTHER]))


def test_another_failure_below_the_same_null_is_no_difference() -> None:
    """Broken, the comparison would fail wherever graphql-core itself tells now this and now that."""
    assert_same(NULLED, ExecutionResult({"a": None}, [OTHER]), ExecutionResult({}, [ERROR, OTHER]))
