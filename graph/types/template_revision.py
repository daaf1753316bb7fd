"""Revisions of templates."""

from datetime import datetime

import strawberry

from adapters.records import TemplateRevisionRecord
from graph.types.lazy import LazyTemplate
from graph.types.node import SOURCE_ID, Node, part_type
from graph.types.relation import plain, relation


@part_type(TemplateRevisionRecord)
class TemplateRevision(Node):
    """One saved state of a template."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    template_id: strawberry.ID = plain("The vendor's id of the template.")
    id: strawberry.ID = plain("The vendor's own id of the revision.", name="vendorId")
    content: str | None = plain("The stylesheet, an XML text that turns an activity's content into a message or page.")
    format: str | None = plain("The description of what editors may enter, an XML text.")
    created_at: datetime | None = plain("When it was saved.")
    template: LazyTemplate | None = relation("TemplateRevision", "template", "The template.")
