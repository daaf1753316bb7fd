"""
The loader of statistics: questions that differ only in records or codes share their calls.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from adapters.calls import CallScope
from adapters.contract import ReadsRecords, ReadsStatistics, Source, StatisticsQuery
from adapters.errors import CapabilityError, FacadeError
from adapters.records import SeriesRecord
from resolvers.loaders.keys import StatisticsKey
from resolvers.loaders.loader import Loader
from resolvers.loaders.record import group_keys, name_purposes

Numbers = Mapping[str, tuple[SeriesRecord, ...] | FacadeError]
"""Series by subject, with an error in the place of those whose call failed."""


class StatisticsLoader(Loader[StatisticsKey, Numbers | FacadeError]):
    """Load series by question; `points` is how many the request's answers hold so far."""

    points: int = 0

    def __init__(self, sources: Mapping[str, Source], scope: CallScope) -> None:
        """Keep the sources a request sees; must run inside its loop."""
        super().__init__()
        self._sources = sources
        self._scope = scope

    async def fetch_batch(self, keys: list[StatisticsKey]) -> list[Numbers | FacadeError]:
        """Ask once for all keys of one question, and each question side by side."""
        groups = group_keys(keys, lambda key: key.question)
        replies = await asyncio.gather(*(self._fetch(group) for group in groups.values()))
        found = dict(zip(groups, replies, strict=True))
        return [_choose(key.query, found[key.question]) for key in keys]

    async def _fetch(self, keys: Sequence[StatisticsKey]) -> Numbers | FacadeError:
        query = replace(
            keys[0].query,
            events=tuple(dict.fromkeys(code for key in keys for code in key.query.events)),
            ids=tuple(dict.fromkeys(id_ for key in keys for id_ in key.query.ids)),
            purpose=name_purposes(keys),
        )
        source = self._sources[keys[0].source]
        try:
            return await find_counting(source.adapter).fetch_statistics(query, self._scope)
        except FacadeError as error:
            return error


def find_counting(adapter: ReadsRecords) -> ReadsStatistics:
    """Return an adapter as one that counts things; raises `CapabilityError` where it does not."""
    if not isinstance(adapter, ReadsStatistics):
        raise CapabilityError("This source has no statistics.", hint="Name another source.")
    return adapter


def _choose(query: StatisticsQuery, found: Numbers | FacadeError) -> Numbers | FacadeError:
    """Take what one key asked for out of what its call brought."""
    if isinstance(found, FacadeError):
        return found
    keys = query.ids if query.names_subjects else found
    return {key: _choose_codes(query, found[key]) for key in keys if key in found}


def _choose_codes(
    query: StatisticsQuery, series: tuple[SeriesRecord, ...] | FacadeError
) -> tuple[SeriesRecord, ...] | FacadeError:
    if isinstance(series, FacadeError) or not query.subject.counts_events:
        return series
    by_code = {each.code: each for each in series}
    return tuple(by_code[code] for code in query.events if code in by_code)
