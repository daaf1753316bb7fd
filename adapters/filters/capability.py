"""
What a vendor can do with a filter, as data: read by the planner, served as GraphQL, printed as the support matrix.

EXACT: the vendor's reply is exactly the rows that match. INEXACT: the reply holds every matching row and perhaps
others, so the rows are checked again. UNSUPPORTED: the vendor cannot narrow by it; the rows are checked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from adapters.filters.tree import Op
from adapters.records import Entity, StatisticsPeriod, StatisticsSubject, StatisticsUnit


class Support(StrEnum):
    """How far a vendor's answer can be trusted for one operator on one field."""

    EXACT = "EXACT"
    INEXACT = "INEXACT"
    UNSUPPORTED = "UNSUPPORTED"


class Evidence(StrEnum):
    """How we know: the vendor's document, a real client's traffic, or our own reading of it."""

    DOCUMENTED = "DOCUMENTED"
    OBSERVED = "OBSERVED"
    INFERRED = "INFERRED"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of the capability table, with its evidence and the section of the document it comes from."""

    support: Support
    evidence: Evidence
    section: str


@dataclass(frozen=True, slots=True)
class FieldCapability:
    """
    What a vendor can do with one field.

    `wire` is the vendor's name of it. A missing operator is UNSUPPORTED. `sortable` says whether pages can be asked for
    in its order; `mergeable` whether several ordered replies can be merged here (false for text: the vendor's
    collation is its own). A field of elements is named with its place, as `memberships.list_id`. `at_most` says how
    often one call may name the field. `digits` says that every value is a number without sign or leading zeros, so
    that an id of any other shape can match nothing; `whole` that every value is a whole number, so that the vendor
    need not be asked to compare with a fraction. `largest` is the number up to which the vendor is known to compare,
    either side of zero; None where there is no such bound, or the values are no numbers.

    Ignoring case needs no line of its own: it is taken where `MATCHES` is, since patterns spell out both cases.
    """

    wire: str
    operators: Mapping[Op, Line] = field(default_factory=dict)
    sortable: bool = False
    mergeable: bool = True
    at_most: int | None = None
    digits: bool = False
    whole: bool = False
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class EntityCapability:
    """
    What a vendor can do with one kind of record.

    `conjunction` is the line of AND between comparisons; `max_branches` how many calls one OR may become (1: none);
    `max_page` the most rows one call may ask for, `max_in` the most operands of one pushed `IN`; `stable_pages` is
    false where rows inserted while paging can repeat or hide others; `missing_in_rows` names fields that list rows do
    not hold, so that residuals over them must be refused, and `never_told` those that no row of the vendor's does;
    `parts_in_rows` names costly parts that list rows hold only where asked for, and a record by itself always.
    `max_predicates` and `max_filter_bytes` (percent-encoded) bound what one call carries.
    """

    fields: Mapping[str, FieldCapability]
    conjunction: Line
    listable: bool = True
    backwards: bool = True
    counts: bool = False
    stable_pages: bool = True
    max_page: int = 100
    max_branches: int = 1
    max_in: int = 50
    max_predicates: int = 30
    max_filter_bytes: int = 6_000
    missing_in_rows: frozenset[str] = frozenset()
    never_told: frozenset[str] = frozenset()
    parts_in_rows: frozenset[str] = frozenset()
    reason: str | None = None

    def line(self, name: str, op: Op) -> Line | None:
        """Return the statement about one operator on one field, or None where the vendor cannot narrow by it."""
        known = self.fields.get(name)
        return known.operators.get(op) if known else None


@dataclass(frozen=True, slots=True)
class StatisticsCapability:
    """
    What a vendor counts of one subject.

    One call takes one period and at most `max_ids` records; `within` names the subjects whose ids may narrow it,
    itself among them. Ids are numbers up to `largest_id`, any texts where that is None.
    """

    periods: tuple[StatisticsPeriod, ...]
    unit: StatisticsUnit
    evidence: Evidence
    section: str
    within: tuple[StatisticsSubject, ...] = ()
    max_ids: int = 100
    largest_id: int | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """
    Everything a vendor declares: one table per kind of record, what it counts, and the document's date it was read
    from.
    """

    vendor: str
    document: str
    entities: Mapping[Entity, EntityCapability]
    statistics: Mapping[StatisticsSubject, StatisticsCapability] = field(default_factory=dict)
