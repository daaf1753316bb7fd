"""
What a vendor package is, and the roles its adapter may fill.

A vendor is a value: `ADAPTER: Final[VendorPackage]` in its folder's `__init__.py`. Upper layers ask the capability
table and these Protocols, never a vendor's name.
"""

from adapters.contract.checking import ChecksItems
from adapters.contract.package import (
    MOST_SECRETS,
    ASGIApp,
    BuildsCapability,
    ChecksSource,
    Extension,
    OpensSource,
    SandboxParts,
    Source,
    SourceSettings,
    VendorPackage,
    WebhookSettings,
)
from adapters.contract.people import (
    ChecksEmail,
    FindsManyPeople,
    FindsPeople,
    MatchReason,
    PeopleFound,
    PersonMatch,
    PersonQuery,
)
from adapters.contract.reading import (
    FIELD_TYPES,
    ChildrenQuery,
    Gap,
    Loaded,
    PlannedCall,
    ReadsParts,
    ReadsRecords,
    Slice,
    SliceQuery,
)
from adapters.contract.statistics import TOTAL, ReadsStatistics, StatisticsQuery
from adapters.contract.telling import TellingReader, ToldEvent, UnreadableTellingError, Webhook, read_json
from adapters.contract.writing import (
    ItemResult,
    Journal,
    Outcome,
    PlannedRequest,
    PreparedWrite,
    WriteCapability,
    WriteCommand,
    WriteResult,
    WriteScope,
    WritesRecords,
    judge_all,
)

__all__ = [
    "FIELD_TYPES",
    "MOST_SECRETS",
    "TOTAL",
    "ASGIApp",
    "BuildsCapability",
    "ChecksEmail",
    "ChecksItems",
    "ChecksSource",
    "ChildrenQuery",
    "Extension",
    "FindsManyPeople",
    "FindsPeople",
    "Gap",
    "ItemResult",
    "Journal",
    "Loaded",
    "MatchReason",
    "OpensSource",
    "Outcome",
    "PeopleFound",
    "PersonMatch",
    "PersonQuery",
    "PlannedCall",
    "PlannedRequest",
    "PreparedWrite",
    "ReadsParts",
    "ReadsRecords",
    "ReadsStatistics",
    "SandboxParts",
    "Slice",
    "SliceQuery",
    "Source",
    "SourceSettings",
    "StatisticsQuery",
    "TellingReader",
    "ToldEvent",
    "UnreadableTellingError",
    "VendorPackage",
    "Webhook",
    "WebhookSettings",
    "WriteCapability",
    "WriteCommand",
    "WriteResult",
    "WriteScope",
    "WritesRecords",
    "judge_all",
    "read_json",
]
