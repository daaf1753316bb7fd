"""The circuit breaker: a source that keeps failing is left alone, then tried by one call at a time."""

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


class Pass:
    """What lets one attempt through; the breaker knows its trial's from all others by identity."""

    __slots__ = ()


@dataclass(slots=True)
class Breaker:
    """
    Counts failures in a row; open, it lets nothing through until the cool-down is over, then one trial at a time.

    `enter` and `leave` go in pairs around each attempt, and only the trial's own leaving ends the trial: attempts that
    began before the breaker opened may still be under way. Times are on the running loop's clock.
    """

    source: str
    failures: int
    cooldown_s: float
    failed_in_row: int = 0
    opened_at: float | None = None
    trial: Pass | None = None

    def refuses(self, now: float) -> bool:
        """Say whether an attempt would be turned away."""
        return self.opened_at is not None and (self.trial is not None or now < self.opened_at + self.cooldown_s)

    def enter(self, now: float) -> Pass | None:
        """Let an attempt through, or not (None); the first one after the cool-down is the trial."""
        if self.refuses(now):
            return None
        entered = Pass()
        if self.opened_at is not None:
            self.trial = entered
        return entered

    def leave(self, now: float, entered: Pass, *, healthy: bool | None) -> None:
        """Note how an attempt went; None when it says nothing about the vendor (cancelled, our own deadline)."""
        tried = entered is self.trial
        if tried:
            self.trial = None
        if healthy:
            self._close()
        elif healthy is not None:
            self._count(now, tried=tried)

    def _close(self) -> None:
        """Any good answer shows that the vendor is back."""
        if self.opened_at is not None:
            log.warning("Source %s answers again; its breaker is closed.", self.source)
        self.failed_in_row, self.opened_at, self.trial = 0, None, None

    def _count(self, now: float, *, tried: bool) -> None:
        """Open after enough failures in a row; a failed trial starts the cool-down anew."""
        self.failed_in_row += 1
        if self.opened_at is None and self.failed_in_row >= self.failures:
            log.warning("Source %s failed %d times in a row; its breaker is open.", self.source, self.failed_in_row)
            self.opened_at = now
        elif tried:
            self.opened_at = now
