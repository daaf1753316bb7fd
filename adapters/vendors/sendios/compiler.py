"""
One branch of a plan to the time the list of opt-outs begins with.

Source: vendors/facts.md, 4.2, `unsub/list/{unixTime}`. Whether an opt-out of that very second belongs to the list is
not said, so the second before is asked for wherever the second itself is wanted.
"""

from datetime import datetime
from typing import Final

from adapters.filters.capability import FieldCapability
from adapters.filters.compiler import FilterCompiler
from adapters.filters.tree import Comparison, Filter

from .capability import UNSUBSCRIBES

THE_FIRST: Final = 1
"""Every opt-out is younger. Not 0, which the vendor's SDK takes for no time."""


class SendiosCompiler(FilterCompiler[int], tables=(UNSUBSCRIBES,)):
    """The handlers of the operators in the capability table; each gives seconds since 1970."""

    def compile_eq(self, _field: FieldCapability, leaf: Comparison) -> tuple[int, ...]:
        """The list has no end of its own, so this is where it begins."""
        return (_to_unix(leaf) - 1,)

    def compile_gte(self, _field: FieldCapability, leaf: Comparison) -> tuple[int, ...]:
        """From the second before on."""
        return (_to_unix(leaf) - 1,)

    def compile_gt(self, _field: FieldCapability, leaf: Comparison) -> tuple[int, ...]:
        """From the second itself on."""
        return (_to_unix(leaf),)

    def find_since(self, branch: Filter) -> int:
        """Return where the list must begin for a branch: at the latest of its bounds."""
        return max((THE_FIRST, *self.build_predicates(branch)))


def _to_unix(leaf: Comparison) -> int:
    if not isinstance(leaf.value, datetime):
        raise AssertionError("a plan pushed a time that is none")  # noqa: TRY004 - a bug, see FilterCompiler
    return int(leaf.value.timestamp())


COMPILER: Final = SendiosCompiler(UNSUBSCRIBES)
