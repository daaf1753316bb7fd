"""
One branch of a plan to `query=field-op-value` texts.

Field names hold no hyphen, so the vendor's split at the first operator is ours too, whatever hyphens and operator
words the value holds. Source: taguchi-v4-api.txt, Queries; vendors/facts.md, 1.4.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from adapters.filters.capability import FieldCapability
from adapters.filters.compiler import FilterCompiler
from adapters.filters.pattern import any_of, literal_pattern, to_posix
from adapters.filters.tree import Comparison, Op
from adapters.records import Entity

from . import texts, times
from .capability import TABLES

Predicates = tuple[str, ...]

_TIME_RANGES: Final[Mapping[Op, Callable[[str, datetime], str]]] = {
    Op.LT: times.before,
    Op.LTE: times.at_or_before,
    Op.GT: times.after,
    Op.GTE: times.at_or_after,
}
_LIKES: Final[Mapping[Op, Callable[[str, str], str]]] = {
    Op.CONTAINS: texts.holding,
    Op.STARTS_WITH: texts.starting_with,
    Op.ENDS_WITH: texts.ending_with,
}


class V4Compiler(FilterCompiler[str], tables=tuple(TABLES.values())):
    """The handlers of the operators in the capability table."""

    def compile_eq(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """A time is the range of its second; a text that cannot be an operand, or in any case, is a pattern."""
        if isinstance(leaf.value, datetime):
            return times.during(field.wire, leaf.value)
        if leaf.ignore_case:
            return (f"{field.wire}-re-{literal_pattern(str(leaf.value), starts=True, ends=True, ignore_case=True)}",)
        return (texts.equal_to(field.wire, _operand(leaf.value)),)

    def compile_differs(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """`neq` leaves rows without a value out, which is what DIFFERS means; the planner keeps it exact in case."""
        if leaf.ignore_case:
            raise AssertionError("a plan pushed a difference in any case, which no operator can say")
        return (texts.other_than(field.wire, _operand(leaf.value)),)

    def compile_is_null(self, field: FieldCapability, _leaf: Comparison) -> Predicates:
        """The only use of `is`."""
        return (f"{field.wire}-is-null",)

    def compile_present(self, field: FieldCapability, _leaf: Comparison) -> Predicates:
        """The only use of `nt`."""
        return (f"{field.wire}-nt-null",)

    def compile_in(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """One anchored alternation of escaped texts; the table takes `in` on texts only."""
        return (f"{field.wire}-re-{any_of(_texts(leaf.value), ignore_case=leaf.ignore_case)}",)

    def compile_matches(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """The pattern written anew in what RE2 and PostgreSQL agree on."""
        return (texts.matching(field.wire, to_posix(str(leaf.value), ignore_case=leaf.ignore_case)),)

    def compile_contains(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """A `like` with a wildcard on both sides."""
        return _like(field, leaf)

    def compile_starts_with(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """A `like` with a wildcard behind."""
        return _like(field, leaf)

    def compile_ends_with(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """A `like` with a wildcard before."""
        return _like(field, leaf)

    def compile_lt(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """For ids, numbers and dates `lt`; a time is whole seconds."""
        return _range(field, leaf)

    def compile_lte(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """For ids, numbers and dates `lte`; a time is whole seconds."""
        return _range(field, leaf)

    def compile_gt(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """For ids, numbers and dates `gt`; a time is whole seconds."""
        return _range(field, leaf)

    def compile_gte(self, field: FieldCapability, leaf: Comparison) -> Predicates:
        """For ids, numbers and dates `gte`; a time is whole seconds."""
        return _range(field, leaf)


def _like(field: FieldCapability, leaf: Comparison) -> Predicates:
    text = str(leaf.value)
    if not leaf.ignore_case:
        return (_LIKES[leaf.op](field.wire, text),)
    starts, ends = leaf.op is Op.STARTS_WITH, leaf.op is Op.ENDS_WITH
    return (f"{field.wire}-re-{literal_pattern(text, starts=starts, ends=ends, ignore_case=True)}",)


def _range(field: FieldCapability, leaf: Comparison) -> Predicates:
    if isinstance(leaf.value, datetime):
        return (_TIME_RANGES[leaf.op](field.wire, leaf.value),)
    return (f"{field.wire}-{leaf.op.value}-{_operand(leaf.value)}",)


def _operand(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _texts(values: Any) -> list[str]:
    return [str(value) for value in values]


COMPILERS: Final[Mapping[Entity, V4Compiler]] = {entity: V4Compiler(table) for entity, table in TABLES.items()}
