"""What a filter becomes for one source: the calls that narrow it, and what is left to check on the rows."""

from dataclasses import dataclass

from adapters.filters.tree import EVERYTHING, Filter


@dataclass(frozen=True, slots=True)
class Plan:
    """
    A filter split for one source; its executor, `explain` and the tests all read this one object.

    `branches` are conjunctions of comparisons the vendor takes, one line of rows each; their rows are merged in order
    without duplicates. No branch means that nothing can match, and no call is made. `residual` is checked on every
    row; an empty `And` means nothing is left. `reasons` says in words why each part of the residual is left.
    """

    branches: tuple[Filter, ...]
    residual: Filter
    reasons: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Say whether the vendor alone answers the filter."""
        return self.residual == EVERYTHING
