"""
What people and users did: a hundred thousand logged events.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.vendors.taguchi_v4.sandbox.events import EventLog
from adapters.vendors.taguchi_v4.sandbox.events.feeds import OBJECTS
from adapters.vendors.taguchi_v4.sandbox.events.logged import NONE, PROCESSED, TEST, Entry
from adapters.vendors.taguchi_v4.sandbox.events.recording import FIRST_TOKEN, TOKEN_STEP
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.times import SECOND_US, to_microseconds

from .event_types import AUDITS, EVENT_TYPES

YEARS_US = 5 * 365 * 86_400 * SECOND_US
RESPONSES = (("o", 0.38), ("c", 0.4), ("p", 0.15))  # each with its chance after the one before
REFUSALS = (("b", 0.02), ("u", 0.01), ("v", 0.02), ("f", 0.005))
EARLY_SHARE = 20  # one event in so many is from the time when tokens were small
AUDIT_SHARE = 0.04
UNKNOWN_PARENT_SHARE = 0.03
USERS = 20
LINKS = [(number, (0, 1, 5)[number % 3], f"https://shop.example.com/p/{number // 3}") for number in range(1, 240)]
PRIVATE_NETWORK = 10 << 24
DATA = ("1234", "", "null", "order 100%", "crédit", None, None)


@dataclass(frozen=True, slots=True)
class Sending:
    """An activity's revision that can be sent."""

    activity_id: int
    revision_id: int
    configuration_id: int
    campaign_id: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Whose events follow, from what message, how flagged; after which event, and when that was."""

    person: int
    sending: Sending
    flags: int
    parent: int
    at_us: int


class Historian:
    """
    Writes events: sends in the order of time, each followed by what it caused.
    """

    def __init__(self, store: Store, source: random.Random, now_at: datetime) -> None:
        """People, activities and the rest come from the store."""
        types = [row[0] for row in EVENT_TYPES]
        self.log = EventLog(types, OBJECTS, subsecond_times=store.subsecond_times, links=list(LINKS))
        self._source = source
        self._types = {ref: number for number, ref in enumerate(types)}
        self._end_us = to_microseconds(now_at)
        self._sendings = list(_sendings(store))
        self._ids = {kind: store.tables[kind].visible_ids() for kind in OBJECTS}
        self._early = 0

    def write(self, count: int) -> EventLog:
        """Write exactly so many events."""
        self._early = count // EARLY_SHARE
        while len(self.log) < count:
            at_us = self._end_us - YEARS_US + YEARS_US * len(self.log) // count // SECOND_US * SECOND_US
            if self._source.random() < AUDIT_SHARE:
                self._write_audit(at_us)
            else:
                self._write_send(at_us, count)
        return self.log

    def _write_send(self, at_us: int, count: int) -> None:
        flags = TEST if self._source.random() < 1 / 50 else 0
        flags |= PROCESSED if self._source.random() < 39 / 40 else 0
        person, sending = self._source.choice(self._ids["subscriber"]), self._source.choice(self._sendings)
        sent = Cause(person, sending, flags, self._unknown_parent(), at_us)
        position = self._append("s", sent)
        for ref, parent in self._responses(position):
            if len(self.log) == count:
                return
            delay_us = int(self._source.expovariate(1 / 40_000)) * SECOND_US
            at_us = min(self.log.timestamp_us[parent] // SECOND_US * SECOND_US + delay_us, self._end_us)
            self._append(ref, Cause(person, sending, flags, self.log.token[parent], at_us))

    def _unknown_parent(self) -> int:
        """Some messages were sent because of an event that is not to be found: between two tokens lies none."""
        if self._source.random() >= UNKNOWN_PARENT_SHARE:
            return NONE
        return FIRST_TOKEN + TOKEN_STEP * self._source.randrange(len(self.log) + 1) + 3

    def _responses(self, sent: int) -> Iterator[tuple[str, int]]:
        for ref, chance in REFUSALS:
            if self._source.random() < chance:
                yield ref, sent
        parent = sent
        for ref, chance in RESPONSES:
            if self._source.random() >= chance:
                return
            yield ref, parent
            parent = len(self.log) - 1

    def _write_audit(self, at_us: int) -> None:
        kind = self._source.choice(OBJECTS)
        self.log.append(
            Entry(
                token=self._next_token(),
                type=self._types[self._source.choice(AUDITS[kind])],
                flags=PROCESSED,
                timestamp_us=at_us,
                subscriber_id=self._source.choice(self._ids["subscriber"][:USERS]),
                object_kind=OBJECTS.index(kind),
                object_id=self._source.choice(self._ids[kind]),
            )
        )

    def _append(self, ref: str, cause: Cause) -> int:
        sending = cause.sending
        position = self.log.append(
            Entry(
                token=self._next_token(),
                type=self._types[ref],
                flags=cause.flags,
                timestamp_us=cause.at_us,
                parent=cause.parent,
                subscriber_id=cause.person,
                activity_id=sending.activity_id,
                revision_id=sending.revision_id,
                configuration_id=sending.configuration_id,
                campaign_id=sending.campaign_id,
                link=self._source.randrange(len(LINKS)) if ref == "c" else NONE,
                address=PRIVATE_NETWORK + self._source.getrandbits(24) if ref in "oc" else 0,
            )
        )
        data = self._source.choice(DATA) if ref in "pf" else None
        if data is not None:
            self.log.data[position] = data
        return position

    def _next_token(self) -> int:
        position = len(self.log)
        return position + 1 if position < self._early else FIRST_TOKEN + TOKEN_STEP * (position - self._early)


def _sendings(store: Store) -> Iterator[Sending]:
    for activity in store.rows("activity"):
        campaign_id = activity["campaign_id"]
        for revision in activity["revisions"]:
            yield Sending(
                activity["id"],
                revision["id"],
                revision["combinations"][0]["id"],
                NONE if campaign_id is None else campaign_id,
            )
