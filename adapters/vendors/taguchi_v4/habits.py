"""
What a check has found of one server, in the words plans are made with.

Only two facts change a plan: whether repeated predicates are ANDed, and how many rows one reply holds. The others are
told to the operator: what they leave open is asked in a way that holds either way.
"""

from dataclasses import dataclass
from typing import Final

from adapters.evidence import NOTHING_FOUND, Findings, Verdict

from .settings import DEFAULT_PAGE, TaguchiV4Settings

CONJUNCTION: Final = "conjunction"
PAGE_BOUND: Final = "page_bound"

MOST_ROWS: Final = 1_000
"""Rows one call asks for where neither the operator nor the server names fewer."""


@dataclass(frozen=True, slots=True)
class Habits:
    """
    What one server does where the document is silent.

    `joins` says whether rows must satisfy every predicate of a call, as far as a check could tell. `largest` is the
    most rows seen in one reply; `bounded` whether that is all the server gives, or None where that is unknown.
    """

    joins: Verdict = Verdict.UNDECIDED
    largest: int = 0
    bounded: bool | None = None

    def choose_page_size(self, settings: TaguchiV4Settings) -> int:
        """Return the most rows one call asks for: the operator's word, within what the server gives."""
        if self.bounded is None or not self.largest:
            return settings.page_size
        if self.bounded:
            return min(settings.max_page or self.largest, self.largest)
        return settings.max_page or max(DEFAULT_PAGE, min(self.largest, MOST_ROWS))

    @property
    def fills_pages(self) -> bool:
        """Say whether a reply was seen to hold more rows than any call of ours asks for."""
        return self.bounded is False

    @property
    def trusts_ands(self) -> bool:
        """Say whether rows are known to satisfy every predicate of a call."""
        return self.joins is Verdict.PROVEN

    @property
    def takes_one(self) -> bool:
        """Say whether a call may carry one predicate only, since more would widen it."""
        return self.joins is Verdict.DISPROVED


def read_habits(findings: Findings = NOTHING_FOUND) -> Habits:
    """Read the findings that change plans."""
    joins, page = findings.get(CONJUNCTION), findings.get(PAGE_BOUND)
    bounded = {Verdict.PROVEN: True, Verdict.DISPROVED: False}
    return Habits(
        joins=joins.verdict if joins else Verdict.UNDECIDED,
        largest=max(0, page.value or 0) if page else 0,
        bounded=bounded.get(page.verdict) if page else None,
    )
