"""
Whether repeated predicates must all hold: the document says only that `query` may appear several times.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.evidence import Finding, Verdict
from adapters.records import Entity

from .endpoints import ListCall
from .habits import CONJUNCTION
from .questions import Asker, read_ids

TESTED: Final = (Entity.SUBSCRIBER, Entity.LIST, Entity.CAMPAIGN)
_NEEDED: Final = 3

_MEANINGS: Final = {
    Verdict.PROVEN: "Filters of several comparisons, and times to the second, are left to the source alone.",
    Verdict.DISPROVED: "One predicate per call, and it says where a page goes on: filters are checked here, and rows "
    "can be ordered by id only.",
    Verdict.UNDECIDED: "Filters of several comparisons are narrowed by the source, and its rows are checked again.",
}

Trial = tuple[tuple[str, ...], list[int]]
"""Predicates, and the ids they must bring."""


async def probe_conjunction(asker: Asker) -> Finding:
    """Ask for rows by predicates of which each alone would bring more."""
    agreed = tried = widened = 0
    for entity in TESTED:
        first = read_ids(await asker.fetch_rows(entity, ListCall((), "id", _NEEDED)))
        if len(set(first)) < _NEEDED:
            continue
        for predicates, expected in _build_trials(sorted(first)):
            found = read_ids(await asker.fetch_rows(entity, ListCall(predicates, "id", _NEEDED)))
            tried += 1
            agreed += found == expected
            widened += not set(found) <= set(expected)
    verdict = _judge(tried, agreed, widened)
    return Finding(
        fact=CONJUNCTION,
        title="Rows must satisfy every repeated predicate",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"{agreed} of {tried} replies held exactly the rows that satisfy all predicates, {widened} held others.",
        meaning=_MEANINGS[verdict],
    )


def _build_trials(ids: Sequence[int]) -> Iterator[Trial]:
    low, middle, high = ids
    yield (f"id-gte-{middle}", f"id-lte-{middle}"), [middle]
    yield (f"id-gte-{low}", f"id-lte-{high}", f"id-neq-{middle}"), [low, high]
    yield (f"id-lte-{high}", "ref-is-null", "ref-nt-null"), []


def _judge(tried: int, agreed: int, widened: int) -> Verdict:
    if widened:
        return Verdict.DISPROVED
    return Verdict.PROVEN if tried and agreed == tried else Verdict.UNDECIDED
