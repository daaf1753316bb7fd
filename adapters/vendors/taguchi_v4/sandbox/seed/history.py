"""
What people and users did: a hundred thousand logged events.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.vendors.taguchi_v4.sandbox.events import NONE, PROCESSED, TEST, EventLog
from adapters.vendors.taguchi_v4.sandbox.store import Store

from .event_types import EVENT_TYPES

YEARS_S = 5 * 365 * 86_400
RESPONSES = (("o", 0.38), ("c", 0.4), ("p", 0.15))  # each with its chance after the one before
REFUSALS = (("b", 0.02), ("u", 0.01), ("v", 0.02), ("f", 0.005))
AUDIT_SHARE = 0.04
AUDITS = {"activity": "aac aap aaq aau aav", "campaign": "acc acu", "list": "alc alu", "subscriber": "asc asu"}
KINDS = tuple(AUDITS)
LINKS = 240
PRIVATE_NETWORK = 10 << 24
DATA = ("1234", "", "null", "order 100%", "crédit")


@dataclass(frozen=True, slots=True)
class Sending:
    """An activity's revision that can be sent."""

    activity_id: int
    revision_id: int
    configuration_id: int
    campaign_id: int


NOTHING_SENT = Sending(NONE, NONE, NONE, NONE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose event it is, what message it is about, and how it is flagged."""

    person: int
    sending: Sending
    flags: int


class Historian:
    """
    Writes events: sends in the order of time, each followed by what it caused.
    """

    def __init__(self, store: Store, source: random.Random, now_at: datetime) -> None:
        """People, activities and lists come from the store."""
        types = tuple(row[0] for row in EVENT_TYPES)
        self.log = EventLog(types, KINDS)
        self._source = source
        self._types = {ref: number for number, ref in enumerate(types)}
        self._end_s = int(now_at.timestamp())
        self._sendings = list(_sendings(store))
        self._ids = {kind: store.tables[kind].visible_ids() for kind in KINDS}

    def write(self, count: int) -> EventLog:
        """Write exactly so many events."""
        while len(self.log) < count:
            at_s = self._end_s - YEARS_S + int(YEARS_S * len(self.log) / count)
            if self._source.random() < AUDIT_SHARE:
                self._write_audit(at_s)
            else:
                self._write_send(at_s, count)
        return self.log

    def _write_send(self, at_s: int, count: int) -> None:
        sending = self._source.choice(self._sendings)
        person = self._source.choice(self._ids["subscriber"])
        origin = Origin(person, sending, PROCESSED | (TEST if self._source.random() < 1 / 50 else 0))
        sent = self._append("s", at_s, NONE, origin)
        for ref, parent in self._responses(sent):
            if len(self.log) == count:
                return
            delay_s = int(self._source.expovariate(1 / 40_000))
            at_s = min(self.log.timestamp_s[parent] + delay_s, self._end_s)
            self._append(ref, at_s, parent, origin)

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

    def _write_audit(self, at_s: int) -> None:
        kind = self._source.choice(KINDS)
        user = self._source.choice(self._ids["subscriber"][:20])
        ref = self._source.choice(AUDITS[kind].split())
        position = self._append(ref, at_s, NONE, Origin(user, NOTHING_SENT, PROCESSED))
        self.log.object_kind[position] = KINDS.index(kind)
        self.log.object_id[position] = self._source.choice(self._ids[kind])

    def _append(self, ref: str, at_s: int, parent: int, origin: Origin) -> int:
        log, position, sending = self.log, len(self.log), origin.sending
        log.type.append(self._types[ref])
        log.flags.append(origin.flags)
        log.parent.append(parent)
        log.subscriber_id.append(origin.person)
        log.activity_id.append(sending.activity_id)
        log.revision_id.append(sending.revision_id)
        log.configuration_id.append(sending.configuration_id)
        log.campaign_id.append(sending.campaign_id)
        log.trackurl_id.append(self._source.randrange(LINKS) if ref == "c" else NONE)
        log.object_kind.append(NONE)
        log.object_id.append(NONE)
        log.address.append(PRIVATE_NETWORK + self._source.getrandbits(24) if ref in "oc" else 0)
        log.timestamp_s.append(at_s)
        if ref in "pf":
            log.data[position] = self._source.choice(DATA)
        return position


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
