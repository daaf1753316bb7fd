"""
Every relation of the graph: which batch function answers it, what it reads, and what that costs.

One table for three readers: the schema builds its fields from it, the cost pass and `explain` count with it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from adapters.records import Entity
from resolvers.activity import (
    activities,
    activity,
    activity_campaign,
    activity_template,
    campaign_activities,
    target_lists,
    target_views,
    template_activities,
)
from resolvers.audience import audience, audience_members, audience_size, audiences, membership_audience
from resolvers.campaign import campaign, campaign_subscribers, campaigns
from resolvers.email_check import check_email
from resolvers.event_type import event_type, event_types, success_event
from resolvers.events import (
    audit_log,
    event_activity,
    event_campaign,
    event_children,
    event_parent,
    event_revision,
    event_subscriber,
    event_type_of,
    events,
)
from resolvers.extension_part import extension_part
from resolvers.list import list_, lists, members, membership_campaign, membership_list
from resolvers.message import message, unsubscribe_subscriber, unsubscribes
from resolvers.node import entities, node, nodes
from resolvers.partition import partition
from resolvers.person import person
from resolvers.revisions import revision_activity, revision_template, revisions, template_revision
from resolvers.source import sources
from resolvers.statistics import (
    activity_stats,
    campaign_statistics,
    campaign_stats,
    event_statistics,
    list_statistics,
    list_stats,
    membership_statistics,
    revision_stats,
    statistics_activity,
    statistics_campaign,
    statistics_list,
)
from resolvers.statistics_codes import series_event_type
from resolvers.subscriber import subscriber, subscriber_campaign, subscribers
from resolvers.subscriber_import import import_, import_lists, import_of, imports, manifest, manifest_source_lists
from resolvers.template import template, templates
from resolvers.view import view, views
from resolvers.writes.operations import operation_items, write_operation, write_operations
from resolvers.writes.payload_items import payload_items
from resolvers.writes.people import write_people
from resolvers.writes.pipeline import write
from resolvers.writes.records import build_payload_batch
from resolvers.writes.webhook_events import webhook_events

Batch = Callable[..., Awaitable[Sequence[Any]]]
"""`async (parents, args, ctx, selection) -> list`: one value per parent, in order; an exception value fails one."""


class Shape(StrEnum):
    """
    How a relation reads.

    PAGE: a root connection, at least one call per source. ONE: a look-up through a loader, few calls for many parents.
    PART: comes with its parents where their own call could bring it, otherwise a look-up. CHILDREN: a connection below
    each parent, first pages batched. MEMBERS: a connection below each parent, a call or more for each.
    STATISTICS: a call a period, for all parents together. EACH: a call or more at each source. WRITE: a write at one
    source. WRITES: a question and a write at each source. LEDGER: a page of our own ledger. LOOK: one write of it, with
    a question to its source where nobody knows what became of it. LOCAL: no call.
    """

    PAGE = "PAGE"
    ONE = "ONE"
    PART = "PART"
    CHILDREN = "CHILDREN"
    MEMBERS = "MEMBERS"
    STATISTICS = "STATISTICS"
    EACH = "EACH"
    WRITE = "WRITE"
    WRITES = "WRITES"
    LEDGER = "LEDGER"
    LOOK = "LOOK"
    LOCAL = "LOCAL"


@dataclass(frozen=True, slots=True)
class Relation:
    """A batch function with the kind of record it reads (None: any, or none) and the shape of its cost."""

    batch: Batch
    reads: Entity | None
    shape: Shape


AUDITED: Final = (
    "Subscriber",
    "SubscriberList",
    "SubscriberImport",
    "SubscriberView",
    "Campaign",
    "Activity",
    "Template",
)
"""The types whose records have an audit log."""

RELATIONS: Final[dict[tuple[str, str], Relation]] = {
    ("Query", "subscribers"): Relation(subscribers, Entity.SUBSCRIBER, Shape.PAGE),
    ("Query", "subscriber"): Relation(subscriber, Entity.SUBSCRIBER, Shape.ONE),
    ("Query", "lists"): Relation(lists, Entity.LIST, Shape.PAGE),
    ("Query", "list"): Relation(list_, Entity.LIST, Shape.ONE),
    ("Query", "campaigns"): Relation(campaigns, Entity.CAMPAIGN, Shape.PAGE),
    ("Query", "campaign"): Relation(campaign, Entity.CAMPAIGN, Shape.ONE),
    ("Query", "activities"): Relation(activities, Entity.ACTIVITY, Shape.PAGE),
    ("Query", "activity"): Relation(activity, Entity.ACTIVITY, Shape.ONE),
    ("Query", "templates"): Relation(templates, Entity.TEMPLATE, Shape.PAGE),
    ("Query", "template"): Relation(template, Entity.TEMPLATE, Shape.ONE),
    ("Query", "imports"): Relation(imports, Entity.IMPORT, Shape.PAGE),
    ("Query", "import"): Relation(import_, Entity.IMPORT, Shape.ONE),
    ("Query", "views"): Relation(views, Entity.VIEW, Shape.PAGE),
    ("Query", "view"): Relation(view, Entity.VIEW, Shape.ONE),
    ("Query", "eventTypes"): Relation(event_types, Entity.EVENT_TYPE, Shape.PAGE),
    ("Query", "eventType"): Relation(event_type, Entity.EVENT_TYPE, Shape.ONE),
    ("Query", "audiences"): Relation(audiences, Entity.AUDIENCE, Shape.PAGE),
    ("Query", "audience"): Relation(audience, Entity.AUDIENCE, Shape.ONE),
    ("Query", "partition"): Relation(partition, Entity.PARTITION, Shape.ONE),
    ("Query", "message"): Relation(message, Entity.MESSAGE, Shape.ONE),
    ("Query", "unsubscribes"): Relation(unsubscribes, Entity.UNSUBSCRIBE, Shape.PAGE),
    ("Query", "person"): Relation(person, Entity.SUBSCRIBER, Shape.EACH),
    ("Query", "checkEmail"): Relation(check_email, None, Shape.EACH),
    ("Audience", "size"): Relation(audience_size, Entity.AUDIENCE, Shape.PART),
    ("Audience", "members"): Relation(audience_members, Entity.SUBSCRIBER, Shape.MEMBERS),
    ("AudienceMembership", "audience"): Relation(membership_audience, Entity.AUDIENCE, Shape.ONE),
    ("Unsubscribe", "subscriber"): Relation(unsubscribe_subscriber, Entity.SUBSCRIBER, Shape.ONE),
    ("Query", "node"): Relation(node, None, Shape.ONE),
    ("Query", "nodes"): Relation(nodes, None, Shape.ONE),
    ("Query", "_entities"): Relation(entities, None, Shape.ONE),
    ("Query", "sources"): Relation(sources, None, Shape.LOCAL),
    ("Query", "writeOperation"): Relation(write_operation, None, Shape.LOOK),
    ("Query", "writeOperations"): Relation(write_operations, None, Shape.LEDGER),
    ("Query", "webhookEvents"): Relation(webhook_events, None, Shape.LEDGER),
    ("WriteOperation", "items"): Relation(operation_items, None, Shape.LEDGER),
    ("Query", "eventStatistics"): Relation(event_statistics, None, Shape.STATISTICS),
    ("Query", "campaignStatistics"): Relation(campaign_statistics, None, Shape.STATISTICS),
    ("Query", "membershipStatistics"): Relation(membership_statistics, None, Shape.STATISTICS),
    ("Query", "listStatistics"): Relation(list_statistics, None, Shape.STATISTICS),
    ("Campaign", "stats"): Relation(campaign_stats, None, Shape.STATISTICS),
    ("Activity", "stats"): Relation(activity_stats, None, Shape.STATISTICS),
    ("ActivityRevision", "stats"): Relation(revision_stats, None, Shape.STATISTICS),
    ("SubscriberList", "stats"): Relation(list_stats, None, Shape.STATISTICS),
    ("EventSeries", "eventType"): Relation(series_event_type, Entity.EVENT_TYPE, Shape.ONE),
    ("CampaignStatistics", "campaign"): Relation(statistics_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("CampaignStatistics", "activity"): Relation(statistics_activity, Entity.ACTIVITY, Shape.ONE),
    ("ListStatistics", "list"): Relation(statistics_list, Entity.LIST, Shape.ONE),
    ("Subscriber", "campaign"): Relation(subscriber_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("Subscriber", "import"): Relation(import_of, Entity.IMPORT, Shape.ONE),
    ("SubscriberList", "members"): Relation(members, Entity.SUBSCRIBER, Shape.MEMBERS),
    ("ListMembership", "list"): Relation(membership_list, Entity.LIST, Shape.ONE),
    ("ListMembership", "campaign"): Relation(membership_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("ListMembership", "import"): Relation(import_of, Entity.IMPORT, Shape.ONE),
    ("Campaign", "subscribers"): Relation(campaign_subscribers, Entity.SUBSCRIBER, Shape.CHILDREN),
    ("Campaign", "activities"): Relation(campaign_activities, Entity.ACTIVITY, Shape.CHILDREN),
    ("Campaign", "successEvent"): Relation(success_event, Entity.EVENT_TYPE, Shape.ONE),
    ("Activity", "campaign"): Relation(activity_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("Activity", "template"): Relation(activity_template, Entity.TEMPLATE, Shape.ONE),
    ("Activity", "targetLists"): Relation(target_lists, Entity.LIST, Shape.ONE),
    ("Activity", "targetViews"): Relation(target_views, Entity.VIEW, Shape.ONE),
    ("Activity", "revisions"): Relation(revisions, Entity.ACTIVITY, Shape.PART),
    ("ActivityRevision", "activity"): Relation(revision_activity, Entity.ACTIVITY, Shape.ONE),
    ("ActivityRevision", "templateRevision"): Relation(template_revision, Entity.TEMPLATE, Shape.ONE),
    ("Template", "activities"): Relation(template_activities, Entity.ACTIVITY, Shape.CHILDREN),
    ("Template", "revisions"): Relation(revisions, Entity.TEMPLATE, Shape.PART),
    ("TemplateRevision", "template"): Relation(revision_template, Entity.TEMPLATE, Shape.ONE),
    ("SubscriberImport", "manifest"): Relation(manifest, None, Shape.LOCAL),
    ("SubscriberImport", "lists"): Relation(import_lists, Entity.LIST, Shape.ONE),
    ("ManifestSource", "lists"): Relation(manifest_source_lists, Entity.LIST, Shape.ONE),
    ("Subscriber", "events"): Relation(events, Entity.FEED_EVENT, Shape.MEMBERS),
    ("Campaign", "events"): Relation(events, Entity.FEED_EVENT, Shape.MEMBERS),
    ("Activity", "events"): Relation(events, Entity.FEED_EVENT, Shape.MEMBERS),
    ("FeedEvent", "eventType"): Relation(event_type_of, Entity.EVENT_TYPE, Shape.ONE),
    ("FeedEvent", "subscriber"): Relation(event_subscriber, Entity.SUBSCRIBER, Shape.ONE),
    ("FeedEvent", "activity"): Relation(event_activity, Entity.ACTIVITY, Shape.ONE),
    ("FeedEvent", "revision"): Relation(event_revision, Entity.ACTIVITY, Shape.ONE),
    ("FeedEvent", "campaign"): Relation(event_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("FeedEvent", "parent"): Relation(event_parent, Entity.FEED_EVENT, Shape.ONE),
    ("FeedEvent", "children"): Relation(event_children, Entity.FEED_EVENT, Shape.MEMBERS),
    **{(audited, "auditLog"): Relation(audit_log, Entity.FEED_EVENT, Shape.MEMBERS) for audited in AUDITED},
}
"""Relations by GraphQL type and field."""


def declare_part(type_name: str, field_name: str, entity: Entity) -> None:
    """Enter a part of a vendor's extension, which costs calls of its own: vendors are not known here."""
    RELATIONS[type_name, field_name] = Relation(extension_part, entity, Shape.ONE)


def declare_write(name: str, entity: Entity | None) -> None:
    """Enter a mutation: all of them go the same way."""
    RELATIONS["Mutation", name] = Relation(write, entity, Shape.WRITE)


def declare_people_write(name: str) -> None:
    """Enter a mutation about one person everywhere."""
    RELATIONS["Mutation", name] = Relation(write_people, Entity.SUBSCRIBER, Shape.WRITES)


def declare_payload_items(type_name: str) -> None:
    """Enter the items of a bulk mutation's payload."""
    RELATIONS[type_name, "items"] = Relation(payload_items, None, Shape.LEDGER)


def declare_payload(type_name: str, field_name: str, entity: Entity) -> None:
    """Enter the record of a mutation's payload, which comes with the vendor's answer or is read."""
    RELATIONS[type_name, field_name] = Relation(build_payload_batch(entity), entity, Shape.PART)
