"""
Which records have event feeds, and where.

Source: taguchi-v4-api.txt, Behavioural History and Audit Log of each resource.
"""

from collections.abc import Mapping
from typing import Final

from adapters.errors import CapabilityError
from adapters.records import Entity, FeedKey, FeedSide

from .resources import FEED_SEGMENTS, RESOURCES
from .windows import read_id

HOLDERS: Final[Mapping[FeedSide, frozenset[Entity]]] = {
    FeedSide.SUBJECT: frozenset({Entity.SUBSCRIBER, Entity.CAMPAIGN, Entity.ACTIVITY}),
    FeedSide.OBJECT: frozenset(RESOURCES) - {Entity.AUDIENCE, Entity.EVENT_TYPE, Entity.FEED_EVENT},
}


def has_rows(feed: FeedKey | None) -> bool:
    """
    Say whether a feed can be asked for: an id that no record can have needs no call.

    Raises:
        CapabilityError: records of this kind have no such feed, or no feed was named.
    """
    if feed is None:
        raise CapabilityError("Taguchi lists events only below a record.", hint="Ask for the events of one record.")
    if feed.holder not in HOLDERS[feed.side]:
        raise CapabilityError(f"Taguchi keeps no {FEED_SEGMENTS[feed.side]} of {feed.holder.plural}.")
    return read_id(feed.id) is not None
