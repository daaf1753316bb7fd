"""
The scan budget: what one connection page may spend on rows that are checked here.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class ScanBudget:
    """The vendor calls and rows a page may still spend; the first round of a page is always granted."""

    calls: int
    rows: int
    fresh: bool = True

    def grants(self, calls: int) -> bool:
        """Say whether another round of so many calls may be made."""
        return self.fresh or (self.calls >= calls and self.rows > 0)

    def spend(self, calls: int, rows: int) -> None:
        """Take off what a round cost."""
        self.fresh = False
        self.calls -= calls
        self.rows -= rows
