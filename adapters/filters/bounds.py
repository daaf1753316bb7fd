"""
Numbers larger than a vendor can be asked to compare with: what is asked for in their place.

A vendor that refuses such a number may keep larger values all the same, so nothing is said of them here: what is pushed
only widens, and the rows are checked.
"""

from dataclasses import replace

from adapters.filters.capability import Support
from adapters.filters.cover import OPEN, Branch, Cover, Limits, Scope
from adapters.filters.evaluate import read_number
from adapters.filters.tree import Comparison, Op, Scalar
from adapters.filters.words import label

_UPWARDS = frozenset({Op.EQ, Op.GT, Op.GTE})
_DOWNWARDS = frozenset({Op.EQ, Op.LT, Op.LTE})


def is_beyond(value: object, scope: Scope, field: str, limits: Limits) -> bool:
    """Say whether the vendor may refuse to compare the field with a value."""
    number, largest = _to_number(value), limits.find_largest(scope.name(field))
    return number is not None and largest is not None and abs(number) > largest


def cover_beyond(leaf: Comparison, scope: Scope, limits: Limits) -> Cover:
    """Cover a comparison with a number that is too large by the values from the largest on."""
    reason = f"{label(leaf)}: the vendor compares with no number this large"
    return Cover((build_branch_beyond(leaf, scope, limits),), (leaf,), (reason,))


def build_branch_beyond(leaf: Comparison, scope: Scope, limits: Limits) -> Branch:
    """Return a branch that holds every row of such a comparison; empty where only all rows do."""
    number, name = _to_number(leaf.value), scope.name(leaf.field)
    largest = limits.find_largest(name)
    if number is None or largest is None or leaf.op not in (_UPWARDS if number > 0 else _DOWNWARDS):
        return ()
    op, bound = (Op.GTE, largest) if number > 0 else (Op.LTE, -largest)
    value: Scalar = str(bound) if isinstance(leaf.value, str) else bound
    branch = (scope.wrap(replace(leaf, op=op, value=value)),)
    return branch if limits.support(name, op) is not Support.UNSUPPORTED and limits.fit(branch) else OPEN[0]


def _to_number(value: object) -> int | float | None:
    if isinstance(value, str):
        return read_number(value)
    return value if isinstance(value, int | float) else None
