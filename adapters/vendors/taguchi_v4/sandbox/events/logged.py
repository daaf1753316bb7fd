"""
Logged events, kept column by column: a hundred thousand of them in a few megabytes.

Source: taguchi-v4-api.txt, Event Feed Resource; tokens lie above 2^53 (vendors/facts.md, 1.6).
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address
from typing import NamedTuple

from adapters.vendors.taguchi_v4.sandbox.children import Item
from adapters.vendors.taguchi_v4.sandbox.columns import Value
from adapters.vendors.taguchi_v4.sandbox.tables import Row, with_fraction

from .index import PositionIndex
from .shape import LOGGED

NONE = -1
PROCESSED, TEST = 1, 2
Link = tuple[int | None, int | None, str | None]
NO_LINK: Link = (None, None, None)
PLACE_FACTOR, PLACES = 2_654_435_761, 2**32


_INT1: Callable[[], "array[int]"] = partial(array, "b")
_UINT1: Callable[[], "array[int]"] = partial(array, "B")
_INT4: Callable[[], "array[int]"] = partial(array, "i")
_UINT4: Callable[[], "array[int]"] = partial(array, "I")
_INT8: Callable[[], "array[int]"] = partial(array, "q")


class Entry(NamedTuple):
    """
    One logged event as numbers, `NONE` standing for null.

    `parent` is the token of the causing event, always a logged one: what has not occurred causes nothing [inferred].
    `type` and `link` are positions in the log's `types` and `links`. `object_kind` (a position in `object_kinds`) and
    `object_id` say what an audit event was done to: they decide whose object feed it is in and are not printed.
    `address` is the custom field `ip`, 0 for none.
    """

    token: int
    type: int
    flags: int
    timestamp_us: int
    parent: int = NONE
    subscriber_id: int = NONE
    activity_id: int = NONE
    revision_id: int = NONE
    configuration_id: int = NONE
    campaign_id: int = NONE
    link: int = NONE
    object_kind: int = NONE
    object_id: int = NONE
    address: int = 0


@dataclass(slots=True)
class EventLog:
    """
    The logged events in the order of their creation: a column for each field of `Entry`.

    With `subsecond_times`, times given to the second are kept with a made-up, stable fraction. `data` and `fields`
    (custom fields besides `ip`) hold what few events have, by position.
    """

    types: list[str]
    object_kinds: tuple[str, ...]
    subsecond_times: bool = False
    links: list[Link] = field(default_factory=list)
    token: "array[int]" = field(default_factory=_INT8)
    type: "array[int]" = field(default_factory=_UINT1)
    flags: "array[int]" = field(default_factory=_UINT1)
    timestamp_us: "array[int]" = field(default_factory=_INT8)
    parent: "array[int]" = field(default_factory=_INT8)
    subscriber_id: "array[int]" = field(default_factory=_INT4)
    activity_id: "array[int]" = field(default_factory=_INT4)
    revision_id: "array[int]" = field(default_factory=_INT4)
    configuration_id: "array[int]" = field(default_factory=_INT4)
    campaign_id: "array[int]" = field(default_factory=_INT4)
    link: "array[int]" = field(default_factory=_INT4)
    object_kind: "array[int]" = field(default_factory=_INT1)
    object_id: "array[int]" = field(default_factory=_INT4)
    address: "array[int]" = field(default_factory=_UINT4)
    data: dict[int, str] = field(default_factory=dict)
    fields: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    _columns: "tuple[array[int], ...]" = field(init=False, compare=False, repr=False)
    _indexes: dict[str, PositionIndex] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Gather the columns in the order of an entry."""
        self._columns = tuple(getattr(self, name) for name in Entry._fields)

    def __len__(self) -> int:
        return len(self.token)

    def append(self, entry: Entry) -> int:
        """Add an event and return its position."""
        if self.subsecond_times:
            timestamp_us = with_fraction(entry.timestamp_us, entry.token, "timestamp")
            entry = entry._replace(timestamp_us=timestamp_us)
        for column, number in zip(self._columns, entry, strict=True):
            column.append(number)
        return len(self.token) - 1

    def index(self, column: str) -> PositionIndex:
        """The index of a column, its equals ordered by position; that of `type` orders them by time."""
        if column not in self._indexes:
            within = self.timestamp_us if column == "type" else None
            self._indexes[column] = PositionIndex(getattr(self, column), within)
        return self._indexes[column]

    def find_subject(self, column: str, key: int) -> "array[int]":
        """The positions of the events a subscriber, an activity or a campaign originated."""
        return self.index(column).find(key)

    def find_object(self, kind: str, key: int) -> Iterator[int]:
        """The positions of the events done to a record."""
        number = self.object_kinds.index(kind)
        return (position for position in self.index("object_id").find(key) if self.object_kind[position] == number)

    def row(self, position: int) -> Row:
        """One event as a row of the feed."""
        return Row(self._values(position), [self._custom_fields(position)], position * PLACE_FACTOR % PLACES)

    def _values(self, position: int) -> list[Value]:
        flags = self.flags[position]
        link = self.link[position]
        return [
            LOGGED,
            self.token[position],
            bool(flags & PROCESSED),
            bool(flags & TEST),
            _null(self.parent[position]),
            self.types[self.type[position]],
            _null(self.subscriber_id[position]),
            _null(self.activity_id[position]),
            _null(self.revision_id[position]),
            _null(self.configuration_id[position]),
            _null(self.campaign_id[position]),
            *(NO_LINK if link == NONE else self.links[link]),
            self.timestamp_us[position],
            self.data.get(position),
            *(None, None, None, None, None),
        ]

    def _custom_fields(self, position: int) -> tuple[Item, ...]:
        address = self.address[position]
        others = self.fields.get(position, ())
        return (("ip", str(IPv4Address(address))), *others) if address else others


def _null(number: int) -> int | None:
    return None if number == NONE else number
