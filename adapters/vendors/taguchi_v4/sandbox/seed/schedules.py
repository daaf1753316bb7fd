"""
What will happen: scheduled events, whose small ids collide with the oldest logged ones.
"""

import random
from datetime import datetime
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.events import EventLog, EventSchedule
from adapters.vendors.taguchi_v4.sandbox.events.logged import NONE
from adapters.vendors.taguchi_v4.sandbox.events.recording import schedule_event
from adapters.vendors.taguchi_v4.sandbox.events.scheduled import ObjectKey
from adapters.vendors.taguchi_v4.sandbox.events.shape import show_event

from .drawing import Draw
from .event_types import AUDITS

LOGGED_PER_SCHEDULED = 50
SAME_PERSON_EVERY = 4  # one in so many is about the person whose logged event has the same id
RULES = (
    None, None, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=12", "FREQ=YEARLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20301231T235959Z",
)  # fmt: skip
REASONS = ("opt-in", "birthday", "", "null", None)
"""
Reasons for scheduling; the first is the document's.
"""


COPIED = ("test", "subscriber_id", "activity_id", "revision_id", "configuration_id", "campaign_id")


def add_scheduled(log: EventLog, source: random.Random, now_at: datetime) -> EventSchedule:
    """
    Make scheduled events, each caused by a logged one: one for every fifty of them.
    """
    schedule = EventSchedule(subsecond_times=log.subsecond_times)
    draw = Draw(source, now_at)
    count = len(log) // LOGGED_PER_SCHEDULED
    for number in range(1, count + 1):
        after = len(log) * number // count
        caused_by = number - 1 if number % SAME_PERSON_EVERY == 0 else source.randrange(after)
        event, done_to = _event(log, caused_by, draw)
        schedule_event(schedule, {"id": number, **event}, after, done_to)
    return schedule


def _event(log: EventLog, position: int, draw: Draw) -> tuple[dict[str, Any], ObjectKey | None]:
    cause = show_event(log.row(position))
    done_to = None
    event_ref = draw.choice(("s", "s", "s", "p", "t"))
    if log.object_kind[position] != NONE:
        done_to = (log.object_kinds[log.object_kind[position]], log.object_id[position])
        event_ref = draw.choice(AUDITS[done_to[0]])
    event = {
        "parent_id": draw.maybe(0.8, cause["id"]),
        "event_ref": event_ref,
        "data": draw.choice(("1", "", None)),
        "custom_fields": [{"field": "reason", "data": draw.choice(REASONS)}] if draw.chance(0.5) else [],
        **{name: cause[name] for name in COPIED},
        **_timing(draw),
    }
    return event, done_to


def _timing(draw: Draw) -> dict[str, Any]:
    rule = draw.choice(RULES)
    return {
        "type": "scheduled",
        "oneshot": rule is None,
        "schedule": rule,
        "start_timestamp": draw.maybe(0.95, draw.fresh_time(days=900)),
        "last_timestamp": draw.fresh_time(days=90) if rule is not None and draw.chance(0.8) else None,
        "next_timestamp": draw.maybe(0.9, draw.future_time()),
    }
