"""People's places in audiences."""

import strawberry

from graph.types.description import described
from graph.types.lazy import LazyAudience
from graph.types.node import SOURCE_ID
from graph.types.relation import plain, relation


@described(strawberry.type)
class AudienceMembership:
    """A person's place in one audience, as the person's own record tells it."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    audience_id: strawberry.ID = plain("The vendor's id of the audience.")
    name: str | None = plain("The audience's name, where the person's record tells it.")
    audience: LazyAudience | None = relation("AudienceMembership", "audience", "The audience itself.")
