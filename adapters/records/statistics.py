"""
Statistics: how often something happened, day by day, week by week, month by month or altogether.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StatisticsSubject(StrEnum):
    """
    What one set of numbers is about.

    ACCOUNT and LISTS are totals, of everything and of all lists together; the others are of one record each.
    """

    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    ACTIVITY = "activity"
    REVISION = "revision"
    CONFIGURATION = "configuration"
    LISTS = "lists"
    LIST = "list"

    @property
    def is_total(self) -> bool:
        """Whether there is only one of it in a source."""
        return self in {StatisticsSubject.ACCOUNT, StatisticsSubject.LISTS}

    @property
    def counts_events(self) -> bool:
        """Whether its numbers are of events, rather than of people on lists."""
        return self not in {StatisticsSubject.LISTS, StatisticsSubject.LIST}


class StatisticsPeriod(StrEnum):
    """By what time numbers are put together."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


class StatisticsUnit(StrEnum):
    """What one is: an event, a person however often, or what the vendor does not say."""

    EVENTS = "events"
    PEOPLE = "people"
    UNSTATED = "unstated"


class ListMeasure(StrEnum):
    """What is counted of people on lists."""

    ACTIVE = "active"
    TOTAL = "total"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class PointRecord:
    """The number of one bucket: its first day, or None where everything in the range is one. It may be negative."""

    bucket: date | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRecord:
    """
    One row of numbers, in the order of time. A bucket without a point is one the vendor says nothing of: not a zero.

    `code` is the reference of an event's type, or a `ListMeasure`.
    """

    source: str
    code: str
    period: StatisticsPeriod
    unit: StatisticsUnit
    points: tuple[PointRecord, ...]
