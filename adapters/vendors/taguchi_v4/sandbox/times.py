"""
Times and dates as the sandbox keeps them: whole numbers since 1970, UTC.

A timestamp is a count of microseconds and a date a count of days, so that rows are small and comparisons are those of
numbers; `infinity` and `-infinity` are the floats of that name.
"""

import math
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US

_ISO = re.compile(
    r"\s*(?P<year>\d{4})(?P<dash>-?)(?P<month>\d{2})(?P=dash)(?P<day>\d{2})"
    r"(?:(?:[Tt]|\s+)(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d*)?)?"
    r"\s*(?:[Zz]|UTC|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?\s*",
    re.ASCII,
)
_WORDS = {"infinity": math.inf, "-infinity": -math.inf}


def read_timestamp(text: str) -> float:
    """
    Read a timestamp operand: the ISO forms PostgreSQL accepts, a zone being ignored as its type without time zone does.

    Units: microseconds since 1970.

    Raises:
        ValueError: not an ISO time. PostgreSQL reads further forms (month names, `yesterday`); the sandbox refuses
        them.
    """
    if (word := text.strip().lower()) in _WORDS:
        return _WORDS[word]
    day, time_us = _read_iso(text)
    return day * DAY_US + time_us


def read_date(text: str) -> float:
    """
    Read a date operand; a time of day after the date is ignored, as PostgreSQL does.

    Units: days since 1970.
    """
    if (word := text.strip().lower()) in _WORDS:
        return _WORDS[word]
    return _read_iso(text)[0]


def _read_iso(text: str) -> tuple[int, int]:
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"invalid input syntax for type timestamp: {text!r}")
    day = datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)
    return (day - EPOCH).days, _time_of_day_us(match)


def _time_of_day_us(match: re.Match[str]) -> int:
    if match["hour"] is None:
        return 0
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    fraction_us = round(float(f"0{match['fraction'] or ''}0") * SECOND_US) if match["fraction"] else 0
    total = ((hour * 60 + minute) * 60 + second) * SECOND_US + fraction_us
    if minute > 59 or second > 60 or total > DAY_US:  # noqa: PLR2004 - the clock's own numbers
        raise ValueError(f"date/time field value out of range: {match[0]!r}")
    return total


def to_microseconds(moment: datetime) -> int:
    """An aware time as the store keeps it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=4096)  # batch jobs give thousands of rows the same time
def print_timestamp(microseconds: float) -> str:
    """
    Print a time as the JSON interface does: UTC, to the second, without a zone; fractions are cut off.

    Source: taguchi-v4-api.txt, JSON examples.
    """
    moment = EPOCH + timedelta(seconds=int(microseconds // SECOND_US))
    return moment.replace(tzinfo=None).isoformat()


def print_date(days: float) -> str:
    """Print a date as the JSON interface does."""
    return date.fromordinal(EPOCH.toordinal() + int(days)).isoformat()
