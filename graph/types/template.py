"""Templates."""

import strawberry

from adapters.records import TemplateRecord
from graph.execution.collector import BATCHED
from graph.inputs.activity_filter import ActivityFilter
from graph.inputs.order import ActivityOrder
from graph.types.connection import Connection
from graph.types.connection_field import child_connection
from graph.types.feed_field import audit_feed
from graph.types.lazy import LazyActivity, LazyFeedEvent
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain
from graph.types.revision import resolve_template_revisions
from graph.types.template_revision import TemplateRevision


@node_type(TemplateRecord)
class Template(Node):
    """The layout of mailings, text messages or pages, and the description of what editors may put into it."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the template, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The template's name, as the vendor's own pages show it.")
    type: str | None = plain("The vendor's word for how activities made with it are distributed, as `broadcast`.")
    subtype: str | None = plain("The vendor's word for the activities it is suggested for.")
    status: str | None = plain("The vendor's word for the template's state; usually nothing.")
    activities: Connection[LazyActivity] | None = child_connection(
        "Template",
        "activities",
        "The activities that are made with the template.",
        filter_input=ActivityFilter,
        order_input=ActivityOrder,
    )
    revisions: list[TemplateRevision] | None = strawberry.field(
        resolver=resolve_template_revisions,
        metadata={BATCHED: True},
        description="Its saved content. With the template itself, one choice costs no call more.",
    )
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "Template", "What was done to the template: who made and changed it."
    )
