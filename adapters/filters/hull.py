"""One branch around many: what to ask for when a filter would become too many calls."""

from adapters.filters.capability import Support
from adapters.filters.choices import is_ranged, to_sortable
from adapters.filters.cover import Branch, Leaf, Limits, Scope, comparison_of
from adapters.filters.tree import Comparison, Op, Scalar

_LOWER = frozenset({Op.GT, Op.GTE})
_UPPER = frozenset({Op.LT, Op.LTE})


def build_hull(branches: tuple[Branch, ...], scope: Scope, limits: Limits) -> Branch:
    """
    Return one branch that holds all rows of these: the leaves common to all, and a range around each field's values.

    Empty when they have nothing in common.
    """
    first, *others = branches
    common = [leaf for leaf in first if all(leaf in other for other in others)]
    hull: Branch = ()
    for leaf in [*common, *_build_ranges(branches, common, scope, limits)]:
        hull = (*hull, leaf) if limits.fit((*hull, leaf)) else hull
    return hull


def _build_ranges(branches: tuple[Branch, ...], common: list[Leaf], scope: Scope, limits: Limits) -> list[Leaf]:
    done = {comparison_of(leaf).field for leaf in common}
    names = dict.fromkeys(leaf.field for leaf in branches[0] if isinstance(leaf, Comparison))
    return [
        leaf
        for name in names
        if name not in done and scope.within is None
        for leaf in _build_range(name, branches, scope, limits)
    ]


def _build_range(name: str, branches: tuple[Branch, ...], scope: Scope, limits: Limits) -> list[Leaf]:
    if scope.fields[name].keyed or not is_ranged(scope, name, (), limits):
        return []
    lows = [_find_bounds(name, branch, _LOWER) for branch in branches]
    highs = [_find_bounds(name, branch, _UPPER) for branch in branches]
    hull: list[Leaf] = []
    if all(lows):
        hull.append(Comparison(name, Op.GTE, min((value for low in lows for value in low), key=to_sortable)))
    if all(highs):
        hull.append(Comparison(name, Op.LTE, max((value for high in highs for value in high), key=to_sortable)))
    return hull if limits.support(name, Op.GTE, Op.LTE) is not Support.UNSUPPORTED else []


def _find_bounds(name: str, branch: Branch, ops: frozenset[Op]) -> list[Scalar]:
    """Return a branch's values on one side of the field; an `EQ` or `IN` bounds both sides, and none is no bound."""
    bounds: list[Scalar] = []
    for leaf in branch:
        if not isinstance(leaf, Comparison) or leaf.field != name or leaf.value is None:
            continue
        values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        if leaf.op in ops | {Op.EQ, Op.IN} and all(to_sortable(value) is not None for value in values):
            bounds.extend(values)
    return bounds
