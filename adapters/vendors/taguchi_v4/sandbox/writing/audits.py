"""
The audit log of writes: what was done to a record stands in its object feed.

Source: taguchi-v4-api.txt, Audit Log; the references of activities' events are in its example, those of other resources
are the sandbox's own (`seed/event_types.py`), and no event type is known for what is not here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.sandbox import VirtualClock
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.tables import Key
from adapters.vendors.taguchi_v4.sandbox.times import print_timestamp, read_timestamp, to_microseconds


class Deed(StrEnum):
    """What is done to a record: the last letter of the event's reference. `PUT_THROUGH`: proofed, or processed."""

    APPROVED = "a"
    CREATED = "c"
    DELETED = "d"
    ASKED_FOR_APPROVAL = "e"
    COMMENTED = "o"
    PUT_THROUGH = "p"
    QUEUED = "q"
    TRIGGERED = "t"
    UPDATED = "u"


PREFIXES = {
    "activity": "aa",
    "campaign": "ac",
    "subscriber": "as",
    "list": "al",
    "import": "ai",
    "view": "av",
    "template": "at",
}


@dataclass(frozen=True, slots=True)
class Audit:
    """
    Writes events at the present of a clock.
    """

    store: Store
    clock: VirtualClock

    @property
    def now(self) -> str:
        """The present, as the JSON interface prints it."""
        return print_timestamp(to_microseconds(self.clock.now_at))

    def note(self, deed: Deed, resource: str, key: Key, **fields: Any) -> int | None:
        """Log that something was done to a record, where there is an event type for it; return the event's id."""
        ref = PREFIXES[resource] + deed.value
        if not self.store.exists("event", ref):
            return None
        event = {"event_ref": ref, "timestamp": self.now, "processed": True, **fields}
        return self.store.insert_event(event, (resource, int(key)))[1]

    def is_past(self, printed: str) -> bool:
        """Say whether a time, as it was sent, is not after the present."""
        return read_timestamp(printed) <= to_microseconds(self.clock.now_at)
