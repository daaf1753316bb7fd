"""Runs generated operations over the library by both executors and compares."""

import random
from collections.abc import Iterable
from typing import Any, Final

from graphql import parse, print_schema, validate
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from graph.execution.compiled.operation import compile_operation
from graph.execution.limits import DocumentLimits, find_excess
from tests.graph.execution.library import LIBRARY
from tests.graph.execution.operation_text import Writer
from tests.graph.execution.sameness import assert_same, build, run_compiled, run_core
from tests.graph.execution.world import open_world

RATES: Final = (0, 0, 15, 60, 200)
"""Of a thousand fields, how many misbehave."""

LIMITS: Final = DocumentLimits(depth=6, fields=10_000, aliases=1_000, directives=1_000, root_fields=100)
"""Six things below each of six, seven levels deep, would be an answer of millions."""

LIBRARY_OPERATIONS: Final = from_schema(
    print_schema(LIBRARY), custom_scalars={"DateTime": st.just(nodes.String("2026-03-01T00:00:00Z"))}
)
"""Operations as Hypothesis writes them."""


async def run_library_cases(seeds: Iterable[int]) -> int:
    """Compare one operation of ours a seed; return how many were valid."""
    return sum([await run_library_case(seed) for seed in seeds])


async def run_library_case(seed: int) -> bool:
    """Compare the operation of a seed; False where it is not valid."""
    writer = Writer(LIBRARY, random.Random(seed))  # noqa: S311 - repeatable, not secret
    return await run_text(writer.write(), seed, writer.variables)


async def run_text(text: str, seed: int, variables: dict[str, Any] | None = None) -> bool:
    """Compare an operation, answered twice by the same plan; False where it is not valid, or asks for too much."""
    document, given, rate = parse(text), variables or {}, RATES[seed % len(RATES)]
    if validate(LIBRARY, document) or find_excess(document, LIMITS, {}):
        return False
    operation = compile_operation(build(LIBRARY, document, given, open_world(seed, rate)))
    core = await run_core(build(LIBRARY, document, given, open_world(seed, rate)))
    possible = core
    if core.errors:
        possible = await run_core(build(LIBRARY, document, given, open_world(seed, rate)), propagate=False)
    try:
        for _ in range(2):
            again = build(LIBRARY, document, given, open_world(seed, rate))
            assert_same(core, await run_compiled(again, operation), possible)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}, variables {given}:\n{text}") from error
    return True
