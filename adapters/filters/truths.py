"""What a source's table makes certain: values that cannot be missing, be spelled so, or be fractions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil, floor

from adapters.filters.capability import EntityCapability, FieldCapability
from adapters.filters.evaluate import read_number
from adapters.filters.fields import FieldSpec
from adapters.filters.operands import LARGEST
from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Some


def simplify(tree: Filter, fields: Mapping[str, FieldSpec], capability: EntityCapability, within: str = "") -> Filter:
    """Replace comparisons whose answer is certain, so that they cost no call; `within` is `memberships.` in there."""
    match tree:
        case And(parts):
            return And(tuple(simplify(part, fields, capability, within) for part in parts))
        case Or(parts):
            return Or(tuple(simplify(part, fields, capability, within) for part in parts))
        case Not(part):
            return Not(simplify(part, fields, capability, within))
        case Some(field, where):
            return Some(field, simplify(where, fields[field].elements or {}, capability, f"{field}."))
        case Comparison():
            known = capability.fields.get(within + tree.field)
            return _simplify_missing(_simplify_operands(tree, known), fields[tree.field])


def _simplify_operands(leaf: Comparison, known: FieldCapability | None) -> Comparison:
    if known is not None and known.digits:
        return _drop_operands(leaf, _is_number)
    if known is not None and known.whole:
        return _drop_operands(_round(leaf), _is_whole)
    return leaf


def _drop_operands(leaf: Comparison, is_possible: Callable[[object], bool]) -> Comparison:
    """Drop operands that no value can equal: `x7`, `007`, 65 bits of numbered ids, `0.5` of whole numbers."""
    if leaf.op is Op.IN and isinstance(leaf.value, tuple):
        return replace(leaf, value=tuple(value for value in leaf.value if is_possible(value)))
    if leaf.op in (Op.EQ, Op.DIFFERS) and not is_possible(leaf.value):
        return Comparison(leaf.field, Op.PRESENT) if leaf.op is Op.DIFFERS else replace(leaf, op=Op.IN, value=())
    return leaf


def _round(leaf: Comparison) -> Comparison:
    """Compare with the whole number next to a fraction: more than 0.5 is 1 or more."""
    if not isinstance(leaf.value, float) or _is_whole(leaf.value):
        return leaf
    if leaf.op in (Op.LT, Op.LTE):
        return replace(leaf, op=Op.LTE, value=floor(leaf.value))
    return replace(leaf, op=Op.GTE, value=ceil(leaf.value)) if leaf.op in (Op.GT, Op.GTE) else leaf


def _simplify_missing(leaf: Comparison, spec: FieldSpec) -> Filter:
    if spec.nullable or spec.keyed:
        return leaf
    if leaf.op is Op.IS_NULL:
        return NOTHING
    return EVERYTHING if leaf.op is Op.PRESENT else leaf


def _is_number(value: object) -> bool:
    number = read_number(value) if isinstance(value, str) else None
    return number is not None and number <= LARGEST and str(number) == value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
