"""
A clock that moves only when told to, so that a simulator answers the same on every run.
"""

from datetime import UTC, datetime, timedelta

DEFAULT_START_AT = datetime(2025, 1, 17, tzinfo=UTC)


class VirtualClock:
    """
    The simulator's idea of now: fixed until `advance` is called.
    """

    def __init__(self, start_at: datetime = DEFAULT_START_AT) -> None:
        """Start at an aware time; it is kept as UTC."""
        self._now_at = start_at.astimezone(UTC)

    @property
    def now_at(self) -> datetime:
        """The present moment, aware UTC."""
        return self._now_at

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now_at += timedelta(seconds=seconds)
