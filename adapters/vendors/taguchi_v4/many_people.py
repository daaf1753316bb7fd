"""
Finding many people at once: what is asked of each stands in one alternation, as long as that fits an address.

Source: taguchi-v4-api.txt, Queries, `re` and `rei`.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast
from urllib.parse import quote

from adapters.calls import CallScope
from adapters.contract import PeopleFound, PersonMatch, PersonQuery, SliceQuery
from adapters.errors import CapabilityError, FacadeError
from adapters.filters.pattern import literal_pattern
from adapters.filters.tree import Comparison, Op
from adapters.records import Entity, SubscriberRecord

from .capability import MAX_IN
from .compiler import COMPILERS
from .endpoints import MAX_QUERY_BYTES
from .people import MOST_MATCHES, Way, build_no_number, list_ways
from .reading import Reader
from .slices import fetch_slice

_ROOM: Final = 300
"""Bytes of an address kept for the bound, the order and the limit."""

Asked = tuple[PersonQuery, Way]


async def fetch_many_people(
    reader: Reader, queries: Sequence[PersonQuery], scope: CallScope, *, region: str | None, purpose: str
) -> Mapping[PersonQuery, PeopleFound]:
    """Find every record of each person; a call that fails, or brings what cannot be read, fails those it was for."""
    asked = [(query, way) for query in dict.fromkeys(queries) for way in list_ways(query, region)]
    groups = [group for field in dict.fromkeys(way.asked.field for _, way in asked) for group in _group(asked, field)]
    replies = await asyncio.gather(*(_fetch_group(reader, group, scope, purpose) for group in groups))
    answers: dict[PersonQuery, PeopleFound] = dict.fromkeys(queries, build_no_number())
    for (query, way), found in (each for reply in replies for each in reply):
        answers[query] = _join(answers[query], way, found)
    return answers


def _group(asked: Sequence[Asked], field: str) -> Iterator[list[Asked]]:
    """Put what is asked of one field together as long as it fits an address."""
    group: list[Asked] = []
    for each in asked:
        if each[1].asked.field != field:
            continue
        if group and not (len(group) < MAX_IN and _fits([*group, each])):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _fits(group: Sequence[Asked]) -> bool:
    predicates = COMPILERS[Entity.SUBSCRIBER].build_predicates(_build_alternation(group))
    return sum(len(quote(each, safe="")) for each in predicates) <= MAX_QUERY_BYTES - _ROOM


def _build_alternation(group: Sequence[Asked]) -> Comparison:
    """Select the rows that any of these ways selects."""
    comparisons = [way.asked for _, way in group]
    if len(comparisons) == 1:
        return comparisons[0]
    patterns = "|".join(map(_read_pattern, comparisons))
    return Comparison(comparisons[0].field, Op.MATCHES, patterns, ignore_case=comparisons[0].ignore_case)


def _read_pattern(comparison: Comparison) -> str:
    text = str(comparison.value)
    return text if comparison.op is Op.MATCHES else literal_pattern(text, starts=True, ends=True)


async def _fetch_group(
    reader: Reader, group: Sequence[Asked], scope: CallScope, purpose: str
) -> list[tuple[Asked, list[SubscriberRecord] | FacadeError]]:
    """Read the records of one group; where they are too many, or one cannot be read, each person's by themselves."""
    query = SliceQuery(
        Entity.SUBSCRIBER, pushed=_build_alternation(group), limit=MOST_MATCHES + len(group), purpose=purpose
    )
    try:
        found = await fetch_slice(reader, query, scope)
    except FacadeError as error:
        return [(each, error) for each in group]
    if len(group) > 1 and (found.gaps or not found.end):
        replies = await asyncio.gather(*(_fetch_group(reader, [each], scope, purpose) for each in group))
        return [each for reply in replies for each in reply]
    if found.gaps:
        return [(each, found.gaps[0].error) for each in group]
    rows = cast("tuple[SubscriberRecord, ...]", found.records)
    return [(each, [row for row in rows if each[1].proves(row)]) for each in group]


def _join(known: PeopleFound, way: Way, found: list[SubscriberRecord] | FacadeError) -> PeopleFound:
    """Add what one way has found to what others have; a failure stays one."""
    if isinstance(known, FacadeError) and not isinstance(known, CapabilityError):
        return known
    if isinstance(found, FacadeError):
        return found
    matches = {} if isinstance(known, FacadeError) else {match.record.id: match for match in known}
    for record in found:
        reasons = matches[record.id].reasons if record.id in matches else ()
        matches[record.id] = PersonMatch(record, tuple(dict.fromkeys((*reasons, way.reason))))
    return tuple(matches.values())
