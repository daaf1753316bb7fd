"""Sources: the configured accounts, and what each can do."""

from typing import Any, Final

import strawberry
from strawberry.utils.str_converters import to_camel_case

from graph.types.description import described
from graph.types.enums import Entity, Evidence, Op, Support
from graph.types.relation import local, plain
from graph.types.statistics_enums import StatisticsPeriod, StatisticsSubject, StatisticsUnit

_RENAMED: Final = {"id": "vendorId", "custom_fields": "customField"}


def to_input_path(name: str) -> str:
    """Return a field's name as filters write it: `taguchi.cluster_id` as `taguchi.clusterId`."""
    return ".".join(_RENAMED.get(part) or to_camel_case(part) for part in name.split("."))


def _read_field(line: Any) -> str:
    return to_input_path(line.field)


def _read_sortable(entity: Any) -> list[str]:
    return [to_input_path(name) for name in entity.sortable]


def _read_never_told(entity: Any) -> list[str]:
    return [to_input_path(name) for name in entity.never_told]


@described(strawberry.type)
class SourceCapability:
    """How a source answers one operator on one field. What is not listed is checked here, at the cost of more calls."""

    type: Entity = plain("The kind of record.")
    field: str = local(_read_field, "The field, named as in filters.")
    operator: Op = plain("What is asked of the field.")
    support: Support = plain("How far the vendor's own answer can be trusted.")
    evidence: Evidence = plain("How this is known.")
    section: str = plain("The section of the vendor's document it comes from.")


@described(strawberry.type)
class SourceCoverage:
    """What a source can do with one kind of record as a whole."""

    type: Entity = plain("The kind of record.")
    listable: bool = plain("Whether its records can be listed at all.")
    backwards: bool = plain("Whether pages can be read backwards, with `last`.")
    counts: bool = plain("Whether it can tell how many records there are.")
    stable_pages: bool = plain("Whether records made while you read pages can neither repeat nor hide others.")
    max_page: int = plain("The most records one of its own replies holds.")
    sortable: list[str] = local(_read_sortable, "The fields it can sort by, named as in filters.")
    never_told: list[str] = local(
        _read_never_told,
        "The fields that none of its records holds, named as in filters: null here, whatever it is there.",
    )
    reason: str | None = plain("Why it cannot do something, where it cannot.")


@described(strawberry.type)
class SourceStatistics:
    """What a source counts of one subject."""

    subject: StatisticsSubject = plain("What the numbers are about.")
    periods: list[StatisticsPeriod] = plain("By what time they can be put together.")
    unit: StatisticsUnit = plain("What is counted as one, as far as the vendor's document says.")
    evidence: Evidence = plain("How this is known.")
    section: str = plain("The section of the vendor's document it comes from.")


@described(strawberry.type)
class MarketingSource:
    """One account at a vendor, as it is set up here. Everything you read names the source it comes from."""

    name: strawberry.ID = plain("The source's name in the facade's settings: the `sourceId` of its records.", name="id")
    vendor: str = plain("The kind of API, as `taguchi_v4`.")
    title: str = plain("The vendor's name.")
    document: str = plain("The vendor's document that this was built from, with its date.")
    entities: list[SourceCoverage] = plain("What it can do with each kind of record.", name="coverage")
    capabilities: list[SourceCapability] = plain(
        "How it answers filters: one line for each field and operator it knows."
    )
    statistics: list[SourceStatistics] = plain("What it counts; nothing for a source without statistics.")
