"""
Statistics: of a whole account, of all lists together, and of campaigns, activities, revisions and lists each.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from adapters.contract import TOTAL
from adapters.errors import BudgetExceededError, FacadeError
from adapters.records import (
    ActivityRecord,
    ActivityRevisionRecord,
    CampaignRecord,
    Entity,
    ListRecord,
    SeriesRecord,
    StatisticsSubject,
)
from resolvers.context import RequestContext
from resolvers.loaders.keys import StatisticsKey
from resolvers.loaders.record import load_all
from resolvers.loaders.statistics import Numbers
from resolvers.lookups import fetch_references
from resolvers.selection import Selection
from resolvers.statistics_args import StatisticsArgs, check_args, check_capability, check_id_count, check_ids
from resolvers.statistics_codes import check_codes

MAX_POINTS: Final = 15_000
"""Points of one response: writing more than these holds up every other request for most of a second."""

Series = tuple[SeriesRecord, ...]
Subject = CampaignRecord | ActivityRecord | ActivityRevisionRecord | ListRecord


@dataclass(frozen=True, slots=True)
class SubjectStatistics:
    """The series of one subject; a code without a series is one the vendor says nothing of."""

    source: str
    subject: StatisticsSubject
    id: str
    series: Series | FacadeError


async def campaign_statistics(
    parents: Sequence[object], args: StatisticsArgs, ctx: RequestContext, selection: Selection
) -> list[tuple[SubjectStatistics, ...] | FacadeError]:
    """Read how often events happened for each campaign, activity, revision or configuration."""
    return await _fetch_each(args.granularity, parents, args, ctx, selection)


async def _fetch_subjects(
    subject: StatisticsSubject,
    parents: Sequence[SubjectStatistics],
    args: None,
    ctx: RequestContext,
    selection: Selection,
) -> list[Any]:
    """Find the record that each set of numbers is about, where it is about one of this kind."""
    del args
    keys = [(parent.source, parent.id if parent.subject is subject else None) for parent in parents]
    return await fetch_references(Entity(subject.value), keys, ctx, selection)


async def _fetch_total(
    subject: StatisticsSubject,
    parents: Sequence[object],
    args: StatisticsArgs,
    ctx: RequestContext,
    selection: Selection,
) -> list[Any]:
    """Read the one set of numbers of a total, the same for every parent."""
    try:
        numbers = await _read(subject, args, ctx, selection)
    except FacadeError as error:
        return [error] * len(parents)
    return [numbers.get(TOTAL, ())] * len(parents)


async def _fetch_each(
    subject: StatisticsSubject,
    parents: Sequence[object],
    args: StatisticsArgs,
    ctx: RequestContext,
    selection: Selection,
) -> list[Any]:
    """Read a set of numbers for each subject: those named in their order, otherwise all by id."""
    try:
        check_id_count(args, ctx.limits.max_nodes)
        numbers = await _read(subject, args, ctx, selection)
    except FacadeError as error:
        return [error] * len(parents)
    ids = dict.fromkeys(args.ids) if args.within is subject else sorted(numbers, key=lambda id_: (len(id_), id_))
    rows = tuple(SubjectStatistics(args.source, subject, id_, numbers.get(id_, ())) for id_ in ids)
    return [rows] * len(parents)


async def _fetch_stats(
    subject: StatisticsSubject,
    parents: Sequence[Subject],
    args: StatisticsArgs,
    ctx: RequestContext,
    selection: Selection,
) -> list[Any]:
    """Read the numbers of each parent, none without a period; a failure is the value of the parents it concerns."""
    ids: dict[str, dict[str, None]] = {}
    for parent in parents:
        ids.setdefault(parent.source, {})[parent.id] = None
    asked = {source: replace(args, source=source, within=subject, ids=tuple(each)) for source, each in ids.items()}
    replies = await asyncio.gather(*(_read_named(subject, each, ctx, selection) for each in asked.values()))
    found = dict(zip(asked, replies, strict=True))
    return [found[parent.source].get(parent.id, ()) for parent in parents]


async def _read_named(
    subject: StatisticsSubject, args: StatisticsArgs, ctx: RequestContext, selection: Selection
) -> Mapping[str, Series | FacadeError]:
    try:
        return await _read(subject, args, ctx, selection)
    except FacadeError as error:
        return dict.fromkeys(args.ids, error)


async def _read(
    subject: StatisticsSubject, args: StatisticsArgs, ctx: RequestContext, selection: Selection
) -> Mapping[str, Series | FacadeError]:
    """Read one source's numbers in every period; what fails all of them is raised."""
    check_args(args)
    source = ctx.source(args.source)
    check_capability(source, subject, args)
    check_ids(source, subject, args)
    keys = [StatisticsKey(source.name, query, selection.path) for query in args.build_queries(subject)]
    numbers = _join(await load_all(ctx.statistics, keys))
    told = [series for series in numbers.values() if not isinstance(series, FacadeError)]
    if len(told) == len(numbers) and args.names_something:
        await check_codes(source, args.events, told, ctx, selection)
    _spend_points(told, ctx)
    return numbers


def _join(replies: Iterable[Numbers | FacadeError]) -> Mapping[str, Series | FacadeError]:
    """Put the periods of each subject together; a failure in any is the subject's."""
    joined: dict[str, Series | FacadeError] = {}
    for reply in replies:
        if isinstance(reply, FacadeError):
            raise reply
        for id_, series in reply.items():
            earlier = joined.get(id_, ())
            if not isinstance(earlier, FacadeError):
                joined[id_] = series if isinstance(series, FacadeError) else (*earlier, *series)
    return joined


def _spend_points(found: Iterable[Series], ctx: RequestContext) -> None:
    points = ctx.statistics.points + sum(len(each.points) for series in found for each in series)
    if points > MAX_POINTS:
        raise BudgetExceededError(
            f"The operation would return more than {MAX_POINTS:,} points of statistics.",
            reason="POINTS",
            hint="Ask for a shorter range, a longer period, or fewer records or events.",
        )
    ctx.statistics.points = points


event_statistics: Final = partial(_fetch_total, StatisticsSubject.ACCOUNT)
"""How often events happened in a whole account."""

membership_statistics: Final = partial(_fetch_total, StatisticsSubject.LISTS)
"""How all lists together changed."""

list_statistics: Final = partial(_fetch_each, StatisticsSubject.LIST)
"""How each list changed."""

campaign_stats: Final = partial(_fetch_stats, StatisticsSubject.CAMPAIGN)
"""How often events happened for each campaign."""

activity_stats: Final = partial(_fetch_stats, StatisticsSubject.ACTIVITY)
"""How often events happened for each activity."""

revision_stats: Final = partial(_fetch_stats, StatisticsSubject.REVISION)
"""How often events happened for each revision of an activity."""

list_stats: Final = partial(_fetch_stats, StatisticsSubject.LIST)
"""How each list changed."""

statistics_campaign: Final = partial(_fetch_subjects, StatisticsSubject.CAMPAIGN)
"""The campaign of each set of numbers that is about one."""

statistics_activity: Final = partial(_fetch_subjects, StatisticsSubject.ACTIVITY)
"""The activity of each set of numbers that is about one."""

statistics_list: Final = partial(_fetch_subjects, StatisticsSubject.LIST)
"""The list of each set of numbers."""
