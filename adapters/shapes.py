"""
The shapes of calls whose keys nobody knows before rows are read.
"""

from typing import Final, Protocol, runtime_checkable

from adapters.contract import ChildrenQuery, PlannedCall, StatisticsQuery
from adapters.records import Entity

UNKNOWN: Final = "…"
"""What stands for a key in the shape of a call."""


@runtime_checkable
class PlansShapes(Protocol):
    """An adapter that can show its calls for unknown keys; one that cannot is explained in words alone."""

    def plan_load(self, entity: Entity, name: str, keys: int, parts: frozenset[str]) -> PlannedCall:
        """Build what `fetch_by_ids`, or by another name `fetch_by_values`, would send for so many unknown keys."""
        ...

    def plan_children(self, query: ChildrenQuery) -> PlannedCall:
        """Build what `fetch_children` would send first; each parent is `UNKNOWN`."""
        ...

    def plan_statistics(self, query: StatisticsQuery) -> PlannedCall:
        """Build what `fetch_statistics` would send; ids may be `UNKNOWN`."""
        ...
