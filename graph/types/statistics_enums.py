"""The words of statistics that can take only certain values."""

from typing import Final

from adapters.records import ListMeasure, StatisticsPeriod, StatisticsSubject, StatisticsUnit
from graph.types.enums import describe_enum
from resolvers.statistics_args import Granularity

__all__ = ["Granularity", "ListMeasure", "StatisticsPeriod", "StatisticsSubject", "StatisticsUnit"]

_OF_ONE: Final = {
    "CAMPAIGN": "Each campaign.",
    "ACTIVITY": "Each mailing, text message or page.",
    "REVISION": "Each saved state of an activity's content.",
    "CONFIGURATION": "Each way the variable fragments of a revision are put together.",
}

describe_enum(Granularity, "StatisticsGranularity", "What each set of numbers is about.", _OF_ONE)
describe_enum(
    StatisticsSubject,
    "StatisticsSubject",
    "What statistics can be about.",
    {
        "ACCOUNT": "A whole account: everything that happened in it.",
        **_OF_ONE,
        "LISTS": "All lists together.",
        "LIST": "Each list.",
    },
)
describe_enum(
    StatisticsPeriod,
    "StatisticsPeriod",
    "By what time numbers are put together.",
    {
        "DAY": "A number for each day.",
        "WEEK": "A number for each week.",
        "MONTH": "A number for each month.",
        "ALL": "One number for the whole range.",
    },
)
describe_enum(
    StatisticsUnit,
    "StatisticsUnit",
    "What is counted as one.",
    {
        "EVENTS": "Every event, however often the same person caused it.",
        "PEOPLE": "Every person once.",
        "UNSTATED": "The vendor's document does not say; so numbers of days need not add up to that of their month.",
    },
)
describe_enum(
    ListMeasure,
    "ListMeasure",
    "What is counted of the people on lists.",
    {
        "ACTIVE": "The change in those who can be reached: TOTAL less UNSUBSCRIBED and BOUNCED, so it may be negative.",
        "TOTAL": "Those who were put on the list.",
        "UNSUBSCRIBED": "Those who left.",
        "BOUNCED": "Those whose address proved invalid.",
    },
)
