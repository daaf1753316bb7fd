"""
Event types: the document's own, what its statistics name, and what its feeds would need. Whatever is neither in the
document nor in the facts is made up.

Source: taguchi-v4-api.txt, Event Resource (`s` and the twelve `aa…`), Statistics Resource (`o`, `c`, `v`, `b`).
"""

from adapters.vendors.taguchi_v4.sandbox.store import Store

SENT = "Logged each time an email, SMS, fax, phone call, or DM is sent to a subscriber."
EVENT_TYPES: tuple[tuple[str, str | None, str | None, int | None], ...] = (
    ("s", "Sent", SENT, None),
    ("o", "Opened", "Logged when a subscriber displays a message.", 1),
    ("c", "Clicked", "Logged when a subscriber follows a tracked link.", 1),
    ("v", "Viewed Online", "Logged when a subscriber displays a message as a web page.", 1),
    ("b", "Bounced", "Logged when a message cannot be delivered.", 0),
    ("u", "Unsubscribed", "Logged when a subscriber opts out.", 0),
    ("f", "Forwarded", "Logged when a subscriber passes a message on.", 2),
    ("p", "Purchased", "Logged by the shop; 100% of orders, \\ and _ included.", 2),
    ("r", "Replied", "", 2),
    ("n", "Subscribed", None, 0),
    ("t", None, None, None),
    ("aaa", "Approved Activity", "", 0),
    ("aac", "Created Activity", "", 1),
    ("aad", "Deleted Activity", "", 1),
    ("aae", "Requested Approval for Activity", "", 0),
    ("aal", "Viewed Activity List", "", 1),
    ("aao", "Commented on Activity", "", 0),
    ("aap", "Proofed Activity", "", 0),
    ("aaq", "Queued Activity", "", 2),
    ("aar", "Rejected Activity", "", 0),
    ("aat", "Triggered Activity", "", 0),
    ("aau", "Updated Activity", "", 1),
    ("aav", "Viewed Activity", "", 1),
    ("acc", "Created Campaign", "", 1),
    ("acu", "Updated Campaign", "", 1),
    ("alc", "Created List", "", 1),
    ("alu", "Updated List", "", 1),
    ("asc", "Created Subscriber", "", 1),
    ("asu", "Updated Subscriber", "", 1),
    ("aic", "Created Import", "", 1),
    ("aip", "Processed Import", "", 1),
    ("avc", "Created View", "", 1),
    ("avu", "Updated View", "", 1),
    ("atc", "Created Template", "", 1),
    ("atu", "Updated Template", "", 1),
)
AUDITS: dict[str, tuple[str, ...]] = {
    "activity": ("aac", "aap", "aaq", "aau", "aav", "aaa", "aao"),
    "campaign": ("acc", "acu"),
    "subscriber": ("asc", "asu"),
    "list": ("alc", "alu"),
    "import": ("aic", "aip"),
    "view": ("avc", "avu"),
    "template": ("atc", "atu"),
}
"""
What users do to records of each kind.
"""


def add_event_types(store: Store) -> None:
    """Add every event type."""
    for ref, name, description, priority in EVENT_TYPES:
        store.insert("event", {"ref": ref, "name": name, "description": description, "priority": priority})
