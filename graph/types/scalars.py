"""Times and days: read strictly, written in one form."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
import strawberry
from graphql import GraphQLError, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from adapters.records.tables import UtcTimes

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_time(value: object) -> datetime:
    """Read an RFC 3339 time, whose offset is never guessed, as a time in UTC."""
    try:
        if isinstance(value, str) and _TIME.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise GraphQLError("A DateTime is written with its offset, as 2026-03-01T09:30:00Z or 2026-03-01T20:30:00+11:00.")


def print_time(value: Any) -> str:
    """Write a time in UTC, ending in Z; a time without a zone is a bug of whoever made it."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("a DateTime must be an aware datetime")
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
    return moment.isoformat()[: -len("+00:00")] + "Z"


def print_times(values: Sequence[Any]) -> list[str | None] | None:
    """Write times and nulls as `print_time` does, all at once; None where one of them is another thing."""
    if type(values) is UtcTimes:
        return _print_all(values.naive, orjson.OPT_NAIVE_UTC)
    times = [value for value in values if value is not None]
    if set(map(type, times)) != {datetime} or {time.tzinfo for time in times} != {UTC}:
        return None
    return _print_all(values, 0)


def _print_all(values: Sequence[Any], option: int) -> list[str | None]:
    printed: list[str | None] = orjson.loads(orjson.dumps(values, option=option | orjson.OPT_UTC_Z))
    return printed


def parse_day(value: object) -> date:
    """Read a day of the calendar."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise GraphQLError("A Date is written as year, month and day, as 2026-03-01.")


def print_day(value: Any) -> str:
    """Write a day of the calendar."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("a Date must be a date")
    return value.isoformat()


def at_its_place(parse: Callable[[object], Any]) -> Callable[..., Any]:
    """Read a literal, so that a refusal says where in the document it stands."""

    def parse_literal(node: ValueNode, _variables: Mapping[str, Any] | None = None) -> Any:
        try:
            return parse(node.value if isinstance(node, StringValueNode) else None)
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    return parse_literal


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as `2026-03-01T09:30:00Z`. Given with another offset it is converted; "
        "without an offset it is refused, because it would have to be guessed.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=print_time,
        parse_value=parse_time,
        parse_literal=at_its_place(parse_time),
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar without a time, as `2026-03-01`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=print_day,
        parse_value=parse_day,
        parse_literal=at_its_place(parse_day),
    ),
}

COLUMN_PRINTERS: Final[Mapping[Callable[[Any], Any], Callable[[Sequence[Any]], list[Any] | None]]] = {
    print_time: print_times
}
"""For what writes one value, what writes many at once: in a tenth of the time."""
