"""
The names of resources and feeds in paths, and what their replies are remembered as.
"""

from collections.abc import Mapping
from typing import Final

from adapters.records import Entity, FeedSide

RESOURCES: Final[Mapping[Entity, str]] = {
    Entity.SUBSCRIBER: "subscriber",
    Entity.LIST: "list",
    Entity.CAMPAIGN: "campaign",
    Entity.ACTIVITY: "activity",
    Entity.TEMPLATE: "template",
    Entity.IMPORT: "import",
    Entity.VIEW: "view",
    Entity.AUDIENCE: "view",
    Entity.EVENT_TYPE: "event",
    Entity.FEED_EVENT: "event-feed",
}

REMEMBERED: Final[Mapping[str, str]] = {
    **{resource: entity.value for entity, resource in RESOURCES.items() if entity is not Entity.AUDIENCE},
    "stats": "statistics",
}
"""What each resource's replies are remembered as; a view read as an audience is still the vendor's view."""

FEED_SEGMENTS: Final[Mapping[FeedSide, str]] = {FeedSide.SUBJECT: "subject-feed", FeedSide.OBJECT: "object-feed"}
