"""A source's pause: after a `Retry-After`, nobody calls it until the time is over."""

from dataclasses import dataclass


@dataclass(slots=True)
class Pause:
    """Until when a source is not to be called; times are on the running loop's clock."""

    max_s: float
    until_at: float = 0.0

    def left_s(self, now: float) -> float:
        """Return the seconds that are left; 0 when the source may be called."""
        return self.until_at - now if self.until_at > now else 0.0

    def extend(self, now: float, seconds: float) -> None:
        """Pause for so long from now, within the bound; a running longer pause stays."""
        self.until_at = max(self.until_at, now + min(seconds, self.max_s))
