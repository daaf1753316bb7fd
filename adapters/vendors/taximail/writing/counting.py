"""
What imports brought, which Taximail counts and does not name.

Source: taximail-contacts.txt, Results for imported contact.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.contract import ItemResult, Outcome
from adapters.recipes import StepResult
from adapters.transport.client import Reply

from .rejections import build_rejection
from .replies import Counts, read_counts

WHO_FAILED: Final = "ITEM_NOT_NAMED"
"""Reason of the error of items that may be those that were not taken."""

_COUNTS: Final = "counts of"


def read_total(places: tuple[int, ...], reply: Reply) -> StepResult:
    """
    Read what an import brought.

    It counts and does not name: where some failed, nobody can tell which items they are.
    """
    counts = read_counts(reply)
    brought = counts.success + counts.duplicate
    if brought == 0 and counts.failed:
        error = build_rejection(reply, "took none of the people", "IMPORT_FAILED")
        items = tuple(ItemResult(place=place, outcome=Outcome.REJECTED, error=error) for place in places)
        return StepResult(outcome=Outcome.REJECTED, items=items, facts=_note(places, counts), error=error)
    sure = counts.failed == 0 and brought == (len(places) or brought)
    outcome = Outcome.APPLIED if sure else Outcome.UNKNOWN
    unsure = None if sure else build_rejection(reply, "does not say which of the people it did not take", WHO_FAILED)
    items = tuple(ItemResult(place=place, outcome=outcome, error=unsure) for place in places)
    return StepResult(items=items, facts=_note(places, counts), warnings=_list_warnings(counts, len(places)))


def _note(places: tuple[int, ...], counts: Counts) -> dict[str, Any]:
    """Note the counts of one import of several; they are added up when all are done."""
    return {f"{_COUNTS} {places[:1]}": counts.facts}


def sum_counts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Add up the counts of several imports; what else is told stays."""
    summed: dict[str, Any] = {}
    for name, fact in facts.items():
        if not name.startswith(_COUNTS):
            summed[name] = fact
            continue
        for word, count in fact.items():
            summed[word] = summed.get(word, 0) + count
    return summed


def _list_warnings(counts: Counts, sent: int) -> tuple[str, ...]:
    failed = (f"Taximail did not take {counts.failed} of the people.",) if counts.failed else ()
    other = sent and counts.total != sent
    return (*failed, *((f"Taximail counts {counts.total} people of {sent} that were sent.",) if other else ()))
