"""The circuit breaker: a source that keeps failing is left alone, then tried by one call at a time."""

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Breaker:
    """
    Counts failures in a row; open, it lets nothing through until the cool-down is over, then one trial at a time.

    `enter` and `leave` go in pairs around each attempt. Times are on the running loop's clock.
    """

    source: str
    failures: int
    cooldown_s: float
    failed_in_row: int = 0
    opened_at: float | None = None
    trying: bool = False

    def refuses(self, now: float) -> bool:
        """Say whether an attempt would be turned away."""
        return self.opened_at is not None and (self.trying or now < self.opened_at + self.cooldown_s)

    def enter(self, now: float) -> bool:
        """Let an attempt through, or not; the first one after the cool-down is the trial."""
        if self.refuses(now):
            return False
        self.trying = self.opened_at is not None
        return True

    def leave(self, now: float, *, healthy: bool | None) -> None:
        """Note how an attempt went; None when it says nothing about the vendor (cancelled, our own deadline)."""
        if healthy is None:
            self.trying = False
        elif healthy:
            self._close()
        else:
            self._count(now)

    def _close(self) -> None:
        """Any good answer shows that the vendor is back."""
        if self.opened_at is not None:
            log.warning("Source %s answers again; its breaker is closed.", self.source)
        self.failed_in_row, self.opened_at, self.trying = 0, None, False

    def _count(self, now: float) -> None:
        """Open after enough failures in a row; a failed trial starts the cool-down anew."""
        self.failed_in_row += 1
        if self.opened_at is None and self.failed_in_row >= self.failures:
            log.warning("Source %s failed %d times in a row; its breaker is open.", self.source, self.failed_in_row)
            self.opened_at = now
        elif self.trying:
            self.opened_at = now
        self.trying = False
