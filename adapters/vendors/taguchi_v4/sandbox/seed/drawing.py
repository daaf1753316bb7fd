"""
Drawing from a generator: times, nulls, chances.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

Item = TypeVar("Item")

DAYS_OF_HISTORY = 5475  # fifteen years


class Draw:
    """
    A generator of random values with the shapes the account needs.
    """

    def __init__(self, source: random.Random, now_at: datetime) -> None:
        """Times drawn lie before `now_at`. A pool of times makes many of them equal, as batch jobs do."""
        self.source = source
        self._now_at = now_at
        self._pool = [self.fresh_time() for _ in range(300)]

    def fresh_time(self, days: float = DAYS_OF_HISTORY) -> str:
        """A time within so many days before now, to the second."""
        moment = self._now_at - timedelta(seconds=self.source.randrange(1, int(days * 86400)))
        return moment.replace(tzinfo=None).isoformat()

    def future_time(self, days: float = 365) -> str:
        """A time within so many days after now, to the second."""
        moment = self._now_at + timedelta(seconds=self.source.randrange(1, int(days * 86400)))
        return moment.replace(tzinfo=None).isoformat()

    def pooled_time(self) -> str:
        """One of a few hundred times, so that ties are common."""
        return self.source.choice(self._pool)

    def time(self) -> str:
        """A time, one in three from the pool."""
        return self.pooled_time() if self.source.random() < 1 / 3 else self.fresh_time()

    def birthday(self) -> str:
        """A date of birth."""
        day = datetime(1935, 1, 1, tzinfo=self._now_at.tzinfo) + timedelta(days=self.source.randrange(26000))
        return day.date().isoformat()

    def chance(self, probability: float) -> bool:
        """True this often."""
        return self.source.random() < probability

    def maybe(self, probability: float, value: Item) -> Item | None:
        """The value this often, otherwise null."""
        return value if self.source.random() < probability else None

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return self.source.choice(items)

    def up_to(self, highest: int) -> int:
        """An integer from 1 to this."""
        return self.source.randrange(highest) + 1
