"""The types that refer to each other in a circle, by name until the schema is built."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from graph.types.activity import Activity
    from graph.types.audience import Audience
    from graph.types.campaign import Campaign
    from graph.types.event_type import EventType
    from graph.types.feed_event import FeedEvent
    from graph.types.subscriber import Subscriber
    from graph.types.subscriber_import import SubscriberImport
    from graph.types.subscriber_list import SubscriberList
    from graph.types.subscriber_view import SubscriberView
    from graph.types.template import Template
    from graph.types.template_revision import TemplateRevision

LazyActivity = Annotated["Activity", strawberry.lazy("graph.types.activity")]
LazyAudience = Annotated["Audience", strawberry.lazy("graph.types.audience")]
LazyCampaign = Annotated["Campaign", strawberry.lazy("graph.types.campaign")]
LazyEventType = Annotated["EventType", strawberry.lazy("graph.types.event_type")]
LazyFeedEvent = Annotated["FeedEvent", strawberry.lazy("graph.types.feed_event")]
LazySubscriber = Annotated["Subscriber", strawberry.lazy("graph.types.subscriber")]
LazySubscriberImport = Annotated["SubscriberImport", strawberry.lazy("graph.types.subscriber_import")]
LazySubscriberList = Annotated["SubscriberList", strawberry.lazy("graph.types.subscriber_list")]
LazySubscriberView = Annotated["SubscriberView", strawberry.lazy("graph.types.subscriber_view")]
LazyTemplate = Annotated["Template", strawberry.lazy("graph.types.template")]
LazyTemplateRevision = Annotated["TemplateRevision", strawberry.lazy("graph.types.template_revision")]
