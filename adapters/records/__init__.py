"""
A vendor's rows in our own terms: immutable, ids are text, times are aware UTC.

What only one vendor has stands in `extension`, a described dataclass of that vendor's; nothing is dropped.
"""

from adapters.records.entity import Entity
from adapters.records.events import EventKey, EventKind, FeedEventRecord, FeedKey, FeedSide
from adapters.records.imports import (
    ImportRecord,
    ManifestFieldRecord,
    ManifestFormatRecord,
    ManifestRecord,
    ManifestSourceRecord,
)
from adapters.records.messages import (
    ActivityRecord,
    ActivityRevisionRecord,
    CampaignRecord,
    CombinationRecord,
    RevisionChoice,
    TemplateRecord,
    TemplateRevisionRecord,
)
from adapters.records.people import (
    CustomFieldRecord,
    ListRecord,
    MembershipRecord,
    MembershipState,
    SubscriberRecord,
)
from adapters.records.statistics import (
    ListMeasure,
    PointRecord,
    SeriesRecord,
    StatisticsPeriod,
    StatisticsSubject,
    StatisticsUnit,
)
from adapters.records.targeting import EventTypeRecord, ViewRecord
from adapters.records.unreadable import Unreadable

__all__ = [
    "ActivityRecord",
    "ActivityRevisionRecord",
    "CampaignRecord",
    "CombinationRecord",
    "CustomFieldRecord",
    "Entity",
    "EventKey",
    "EventKind",
    "EventTypeRecord",
    "FeedEventRecord",
    "FeedKey",
    "FeedSide",
    "ImportRecord",
    "ListMeasure",
    "ListRecord",
    "ManifestFieldRecord",
    "ManifestFormatRecord",
    "ManifestRecord",
    "ManifestSourceRecord",
    "MembershipRecord",
    "MembershipState",
    "PointRecord",
    "Record",
    "RevisionChoice",
    "SeriesRecord",
    "StatisticsPeriod",
    "StatisticsSubject",
    "StatisticsUnit",
    "SubscriberRecord",
    "TemplateRecord",
    "TemplateRevisionRecord",
    "Unreadable",
    "ViewRecord",
]

Record = (
    SubscriberRecord
    | ListRecord
    | CampaignRecord
    | ActivityRecord
    | TemplateRecord
    | ImportRecord
    | ViewRecord
    | EventTypeRecord
    | FeedEventRecord
)
