"""Fields that tell statistics: their arguments, and the step from them to what batch functions take."""

from datetime import date
from typing import Annotated, Any, Final

import strawberry

from graph.execution.collector import BATCHED
from graph.inputs.statistics import CampaignStatisticsBy
from graph.types.connection_field import UNSET, build_args
from graph.types.relation import GraphInfo
from graph.types.statistics_enums import Granularity, StatisticsPeriod, StatisticsSubject
from resolvers.statistics_args import Ids, StatisticsArgs

SourceId = Annotated[strawberry.ID, strawberry.argument(description="The source whose numbers are meant.")]
Events = Annotated[
    list[str],
    strawberry.argument(description="The references of the types of event to count, as `s`, `o` and `c`: at most 50."),
]
From = Annotated[
    date | None,
    strawberry.argument(name="from", description="The first day, in UTC; otherwise since the vendor began to count."),
]
To = Annotated[date | None, strawberry.argument(name="to", description="The last day, in UTC; otherwise until now.")]
Periods = Annotated[
    list[StatisticsPeriod],
    strawberry.argument(description="By what time to put numbers together; each period is a vendor call of its own."),
]
GranularityArgument = Annotated[Granularity, strawberry.argument(description="What each set of numbers is about.")]
By = Annotated[
    Ids | None,
    strawberry.argument(
        description="Only what belongs to these; otherwise everything there is.",
        graphql_type=CampaignStatisticsBy | None,
    ),
]
ListIds = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="The vendor's ids of the lists, at most 500; otherwise all lists."),
]

ALTOGETHER: Final = [StatisticsPeriod.ALL]
"""The period where none is named."""


def account_statistics(description: str) -> Any:
    """Describe how often events happened in a whole account."""

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        info: GraphInfo,
        source: SourceId,
        events: Events,
        since: From = UNSET,
        until: To = UNSET,
        periods: Periods = ALTOGETHER,
    ) -> Any:
        args = _build(source=source, events=events, since=since, until=until, periods=periods)
        return info.load("Query", "eventStatistics", None, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def campaign_statistics(description: str) -> Any:
    """Describe how often events happened for each campaign, activity, revision or configuration."""

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        info: GraphInfo,
        source: SourceId,
        events: Events,
        by: By = UNSET,
        granularity: GranularityArgument = Granularity.CAMPAIGN,
        since: From = UNSET,
        until: To = UNSET,
        periods: Periods = ALTOGETHER,
    ) -> Any:
        within, ids = by or (None, ())
        args = _build(
            source=source,
            events=events,
            within=within,
            ids=ids,
            granularity=StatisticsSubject(granularity.value),
            since=since,
            until=until,
            periods=periods,
        )
        return info.load("Query", "campaignStatistics", None, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def membership_statistics(description: str) -> Any:
    """Describe how all lists together went."""

    def resolve(
        info: GraphInfo,
        source: SourceId,
        since: From = UNSET,
        until: To = UNSET,
        periods: Periods = ALTOGETHER,
    ) -> Any:
        args = _build(source=source, since=since, until=until, periods=periods)
        return info.load("Query", "membershipStatistics", None, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def list_statistics(description: str) -> Any:
    """Describe how each list went."""

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        info: GraphInfo,
        source: SourceId,
        ids: ListIds = UNSET,
        since: From = UNSET,
        until: To = UNSET,
        periods: Periods = ALTOGETHER,
    ) -> Any:
        within = StatisticsSubject.LIST if isinstance(ids, list) else None
        args = _build(source=source, within=within, ids=tuple(ids or ()), since=since, until=until, periods=periods)
        return info.load("Query", "listStatistics", None, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def event_stats(type_name: str, description: str) -> Any:
    """Describe how often events happened for a record."""

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        root: strawberry.Parent[Any],
        info: GraphInfo,
        events: Events,
        since: From = UNSET,
        until: To = UNSET,
        periods: Periods = ALTOGETHER,
    ) -> Any:
        args = _build(events=events, since=since, until=until, periods=periods)
        return info.load(type_name, "stats", root, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def list_stats(description: str) -> Any:
    """Describe how a list went."""

    def resolve(
        root: strawberry.Parent[Any],
        info: GraphInfo,
        since: From = UNSET,
        until: To = UNSET,
        periods: Periods = ALTOGETHER,
    ) -> Any:
        return info.load("SubscriberList", "stats", root, _build(since=since, until=until, periods=periods))

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def _build(*, periods: list[StatisticsPeriod], events: list[str] | None = None, **given: Any) -> StatisticsArgs:
    return build_args(StatisticsArgs, periods=tuple(periods), events=tuple(events or ()), **given)
