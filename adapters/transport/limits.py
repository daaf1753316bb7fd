"""What one source may spend on the wire: times, tries, bytes, and when it is left alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """
    The bounds of one source's client.

    `attempt_s` bounds one attempt from connect to the last byte; `attempts` how often a read is sent at most.
    Back-off doubles from `backoff_s` up to `backoff_cap_s`, fully jittered. Retries beyond the first
    `retry_floor` in `retry_window_s` must be earned: `retry_ratio` of one for each request.
    `breaker_failures` failed attempts in a row open the breaker for `breaker_cooldown_s`.
    `backs_off_blindly` repeats a read that was throttled without a time, for a vendor that never names one.
    `waits_out_503` sends what must not be repeated again after a 503 that names a time; not to a vendor whose 503 says
    something of what was sent.
    A `Retry-After` of a 429 pauses the source for `max_pause_s` at the longest, whatever the vendor said.
    """

    attempt_s: float = 8.0
    attempts: int = 3
    backoff_s: float = 0.1
    backs_off_blindly: bool = False
    waits_out_503: bool = True
    backoff_cap_s: float = 2.0
    retry_ratio: float = 0.2
    retry_floor: float = 10.0
    retry_window_s: float = 10.0
    concurrency: int = 16
    breaker_failures: int = 10
    breaker_cooldown_s: float = 5.0
    max_pause_s: float = 60.0
    max_body_bytes: int = 5_000_000
    max_url_bytes: int = 16_000
