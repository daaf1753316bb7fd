"""
Finds what no record can satisfy, so that it costs no call: `x = 10 and x = 11`, `x > 10 and x < 10`, `x = 10` and no x.

Only fields of one value are judged: of many values, one may satisfy each condition.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.filters.evaluate import build_value_test, read_number
from adapters.filters.fields import FieldSpec, Kind
from adapters.filters.tree import NOTHING, And, Comparison, Filter, Not, Op, Or, Some

_LOWER = frozenset({Op.GT, Op.GTE})
_UPPER = frozenset({Op.LT, Op.LTE})
_OF_ABSENCE = frozenset({Op.IS_NULL, Op.PRESENT})


def drop_contradictions(tree: Filter, fields: Mapping[str, FieldSpec]) -> Filter:
    """Return the tree with `NOTHING` for every conjunction that no record can satisfy; it must be bound and flat."""
    match tree:
        case And(parts):
            done = tuple(drop_contradictions(part, fields) for part in parts)
            said = [part for part in done if isinstance(part, Comparison)]
            possible = tuple(_narrow(part, said, fields) for part in done)
            return NOTHING if NOTHING in possible or _is_impossible(said, fields) else And(possible)
        case Or(parts):
            return Or(tuple(drop_contradictions(part, fields) for part in parts))
        case Not(part):
            return Not(drop_contradictions(part, fields))
        case Some(field, where):
            return Some(field, drop_contradictions(where, fields[field].elements or {}))
        case Comparison():
            return tree


def _narrow(part: Filter, said: Sequence[Comparison], fields: Mapping[str, FieldSpec]) -> Filter:
    """Leave out the choices that what stands beside them rules out: each would cost a call that brings nothing."""
    if not isinstance(part, Or):
        return part
    return Or(tuple(choice for choice in part.parts if not _contradicts(choice, said, fields)))


def _contradicts(choice: Filter, said: Sequence[Comparison], fields: Mapping[str, FieldSpec]) -> bool:
    wanted = choice.parts if isinstance(choice, And) else (choice,)
    return _is_impossible([*said, *(part for part in wanted if isinstance(part, Comparison))], fields)


def _is_impossible(said: Iterable[Comparison], fields: Mapping[str, FieldSpec]) -> bool:
    by_field: dict[str, list[Comparison]] = {}
    for comparison in said:
        if not fields[comparison.field].keyed:
            by_field.setdefault(comparison.field, []).append(comparison)
    return any(_has_no_value(about, fields[name].kind) for name, about in by_field.items())


def _has_no_value(about: Sequence[Comparison], kind: Kind) -> bool:
    """Say whether no value of one field, nor its absence, satisfies every comparison."""
    if any(each.op is Op.IS_NULL for each in about):
        return any(each.op is not Op.IS_NULL for each in about)
    choices = [each for each in about if each.op in (Op.EQ, Op.IN) and not each.ignore_case]
    if choices:
        values = choices[0].value if isinstance(choices[0].value, tuple) else (choices[0].value,)
        tests = [build_value_test(each, kind) for each in about if each.op not in _OF_ABSENCE]
        return not any(all(test(value) for test in tests) for value in values)
    return _is_empty_range(about)


def _is_empty_range(about: Sequence[Comparison]) -> bool:
    """Say whether a lower bound stands above an upper one; an excluded bound stands a little further inwards."""
    lows = [(_to_sortable(each.value), each.op is Op.GT) for each in about if each.op in _LOWER]
    highs = [(_to_sortable(each.value), each.op is not Op.LT) for each in about if each.op in _UPPER]
    return bool(lows and highs) and _is_above(max(lows), min(highs))


def _is_above(low: tuple[Any, bool], high: tuple[Any, bool]) -> bool:
    (least, least_out), (most, most_in) = low, high
    return bool(least > most) or (least == most and (least_out or not most_in))


def _to_sortable(value: Any) -> Any:
    return read_number(value) if isinstance(value, str) else value
