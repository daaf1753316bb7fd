"""Revisions of activities."""

from datetime import datetime

import strawberry

from adapters.records import ActivityRevisionRecord
from graph.types.description import described
from graph.types.lazy import LazyActivity, LazyTemplateRevision
from graph.types.node import SOURCE_ID, Node, part_type
from graph.types.relation import plain, relation
from graph.types.statistics import EventSeries
from graph.types.statistics_field import event_stats


@described(strawberry.type)
class RevisionCombination:
    """One way to put the variable fragments of a revision together: what one group of people gets to see."""

    id: strawberry.ID = plain("The vendor's own id of the combination.", name="vendorId")
    fragment_ids: list[strawberry.ID] = plain("The fragments that are shown, one of each group of fragments.")


@part_type(ActivityRevisionRecord)
class ActivityRevision(Node):
    """One saved state of an activity's content. Only an approved one is sent to people."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    activity_id: strawberry.ID = plain("The vendor's id of the activity.")
    id: strawberry.ID = plain("The vendor's own id of the revision.", name="vendorId")
    content: str | None = plain("The content, an XML text that the template turns into a message or page.")
    template_revision_id: strawberry.ID | None = plain("The vendor's id of the template revision it was made with.")
    combinations: list[RevisionCombination] = plain("Every way its variable fragments can be put together.")
    approval_status: str | None = plain("`deployed` or `approved` where people may get it; otherwise it is a draft.")
    created_at: datetime | None = plain("When it was saved.")
    activity: LazyActivity | None = relation("ActivityRevision", "activity", "The activity.")
    template_revision: LazyTemplateRevision | None = relation(
        "ActivityRevision",
        "templateRevision",
        "The template revision it was made with; nothing where it is none of the activity's present template.",
    )
    stats: list[EventSeries] | None = event_stats(
        "ActivityRevision",
        "How often events happened for the revision: a row of numbers for each type of event and period.",
    )
