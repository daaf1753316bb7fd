"""
The kinds of record random pages are read of: awkward rows, and the fields they are filtered and ordered by.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.records import Entity
from resolvers.activity import activities
from resolvers.event_type import event_types
from resolvers.subscriber import subscribers
from resolvers.subscriber_import import imports
from resolvers.template import templates
from resolvers.view import views

SECONDS = ["2024-05-01T10:00:00", "2024-05-01T10:00:01", "2024-05-01T10:00:02", "2024-06-02T00:00:00"]
TEXTS = ["", "null", "VIC", "vic", "NSW", "a-eq-b", "100%", "1_0", "c\\d", "é", "(x|y)", "O'Neil"]
DAYS = ["1970-04-01", "1970-04-02", "2000-02-29"]
NUMBERS = [-1, 0, 1, 2, 30]

Row = dict[str, Any]
Pick = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One kind of record: how the vendor calls it and its key, how the graph lists it, and how awkward ones are made.
    """

    entity: Entity
    resource: str
    batch: Callable[..., Awaitable[list[Any]]]
    filtered: Sequence[str]
    build: Callable[[int, random.Random, Pick], Row]
    key: str = "id"

    def build_row(self, number: int, chance: random.Random) -> Row:
        """Build one row of the vendor's; a value is missing in every fourth place."""

        def pick(values: Sequence[Any]) -> Any:
            return None if chance.random() < 0.25 else chance.choice(values)

        return self.build(number, chance, pick)


def _build_person(number: int, chance: random.Random, pick: Pick) -> Row:
    lists = [
        {"list_id": list_id, "timestamp": SECONDS[0], "unsubscribed": pick(SECONDS), "option": pick(TEXTS[:4])}
        for list_id in chance.sample([5, 6, 7], chance.randrange(3))
    ]
    return {
        "id": number,
        "ref": None if chance.random() < 0.5 else f"ref-{number}",
        "state": pick(TEXTS),
        "email": pick([f"person{number}@example.com", *TEXTS[:4]]),
        "extra": pick(TEXTS[:3]),
        "dob": pick(DAYS),
        "unsubscribed": pick(SECONDS),
        "campaign_id": pick([1, 2, 3, 40]),
        "cluster_id": pick([1, number + 1]),
        "lists": lists,
        "custom_fields": [{"field": key, "data": pick(TEXTS[:4])} for key in ("size", "shoe") if chance.random() < 0.4],
    }


def _build_activity(number: int, chance: random.Random, pick: Pick) -> Row:
    return {
        "id": number,
        "ref": None if chance.random() < 0.5 else f"ref-{number}",
        "name": pick(TEXTS),
        "type": pick(["broadcast", "sms", ""]),
        "status": pick(TEXTS[:4]),
        "approval_status": pick(["approved", "deployed"]),
        "date": pick(SECONDS),
        "throttle": pick(NUMBERS),
        "campaign_id": pick([1, 2, 3, 40]),
        "template_id": pick([1, number + 1]),
        "target_lists": pick(["[]", "[5]", "[5, 6]", "null", "no list"]),
        "data": pick(TEXTS[:3]),
    }


def _build_template(number: int, chance: random.Random, pick: Pick) -> Row:
    ref = None if chance.random() < 0.5 else f"ref-{number}"
    names = {name: pick(TEXTS) for name in ("name", "type", "subtype", "status", "data")}
    return {"id": number, "ref": ref, **names}


def _build_import(number: int, chance: random.Random, pick: Pick) -> Row:
    return {
        "id": number,
        "ref": None if chance.random() < 0.5 else f"ref-{number}",
        "name": pick(TEXTS),
        "source": pick(TEXTS),
        "timestamp": pick(SECONDS),
        "params": pick(TEXTS[:3]),
        "manifest": pick(["<manifest/>", "<manifest", "ftp://user:pw@host"]),
        **{name: pick(NUMBERS) for name in ("total", "invalid", "global_new")},
    }


def _build_view(number: int, chance: random.Random, pick: Pick) -> Row:
    ref = None if chance.random() < 0.5 else f"ref-{number}"
    return {"id": number, "ref": ref, "name": pick(TEXTS), "predicate": pick(TEXTS), "status": pick(TEXTS[:4])}


def _build_event_type(number: int, chance: random.Random, pick: Pick) -> Row:
    """Among the keys are all awkward texts, as they stand, and others that differ in case or accent alone."""
    ref = TEXTS[number] if number < len(TEXTS) else f"{chance.choice(TEXTS)}{number}"
    return {"ref": ref, "name": pick(TEXTS), "description": pick(TEXTS[:4]), "priority": pick(NUMBERS[1:4])}


PEOPLE = Subject(
    Entity.SUBSCRIBER,
    "subscriber",
    subscribers,
    (
        "id",
        "ref",
        "state",
        "email",
        "birth_date",
        "unsubscribed_at",
        "campaign_id",
        "taguchi.extra",
        "taguchi.cluster_id",
    ),
    _build_person,
)
OTHERS = (
    Subject(
        Entity.ACTIVITY,
        "activity",
        activities,
        (
            "id",
            "ref",
            "name",
            "type",
            "status",
            "approval_status",
            "scheduled_at",
            "throttle",
            "campaign_id",
            "template_id",
            "taguchi.target_lists",
            "taguchi.data",
        ),
        _build_activity,
    ),
    Subject(
        Entity.TEMPLATE,
        "template",
        templates,
        ("id", "ref", "name", "type", "subtype", "status", "taguchi.data"),
        _build_template,
    ),
    Subject(
        Entity.IMPORT,
        "import",
        imports,
        ("id", "ref", "name", "origin", "started_at", "total", "invalid", "global_new", "taguchi.params"),
        _build_import,
    ),
    Subject(Entity.VIEW, "view", views, ("id", "ref", "name", "predicate", "status"), _build_view),
    Subject(
        Entity.EVENT_TYPE,
        "event",
        event_types,
        ("ref", "name", "description", "priority"),
        _build_event_type,
        key="ref",
    ),
)
EVERY: Mapping[Entity, Subject] = {subject.entity: subject for subject in (PEOPLE, *OTHERS)}
