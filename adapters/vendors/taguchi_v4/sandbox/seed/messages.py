"""
Templates, campaigns and activities, with their revisions.
"""

import random
from datetime import datetime

from adapters.vendors.taguchi_v4.sandbox.store import Store

from .drawing import Draw
from .words import PRODUCTS, SEASONS

TEMPLATES = 24
CAMPAIGNS = 63  # 60 visible
DELETED_CAMPAIGNS = {23, 41, 58}
ACTIVITIES = 312  # 300 visible
DELETED_ACTIVITIES = frozenset(range(26, 313, 25))
TYPES = ("broadcast", "broadcast", "triggered", "sms", "web")
ODD_NAMES = (
    "null",
    "",
    "100%_off",
    "a\\b",
    "^start.*end$",
    "-eq- in a name",
    "Ünïcode \u017fale",
    'It\'s "quoted"',
    "🎿",
)


def add_templates(store: Store, source: random.Random, now_at: datetime) -> None:
    """Add the templates, each with one to four revisions."""
    draw = Draw(source, now_at)
    revision_id = 0
    for number in range(1, TEMPLATES + 1):
        times = sorted(draw.fresh_time() for _ in range(draw.up_to(4)))
        revisions = []
        for timestamp in times:
            revision_id += 1
            revisions.append(
                {
                    "id": revision_id,
                    "content": f'<stylesheet version="1.0"><!-- {revision_id} --></stylesheet>',
                    "format": f'<format><text name="body{number}"/></format>',
                    "timestamp": timestamp,
                }
            )
        store.insert(
            "template",
            {
                "ref": draw.maybe(0.5, f"template-{number}"),
                "name": draw.maybe(0.85, f"{draw.choice(SEASONS)} layout {number}"),
                "type": draw.choice(TYPES),
                "subtype": draw.choice((None, "newsletter", "")),
                "status": draw.choice((None, None, "active", "")),
                "data": draw.choice((None, "null", "{}")),
                "revisions": revisions,
            },
        )
    store.soft_delete("template", 11)


def add_campaigns(store: Store, source: random.Random, now_at: datetime) -> None:
    """Add the campaigns; ids 1 to 63 with three gaps, the first as the document prints it."""
    draw = Draw(source, now_at)
    store.insert("campaign", {"name": "Test Campaign 1", "ref": "campaign-1", "success_event_ref": "s"})
    for number in range(2, CAMPAIGNS + 1):
        store.insert(
            "campaign",
            {
                "ref": draw.maybe(0.6, f"campaign-{number}"),
                "name": _name(number, CAMPAIGNS, draw),
                "date": draw.maybe(0.8, draw.time()),
                "success_event_ref": draw.choice(("c", "p", "o", None)),
                "status": draw.choice((None, None, "active", "closed", "")),
                "data": draw.choice((None, "<campaign/>", "", "null")),
            },
        )
    for number in DELETED_CAMPAIGNS:
        store.soft_delete("campaign", number)


def _name(number: int, count: int, draw: Draw) -> str | None:
    if number > count - len(ODD_NAMES):
        return ODD_NAMES[count - number]
    return draw.maybe(0.95, f"{draw.choice(SEASONS)} {draw.choice(PRODUCTS)}")


def add_activities(store: Store, source: random.Random, now_at: datetime) -> None:
    """Add the activities, each with up to four revisions and their combinations."""
    draw = Draw(source, now_at)
    revision_id = combination_id = 0
    for number in range(1, ACTIVITIES + 1):
        revisions = []
        for timestamp in sorted(draw.fresh_time() for _ in range(draw.up_to(5) - 1)):
            revision_id += 1
            combination_id += 2
            revisions.append(_revision(revision_id, combination_id, timestamp, draw))
        activity = _activity(number, draw)
        store.insert("activity", {**activity, "revisions": [_settle(store, activity, each) for each in revisions]})
    for number in DELETED_ACTIVITIES:
        store.soft_delete("activity", number)


def _activity(number: int, draw: Draw) -> dict[str, object]:
    lists = sorted(draw.source.sample(range(1, 43), draw.up_to(3)))
    return {
        "ref": draw.maybe(0.3, f"activity-{number}"),
        "name": _name(number, ACTIVITIES, draw),
        "type": draw.choice(TYPES),
        "subtype": draw.choice((None, "newsletter", "receipt", "")),
        "status": draw.choice((None, None, "queued", "sent", "draft")),
        "target_lists": draw.choice((None, "[]", str(lists))),
        "target_views": draw.choice((None, None, f"[{draw.up_to(8)}]")),
        "approval_status": draw.choice((None, "approved", "deployed")),
        "date": draw.maybe(0.75, draw.time()),
        "throttle": draw.choice((0, 0, 30, 500)),
        "data": draw.choice((None, "{}", "null")),
        "campaign_id": draw.maybe(0.9, draw.up_to(CAMPAIGNS)),
        "template_id": draw.maybe(0.95, draw.up_to(TEMPLATES)),
    }


def _settle(store: Store, activity: dict[str, object], revision: dict[str, object]) -> dict[str, object]:
    """Let a revision be made with one of its activity's own template, where that has any."""
    template = store.row("template", int(str(activity["template_id"] or 0)))
    offered = [each["id"] for each in template["revisions"]] if template else []
    if not offered:
        return revision
    return {**revision, "template_revision_id": offered[int(str(revision["template_revision_id"])) % len(offered)]}


def _revision(revision_id: int, combination_id: int, timestamp: str, draw: Draw) -> dict[str, object]:
    title = f"{draw.choice(SEASONS)} {draw.choice(PRODUCTS)}"
    return {
        "id": revision_id,
        "template_revision_id": draw.up_to(40),
        "content": f"<edition><channel><title>{title} {revision_id}</title></channel></edition>",
        "approval_status": draw.choice((None, None, "approved", "deployed")),
        "timestamp": timestamp,
        "combinations": [
            {"id": combination_id - 1, "fragment_ids": "A1|B1|C1"},
            {"id": combination_id, "fragment_ids": "A1|B2|C1"},
        ],
    }
