"""
A vendor's rows in our own terms: immutable, ids are text, times are aware UTC.

What only one vendor has stands in `extension`, a described dataclass of that vendor's; nothing is dropped.
"""

from adapters.records.audiences import AudienceKind, AudienceRecord, PartitionRecord
from adapters.records.entity import Entity
from adapters.records.events import EventKey, EventKind, FeedEventRecord, FeedKey, FeedSide
from adapters.records.imports import (
    ImportRecord,
    ManifestFieldRecord,
    ManifestFormatRecord,
    ManifestRecord,
    ManifestSourceRecord,
)
from adapters.records.mail import SUBSCRIBER_KEY, EmailCheckRecord, MessageRecord, UnsubscribeRecord
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
    AudienceMembershipRecord,
    CustomFieldRecord,
    CustomFieldType,
    ListRecord,
    MembershipRecord,
    MembershipState,
    SubscriberRecord,
    SubscriptionState,
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
    "SUBSCRIBER_KEY",
    "ActivityRecord",
    "ActivityRevisionRecord",
    "AudienceKind",
    "AudienceMembershipRecord",
    "AudienceRecord",
    "CampaignRecord",
    "CombinationRecord",
    "CustomFieldRecord",
    "CustomFieldType",
    "EmailCheckRecord",
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
    "MessageRecord",
    "PartitionRecord",
    "PointRecord",
    "Record",
    "RevisionChoice",
    "SeriesRecord",
    "StatisticsPeriod",
    "StatisticsSubject",
    "StatisticsUnit",
    "SubscriberRecord",
    "SubscriptionState",
    "TemplateRecord",
    "TemplateRevisionRecord",
    "Unreadable",
    "UnsubscribeRecord",
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
    | AudienceRecord
    | PartitionRecord
    | MessageRecord
    | UnsubscribeRecord
)
