"""The types that refer to each other in a circle, by name until the schema is built."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from graph.types.campaign import Campaign
    from graph.types.subscriber import Subscriber
    from graph.types.subscriber_list import SubscriberList

LazyCampaign = Annotated["Campaign", strawberry.lazy("graph.types.campaign")]
LazySubscriber = Annotated["Subscriber", strawberry.lazy("graph.types.subscriber")]
LazySubscriberList = Annotated["SubscriberList", strawberry.lazy("graph.types.subscriber_list")]
