"""
The filter tree: what every GraphQL filter becomes, and what every vendor's compiler reads.

Meaning (the same for every vendor, stated once here):

- Two-valued. A positive comparison is true when any present value of the field matches; with no value it is false.
- `Not` is the exact complement of its child, so it keeps records whose value is missing.
- `IS_NULL` is true when the field has no value at all; `PRESENT` is its complement.
- `DIFFERS` is true when the field has a value and none of its values equals the operand: it is what a vendor's
  `!=` does; GraphQL's `neq` is `Not(EQ)`.
- `Some(field, where)` is true when one and the same element of a many-valued field satisfies `where`.
- An empty `And` is true, an empty `Or` false.
- Times and dates compare as instants and days; a record's time stands for its whole second.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Scalar = str | int | float | bool | date | datetime


class Op(StrEnum):
    """What a comparison asks of a value."""

    EQ = "eq"
    DIFFERS = "differs"
    IN = "in"
    IS_NULL = "isNull"
    PRESENT = "present"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    One field against one operand.

    `field` is a record's attribute (`email`), or a vendor extension's as `taguchi.cluster_id`; `key` names the custom
    field when `field` is `custom_fields`. `value` is a scalar, a tuple of scalars for `IN`, None for `IS_NULL` and
    `PRESENT`. `ignore_case` is for text: letters are the same when Unicode's simple case folding makes them so.
    """

    field: str
    op: Op
    value: Scalar | tuple[Scalar, ...] | None = None
    key: str | None = None
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """True when every part is; empty is true."""

    parts: tuple["Filter", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """True when any part is; empty is false."""

    parts: tuple["Filter", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The exact complement of its part."""

    part: "Filter"


@dataclass(frozen=True, slots=True)
class Some:
    """True when one element of the many-valued `field` satisfies `where`, whose fields are the element's own."""

    field: str
    where: "Filter"


Filter = Comparison | And | Or | Not | Some

EVERYTHING = And()
NOTHING = Or()


def walk(tree: Filter) -> Iterator[Filter]:
    """Yield the tree's nodes, parents first."""
    yield tree
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from walk(part)
        case Not(part) | Some(_, part):
            yield from walk(part)
        case Comparison():
            return
