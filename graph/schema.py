"""The schema: a table of contents."""

from typing import Final

import strawberry
from strawberry.schema.config import StrawberryConfig

from graph.api_sdl import to_api_sdl
from graph.execution.collector import BATCHED
from graph.execution.staleness import max_staleness
from graph.federation import FederatedSchema
from graph.inputs.activity_filter import ActivityFilter
from graph.inputs.audience_filter import AudienceFilter
from graph.inputs.campaign_filter import CampaignFilter
from graph.inputs.event_type_filter import EventTypeFilter
from graph.inputs.lookup import (
    ActivityBy,
    AudienceBy,
    CampaignBy,
    EventTypeBy,
    MessageBy,
    PartitionBy,
    SubscriberBy,
    SubscriberImportBy,
    SubscriberListBy,
    SubscriberViewBy,
    TemplateBy,
)
from graph.inputs.order import (
    ActivityOrder,
    AudienceOrder,
    CampaignOrder,
    EventTypeOrder,
    SubscriberImportOrder,
    SubscriberListOrder,
    SubscriberOrder,
    SubscriberViewOrder,
    TemplateOrder,
    UnsubscribeOrder,
)
from graph.inputs.subscriber_filter import SubscriberFilter
from graph.inputs.subscriber_import_filter import SubscriberImportFilter
from graph.inputs.subscriber_list_filter import SubscriberListFilter
from graph.inputs.subscriber_view_filter import SubscriberViewFilter
from graph.inputs.template_filter import TemplateFilter
from graph.inputs.unsubscribe_filter import UnsubscribeFilter
from graph.mutations.large import read_large_aside
from graph.mutations.root import Mutation
from graph.types.activity import Activity
from graph.types.audience import Audience
from graph.types.campaign import Campaign
from graph.types.connection import Connection
from graph.types.connection_field import root_connection
from graph.types.description import described
from graph.types.email_check import EmailCheck, resolve_email_check
from graph.types.event_type import EventType
from graph.types.message import Message
from graph.types.node import Node
from graph.types.partition import Partition
from graph.types.person import MarketingPerson, resolve_person
from graph.types.relation import GraphInfo, relation
from graph.types.root_field import lookup, resolve_node, resolve_nodes
from graph.types.scalars import SCALARS
from graph.types.source import MarketingSource
from graph.types.statistics import CampaignStatistics, EventSeries, ListSeries, ListStatistics
from graph.types.statistics_field import (
    account_statistics,
    campaign_statistics,
    list_statistics,
    membership_statistics,
)
from graph.types.subscriber import Subscriber
from graph.types.subscriber_import import SubscriberImport
from graph.types.subscriber_list import SubscriberList
from graph.types.subscriber_view import SubscriberView
from graph.types.template import Template
from graph.types.unsubscribe import Unsubscribe
from graph.types.webhook_event import WebhookEvent, resolve_webhook_events
from graph.types.write_operation import WriteOperation, resolve_operation, resolve_operations


