"""
Splits a filter for one source: branches the vendor is asked for, and the residual its rows are checked with.

- A comparison: EXACT is pushed; INEXACT is pushed and stays in the residual; UNSUPPORTED is residual only.
- AND: what can be pushed is, the residuals are joined. If the vendor's own AND is not proven exact, a branch of two or
  more predicates keeps the whole filter as residual.
- OR: branches, within the calls one filter may become; beyond, one branch around them all, and a residual.
- NOT: only in the forms `normalize` gives it; pushed under any other it could lose rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from adapters.errors import CapabilityError
from adapters.filters.bounds import cover_beyond, is_beyond
from adapters.filters.capability import EntityCapability, Support
from adapters.filters.choices import cover_choice
from adapters.filters.contradictions import drop_contradictions
from adapters.filters.cover import OPEN, Cover, Limits, Scope, join, unite
from adapters.filters.fields import FieldSpec, to_word
from adapters.filters.hull import build_hull
from adapters.filters.normalize import normalize
from adapters.filters.operands import Path
from adapters.filters.order import BY_ID, Order
from adapters.filters.pattern import any_of
from adapters.filters.pattern_parser import MAX_PATTERN_LENGTH
from adapters.filters.plan import Plan
from adapters.filters.tree import EVERYTHING, NOTHING, And, Comparison, Filter, Not, Op, Or, Some
from adapters.filters.truths import simplify
from adapters.filters.words import label

_CHOICES = frozenset({Op.EQ, Op.IN})
_TEXT_OPS = frozenset({Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.MATCHES})
_CONJUNCTION = "and: the document does not say that repeated predicates are ANDed"


def build_plan(
    tree: Filter,
    fields: Mapping[str, FieldSpec],
    capability: EntityCapability,
    order: Order = BY_ID,
    path: Path = (),
) -> Plan:
    """
    Split a bound tree for one source, whose rows are wanted in `order`; `path` is the tree's place in the input.

    A filter that can match nothing has no branches. Every branch is an `And` of comparisons (or of `Some` with one
    comparison); a single empty `And` asks for all rows.

    Raises:
        CapabilityError: FILTER_UNSUPPORTED, when rows must be checked for a field they do not hold.
    """
    if tree == EVERYTHING:
        return Plan((EVERYTHING,), EVERYTHING)
    numbered = frozenset(name for name, known in capability.fields.items() if known.digits)
    certain = simplify(normalize(tree, numbered=numbered), fields, capability)
    possible = drop_contradictions(normalize(certain, numbered=numbered), fields)
    normal = normalize(possible, numbered=numbered)
    if normal == NOTHING:
        return Plan((), EVERYTHING)
    limits = Limits(capability, _count_branches(capability, order))
    plan = _split(normal, fields, limits)
    if _find_missing(plan.residual, capability) is None:
        return plan
    # Alone, what the rows do not hold may need no check.
    known = {name: field for name, field in capability.fields.items() if name in capability.missing_in_rows}
    plan = _split(normal, fields, replace(limits, capability=replace(capability, fields=known)))
    if missing := _find_missing(plan.residual, capability):
        raise _refuse_missing(missing, capability, path)
    return plan


def _count_branches(capability: EntityCapability, order: Order) -> int:
    """Return how many ordered replies can be merged: one, where the vendor's order is its own."""
    known = capability.fields.get(order.field)
    return max(capability.max_branches, 1) if known is None or known.mergeable else 1


def _split(tree: Filter, fields: Mapping[str, FieldSpec], limits: Limits) -> Plan:
    cover = _cover(tree, Scope(fields), limits)
    branches = tuple(And(branch) for branch in cover.branches)
    joined = any(len(branch) > 1 for branch in cover.branches)
    if joined and limits.conjunction is not Support.EXACT:
        return Plan(branches, tree, (_CONJUNCTION, *cover.reasons))
    residual = cover.residual[0] if len(cover.residual) == 1 else And(cover.residual)
    return Plan(branches, residual, cover.reasons)


def _cover(tree: Filter, scope: Scope, limits: Limits) -> Cover:
    match tree:
        case And(parts):
            return _cover_all(parts, scope, limits)
        case Or(parts):
            return _cover_any(parts, scope, limits)
        case Not():
            return Cover(OPEN, (tree,), (f"{_name(tree)}: the vendor has no such negation",))
        case Some(field, where):
            return _cover_some(tree, Scope(scope.fields[field].elements or {}, field), where, limits)
        case Comparison():
            return _cover_comparison(tree, scope, limits)


def _cover_comparison(leaf: Comparison, scope: Scope, limits: Limits) -> Cover:
    pushed = _spell_case(leaf) if leaf.ignore_case and leaf.op in _CHOICES else leaf
    if pushed.op is Op.IN and not pushed.ignore_case:
        return cover_choice(pushed, scope, limits)
    if is_beyond(pushed.value, scope, leaf.field, limits):
        return cover_beyond(pushed, scope, limits)
    support = limits.support(scope.name(leaf.field), *{pushed.op, *[Op.MATCHES] * leaf.ignore_case})
    branch = (scope.wrap(pushed),)
    if support is Support.UNSUPPORTED or (leaf.ignore_case and pushed.op not in _TEXT_OPS):
        return Cover(OPEN, (leaf,), (f"{label(leaf)}: the vendor cannot narrow by it",))
    if not limits.fit(branch):
        return Cover(OPEN, (leaf,), (f"{label(leaf)}: its operand is too long for one call",))
    if support is Support.INEXACT:
        return Cover((branch,), (leaf,), (f"{label(leaf)}: the vendor may return other rows too",))
    return Cover((branch,))


