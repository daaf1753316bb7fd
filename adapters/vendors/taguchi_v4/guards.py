"""
What the rows of a call must satisfy where the vendor may OR its predicates.

A plan leaves a filter of one exact predicate to the vendor alone. A line then adds where it goes on from, and a list of
children whose they are; under OR such a reply holds rows the filter leaves out, some of which stand within the bound as
if they belonged there. Nothing but the filter itself tells them apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from adapters.filters.capability import Support
from adapters.filters.cover import Leaf, comparison_of, name_of, trust
from adapters.filters.evaluate import Predicate, build_predicate
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Op, Some
from adapters.records import Entity

from .capability import TABLES
from .columns import SPECS
from .compiler import COMPILERS
from .reading import Batch, Reader


@dataclass(frozen=True)
class Guard:
    """
    Holds the rows of one line's replies against the filter that was pushed.

    `free` is how many predicates a call may carry without: those whose AND a residual of the plan checks again.
    """

    entity: Entity
    pushed: Filter
    free: int

    def watch(self, batch: Batch) -> Batch:
        """Give a reply the check of its rows, where its call carried more than the filter."""
        return batch if len(batch.call.predicates) <= self.free else replace(batch, check=self._check)

    @cached_property
    def _check(self) -> Predicate | None:
        """The filter's exact comparisons: of an inexact one the vendor may rightly send other rows."""
        exact = tuple(leaf for leaf in _read_leaves(self.pushed) if _is_exact(self.entity, leaf))
        return build_predicate(And(exact), SPECS[self.entity]) if exact else None


def build_guard(reader: Reader, entity: Entity, pushed: Filter, *, rechecked: bool = True) -> Guard:
    """Build the guard of a line; `rechecked` says that the caller checks again what several comparisons mean."""
    if reader.trusts_ands:
        return Guard(entity, EVERYTHING, free=0)
    return Guard(entity, pushed, free=len(COMPILERS[entity].build_predicates(pushed)) if rechecked else 1)


def _read_leaves(pushed: Filter) -> Iterator[Leaf]:
    match pushed:
        case And(parts):
            for part in parts:
                yield from _read_leaves(part)
        case Comparison() | Some(_, Comparison()):
            yield pushed


def _is_exact(entity: Entity, leaf: Leaf) -> bool:
    comparison = comparison_of(leaf)
    ops = (comparison.op, *[Op.MATCHES] * comparison.ignore_case)
    return all(trust(TABLES[entity].line(name_of(leaf), op)) is Support.EXACT for op in ops)
