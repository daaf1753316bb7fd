"""
Periods and ranges: which bucket a day falls into, and what lies between two dates.

Source: taguchi-v4-api.txt, Statistics Resource; the example's weeks start on Mondays.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from adapters.vendors.taguchi_v4.sandbox.times import DAY_US, print_date

Period = Literal["day", "week", "month", "all"]
Mode = Literal["days", "instants", "buckets"]

MONDAY_OFFSET = 3  # day 0, in 1970, is a Thursday
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
ALL: Period = "all"


def _monday(day: int) -> int:
    return day - (day + MONDAY_OFFSET) % 7


def _first_of_month(day: int) -> int:
    return date.fromordinal(EPOCH_ORDINAL + day).replace(day=1).toordinal() - EPOCH_ORDINAL


BUCKET_OF: Mapping[Period, Callable[[int], int]] = {
    "day": lambda day: day,
    "week": _monday,
    "month": _first_of_month,
    "all": lambda _day: 0,
}
"""
For each period the first day, counted from 1970, of the bucket a day belongs to.
"""


def print_bucket(period: Period, bucket: int) -> str:
    """
    A bucket as the reply names it.
    """
    return ALL if period == ALL else print_date(bucket)


def _next_bucket(period: Period, bucket: int) -> int:
    return BUCKET_OF[period](bucket + (7 if period == "week" else 32))


@dataclass(frozen=True, slots=True)
class Range:
    """
    From `start_us` to `end_us`, microseconds since 1970, infinite where the request sets no bound.

    How they bound is the sandbox's choice, `SandboxOptions.statistics_range`.
    """

    start_us: float
    end_us: float
    mode: Mode

    def span_us(self, period: Period) -> tuple[float, float]:
        """The first and the last microsecond that count."""
        if self.mode == "instants":
            return self.start_us, self.end_us
        if self.mode == "buckets" and period in {"week", "month"}:
            return self._span_of_buckets(period)
        return _first_us(self.start_us), _last_us(self.end_us)

    def _span_of_buckets(self, period: Period) -> tuple[float, float]:
        first_us, last_us = _first_us(self.start_us), _first_us(self.end_us)
        if math.isfinite(first_us):
            day = int(first_us // DAY_US)
            bucket = BUCKET_OF[period](day)
            first_us = (bucket if bucket == day else _next_bucket(period, bucket)) * DAY_US
        if math.isfinite(last_us):
            last_us = _next_bucket(period, BUCKET_OF[period](int(last_us // DAY_US))) * DAY_US - 1
        return first_us, last_us


def _first_us(moment_us: float) -> float:
    return moment_us // DAY_US * DAY_US if math.isfinite(moment_us) else moment_us


def _last_us(moment_us: float) -> float:
    return _first_us(moment_us) + DAY_US - 1
