"""Activities, lists and people to try commands on, and each command with everything that can be said in it."""

from typing import Any

from adapters.contract import Outcome
from tests.adapters.vendors.taguchi_v4.world import World, build_world

Case = tuple[str, int, dict[str, Any], str, dict[str, Any], Outcome]
"""A mutation, its activity, its input, the method, what is sent beside the id, and the outcome."""

SOON, SOON_WIRE = "2099-02-01T09:00:00Z", "2099-02-01T09:00:00"
PEOPLE = [{"id": number, "ref": f"r{number}", "email": f"p{number}@example.org"} for number in (1, 2, 3, 4)]
READY = {
    "id": 7,
    "date": SOON_WIRE,
    "target_lists": "[5]",
    "revisions": [{"id": 3, "content": "<a/>", "approval_status": "deployed", "combinations": [{"id": 1}]}],
}
DRAFT = {"id": 8, "revisions": [{"id": 4, "content": "<a/>", "combinations": [{"id": 2}]}]}
DELIVERY = {"protocol": "smtp", "server": "mx", "format": "mime"}
TEXTS = {"tag": "[PROOF]", "message": "Please look"}
LISTS: list[dict[str, Any]] = [
    {"id": 5},
    *({"id": 50 + place, "type": type_} for place, type_ in enumerate(("proof", "approval", "notification"))),
]
EVENT_TYPES = [{"ref": ref} for ref in ("s", "aac", "aap", "aae", "aao", "aaa", "aaq", "aat")]


def build_activities() -> World:
    """An activity that may be sent, one that may not, a list and four people."""
    return build_world(
        {"list": LISTS, "subscriber": PEOPLE, "activity": [READY, DRAFT, {"id": 9}], "event": EVENT_TYPES}
    )


def show_case(case: Case) -> str:
    """Name a case by its mutation and its input."""
    return f"{case[0]} {' '.join(case[2])}"


def sent_to(world: World, key: int) -> list[tuple[str, bool]]:
    """The messages somebody got or will get, and whether they are tests."""
    events = world.sandbox.store.feed_rows("subscriber", key, "subject-feed")
    return [(each["type"], each["test"]) for each in events if each["event_ref"] == "s"]


CASES: list[Case] = [
    (
        "proofActivity",
        8,
        {"list_id": "50", "revision_id": "4", **DELIVERY, **TEXTS},
        "PROOF",
        {"list_id": "50", "revision_id": "4", **DELIVERY, **TEXTS},
        Outcome.ACCEPTED,
    ),
    (
        "proofActivity",
        8,
        {"recipients": [{"id": "2"}], "protocol": "sms", "format": "plain"},
        "PROOF",
        {"subscriber_id": "2", "protocol": "sms", "format": "plain"},
        Outcome.ACCEPTED,
    ),
    (
        "requestApproval",
        8,
        {"list_id": "51", "revision_id": "4", **DELIVERY, **TEXTS},
        "APPROVAL",
        {"list_id": "51", "revision_id": "4", **DELIVERY, **TEXTS},
        Outcome.ACCEPTED,
    ),
    ("commentActivity", 8, {"message": "Hm"}, "COMMENT", {"message": "Hm"}, Outcome.APPLIED),
    ("approveActivity", 8, {"message": "Fine"}, "APPROVE", {"message": "Fine"}, Outcome.APPLIED),
    ("approveActivity", 8, {}, "APPROVE", {}, Outcome.APPLIED),
    ("queueActivity", 7, {}, "QUEUE", {}, Outcome.ACCEPTED),
    (
        "triggerActivity",
        7,
        {"recipients": [{"id": "1"}, {"ref": "r2"}, {"email": "p3@example.org"}], "content": "<c/>", "date": SOON},
        "TRIGGER",
        {"date": SOON_WIRE, "request_content": "<c/>", "conditions": ["1", "2", "3"]},
        Outcome.ACCEPTED,
    ),
    (
        "triggerActivity",
        8,
        {"expression": "s.state = 'VIC'", "test": True, **DELIVERY},
        "TRIGGER",
        {**DELIVERY, "test": 1, "conditions": {"expression": "s.state = 'VIC'"}},
        Outcome.ACCEPTED,
    ),
]


SAME_WHOEVER_DOES_IT = {"APPROVE", "QUEUE", "COMMENT"}
"""Methods whose effect is the same whoever has given the command."""
