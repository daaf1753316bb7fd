"""
Counts of events.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.events import EventLog
from adapters.vendors.taguchi_v4.sandbox.events.logged import NONE, TEST
from adapters.vendors.taguchi_v4.sandbox.times import DAY_US

from .parameters import Restriction
from .periods import ALL, BUCKET_OF, Period, Range, print_bucket

Series = dict[str, list[tuple[str, int]]]
DayCounts = Counter[tuple[int, int, int]]  # by group, number of the event type, and day


class EventCounts:
    """
    Counts a log's events that are no tests. Types and groups without any are left out, as are buckets.
    """

    def __init__(self, log: EventLog, types: Sequence[str]) -> None:
        """Only events of these types count; of every type when there are none."""
        self._log = log
        self._types = [number for number, ref in enumerate(log.types) if not types or ref in types]

    def count_all(self, asked: Range, periods: Iterable[Period]) -> dict[str, Series]:
        """One group, named `all`."""
        counted = self._count(asked, periods, None, lambda _position: 0)
        return {ALL: counted.get(0, {})}

    def count_by(
        self, field: str, asked: Range, periods: Iterable[Period], only: Restriction | None
    ) -> dict[str, Series]:
        """A group for each id in a field of the events; events without one are in none."""
        counted = self._count(asked, periods, only, getattr(self._log, field).__getitem__)
        return {str(group): counted[group] for group in sorted(counted) if group != NONE}

    def _count(
        self,
        asked: Range,
        periods: Iterable[Period],
        only: Restriction | None,
        group_of: Callable[[int], int],
    ) -> dict[int, Series]:
        counted: dict[int, Series] = {}
        for period in periods:
            positions = self._find(asked.span_us(period), only)
            for group, ref, bucket, number in self._fold(period, self._count_days(positions, group_of)):
                counted.setdefault(group, {}).setdefault(ref, []).append((bucket, number))
        return counted

    def _find(self, span_us: tuple[float, float], only: Restriction | None) -> Iterable[int]:
        log = self._log
        if only is None:
            index = log.index("type")
            return chain.from_iterable(index.find_between(number, *span_us) for number in self._types)
        index, types, (first_us, last_us) = log.index(only.field), set(self._types), span_us
        found = chain.from_iterable(map(index.find, only.ids))
        return (p for p in found if log.type[p] in types and first_us <= log.timestamp_us[p] <= last_us)

    def _count_days(self, positions: Iterable[int], group_of: Callable[[int], int]) -> DayCounts:
        log = self._log
        return Counter(
            (group_of(position), log.type[position], log.timestamp_us[position] // DAY_US)
            for position in positions
            if not log.flags[position] & TEST
        )

    def _fold(self, period: Period, days: DayCounts) -> Iterator[tuple[int, str, str, int]]:
        folded: Counter[Any] = Counter()
        for (group, number, day), count in days.items():
            folded[group, number, BUCKET_OF[period](day)] += count
        for (group, number, bucket), count in sorted(folded.items()):
            yield group, self._log.types[number], print_bucket(period, bucket), count