@described(strawberry.federation.type)
class Query:
    """Everything that can be read."""

    subscribers: Connection[Subscriber] | None = root_connection(
        "subscribers",
        "People, a page at a time.",
        filter_input=SubscriberFilter,
        order_input=SubscriberOrder,
    )
    subscriber: Subscriber | None = lookup("subscriber", "One person.", by=SubscriberBy)
    lists: Connection[SubscriberList] | None = root_connection(
        "lists", "Lists, a page at a time.", filter_input=SubscriberListFilter, order_input=SubscriberListOrder
    )
    list_: SubscriberList | None = lookup("list", "One list.", by=SubscriberListBy)
    campaigns: Connection[Campaign] | None = root_connection(
        "campaigns", "Campaigns, a page at a time.", filter_input=CampaignFilter, order_input=CampaignOrder
    )
    campaign: Campaign | None = lookup("campaign", "One campaign.", by=CampaignBy)
    activities: Connection[Activity] | None = root_connection(
        "activities",
        "Mailings, text messages and pages, a page at a time.",
        filter_input=ActivityFilter,
        order_input=ActivityOrder,
    )
    activity: Activity | None = lookup("activity", "One activity.", by=ActivityBy)
    templates: Connection[Template] | None = root_connection(
        "templates", "Templates, a page at a time.", filter_input=TemplateFilter, order_input=TemplateOrder
    )
    template: Template | None = lookup("template", "One template.", by=TemplateBy)
    imports: Connection[SubscriberImport] | None = root_connection(
        "imports",
        "Imports of people, a page at a time.",
        filter_input=SubscriberImportFilter,
        order_input=SubscriberImportOrder,
    )
    import_: SubscriberImport | None = lookup("import", "One import.", by=SubscriberImportBy)
    views: Connection[SubscriberView] | None = root_connection(
        "views",
        "Conditions on people, a page at a time.",
        filter_input=SubscriberViewFilter,
        order_input=SubscriberViewOrder,
    )
    view: SubscriberView | None = lookup("view", "One view.", by=SubscriberViewBy)
    event_types: Connection[EventType] | None = root_connection(
        "eventTypes",
        "Types of events, a page at a time.",
        filter_input=EventTypeFilter,
        order_input=EventTypeOrder,
    )
    event_type: EventType | None = lookup("eventType", "One type of event.", by=EventTypeBy)
    event_statistics: list[EventSeries] | None = account_statistics(
        "How often events happened in a whole account: a row of numbers for each type of event and period."
    )
    campaign_statistics: list[CampaignStatistics] | None = campaign_statistics(
        "How often events happened for each campaign, activity, revision or configuration."
    )
    membership_statistics: list[ListSeries] | None = membership_statistics(
        "How all lists of an account together went: a row of numbers for each measure and period."
    )
    list_statistics: list[ListStatistics] | None = list_statistics("How each list went.")
    audiences: Connection[Audience] | None = root_connection(
        "audiences",
        "Audiences, views and segments, a page at a time.",
        filter_input=AudienceFilter,
        order_input=AudienceOrder,
    )
    audience: Audience | None = lookup("audience", "One audience.", by=AudienceBy)
    partition: Partition | None = lookup("partition", "One partition of an account.", by=PartitionBy)
    message: Message | None = lookup("message", "One message to one person, and what became of it.", by=MessageBy)
    unsubscribes: Connection[Unsubscribe] | None = root_connection(
        "unsubscribes",
        "Opt-outs, a page at a time, where a vendor lists them by time.",
        filter_input=UnsubscribeFilter,
        order_input=UnsubscribeOrder,
    )
    person: MarketingPerson | None = strawberry.federation.field(
        resolver=resolve_person,
        metadata={BATCHED: True},
        description="One person, looked for in every source you can see; without profiles where none knows the person.",
    )
    check_email: list[EmailCheck] | None = strawberry.federation.field(
        resolver=resolve_email_check,
        metadata={BATCHED: True},
        description="What the vendors that judge e-mail addresses say of one.",
    )
    node: Node | None = strawberry.federation.field(
        resolver=resolve_node,
        inaccessible=True,
        metadata={BATCHED: True},
        description="Any record, by its id in this graph.",
    )
    nodes: list[Node | None] | None = strawberry.federation.field(
        resolver=resolve_nodes,
        inaccessible=True,
        metadata={BATCHED: True},
        description="Any records, by their ids in this graph, in the order asked for; nothing where there is none.",
    )
    sources: list[MarketingSource] | None = relation("Query", "sources", "The accounts you can see.")
    write_operation: WriteOperation | None = strawberry.federation.field(
        resolver=resolve_operation,
        metadata={BATCHED: True},
        description="One write of yours. Where nobody knows what became of it, its source is asked.",
    )
    write_operations: Connection[WriteOperation] | None = strawberry.federation.field(
        resolver=resolve_operations,
        metadata={BATCHED: True},
        description="Your writes, the newest first; with the scope `admin` everybody's.",
    )
    webhook_events: Connection[WebhookEvent] | None = strawberry.federation.field(
        resolver=resolve_webhook_events,
        metadata={BATCHED: True},
        description="What vendors told by themselves, the newest first. It needs the scope `admin`.",
    )


schema: Final = FederatedSchema(
    query=Query,
    mutation=Mutation,
    federation_version="2.9",
    directives=[max_staleness],
    config=StrawberryConfig(info_class=GraphInfo, scalar_map=SCALARS),
)
read_large_aside(schema._schema)  # noqa: SLF001 - Strawberry's only way to its graphql-core schema


def print_sdl() -> str:
    """Print the subgraph's schema, as `schema.graphql` and `_service` hold it."""
    return f"{schema.as_str()}\n"


def print_api_sdl() -> str:
    """Print the schema as clients see it, for linters and code generators."""
    return f"{to_api_sdl(print_sdl())}\n"
