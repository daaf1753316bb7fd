"""
What the sandbox keeps: people, partitions, and the events and messages it was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .keys import read_identifiers

Row = dict[str, Any]

FIRST_PERSON = 121_293_458
"""Source: vendors/facts.md, 2.2, target by numeric id: of this size."""

FIRST_PARTITION = 71


@dataclass(slots=True)
class Person:
    """A profile, and which identifying fields were ever sent for it: those are asked for again in every update."""

    row: Row
    sent: set[str] = field(default_factory=set)


class Store:
    """People by Taguchi id, with an index over what identifies them."""

    def __init__(self) -> None:
        """Start empty."""
        self.people: dict[int, Person] = {}
        self.partitions: dict[int, Row] = {}
        self.events: list[Row] = []
        self.messages: list[Row] = []
        self._index: dict[tuple[str, str], int] = {}
        self._last_event = 174_049_918_808_633_343

    @property
    def rows(self) -> Iterator[Row]:
        """Every profile, in the order of their ids."""
        return (person.row for person in self.people.values())

    def add_person(self, row: Row) -> Person:
        """Keep a new profile under an id of its own."""
        key = FIRST_PERSON + len(self.people)
        self.people[key] = Person({"id": key, **row})
        self.index(key)
        return self.people[key]

    def index(self, key: int) -> None:
        """Make a profile findable by what identifies it now; of several the first is found."""
        for identifier in read_identifiers(self.people[key].row).items():
            self._index.setdefault(identifier, key)

    def unindex(self, key: int) -> None:
        """Forget what a profile was found by."""
        for identifier in read_identifiers(self.people[key].row).items():
            if self._index.get(identifier) == key:
                del self._index[identifier]

    def find_person(self, field_name: str, key: str) -> Person | None:
        """Find a profile by id or by one of its identifying fields, given what that is compared by."""
        if field_name == "id":
            return self.people.get(int(key))
        found = self._index.get((field_name, key))
        return None if found is None else self.people[found]

    def add_partition(self, row: Row) -> Row:
        """Keep a new partition under an id of its own."""
        key = FIRST_PARTITION + len(self.partitions)
        self.partitions[key] = {"id": key, **row}
        return self.partitions[key]

    def find_partition(self, field_name: str, key: str) -> Row | None:
        """Find a partition by id or reference."""
        return next((row for row in self.partitions.values() if str(row[field_name]) == key), None)

    def next_event_id(self) -> int:
        """Return the id of the next event: of 64 bits, as the vendor's are."""
        self._last_event += 1
        return self._last_event
