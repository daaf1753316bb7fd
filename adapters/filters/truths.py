"""What a source's table makes certain: values that cannot be missing, and ids that cannot be spelled so."""

from collections.abc import Mapping
from dataclasses import replace

from adapters.filters.capability import EntityCapability
from adapters.filters.evaluate import read_number
from adapters.filters.fields import FieldSpec
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
            possible = _simplify_id(tree) if known is not None and known.digits else tree
            return _simplify_missing(possible, fields[tree.field])


def _simplify_id(leaf: Comparison) -> Comparison:
    """Drop operands that no numbered id can equal: `x7`, `007`."""
    if leaf.op is Op.IN and isinstance(leaf.value, tuple):
        return replace(leaf, value=tuple(value for value in leaf.value if _is_number(value)))
    if leaf.op in (Op.EQ, Op.DIFFERS) and not _is_number(leaf.value):
        return Comparison(leaf.field, Op.PRESENT) if leaf.op is Op.DIFFERS else replace(leaf, op=Op.IN, value=())
    return leaf


def _simplify_missing(leaf: Comparison, spec: FieldSpec) -> Filter:
    if spec.nullable or spec.keyed:
        return leaf
    if leaf.op is Op.IS_NULL:
        return NOTHING
    return EVERYTHING if leaf.op is Op.PRESENT else leaf


def _is_number(value: object) -> bool:
    return isinstance(value, str) and str(read_number(value)) == value
