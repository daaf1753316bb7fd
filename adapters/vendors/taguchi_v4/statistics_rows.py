"""
Statistics replies: from the vendor's `{id: {code: [[bucket, number], …]}}` to series.

- Keys are data. A code that was not asked for is ignored, and so is a record that was not, where records were named.
- A bucket is the word `all` where the period is all, and a day otherwise; each stands once in a series.
- A number is a whole number or its digits as text, may be negative, and has at most 32 bits as GraphQL's numbers do.

Source: taguchi-v4-api.txt, Statistics Resource, the example responses.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from adapters.contract import TOTAL, StatisticsQuery
from adapters.errors import VendorContractError
from adapters.records import ListMeasure, PointRecord, SeriesRecord, StatisticsPeriod
from adapters.refusals import build_contract_error
from adapters.transport.client import Reply

from .endpoints import read_object_reply
from .statistics_calls import STATISTICS
from .values import UnreadableError, parse_date, to_id
from .wire import Row

Series = tuple[SeriesRecord, ...]

MAX_COUNT: Final = 2**31 - 1

_ALL: Final = "all"
_NUMBER: Final = re.compile(r"-?\d{1,18}", re.ASCII)


def read_statistics(reply: Reply, query: StatisticsQuery) -> Mapping[str, Series | VendorContractError]:
    """
    Return the series of each subject a reply tells of, those asked for where they were named.

    Raises:
        VendorError: the reply is no statistics, or has keys that are no subjects of the question.
    """
    found = read_object_reply(reply)
    keys = query.ids if query.names_subjects else found
    _check_keys(reply, query, found)
    return {key: _read_subject(reply, query, found[key]) for key in keys if key in found}


def is_printed_id(text: str) -> bool:
    """Say whether a text is a record's number as the vendor prints it."""
    return to_id(text) == text


def _check_keys(reply: Reply, query: StatisticsQuery, found: Mapping[str, Row]) -> None:
    """Refuse keys that would otherwise be lost, or stand for something else than was asked for."""
    if query.names_subjects:
        return
    if not all(key == TOTAL if query.subject.is_total else is_printed_id(key) for key in found):
        raise build_contract_error(reply, "statistics of something that was not asked for", "STATISTICS_OTHER")


def _read_subject(reply: Reply, query: StatisticsQuery, row: Row) -> Series | VendorContractError:
    codes = query.events if query.subject.counts_events else tuple(ListMeasure)
    source, unit = reply.call.source, STATISTICS[query.subject].unit
    try:
        points = {code: _read_points(query.period, row[code]) for code in codes if code in row}
    except UnreadableError as error:
        return build_contract_error(reply, f"statistics in which {error}", "STATISTICS_UNREADABLE")
    return tuple(
        SeriesRecord(source=source, code=str(code), period=query.period, unit=unit, points=each)
        for code, each in points.items()
        if each
    )


def _read_points(period: StatisticsPeriod, pairs: Any) -> tuple[PointRecord, ...]:
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):  # noqa: PLR2004 - a pair
        raise UnreadableError("a series is not a list of pairs")
    points = [PointRecord(_read_bucket(period, bucket), _read_count(count)) for bucket, count in pairs]
    if len({point.bucket for point in points}) < len(points):
        raise UnreadableError("a bucket stands twice in a series")
    return tuple(sorted(points, key=lambda point: point.bucket or date.min))


def _read_bucket(period: StatisticsPeriod, bucket: Any) -> date | None:
    if period is StatisticsPeriod.ALL:
        if bucket == _ALL:
            return None
        raise UnreadableError("a bucket is not the word all")
    day = parse_date(bucket)
    if day is None:
        raise UnreadableError("a bucket is not a date")
    return day


def _read_count(count: Any) -> int:
    if isinstance(count, str) and _NUMBER.fullmatch(count):
        count = int(count)
    if type(count) is not int:
        raise UnreadableError("a number is not a whole number")
    if abs(count) > MAX_COUNT:
        raise UnreadableError("a number is too large")
    return count
