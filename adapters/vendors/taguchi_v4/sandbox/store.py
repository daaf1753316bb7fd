"""
Everything the sandbox remembers, and the handle tests change it by.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from .events import EventLog, EventSchedule, Feed, merge, record_event
from .events.feeds import OBJECTS
from .events.shape import show_event
from .options import SandboxOptions
from .resources import RESOURCES
from .tables import Key, Table

History = tuple[EventLog, EventSchedule]


class Store:
    """
    One table per resource, the log of events and the schedule. Records and events go in and come out as the JSON
    interface prints them. `files` are what imports may be made of, by address.

    What happened before is written when it is first asked about, by `write_history`: it is the larger half of a seeded
    account, and many look at people only.
    """

    def __init__(self, organization_id: int = 1, options: SandboxOptions | None = None) -> None:
        """Start empty."""
        self.organization_id = organization_id
        self.subsecond_times = (options or SandboxOptions()).subsecond_times
        self.tables = {name: Table(item, subsecond_times=self.subsecond_times) for name, item in RESOURCES.items()}
        self.write_history: Callable[[], History] = self._write_nothing
        self.files: dict[str, str] = {}

    @property
    def events(self) -> EventLog:
        """What has happened."""
        return self._history[0]

    @property
    def schedule(self) -> EventSchedule:
        """What will happen."""
        return self._history[1]

    @cached_property
    def _history(self) -> History:
        return self.write_history()

    def _write_nothing(self) -> History:
        log = EventLog([], OBJECTS, subsecond_times=self.subsecond_times)
        return log, EventSchedule(subsecond_times=self.subsecond_times)

    def insert(self, resource: str, record: Mapping[str, Any]) -> Key:
        """
        Add a record; what is left out is null, an empty list, this organization, or the next id.

        Raises:
            ValueError: unknown field, a value its field cannot hold, or a key in use.
        """
        table = self.tables[resource]
        if "organization_id" in table.resource.positions:
            record = {"organization_id": self.organization_id, **record}
        return table.insert(record)

    def update(self, resource: str, key: Key, changes: Mapping[str, Any]) -> None:
        """Replace fields of a record, lists whole."""
        self.tables[resource].update(key, changes)

    def soft_delete(self, resource: str, key: Key) -> None:
        """Hide a record from every read, its children included."""
        self.tables[resource].soft_delete(key)

    def row(self, resource: str, key: Key) -> dict[str, Any] | None:
        """One visible record with all its revisions, None when there is none."""
        table = self.tables[resource]
        row = table.find(key)
        return None if row is None else table.show(row)

    def rows(self, resource: str) -> list[dict[str, Any]]:
        """Every visible record in the order of creation, with all its revisions."""
        table = self.tables[resource]
        return [table.show(row) for row in table.visible()]

    def every_row(self, resource: str) -> Iterator[dict[str, Any]]:
        """Every record in the order of creation, the deleted ones included."""
        table = self.tables[resource]
        return (table.show(row) for _, row in table.every())

    def exists(self, resource: str, key: Key) -> bool:
        """Say whether there is, or ever was, a record with a key given as a number or as text."""
        column = self.tables[resource].resource.key_column
        return any(found == column.type.read(str(key)) for found, _ in self.tables[resource].every())

    def find_by(
        self, resource: str, values: Mapping[str, str | None], *, but: Key | None = None, deleted: bool = False
    ) -> Key | None:
        """Find the oldest record, other than `but`, with these texts; of deleted ones too where it is said."""
        table = self.tables[resource]
        places = [(table.resource.positions[name], value) for name, value in values.items()]
        visible = None if deleted else {id(row) for row in table.visible()}
        return next(
            (
                key
                for key, row in table.every()
                if key != but
                and (visible is None or id(row) in visible)
                and all(row.values[place] == value for place, value in places)
            ),
            None,
        )

    def insert_event(self, event: Mapping[str, Any], done_to: tuple[str, int] | None = None) -> tuple[str, int]:
        """
        Add an event after all others and return its kind and id; `type` is `logged` unless it says `scheduled`.

        `done_to`, a resource and an id, puts it into that record's object feed as well. What is left out is null,
        false or the next id of its kind; a logged event needs `event_ref` and `timestamp`.

        Raises:
            ValueError: unknown field, a value its field cannot hold, or an id its kind has in use.
        """
        return record_event(self.events, self.schedule, event, done_to)

    def event_rows(self) -> Iterator[dict[str, Any]]:
        """Every event, test events included, in the order of creation, as a feed prints them."""
        every = merge(self.events, range(len(self.events)), self.schedule.events)
        return (show_event(row) for row in every)

    def feed_rows(self, resource: str, key: int, feed: str) -> list[dict[str, Any]]:
        """The events of one record's `subject-feed` or `object-feed`, in the order of creation."""
        return [show_event(row) for row in Feed(self.events, self.schedule, resource, feed, key).rows()]

    def memberships(self) -> Iterator[dict[str, Any]]:
        """Every list membership of every visible subscriber, with `subscriber_id` and the subscriber's `bounced`."""
        for person in self.rows("subscriber"):
            for membership in person["lists"]:
                yield {"subscriber_id": person["id"], "bounced": person["bounced"], **membership}
