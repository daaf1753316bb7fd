"""Statistics: rows of numbers, and what they are about."""

from datetime import date

import strawberry

from graph.types.description import described
from graph.types.lazy import LazyActivity, LazyCampaign, LazyEventType, LazySubscriberList
from graph.types.node import SOURCE_ID
from graph.types.relation import plain, relation
from graph.types.statistics_enums import Granularity, ListMeasure, StatisticsPeriod, StatisticsUnit

PERIOD = "By what time the numbers are put together."
UNIT = "What is counted as one, as far as the vendor's document says."
POINTS = "The numbers, in the order of time. What is not there the vendor says nothing of: it is not a zero."


@described(strawberry.type)
class StatisticsPoint:
    """One number, and the time it is of."""

    bucket: date | None = plain(
        "The first day of the day, week or month; nothing where the period is ALL. The vendor decides how to count a "
        "week or month that is only partly in the range."
    )
    count: int = plain("The number; a change may be negative.")


@described(strawberry.type)
class EventSeries:
    """How often one type of event happened, over time."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    code: str = plain("The reference of the type of event, as `o` for opened messages.", name="eventCode")
    event_type: LazyEventType | None = relation(
        "EventSeries", "eventType", "The type of event, with its name; nothing where the vendor hides it."
    )
    period: StatisticsPeriod = plain(PERIOD)
    unit: StatisticsUnit = plain(UNIT)
    points: list[StatisticsPoint] = plain(POINTS)


@described(strawberry.type)
class ListSeries:
    """How one measure of people on lists went, over time."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    code: ListMeasure = plain("What is counted.", name="measure")
    period: StatisticsPeriod = plain(PERIOD)
    unit: StatisticsUnit = plain(UNIT)
    points: list[StatisticsPoint] = plain(POINTS)


@described(strawberry.type)
class CampaignStatistics:
    """How often events happened for one campaign, activity, revision or configuration."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    subject: Granularity = plain("What the numbers are about.", name="granularity")
    id: strawberry.ID = plain(
        "The vendor's own id of the campaign, activity, revision or configuration.", name="vendorId"
    )
    campaign: LazyCampaign | None = relation(
        "CampaignStatistics", "campaign", "The campaign, where the numbers are about one that can be seen."
    )
    activity: LazyActivity | None = relation(
        "CampaignStatistics", "activity", "The activity, where the numbers are about one that can be seen."
    )
    series: list[EventSeries] | None = plain(
        "One row of numbers for each type of event and period; none where the vendor counted nothing."
    )


@described(strawberry.type)
class ListStatistics:
    """How one list went."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the list.", name="vendorId")
    series: list[ListSeries] | None = plain(
        "One row of numbers for each measure and period; none where the vendor counted nothing."
    )
    list: LazySubscriberList | None = relation("ListStatistics", "list", "The list; nothing where the vendor hides it.")