def _spell_case(leaf: Comparison) -> Comparison:
    """Write an equality that ignores case as a pattern, unless it is too long for one: only patterns ignore case."""
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    pattern = any_of(map(str, values))
    return replace(leaf, op=Op.MATCHES, value=pattern) if len(pattern) <= MAX_PATTERN_LENGTH else leaf


def _cover_all(parts: tuple[Filter, ...], scope: Scope, limits: Limits) -> Cover:
    """Push what narrows in one branch first, then what branches, and one negation last: each would double the calls."""
    covers = [_cover(part, scope, limits) for part in parts]
    branches, negated = OPEN, False
    for place in sorted(range(len(parts)), key=lambda place: _rank(parts[place], covers[place], limits)):
        cover, doubles = covers[place], _is_negation(parts[place], covers[place])
        shrunk = _shrink(parts[place], cover, scope, limits)
        for candidate in (shrunk,) if doubles and negated else (cover, shrunk):
            joined = join(branches, candidate.branches)
            if len(joined) <= limits.branches and all(map(limits.fit, joined)):
                branches, covers[place] = joined, candidate
                break
        else:
            covers[place] = Cover(OPEN, (parts[place],), (f"{_name(parts[place])}: one call cannot carry it too",))
        negated = negated or doubles
    residual = tuple(part for cover in covers for part in cover.residual)
    return Cover(branches, residual, tuple(reason for cover in covers for reason in cover.reasons))


def _rank(part: Filter, cover: Cover, limits: Limits) -> tuple[bool, int, bool]:
    """Order parts for pushing; a vendor that takes one predicate gets an equality rather than a range."""
    broad = limits.conjunction is Support.UNSUPPORTED and not _has_op(part, Op.EQ, Op.IN)
    return _is_negation(part, cover), len(cover.branches), broad


def _is_negation(part: Filter, cover: Cover) -> bool:
    """Say whether a part costs a branch for the missing values only."""
    missing = isinstance(part, Or) and any(_has_op(inner, Op.IS_NULL) for inner in part.parts)
    return missing and len(cover.branches) > 1


def _has_op(tree: Filter, *ops: Op) -> bool:
    return isinstance(tree, Comparison) and tree.op in ops


def _shrink(part: Filter, cover: Cover, scope: Scope, limits: Limits) -> Cover:
    """Return a cover of one branch, its whole part checked again."""
    if len(cover.branches) == 1:
        return cover
    hull = build_hull(cover.branches, scope, limits)
    return Cover((hull,), (part,), (f"{_name(part)}: it would take more calls than one filter may become",))


def _cover_any(parts: tuple[Filter, ...], scope: Scope, limits: Limits) -> Cover:
    tree = Or(parts)
    covers = [_cover(part, scope, limits) for part in parts]
    unable = [cover for cover in covers if cover.is_open]
    if unable:
        return Cover(OPEN, (tree,), tuple(f"or: a part cannot be pushed ({why})" for why in unable[0].reasons[:1]))
    while sum(len(cover.branches) for cover in covers) > limits.branches and max(len(c.branches) for c in covers) > 1:
        widest = max(range(len(parts)), key=lambda place: len(covers[place].branches))
        covers[widest] = _shrink(parts[widest], covers[widest], scope, limits)
    branches = unite(branch for cover in covers for branch in cover.branches)
    reasons = tuple(reason for cover in covers for reason in cover.reasons)
    whole = Cover(branches, (tree,) if reasons else (), reasons)
    return whole if len(branches) <= limits.branches else _shrink(tree, whole, scope, limits)


def _cover_some(tree: Filter, scope: Scope, where: Filter, limits: Limits) -> Cover:
    """Push what one comparison says of an element; several may be true of different elements, so they are rechecked."""
    inner = _cover(where, scope, limits)
    if where == EVERYTHING:
        return Cover(OPEN, (tree,), (f"{_name(tree)}: the vendor cannot ask for any element",))
    if not inner.residual and all(len(branch) == 1 for branch in inner.branches):
        return inner
    reason = inner.reasons[0] if inner.reasons else "its conditions may hold for different elements"
    return Cover(inner.branches, (tree,), (f"{_name(tree)}: {reason}",))


def _name(tree: Filter) -> str:
    match tree:
        case Comparison():
            return label(tree)
        case Not(part):
            return f"not {_name(part)}"
        case Some(field):
            return f"some {field}"
        case And():
            return "and"
        case Or(parts):
            names = dict.fromkeys(part.field for part in parts if isinstance(part, Comparison | Some))
            return f"or ({', '.join(names)})" if names else "or"


def _find_missing(residual: Filter, capability: EntityCapability) -> str | None:
    """Return the first field a residual needs that rows do not hold."""
    lacking = capability.missing_in_rows | capability.never_told
    return next((name for name in _names(residual) if name in lacking), None)


def _names(tree: Filter, within: str = "") -> Iterator[str]:
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _names(part, within)
        case Not(part):
            yield from _names(part, within)
        case Some(field, where):
            yield field
            yield from _names(where, f"{field}.")
        case Comparison(field):
            yield within + field


def _refuse_missing(name: str, capability: EntityCapability, path: Path) -> CapabilityError:
    """Build the refusal of a check that rows do not permit, with a way out that the field's own line has."""
    known, word = capability.fields.get(name), to_word(name)
    alone = f"Filter by '{word}' alone with an operator the source supports, or by another field."
    return CapabilityError(
        f"This source cannot answer this filter on '{word}': its rows do not hold the field.",
        reason="FILTER_UNSUPPORTED",
        hint=alone if known is not None and known.operators else f"Leave '{word}' out of the filter of this source.",
        path=(*path, *word.split(".")),
    )
