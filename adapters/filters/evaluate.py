"""
The reference meaning of a filter: a tree over a record. It checks residuals, and the tests measure vendors by it.

The tree is one that `bind` returned. `build_predicate` looks everything up once, so that running over thousands of
rows is a chain of small closures.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.filters.fields import FieldSpec, Kind
from adapters.filters.folding import fold
from adapters.filters.pattern import to_re2
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some

Predicate = Callable[[Any], bool]
Fields = Mapping[str, FieldSpec]

_ORDERS: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.LT: operator.lt,
    Op.LTE: operator.le,
    Op.GT: operator.gt,
    Op.GTE: operator.ge,
}
_TEXT_TESTS: Mapping[Op, Callable[[str, str], bool]] = {
    Op.CONTAINS: operator.contains,
    Op.STARTS_WITH: str.startswith,
    Op.ENDS_WITH: str.endswith,
}
# Longer runs of digits are no vendor's id; Python would also refuse to read those of more than 4,300.
_MOST_DIGITS = 64


def evaluate(tree: Filter, record: object, fields: Fields) -> bool:
    """Say whether the record satisfies the tree."""
    return build_predicate(tree, fields)(record)


def build_predicate(tree: Filter, fields: Fields) -> Predicate:
    """Return the tree as a function of a record (or, inside `Some`, of an element)."""
    match tree:
        case And(parts):
            return _build_all([build_predicate(part, fields) for part in parts])
        case Or(parts):
            return _build_any([build_predicate(part, fields) for part in parts])
        case Not(part):
            positive = build_predicate(part, fields)
            return lambda record: not positive(record)
        case Some(field, where):
            return _build_some(field, build_predicate(where, fields[field].elements or {}))
        case Comparison():
            return _build_comparison(tree, fields[tree.field])


def read_number(text: str) -> int | None:
    """Return the number an id spells when it is all digits, or None; only such ids have an order."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _build_all(predicates: Sequence[Predicate]) -> Predicate:
    if len(predicates) == 1:
        return predicates[0]
    return lambda record: all(predicate(record) for predicate in predicates)


def _build_any(predicates: Sequence[Predicate]) -> Predicate:
    if len(predicates) == 1:
        return predicates[0]
    return lambda record: any(predicate(record) for predicate in predicates)


def _build_some(field: str, where: Predicate) -> Predicate:
    elements = operator.attrgetter(field)
    return lambda record: any(where(element) for element in elements(record) or ())


def _build_comparison(comparison: Comparison, spec: FieldSpec) -> Predicate:
    if spec.keyed:
        return _build_keyed(comparison, spec)
    value_of = _build_getter(spec)
    match comparison.op:
        case Op.IS_NULL:
            return lambda record: value_of(record) is None
        case Op.PRESENT:
            return lambda record: value_of(record) is not None
    test = build_value_test(comparison, spec.kind)

    def holds(record: Any) -> bool:
        value = value_of(record)
        return value is not None and test(value)

    return holds


def _build_keyed(comparison: Comparison, spec: FieldSpec) -> Predicate:
    entries, key = operator.attrgetter(spec.name), comparison.key

    def values_of(record: Any) -> list[Any]:
        return [entry.value for entry in entries(record) if entry.key == key and entry.value is not None]

    match comparison.op:
        case Op.IS_NULL:
            return lambda record: not values_of(record)
        case Op.PRESENT:
            return lambda record: bool(values_of(record))
        case Op.DIFFERS:
            differs = build_value_test(comparison, spec.kind)
            return lambda record: bool(values := values_of(record)) and all(differs(value) for value in values)
    test = build_value_test(comparison, spec.kind)
    return lambda record: any(test(value) for value in values_of(record))


def _build_getter(spec: FieldSpec) -> Callable[[Any], Any]:
    value_of = _build_extension_getter(spec) if "." in spec.name else operator.attrgetter(spec.name)
    return _floor_times(value_of) if spec.kind is Kind.TIME else value_of


def _build_extension_getter(spec: FieldSpec) -> Callable[[Any], Any]:
    attribute, owner = spec.name.partition(".")[2], spec.extension

    def value_of(record: Any) -> Any:
        extension = record.extension
        if owner is not None and not isinstance(extension, owner):
            return None
        return getattr(extension, attribute, None)

    return value_of


def _floor_times(value_of: Callable[[Any], datetime | None]) -> Callable[[Any], datetime | None]:
    def second_of(record: Any) -> datetime | None:
        value = value_of(record)
        return value.replace(microsecond=0) if value is not None and value.microsecond else value

    return second_of


def build_value_test(comparison: Comparison, kind: Kind) -> Predicate:
    """Return the comparison as a function of one present value."""
    op, operand = comparison.op, comparison.value
    if op is Op.MATCHES:
        return to_re2(str(operand), ignore_case=comparison.ignore_case)
    if comparison.ignore_case:
        exact = _build_exact_test(op, _fold_operand(operand), kind)
        return lambda value: exact(fold(value))
    return _build_exact_test(op, operand, kind)


def _build_exact_test(op: Op, operand: Any, kind: Kind) -> Predicate:
    if op is Op.IN:
        operands = frozenset(operand)
        return lambda value: value in operands
    if op in _TEXT_TESTS:
        holds = _TEXT_TESTS[op]
        return lambda value: holds(value, operand)
    if op in _ORDERS:
        return _build_order_test(_ORDERS[op], operand, kind)
    if op is Op.DIFFERS:
        return lambda value: bool(value != operand)
    return lambda value: bool(value == operand)


def _build_order_test(compare: Callable[[Any, Any], bool], operand: Any, kind: Kind) -> Predicate:
    if kind is not Kind.ID:
        return lambda value: compare(value, operand)
    bound = read_number(operand)
    if bound is None:
        return lambda _value: False
    return lambda value: (number := read_number(value)) is not None and compare(number, bound)


def _fold_operand(operand: Any) -> Any:
    return tuple(map(fold, operand)) if isinstance(operand, tuple) else fold(operand)
