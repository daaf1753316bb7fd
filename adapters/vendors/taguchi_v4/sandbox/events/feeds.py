"""
Feeds: the events one record originated, and those done to it, logged and scheduled in one line.

Source: taguchi-v4-api.txt, Behavioural History and Audit Log of each resource. What belongs to a subject feed is
[inferred] from the fields: a subscriber's holds the events with its `subscriber_id`, an activity's those with its
`activity_id`, a campaign's those credited to it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.vendors.taguchi_v4.sandbox.tables import Row

from .logged import EventLog
from .scheduled import EventSchedule, ScheduledEvent

SUBJECT_FEED = "subject-feed"
OBJECT_FEED = "object-feed"
SUBJECTS = {"subscriber": "subscriber_id", "activity": "activity_id", "campaign": "campaign_id"}
OBJECTS = ("activity", "campaign", "subscriber", "list", "import", "view", "template")


def has_feed(resource: str, feed: str) -> bool:
    """
    Whether records of a resource have a feed of this name.
    """
    return resource in (SUBJECTS if feed == SUBJECT_FEED else OBJECTS if feed == OBJECT_FEED else ())


@dataclass(frozen=True, slots=True)
class Feed:
    """
    One feed of one record, which exists.
    """

    log: EventLog
    schedule: EventSchedule
    resource: str
    feed: str
    key: int

    def rows(self) -> Iterator[Row]:
        """The feed's events in the order of their creation, each built when it is reached."""
        if self.feed == SUBJECT_FEED:
            column = SUBJECTS[self.resource]
            return merge(self.log, self.log.find_subject(column, self.key), self.schedule.find(column, self.key))
        logged = self.log.find_object(self.resource, self.key)
        return merge(self.log, logged, self.schedule.find(self.resource, self.key))


def merge(log: EventLog, positions: Iterable[int], scheduled: Iterable[ScheduledEvent]) -> Iterator[Row]:
    """
    Rows of logged events, given by position, and of scheduled ones in the order of their creation.
    """
    waiting = deque(scheduled)
    for position in positions:
        while waiting and waiting[0].after <= position:
            yield waiting.popleft().row
        yield log.row(position)
    for event in waiting:
        yield event.row
