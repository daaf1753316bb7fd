"""
Statistics of many records at once: one call a period however many records are named, as long as they fit an address.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace

from adapters.calls import CallScope
from adapters.contract import StatisticsQuery
from adapters.errors import FacadeError
from adapters.transport.client import VendorClient

from .statistics_calls import MAX_IDS, build_params, build_statistics, fits
from .statistics_rows import Series, is_printed_id, read_statistics


async def fetch_statistics(
    client: VendorClient, query: StatisticsQuery, scope: CallScope
) -> Mapping[str, Series | FacadeError]:
    """
    Read the series of each subject, as `ReadsStatistics` promises.

    Ids that cannot be any record's are never sent, and a question that names nothing is none: without an id parameter
    the vendor would answer for all. Calls are divided only where ids name the subjects themselves; numbers of what
    they belong to cannot be put together again.

    Raises:
        VendorError: the call failed, where subjects were not named.
        CapabilityError: the question does not fit an address.
    """
    sent = replace(query, ids=tuple(dict.fromkeys(id_ for id_ in query.ids if is_printed_id(id_))))
    if (query.subject.counts_events and not query.events) or (query.within is not None and not sent.ids):
        return dict.fromkeys(query.ids, ()) if query.names_subjects else {}
    if not query.names_subjects:
        return await _fetch(client, sent, scope)
    replies = await asyncio.gather(*(_fetch_named(client, part, scope) for part in _divide(sent)))
    found = {id_: series for reply in replies for id_, series in reply.items()}
    return {id_: found.get(id_, ()) for id_ in query.ids}


def _divide(query: StatisticsQuery) -> Iterator[StatisticsQuery]:
    """Put ids together as long as they fit an address, in the order they came."""
    size = MAX_IDS
    while size > 1 and any(not fits(build_params(part)) for part in _cut(query, size)):
        size //= 2
    return _cut(query, size)


def _cut(query: StatisticsQuery, size: int) -> Iterator[StatisticsQuery]:
    return (replace(query, ids=query.ids[start : start + size]) for start in range(0, len(query.ids), size))


async def _fetch_named(
    client: VendorClient, query: StatisticsQuery, scope: CallScope
) -> Mapping[str, Series | FacadeError]:
    """Read the series of the subjects named; a failed call is the value of each."""
    try:
        reply = await client.send(build_statistics(query), scope)
        found = read_statistics(reply, query)
    except FacadeError as error:
        return dict.fromkeys(query.ids, error)
    return {id_: found.get(id_, ()) for id_ in query.ids}


async def _fetch(client: VendorClient, query: StatisticsQuery, scope: CallScope) -> Mapping[str, Series | FacadeError]:
    """Read the series of all subjects there are; one that cannot be read fails all."""
    reply = await client.send(build_statistics(query), scope)
    found = read_statistics(reply, query)
    for series in found.values():
        if isinstance(series, FacadeError):
            raise series
    return found
