"""
Scheduled events: few, and so kept as the rows a feed shows.

Source: taguchi-v4-api.txt, Event Feed Resource. Their ids are a sequence of their own [inferred: the example's
scheduled event has id 1], so the same number may name a logged event too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.vendors.taguchi_v4.sandbox.tables import Row

from .shape import FEED

ObjectKey = tuple[str, int]
ID = FEED.positions["id"]


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """
    A row, how many logged events there were when it was created, and what record it will be done to.
    """

    row: Row
    after: int
    done_to: ObjectKey | None


@dataclass(slots=True)
class EventSchedule:
    """
    The scheduled events in the order of their creation.
    """

    subsecond_times: bool = False
    events: list[ScheduledEvent] = field(default_factory=list)
    _by_key: dict[tuple[str, object], list[int]] = field(default_factory=dict)
    _ids: set[int] = field(default_factory=set)
    last_id: int = 0

    def __len__(self) -> int:
        return len(self.events)

    def add(self, event: ScheduledEvent) -> None:
        """
        Append an event.

        Raises:
            ValueError: its id is in use, or it was created before the last one.
        """
        key = event.row.values[ID]
        if not isinstance(key, int) or key in self._ids:
            raise ValueError(f"scheduled event {key} exists")
        if self.events and event.after < self.events[-1].after:
            raise ValueError("scheduled events are added in the order of creation")
        self._ids.add(key)
        self.last_id = max(self.last_id, key)
        for found_by in _keys_of(event):
            self._by_key.setdefault(found_by, []).append(len(self.events))
        self.events.append(event)

    def find(self, column: str, key: int) -> Iterator[ScheduledEvent]:
        """
        The events with this subscriber, activity or campaign; with a record's kind as the column, those done to it.
        """
        return (self.events[position] for position in self._by_key.get((column, key), ()))


SUBJECT_COLUMNS = ("subscriber_id", "activity_id", "campaign_id")


def _keys_of(event: ScheduledEvent) -> Iterator[tuple[str, object]]:
    for column in SUBJECT_COLUMNS:
        value = event.row.values[FEED.positions[column]]
        if value is not None:
            yield column, value
    if event.done_to is not None:
        yield event.done_to
