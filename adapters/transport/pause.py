"""A source's pause: after a `Retry-After`, nobody calls it until the time is over."""

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class Pause:
    """Until when a source is not to be called, on the running loop's clock."""

    max_s: float
    until_at: float = 0.0

    def left_s(self) -> float:
        """Return the seconds that are left; 0 when the source may be called."""
        return max(0.0, self.until_at - asyncio.get_running_loop().time())

    def extend(self, seconds: float) -> None:
        """Pause for so long from now, within the bound; a running longer pause stays."""
        until_at = asyncio.get_running_loop().time() + min(seconds, self.max_s)
        self.until_at = max(self.until_at, until_at)
