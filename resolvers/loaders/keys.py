"""
What loaders are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adapters.contract import StatisticsQuery
from adapters.records import Entity, RevisionChoice
from adapters.records.making import made_quickly


@made_quickly
@dataclass(frozen=True, slots=True, eq=False)
class RecordsKey:
    """
    Records of one kind at one source, by id, no id twice; a key is equal to itself alone.

    `purpose` says which place in the operation asks, for the plan, `parts` which costly parts of the records that place
    would like along with them, and `fields` which fields of their type it selects, None where that is not known.
    """

    source: str
    ids: Sequence[str]
    purpose: str = ""
    parts: frozenset[str] = frozenset()
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RevisionsKey:
    """The chosen revisions of one record at one source."""

    source: str
    entity: Entity
    id: str
    choice: RevisionChoice
    purpose: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PartKey:
    """One part of one record at one source, that costs calls of its own."""

    source: str
    entity: Entity
    part: str
    id: str
    purpose: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ValueKey:
    """
    The records of one source whose text field `name` equals `value` exactly.

    `parts` are the costly parts that are wanted along with them, and tell keys apart: the rows of some vendors hold
    those only where they were asked for.
    """

    source: str
    name: str
    value: str
    purpose: str = field(default="", compare=False)
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StatisticsKey:
    """One question to one source; `purpose` says which place in the operation asks, and does not tell keys apart."""

    source: str
    query: StatisticsQuery
    purpose: str = field(default="", compare=False)

    @property
    def question(self) -> tuple[str, StatisticsQuery]:
        """What must be the same for one call to answer two keys."""
        ids = () if self.query.names_subjects else self.query.ids
        return self.source, replace(self.query, events=(), ids=ids)
