"""
What statistics are asked for, and what of it can be refused before any call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from adapters.contract import Source, StatisticsQuery
from adapters.errors import CapabilityError, IdError, InputError
from adapters.filters.evaluate import read_number
from adapters.records import StatisticsPeriod, StatisticsSubject

MAX_EVENTS: Final = 50
MAX_CODE_CHARS: Final = 64

Ids = tuple[StatisticsSubject, tuple[str, ...]]
"""Vendor ids, and what they are the ids of."""


class Granularity(StrEnum):
    """What events can be counted for, one by one."""

    CAMPAIGN = StatisticsSubject.CAMPAIGN.value
    ACTIVITY = StatisticsSubject.ACTIVITY.value
    REVISION = StatisticsSubject.REVISION.value
    CONFIGURATION = StatisticsSubject.CONFIGURATION.value


_TOLD: Final[Mapping[StatisticsSubject, str]] = {
    StatisticsSubject.ACCOUNT: "how often events happened",
    StatisticsSubject.CAMPAIGN: "how often events happened because of a campaign",
    StatisticsSubject.ACTIVITY: "how often events happened because of a message",
    StatisticsSubject.REVISION: "how often events happened because of a revision of a message",
    StatisticsSubject.CONFIGURATION: "how often events happened because of a configuration of a message",
    StatisticsSubject.LISTS: "how many people its lists had over time",
    StatisticsSubject.LIST: "how many people a list had over time",
}
"""What a source tells that counts for each subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsArgs:
    """
    Which numbers are meant: of which types of event, from day to day in UTC (both included), and by what time.

    At the root `source` is named, `within` says what `ids` are the ids of (None: of all there are), and `granularity`
    what each set of numbers is about.
    """

    events: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    periods: tuple[StatisticsPeriod, ...] = (StatisticsPeriod.ALL,)
    source: str = ""
    granularity: StatisticsSubject = StatisticsSubject.CAMPAIGN
    within: StatisticsSubject | None = None
    ids: tuple[str, ...] = ()

    @property
    def names_something(self) -> bool:
        """Whether there is anything to ask a source."""
        return bool(self.periods) and (self.within is None or bool(self.ids))

    def build_queries(self, subject: StatisticsSubject) -> Iterator[StatisticsQuery]:
        """Build one question a period, since a reply cannot tell several apart."""
        for period in dict.fromkeys(self.periods):
            yield StatisticsQuery(
                subject=subject,
                period=period,
                events=tuple(dict.fromkeys(self.events)),
                since=self.since,
                until=self.until,
                within=self.within,
                ids=self.ids,
            )


def check_args(args: StatisticsArgs) -> None:
    """Refuse what no source can answer; raises `InputError`."""
    if args.since is not None and args.until is not None and args.since > args.until:
        raise InputError(
            "The range ends before it begins.",
            reason="RANGE_INVERTED",
            hint="`from` is the first day and `to` the last.",
            path=("to",),
        )
    _check_events(args.events)


def check_id_count(args: StatisticsArgs, most: int) -> None:
    """Refuse more ids than one field may name; raises `InputError`."""
    if len(args.ids) > most:
        raise InputError(
            f"{len(args.ids)} records were asked for at once.",
            reason="TOO_MANY_IDS",
            hint=f"Ask for at most {most}, or for all.",
            path=_place_ids(args)[:1],
        )


def check_ids(source: Source, subject: StatisticsSubject, args: StatisticsArgs) -> None:
    """Refuse what can be no id at the source: it would read like a record nothing is known of; raises `IdError`."""
    able = source.capability.statistics.get(subject)
    largest = able.largest_id if able is not None else None
    for place, id_ in enumerate(args.ids if largest else ()):
        number = read_number(id_)
        if number is None or str(number) != id_ or number > (largest or 0):
            raise IdError(
                f"At the source {source.name} an id is a number of at most {largest}.",
                hint="Take the id from a record's vendorId.",
                path=(*_place_ids(args), place),
            )


def _place_ids(args: StatisticsArgs) -> tuple[str, ...]:
    """Return where the ids stand among the arguments."""
    return ("ids",) if args.within is StatisticsSubject.LIST else ("by", f"{args.within}Ids")


def _check_events(events: tuple[str, ...]) -> None:
    if len(events) > MAX_EVENTS:
        raise InputError(
            f"{len(events)} types of event were asked for at once.",
            reason="TOO_MANY_EVENTS",
            hint=f"Ask for at most {MAX_EVENTS}.",
            path=("events",),
        )
    for place, code in enumerate(events):
        if not 0 < len(code) <= MAX_CODE_CHARS or not code.isprintable():
            raise InputError(
                f"The reference of an event type has 1 to {MAX_CODE_CHARS} characters that can be printed.",
                reason="EVENT_INVALID",
                hint="The references are those of `eventTypes`.",
                path=("events", place),
            )


def check_capability(source: Source, subject: StatisticsSubject, args: StatisticsArgs) -> None:
    """Refuse what this source does not count; raises `CapabilityError`."""
    able = source.capability.statistics.get(subject)
    if able is None:
        counted = ", ".join(source.capability.statistics)
        raise CapabilityError(
            f"{source.package.title} does not tell {_TOLD[subject]}.",
            hint=f"It counts for: {counted}." if counted else f"Ask other sources than {source.name} for this.",
        )
    missing = [period.name for period in args.periods if period not in able.periods]
    if missing:
        raise CapabilityError(
            f"The source {source.name} does not count by {missing[0]}.",
            hint=f"It counts by: {', '.join(period.name for period in able.periods)}.",
            path=("periods",),
        )
    if args.within is not None and args.within not in able.within:
        raise CapabilityError(
            f"The source {source.name} cannot narrow these statistics by {args.within}.", path=("by",)
        )
