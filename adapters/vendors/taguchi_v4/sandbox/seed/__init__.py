"""
The made-up account: deterministic, realistic, and holding every nasty value somebody may trip over.
"""

import random
from datetime import datetime

from adapters.vendors.taguchi_v4.sandbox.store import History, Store

from .audience import add_imports, add_lists, add_views
from .event_types import add_event_types
from .history import Historian
from .messages import add_activities, add_campaigns, add_templates
from .people import add_people
from .schedules import add_scheduled

__all__ = ["fill"]


def fill(store: Store, seed: int, *, subscribers: int, events: int, now_at: datetime) -> None:
    """
    Fill an empty store. Each part draws from a generator of its own, so a change to one leaves the others alone.

    The events are written when somebody asks about them, and are about the records there are now.
    """
    add_event_types(store)
    add_imports(store, _source("imports", seed), now_at)
    add_lists(store, _source("lists", seed), now_at)
    add_views(store)
    add_templates(store, _source("templates", seed), now_at)
    add_campaigns(store, _source("campaigns", seed), now_at)
    add_activities(store, _source("activities", seed), now_at)
    add_people(store, _source("people", seed), now_at, subscribers)
    historian = Historian(store, _source("events", seed), now_at)

    def write_history() -> History:
        log = historian.write(events)
        return log, add_scheduled(log, _source("schedules", seed), now_at)

    store.write_history = write_history


def _source(part: str, seed: int) -> random.Random:
    return random.Random(f"{part} {seed}")  # noqa: S311 - made-up data must be the same on every run
