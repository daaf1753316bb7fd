"""
The operator inputs: what can be asked of a text, an id, a number, a time, a day, a yes/no or a word.

Their meaning is stated in `adapters.filters.tree`; here it is said in a marketer's words.
"""

from datetime import date, datetime
from typing import Any

import strawberry

from graph.types.description import described
from graph.types.enums import AudienceKind, EventKind, MembershipState

_EQ = "The value is exactly this."
_NEQ = "The value is anything but this; records without a value are kept too."
_IN = "The value is one of these. An empty list matches nothing."
_NOT_IN = "The value is none of these; records without a value are kept too. An empty list matches everything."
_IS_NULL = "true: there is no value; false: there is one."
_RE2 = (
    "Somewhere in the value this pattern matches; `^` and `$` stand for its two ends. Allowed is what RE2 and "
    "PostgreSQL understand alike: plain characters, `.`, `[a-z]` and `[^a-z]`, `\\d`, `\\w`, `\\s` and their capitals, "
    "groups, `|`, `*`, `+`, `?`, `{2,5}` up to 255, and a backslash before punctuation. No lazy repetition, no "
    "look-around, no back reference, no flags."
)


def operator(description: str, *, name: str | None = None) -> Any:
    """Describe one operator; it is simply absent unless the client gives it."""
    return strawberry.field(name=name, description=description, default=strawberry.UNSET)


@described(strawberry.input)
class TextFilter:
    """
    What a text must be. Several operators in one object must all hold.

    There are no ranges, because the order of letters is each vendor's own.
    """

    eq: str | None = operator(_EQ)
    neq: str | None = operator(_NEQ)
    in_: list[str] | None = operator(_IN, name="in")
    not_in: list[str] | None = operator(_NOT_IN)
    is_null: bool | None = operator(_IS_NULL)
    contains: str | None = operator("The value contains this text.")
    starts_with: str | None = operator("The value begins with this text.")
    ends_with: str | None = operator("The value ends with this text.")
    matches: str | None = operator(_RE2)
    ignore_case: bool | None = operator(
        "true: capital and small letters count as the same for every other operator in this object."
    )


@described(strawberry.input)
class IdFilter:
    """What a vendor's id must be. Several operators in one object must all hold."""

    eq: strawberry.ID | None = operator(_EQ)
    neq: strawberry.ID | None = operator(_NEQ)
    in_: list[strawberry.ID] | None = operator(_IN, name="in")
    not_in: list[strawberry.ID] | None = operator(_NOT_IN)
    is_null: bool | None = operator(_IS_NULL)
    lt: strawberry.ID | None = operator("The id comes before this one; numeric ids are compared as numbers.")
    lte: strawberry.ID | None = operator("The id is this one or comes before it.")
    gt: strawberry.ID | None = operator("The id comes after this one; numeric ids are compared as numbers.")
    gte: strawberry.ID | None = operator("The id is this one or comes after it.")


@described(strawberry.input)
class NumberFilter:
    """What a number must be. Several operators in one object must all hold."""

    eq: float | None = operator(_EQ)
    neq: float | None = operator(_NEQ)
    in_: list[float] | None = operator(_IN, name="in")
    not_in: list[float] | None = operator(_NOT_IN)
    is_null: bool | None = operator(_IS_NULL)
    lt: float | None = operator("The number is less than this.")
    lte: float | None = operator("The number is this or less.")
    gt: float | None = operator("The number is more than this.")
    gte: float | None = operator("The number is this or more.")


@described(strawberry.input)
class TimeFilter:
    """
    What a time must be. Several operators in one object must all hold.

    A time that a vendor keeps to the second stands for that whole second.
    """

    eq: datetime | None = operator(_EQ)
    neq: datetime | None = operator(_NEQ)
    in_: list[datetime] | None = operator(_IN, name="in")
    not_in: list[datetime] | None = operator(_NOT_IN)
    is_null: bool | None = operator("true: it has not happened; false: it has.")
    lt: datetime | None = operator("It happened before this moment.")
    lte: datetime | None = operator("It happened before or at this moment.")
    gt: datetime | None = operator("It happened after this moment.")
    gte: datetime | None = operator("It happened at or after this moment.")


@described(strawberry.input)
class DateFilter:
    """What a day must be. Several operators in one object must all hold."""

    eq: date | None = operator(_EQ)
    neq: date | None = operator(_NEQ)
    in_: list[date] | None = operator(_IN, name="in")
    not_in: list[date] | None = operator(_NOT_IN)
    is_null: bool | None = operator(_IS_NULL)
    lt: date | None = operator("The day is before this one.")
    lte: date | None = operator("The day is this one or before it.")
    gt: date | None = operator("The day is after this one.")
    gte: date | None = operator("The day is this one or after it.")


@described(strawberry.input)
class FlagFilter:
    """What a yes or no must be. Several operators in one object must all hold."""

    eq: bool | None = operator(_EQ)
    neq: bool | None = operator(_NEQ)
    in_: list[bool] | None = operator(_IN, name="in")
    not_in: list[bool] | None = operator(_NOT_IN)
    is_null: bool | None = operator(_IS_NULL)


@described(strawberry.input)
class MembershipStateFilter:
    """Whether people are on a list now. Several operators in one object must all hold."""

    eq: MembershipState | None = operator(_EQ)
    neq: MembershipState | None = operator(_NEQ)
    in_: list[MembershipState] | None = operator(_IN, name="in")
    not_in: list[MembershipState] | None = operator(_NOT_IN)
    is_null: bool | None = operator("Never true: a membership always has a state.")


@described(strawberry.input)
class EventKindFilter:
    """Whether events have happened or are planned. Several operators in one object must all hold."""

    eq: EventKind | None = operator(_EQ)
    neq: EventKind | None = operator(_NEQ)
    in_: list[EventKind] | None = operator(_IN, name="in")
    not_in: list[EventKind] | None = operator(_NOT_IN)
    is_null: bool | None = operator("Never true: an event always has a kind.")


@described(strawberry.input)
class AudienceKindFilter:
    """What audiences are at their vendors. Several operators in one object must all hold."""

    eq: AudienceKind | None = operator(_EQ)
    neq: AudienceKind | None = operator(_NEQ)
    in_: list[AudienceKind] | None = operator(_IN, name="in")
    not_in: list[AudienceKind] | None = operator(_NOT_IN)
    is_null: bool | None = operator("Never true: an audience always has a kind.")
