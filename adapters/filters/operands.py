"""What an operand may be, per kind of field: each cast checks once and returns the value passes and compilers read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from adapters.errors import FilterError
from adapters.filters.evaluate import read_number
from adapters.filters.fields import FieldSpec, Kind
from adapters.filters.tree import Op, Scalar

MAX_TEXT_LENGTH = 2_000
MAX_IN = 500
_RANGES = frozenset({Op.LT, Op.LTE, Op.GT, Op.GTE})
LARGEST = 2**63 - 1
"""The largest id or number: vendors keep at most 64 bits."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operand stands: the field, the operator, and its path in the input."""

    spec: FieldSpec
    op: Op
    path: Path


def build_refusal(reason: str, message: str, hint: str, path: Path) -> FilterError:
    """Return the error that refuses a part of a filter."""
    return FilterError(message, reason=reason, hint=hint, path=path)


def cast_operand(value: object, place: Place) -> Scalar:
    """
    Return the operand in the form records hold: ids as text, times in UTC, whole numbers as `int`.

    Raises:
        FilterError: NULL_OPERAND or OPERAND_INVALID, with a hint.
    """
    if value is None:
        raise build_refusal(
            "NULL_OPERAND",
            f"'{place.op}' cannot compare with null.",
            "Ask for missing values with isNull: true, for present ones with isNull: false.",
            place.path,
        )
    return _CASTS[place.spec.kind](value, place)


def check_text(value: object, place: Place) -> str:
    """Return the text, unless it is none, too long, or holds what no vendor can store."""
    if not isinstance(value, str):
        raise _wrong(place, "a text", "Write it in quotes.")
    if len(value) > MAX_TEXT_LENGTH:
        raise _wrong(place, f"at most {MAX_TEXT_LENGTH:,} characters", "Compare with a shorter text.")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(place, "text without NUL or half surrogate pairs", "Remove the character.")
    return str(value)


def _cast_id(value: object, place: Place) -> str:
    numeric = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    text = str(value) if numeric else check_text(value, place)
    if not text:
        raise _wrong(place, "an id", "Take the id from a record's vendorId.")
    if place.op not in _RANGES:
        return text
    number = read_number(text)
    if number is not None and number > LARGEST:
        raise _wrong(place, f"an id of at most {LARGEST}", "No vendor has a larger one.")
    if number is None:
        raise _wrong(place, "an id of digits", "Only ids that are numbers have an order; use eq or in for others.")
    return str(number)


def _cast_number(value: object, place: Place) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(place, "a number", "Write it without quotes.")
    if not -LARGEST <= value <= LARGEST:  # false for NaN too
        raise _wrong(place, "a number of at most 64 bits", "Compare with a smaller number.")
    return int(value) if value == int(value) else value


def _cast_time(value: object, place: Place) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise _wrong(place, "a time with its zone", "Write it as 2024-05-01T10:00:00Z.")
    if value.microsecond:
        raise _wrong(place, "a time of whole seconds", "Leave the fraction out: a time stands for its whole second.")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise _wrong(place, "a time between the years 1 and 9999 in UTC", "Compare with another time.") from None


def _cast_date(value: object, place: Place) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _wrong(place, "a date", "Write it as 2024-05-01.")
    return value


def _cast_flag(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise _wrong(place, "true or false", "Write it without quotes.")
    return value


def _refuse_element(_value: object, place: Place) -> Scalar:
    raise _wrong(place, "a filter of its elements", "Name a field of the element.")


def _wrong(place: Place, expected: str, hint: str) -> FilterError:
    return build_refusal("OPERAND_INVALID", f"'{place.op}' takes {expected} here.", hint, place.path)


_CASTS: Mapping[Kind, Callable[[object, Place], Scalar]] = {
    Kind.TEXT: check_text,
    Kind.WORD: check_text,
    Kind.ID: _cast_id,
    Kind.NUMBER: _cast_number,
    Kind.TIME: _cast_time,
    Kind.DATE: _cast_date,
    Kind.FLAG: _cast_flag,
    Kind.ELEMENT: _refuse_element,
}
