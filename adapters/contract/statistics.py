"""
What an adapter is asked for numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, runtime_checkable

from adapters.calls import CallScope
from adapters.errors import FacadeError
from adapters.records import SeriesRecord, StatisticsPeriod, StatisticsSubject


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """
    The numbers of one kind of subject in one period, from day to day in UTC, both included; None is no bound.

    `within` says what `ids` are the ids of: the subjects themselves, or what they belong to; None asks for all there
    are. `events` are the codes to count, for subjects that count events, and at least one.
    """

    subject: StatisticsSubject
    period: StatisticsPeriod
    events: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    within: StatisticsSubject | None = None
    ids: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def names_subjects(self) -> bool:
        """Whether the ids are those of the subjects themselves."""
        return self.within is self.subject


TOTAL: Final = "all"
"""The id of a subject there is only one of."""


@runtime_checkable
class ReadsStatistics(Protocol):
    """An adapter whose source counts things; what it counts stands in its capability."""

    async def fetch_statistics(
        self, query: StatisticsQuery, scope: CallScope
    ) -> Mapping[str, tuple[SeriesRecord, ...] | FacadeError]:
        """
        Read the series of each subject by its id, `TOTAL` for a total.

        Subjects that were named are all there: without series where the vendor tells of none, with the error where
        the call failed for them. Otherwise those the vendor tells of, and a failed call raises a `VendorError`.
        """
        ...
