"""
Covers: the conjunctions a vendor may be asked for, which together hold every row of a filter, and what to check again.

Sound by construction: a branch may hold other rows, and then a residual says what of the filter its rows must be
checked for; no branch ever lacks a row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from adapters.filters.capability import EntityCapability, Evidence, Line, Support
from adapters.filters.fields import FieldSpec
from adapters.filters.tree import Comparison, Filter, Op, Some

Leaf = Comparison | Some
Branch = tuple[Leaf, ...]

OPEN: tuple[Branch, ...] = ((),)
# Ignoring case writes a letter as "%5BEe%5D".
_CASE_GROWTH = 8
_ESCAPE_BYTES = len("%5C")


@dataclass(frozen=True, slots=True)
class Cover:
    """Branches whose rows, checked by all of `residual`, are the filter's; `reasons` says why each residual stays."""

    branches: tuple[Branch, ...]
    residual: tuple[Filter, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether the branches narrow nothing."""
        return () in self.branches


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source lets a plan do: its table, how many calls a filter may become, and how far ANDs are trusted."""

    capability: EntityCapability
    branches: int

    @property
    def conjunction(self) -> Support:
        """How far predicates of one call are ANDed."""
        return trust(self.capability.conjunction)

    def support(self, name: str, *ops: Op) -> Support:
        """Return the weakest support of the operators on a field."""
        found = [trust(self.capability.line(name, op)) for op in ops]
        return max(found, key=_WEAKNESS.index)

    def find_largest(self, name: str) -> int | None:
        """Return the largest number the vendor compares a field with; None where that is not bounded."""
        known = self.capability.fields.get(name)
        return known.largest if known else None

    def fit(self, branch: Branch) -> bool:
        """Say whether one call may carry the branch: its predicates, its uses of each field, its length."""
        if len(branch) > (1 if self.conjunction is Support.UNSUPPORTED else self.capability.max_predicates):
            return False
        names = [name_of(leaf) for leaf in branch]
        if any(names.count(name) > self._most_uses(name) for name in names):
            return False
        return sum(map(measure, branch)) <= self.capability.max_filter_bytes

    def _most_uses(self, name: str) -> int:
        known = self.capability.fields.get(name)
        return self.capability.max_predicates if known is None or known.at_most is None else known.at_most


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a part of the tree stands: on the record, or inside `Some` on the elements of the field `within`."""

    fields: Mapping[str, FieldSpec]
    within: str | None = None

    def name(self, field: str) -> str:
        """Return the capability table's name of a field; an element's is `memberships.list_id`."""
        return field if self.within is None else f"{self.within}.{field}"

    def wrap(self, leaf: Comparison) -> Leaf:
        """Return the leaf as it stands in a branch."""
        return leaf if self.within is None else Some(self.within, leaf)


_WEAKNESS = (Support.EXACT, Support.INEXACT, Support.UNSUPPORTED)


def trust(line: Line | None) -> Support:
    """Return a line's support; what is only inferred from a document is at most INEXACT."""
    if line is None:
        return Support.UNSUPPORTED
    inferred = line.support is Support.EXACT and line.evidence is Evidence.INFERRED
    return Support.INEXACT if inferred else line.support


def name_of(leaf: Leaf) -> str:
    """Return the capability table's name of a leaf's field."""
    comparison = comparison_of(leaf)
    return f"{leaf.field}.{comparison.field}" if isinstance(leaf, Some) else comparison.field


def comparison_of(leaf: Leaf) -> Comparison:
    """Return the comparison inside a leaf."""
    if isinstance(leaf, Comparison):
        return leaf
    assert isinstance(leaf.where, Comparison)  # noqa: S101 - `Scope.wrap` builds no other
    return leaf.where


def join(left: Iterable[Branch], right: Iterable[Branch]) -> tuple[Branch, ...]:
    """Return the branches of a conjunction: each of one side with each of the other."""
    return unite(tuple(dict.fromkeys(one + other)) for one, other in product(tuple(left), tuple(right)))


def unite(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    """Drop the branches whose rows another one holds already."""
    distinct: dict[frozenset[Leaf], Branch] = {}
    for branch in branches:
        distinct.setdefault(frozenset(branch), branch)
    return tuple(branch for leaves, branch in distinct.items() if not any(other < leaves for other in distinct))


def measure(leaf: Leaf) -> int:
    """Estimate from above, in bytes, what a leaf's operands take in a URL, a pattern's backslashes among them."""
    comparison = comparison_of(leaf)
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    growth = _CASE_GROWTH if comparison.ignore_case else 1
    return sum(_measure_text(str(value)) * growth for value in values)


def _measure_text(text: str) -> int:
    return len(quote(text, safe="")) + _ESCAPE_BYTES * sum(not character.isalnum() for character in text)
