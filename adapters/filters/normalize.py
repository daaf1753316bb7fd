"""
Brings a bound tree into the form the splitter reads, without changing its meaning for any record.

Flat, without constants and repetitions; alternatives of one field are one `IN`. Negations move inwards where the null
rule allows: `Not(EQ)` keeps records whose value is missing, so it becomes `DIFFERS or IS_NULL`. Where no operator is
the complement (texts, custom fields, elements), and around a long list, the `Not` stays.
"""

from collections.abc import Iterable
from dataclasses import replace

from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Scalar, Some

_COMPLEMENTS = {
    Op.EQ: Op.DIFFERS,
    Op.DIFFERS: Op.EQ,
    Op.LT: Op.GTE,
    Op.LTE: Op.GT,
    Op.GT: Op.LTE,
    Op.GTE: Op.LT,
}
_VALUE_RANGES = frozenset({Op.LT, Op.LTE, Op.GT, Op.GTE})
_PARTS_OF_TEXT = frozenset({Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH})
# More exclusions would not fit in one call, and trying each takes long.
_MOST_EXCLUDED = 20


def normalize(tree: Filter, *, numbered: frozenset[str] = frozenset()) -> Filter:
    """
    Return the tree in normal form.

    `numbered` names the id fields whose every value is a number: only there is "not less" the same as "greater or
    equal, or missing", since ids that are no numbers have no order.
    """
    return _walk(tree, numbered, negated=False, complements=True)


def _walk(tree: Filter, numbered: frozenset[str], *, negated: bool, complements: bool) -> Filter:
    match tree:
        case Not(part):
            return _walk(part, numbered, negated=not negated, complements=complements)
        case And(parts) | Or(parts):
            done = [_walk(part, numbered, negated=negated, complements=complements) for part in parts]
            return _join_all(done) if isinstance(tree, And) != negated else _join_any(done)
        case Some(field, where):
            inside = _walk(where, numbered, negated=False, complements=False)
            some = NOTHING if inside == NOTHING else Some(field, inside)
            return _negate(some) if negated else some
        case Comparison():
            leaf = _simplify(tree)
            if not negated or not isinstance(leaf, Comparison):
                return _negate(leaf) if negated else leaf
            return _complement(leaf, numbered) if complements else Not(leaf)


def _negate(tree: Filter) -> Filter:
    return EVERYTHING if tree == NOTHING else Not(tree)


def _simplify(leaf: Comparison) -> Filter:
    if leaf.op is Op.IN and isinstance(leaf.value, tuple):
        return _build_choice(leaf, leaf.value)
    if leaf.op in _PARTS_OF_TEXT and leaf.value == "":
        return Comparison(leaf.field, Op.PRESENT, key=leaf.key)
    return leaf


def _build_choice(leaf: Comparison, values: Iterable[Scalar]) -> Filter:
    operands = tuple(dict.fromkeys(values))
    if len(operands) == 1:
        return replace(leaf, op=Op.EQ, value=operands[0])
    return replace(leaf, op=Op.IN, value=operands) if operands else NOTHING


def _complement(leaf: Comparison, numbered: frozenset[str]) -> Filter:
    """Return what is true exactly where the leaf is not; the null rule is here."""
    missing = Comparison(leaf.field, Op.IS_NULL, key=leaf.key)
    if leaf.op is Op.IS_NULL:
        return Comparison(leaf.field, Op.PRESENT, key=leaf.key)
    if leaf.op is Op.PRESENT:
        return missing
    if leaf.key is not None or leaf.ignore_case or _is_without_order(leaf, numbered):
        return Not(leaf)
    if leaf.op is Op.IN and isinstance(leaf.value, tuple):
        if len(leaf.value) > _MOST_EXCLUDED:
            return Not(leaf)
        differs = tuple(Comparison(leaf.field, Op.DIFFERS, value) for value in leaf.value)
        return Or((And(differs), missing))
    opposite = _COMPLEMENTS.get(leaf.op)
    return Or((replace(leaf, op=opposite), missing)) if opposite else Not(leaf)


def _is_without_order(leaf: Comparison, numbered: frozenset[str]) -> bool:
    return leaf.op in _VALUE_RANGES and isinstance(leaf.value, str) and leaf.field not in numbered


def _join_all(parts: Iterable[Filter]) -> Filter:
    flat = _flatten(parts, And)
    if NOTHING in flat:
        return NOTHING
    return flat[0] if len(flat) == 1 else And(flat)


def _join_any(parts: Iterable[Filter]) -> Filter:
    flat = _flatten(parts, Or)
    if EVERYTHING in flat:
        return EVERYTHING
    merged = _merge_choices(flat)
    return merged[0] if len(merged) == 1 else Or(merged)


def _flatten(parts: Iterable[Filter], kind: type[And | Or]) -> tuple[Filter, ...]:
    flat: dict[Filter, None] = {}
    for part in parts:
        inner = part.parts if isinstance(part, And | Or) and isinstance(part, kind) else (part,)
        flat.update(dict.fromkeys(inner))
    return tuple(flat)


def _merge_choices(parts: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """Make one `IN`, at the place of the first, of all `EQ` and `IN` on one field."""
    merged: dict[object, Filter] = {}
    for part in parts:
        if not isinstance(part, Comparison) or part.op not in (Op.EQ, Op.IN):
            merged[part] = part
            continue
        group = (part.field, part.key, part.ignore_case)
        before = merged.get(group)
        merged[group] = part if before is None else _build_choice(part, (*_operands(before), *_operands(part)))
    return tuple(merged.values())


def _operands(tree: Filter) -> tuple[Scalar, ...]:
    if not isinstance(tree, Comparison) or tree.value is None:
        return ()
    return tree.value if isinstance(tree.value, tuple) else (tree.value,)
