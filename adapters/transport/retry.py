"""When a request may be sent again: back-off, the retry budget, and what `Retry-After` asks for."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from adapters.transport.faults import Fault
from adapters.transport.limits import ClientLimits
from adapters.transport.requests import Errand

MAX_RETRY_AFTER_S = 3600.0
_MAX_DIGITS = 9


@dataclass(slots=True)
class RetryBudget:
    """
    A token bucket that keeps retries below a share of the requests, so that a vendor that is down is not hammered.

    Every request brings `ratio` of a token and every second a few, up to `floor`; every retry takes one.
    """

    ratio: float
    floor: float
    window_s: float
    tokens: float = field(init=False)
    filled_at: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Start full."""
        self.tokens = self.floor

    def deposit(self) -> None:
        """Earn a share of a retry for one more request."""
        self.tokens = min(self.floor, self.tokens + self.ratio)

    def withdraw(self, now: float) -> bool:
        """Take one retry, if there is one left."""
        elapsed_s = now - self.filled_at if self.filled_at is not None else 0.0
        self.tokens = min(self.floor, self.tokens + elapsed_s * self.floor / self.window_s)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def backoff_s(limits: ClientLimits, attempt: int) -> float:
    """Draw the pause after the given attempt (1 is the first): anything up to a bound that doubles each time."""
    bound = min(limits.backoff_cap_s, limits.backoff_s * 2 ** (attempt - 1))
    return random.uniform(0, bound)  # noqa: S311 - jitter, not a secret


def may_repeat(limits: ClientLimits, errand: Errand, fault: Fault) -> bool:
    """
    Say whether sending again can do no harm: it changes nothing more, or the vendor provably did not act.

    A 503 that names a time is proof only of a vendor that does not answer errors in what was sent with a 503.
    """
    if errand.request.repeatable or fault.kind.unprocessed:
        return True
    return fault.unprocessed and limits.waits_out_503


def draw_wait_s(limits: ClientLimits, errand: Errand, fault: Fault) -> float:
    """Draw the pause before the next attempt; what must not be repeated is sent no sooner than the vendor asks."""
    pause_s = backoff_s(limits, errand.call.attempts)
    return pause_s if errand.request.repeatable else max(pause_s, fault.retry_after_s or 0.0)


def parse_retry_after(text: str | None, now: datetime | None = None) -> float | None:
    """
    Read `Retry-After` as seconds: digits or an HTTP date (RFC 9110 §10.2.3); None when it is absent or nonsense.

    Never below 0 and never above an hour, whatever it says.
    """
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:_MAX_DIGITS]), MAX_RETRY_AFTER_S))
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    left_s = (when - (now or datetime.now(UTC))).total_seconds()
    return min(max(0.0, left_s), MAX_RETRY_AFTER_S)
