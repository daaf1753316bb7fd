"""
Logged events, kept column by column: a hundred thousand of them in a few megabytes.

Nothing serves them yet; the event feeds and statistics will be read from here.

Source: taguchi-v4-api.txt, Event Feed Resource; tokens lie above 2^53 (vendors/facts.md, 1.6).
"""

from array import array
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any

from .times import SECOND_US, print_timestamp

FIRST_TOKEN = 9_100_000_000_000_001
TOKEN_STEP = 7
NONE = -1
PROCESSED, TEST = 1, 2


def _numbers() -> "array[int]":
    return array("i")


@dataclass(slots=True)
class EventLog:
    """
    One entry in each column per event; `NONE` stands for null. `parent` is the position of the causing event.

    `object_kind` (a position in `object_kinds`) and `object_id` say what an audit event was done to: they decide whose
    object feed it is in and are not printed. `timestamp_s` counts seconds since 1970.
    """

    types: tuple[str, ...]
    object_kinds: tuple[str, ...]
    type: "array[int]" = field(default_factory=lambda: array("b"))
    flags: "array[int]" = field(default_factory=lambda: array("b"))
    parent: "array[int]" = field(default_factory=_numbers)
    subscriber_id: "array[int]" = field(default_factory=_numbers)
    activity_id: "array[int]" = field(default_factory=_numbers)
    revision_id: "array[int]" = field(default_factory=_numbers)
    configuration_id: "array[int]" = field(default_factory=_numbers)
    campaign_id: "array[int]" = field(default_factory=_numbers)
    trackurl_id: "array[int]" = field(default_factory=_numbers)
    object_kind: "array[int]" = field(default_factory=lambda: array("b"))
    object_id: "array[int]" = field(default_factory=_numbers)
    address: "array[int]" = field(default_factory=lambda: array("I"))
    timestamp_s: "array[int]" = field(default_factory=lambda: array("q"))
    data: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.timestamp_s)

    @staticmethod
    def token_of(position: int) -> int:
        """The event token of the event at this position."""
        return FIRST_TOKEN + TOKEN_STEP * position

    def show(self, position: int) -> dict[str, Any]:
        """One event in the document's JSON shape."""
        link_id = _null(self.trackurl_id[position])
        parent = _null(self.parent[position])
        return {
            "type": "logged",
            "id": self.token_of(position),
            "processed": bool(self.flags[position] & PROCESSED),
            "test": bool(self.flags[position] & TEST),
            "parent_id": None if parent is None else self.token_of(parent),
            "event_ref": self.types[self.type[position]],
            "subscriber_id": _null(self.subscriber_id[position]),
            "activity_id": _null(self.activity_id[position]),
            "revision_id": _null(self.revision_id[position]),
            "configuration_id": _null(self.configuration_id[position]),
            "campaign_id": _null(self.campaign_id[position]),
            "trackurl_id": link_id,
            "trackurl_index": None if link_id is None else link_id % 3,
            "trackurl_destination": None if link_id is None else f"https://shop.example.com/p/{link_id // 3}",
            "timestamp": print_timestamp(self.timestamp_s[position] * SECOND_US),
            "data": self.data.get(position),
            "custom_fields": self._custom_fields(position),
        }

    def _custom_fields(self, position: int) -> list[dict[str, str]]:
        address = self.address[position]
        return [{"field": "ip", "data": str(IPv4Address(address))}] if address else []


def _null(number: int) -> int | None:
    return None if number == NONE else number
