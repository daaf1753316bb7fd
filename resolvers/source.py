"""
The configured sources a caller sees, with what each can do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.contract import Source
from adapters.filters.capability import EntityCapability, Evidence, Support
from adapters.filters.tree import Op
from adapters.records import Entity, StatisticsPeriod, StatisticsSubject, StatisticsUnit
from resolvers.context import RequestContext
from resolvers.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityLineRecord:
    """One statement of a source's capability table: how it answers one operator on one field."""

    type: Entity
    field: str
    operator: Op
    support: Support
    evidence: Evidence
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCapabilityRecord:
    """What a source can do with one kind of record as a whole."""

    type: Entity
    listable: bool
    backwards: bool
    counts: bool
    stable_pages: bool
    max_page: int
    sortable: tuple[str, ...]
    never_told: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRecord:
    """What a source counts of one subject."""

    subject: StatisticsSubject
    periods: tuple[StatisticsPeriod, ...]
    unit: StatisticsUnit
    evidence: Evidence
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One configured account at a vendor."""

    name: str
    vendor: str
    title: str
    document: str
    entities: tuple[EntityCapabilityRecord, ...]
    capabilities: tuple[CapabilityLineRecord, ...]
    statistics: tuple[CountedRecord, ...]


async def sources(
    parents: Sequence[object], args: None, ctx: RequestContext, selection: Selection
) -> list[tuple[SourceRecord, ...]]:
    """Tell the sources the caller sees, by name, without calling any."""
    del args, selection
    told = tuple(build_source_record(source) for source in ctx.sources.values())
    return [told] * len(parents)


def build_source_record(source: Source) -> SourceRecord:
    """Tell what a source is and can do."""
    entities = source.capability.entities
    return SourceRecord(
        name=source.name,
        vendor=source.vendor,
        title=source.package.title,
        document=source.capability.document,
        entities=tuple(_build_entity(entity, able) for entity, able in entities.items()),
        capabilities=tuple(line for entity, able in entities.items() for line in _build_lines(entity, able)),
        statistics=tuple(
            CountedRecord(
                subject=subject,
                periods=able.periods,
                unit=able.unit,
                evidence=able.evidence,
                section=able.section,
            )
            for subject, able in source.capability.statistics.items()
        ),
    )


def _build_entity(entity: Entity, able: EntityCapability) -> EntityCapabilityRecord:
    return EntityCapabilityRecord(
        type=entity,
        listable=able.listable,
        backwards=able.backwards,
        counts=able.counts,
        stable_pages=able.stable_pages,
        max_page=able.max_page,
        sortable=tuple(name for name, known in able.fields.items() if known.sortable),
        never_told=tuple(sorted(able.never_told)),
        reason=able.reason,
    )


def _build_lines(entity: Entity, able: EntityCapability) -> Iterator[CapabilityLineRecord]:
    for name, known in able.fields.items():
        for op, line in known.operators.items():
            yield CapabilityLineRecord(
                type=entity, field=name, operator=op, support=line.support, evidence=line.evidence, section=line.section
            )
