"""How one `IN` reaches a vendor: as one list, as lists, as runs of neighbours, as single values, or as one range."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from adapters.filters.bounds import build_branch_beyond, is_beyond
from adapters.filters.capability import Support
from adapters.filters.cover import OPEN, Branch, Cover, Limits, Scope, measure, unite
from adapters.filters.evaluate import read_number
from adapters.filters.fields import Kind
from adapters.filters.tree import Comparison, Op, Scalar
from adapters.filters.words import label

_RANGED = frozenset({Kind.ID, Kind.NUMBER, Kind.TIME, Kind.DATE})
_MORE = "it would take more calls than one filter may become"
_OTHERS = "the vendor may return other rows too"

Run = tuple[Scalar, Scalar]


def cover_choice(leaf: Comparison, scope: Scope, limits: Limits) -> Cover:
    """Cover an `IN` by the fewest calls the vendor's table allows."""
    if isinstance(leaf.value, tuple) and any(is_beyond(value, scope, leaf.field, limits) for value in leaf.value):
        return _cover_with_beyond(leaf, leaf.value, scope, limits)
    name, values = scope.name(leaf.field), leaf.value if isinstance(leaf.value, tuple) else ()
    if limits.support(name, Op.IN) is not Support.UNSUPPORTED:
        branches, support = _build_lists(leaf, values, scope, limits), limits.support(name, Op.IN)
    elif is_ranged(scope, leaf.field, values, limits):
        branches, support = _build_runs(leaf, values, scope, limits)
    else:
        branches, support = _build_singles(leaf, values, scope), limits.support(name, Op.EQ)
    if support is Support.UNSUPPORTED:
        return Cover(OPEN, (leaf,), (f"{label(leaf)}: the vendor cannot narrow by it",))
    if len(branches) > limits.branches or not all(map(limits.fit, branches)):
        return _cover_by_range(leaf, values, scope, limits)
    return Cover(branches) if support is Support.EXACT else Cover(branches, (leaf,), (f"{label(leaf)}: {_OTHERS}",))


def _cover_with_beyond(leaf: Comparison, values: Iterable[Scalar], scope: Scope, limits: Limits) -> Cover:
    """Cover the values the vendor compares with by themselves, and the others by what stands for them."""
    singles = [replace(leaf, op=Op.EQ, value=value) for value in values]
    beyond = [each for each in singles if is_beyond(each.value, scope, leaf.field, limits)]
    within = tuple(value for value in values if not is_beyond(value, scope, leaf.field, limits))
    known = cover_choice(replace(leaf, value=within), scope, limits).branches if within else ()
    branches = unite((*known, *(build_branch_beyond(each, scope, limits) for each in beyond)))
    reason = f"{label(leaf)}: the vendor compares with no number this large"
    return Cover(branches if len(branches) <= limits.branches else OPEN, (leaf,), (reason,))


def is_ranged(scope: Scope, field: str, values: Iterable[Scalar], limits: Limits) -> bool:
    """Say whether the vendor takes closed ranges of the field, and all values have a place in its order."""
    spec, name = scope.fields[field], scope.name(field)
    if spec.keyed or spec.kind not in _RANGED or limits.conjunction is Support.UNSUPPORTED:
        return False
    known = limits.support(name, Op.GTE, Op.LTE) is not Support.UNSUPPORTED
    return known and all(to_sortable(value) is not None for value in values)


def to_sortable(value: Scalar) -> Any:
    """Return what the value is ordered by: an id's number, None for an id that has none, else itself."""
    return read_number(value) if isinstance(value, str) else value


def _build_lists(leaf: Comparison, values: Iterable[Scalar], scope: Scope, limits: Limits) -> tuple[Branch, ...]:
    return tuple((scope.wrap(replace(leaf, value=chunk)),) for chunk in _chunk(leaf, values, limits))


def _chunk(leaf: Comparison, values: Iterable[Scalar], limits: Limits) -> Iterator[tuple[Scalar, ...]]:
    chunk: list[Scalar] = []
    size = 0
    for value in values:
        added = measure(replace(leaf, value=value))
        if chunk and (len(chunk) == limits.capability.max_in or size + added > limits.capability.max_filter_bytes):
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(value)
        size += added
    yield tuple(chunk)


def _build_singles(leaf: Comparison, values: Iterable[Scalar], scope: Scope) -> tuple[Branch, ...]:
    return tuple((scope.wrap(replace(leaf, op=Op.EQ, value=value)),) for value in values)


def _build_runs(
    leaf: Comparison, values: Sequence[Scalar], scope: Scope, limits: Limits
) -> tuple[tuple[Branch, ...], Support]:
    """
    Return a branch per run of neighbouring values, and how far they may be trusted.

    Between two neighbouring numbers lie fractions, and ids that are no plain numbers have other spellings: such ranges
    are checked again. A single value is an `EQ`.
    """
    name, kind = scope.name(leaf.field), scope.fields[leaf.field].kind
    known = limits.capability.fields.get(name)
    runs = list(_find_runs(sorted(values, key=to_sortable)))
    wide = any(low != high for low, high in runs)
    ops = (Op.EQ,) * any(low == high for low, high in runs) + (Op.GTE, Op.LTE) * wide
    support = limits.support(name, *ops)
    loose = kind is Kind.NUMBER or (kind is Kind.ID and not (known and known.digits))
    if wide and loose and support is Support.EXACT:
        support = Support.INEXACT
    return tuple(_build_run(leaf, run, scope) for run in runs), support


def _find_runs(ordered: Iterable[Scalar]) -> Iterator[Run]:
    low: Scalar | None = None
    high: Scalar | None = None
    for value in ordered:
        if low is not None and high is not None and not _is_next(high, value):
            yield low, high
            low = None
        low, high = (value if low is None else low), value
    if low is not None and high is not None:
        yield low, high


def _is_next(before: Scalar, value: Scalar) -> bool:
    step: Any = to_sortable(value) - to_sortable(before)
    if isinstance(before, datetime):
        return bool(step <= timedelta(seconds=1))
    return bool(step <= timedelta(days=1)) if isinstance(before, date) else bool(step <= 1)


def _build_run(leaf: Comparison, run: Run, scope: Scope) -> Branch:
    low, high = run
    if low == high:
        return (scope.wrap(replace(leaf, op=Op.EQ, value=low)),)
    return scope.wrap(replace(leaf, op=Op.GTE, value=low)), scope.wrap(replace(leaf, op=Op.LTE, value=high))


def _cover_by_range(leaf: Comparison, values: Sequence[Scalar], scope: Scope, limits: Limits) -> Cover:
    """Cover too many values by one range around them, or by nothing where there is no such range."""
    reason = (f"{label(leaf)}: {_MORE}",)
    if not is_ranged(scope, leaf.field, values, limits):
        return Cover(OPEN, (leaf,), reason)
    ordered = sorted(values, key=to_sortable)
    around = _build_run(leaf, (ordered[0], ordered[-1]), scope)
    return Cover((around,) if limits.fit(around) else OPEN, (leaf,), reason)
