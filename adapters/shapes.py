"""
The shapes of calls whose keys nobody knows before rows are read.
"""

from typing import Final, Protocol, runtime_checkable

from adapters.contract import ChildrenQuery, PersonQuery, PlannedCall, StatisticsQuery
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


@runtime_checkable
class PlansPeople(Protocol):
    """An adapter that can show its calls for one person."""

    def plan_people(self, query: PersonQuery) -> tuple[PlannedCall, ...]:
        """
        Build what `fetch_people` would send; `UNKNOWN` stands for what an earlier reply tells.

        Raises:
            CapabilityError: the source cannot look up by anything the query holds.
        """
        ...


@runtime_checkable
class PlansEmailCheck(Protocol):
    """An adapter that can show its call about an e-mail address."""

    def plan_email_check(self, email: str) -> PlannedCall:
        """Build what `fetch_email_check` would send."""
        ...


@runtime_checkable
class PlansParts(Protocol):
    """An adapter that can show its calls for parts of records."""

    def plan_part(self, entity: Entity, part: str) -> PlannedCall | None:
        """Build what `fetch_parts` would send for unknown records; None for a part that is none of this vendor's."""
        ...


@runtime_checkable
class PlansMembers(Protocol):
    """An adapter that can show its call for the members of an audience."""

    def plan_members(self, limit: int) -> PlannedCall:
        """Build the first read of an unknown audience's members, of so many rows where the vendor takes any number."""
        ...
