"""Activities."""

from datetime import datetime

import strawberry

from adapters.records import ActivityRecord
from graph.execution.collector import BATCHED
from graph.types.activity_revision import ActivityRevision
from graph.types.connection import Connection
from graph.types.feed_field import audit_feed, event_feed
from graph.types.lazy import LazyCampaign, LazyFeedEvent, LazySubscriberList, LazySubscriberView, LazyTemplate
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain, relation
from graph.types.revision import resolve_activity_revisions
from graph.types.statistics import EventSeries
from graph.types.statistics_field import event_stats


@node_type(ActivityRecord)
class Activity(Node):
    """A mailing, a text message or a page that is made for each person who gets or opens it."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the activity, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The activity's name, as the vendor's own pages show it.")
    type: str | None = plain("The vendor's word for how it is distributed and edited, as `broadcast`.")
    subtype: str | None = plain("The vendor's word for which templates are suggested for it.")
    status: str | None = plain("The vendor's word for the activity's state.")
    approval_status: str | None = plain("The approval of its current approved revision; it can be sent only with one.")
    scheduled_at: datetime | None = plain("When it is to be sent; once it is sent, when that was.")
    throttle: int | None = plain(
        "How fast it is sent, in messages. Taguchi's document says per second, its own client libraries per minute."
    )
    campaign_id: strawberry.ID | None = plain("The vendor's id of the campaign.")
    template_id: strawberry.ID | None = plain("The vendor's id of the template.")
    campaign: LazyCampaign | None = relation("Activity", "campaign", "The campaign it belongs to.")
    template: LazyTemplate | None = relation("Activity", "template", "The template it is made with.")
    target_lists: list[LazySubscriberList | None] | None = relation(
        "Activity",
        "targetLists",
        "The lists it goes to, everyone on any of them; nothing where none are set, and nothing in the place of a list "
        "that the vendor hides.",
    )
    target_views: list[LazySubscriberView | None] | None = relation(
        "Activity",
        "targetViews",
        "The views that narrow those lists to people who meet any of them; nothing where none are set, and nothing in "
        "the place of a view that the vendor hides.",
    )
    revisions: list[ActivityRevision] | None = strawberry.field(
        resolver=resolve_activity_revisions,
        metadata={BATCHED: True},
        description="Its saved content. With the activity itself, one choice costs no call more.",
    )
    stats: list[EventSeries] | None = event_stats(
        "Activity", "How often events happened for the activity: a row of numbers for each type of event and period."
    )
    events: Connection[LazyFeedEvent] | None = event_feed(
        "Activity", "What happened because of the activity: messages sent, opened, clicked."
    )
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "Activity", "What was done to the activity itself: who made, approved and sent it."
    )
