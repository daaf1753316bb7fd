"""
How each resource's records are laid out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .parts import (
    Part,
    Record,
    document,
    items_of,
    link,
    organization,
    print_fields,
    print_reference,
    reference,
    set_values,
    values,
)
from .writing import element, embedded, leaf, leaves

OBJECT, SUBJECT = "object-feed", "subject-feed"
BOTH_FEEDS = {f"{OBJECT}-href": OBJECT, f"{SUBJECT}-href": SUBJECT}


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The element around all records, the path their addresses have, the feeds named there, and their parts.
    """

    around: str
    parts: tuple[Part, ...]
    path: str
    feeds: Mapping[str, str] = field(default_factory=dict)
    key: str = "id"


def print_record(name: str, layout: Layout, record: Record, root: str) -> str:
    """
    One record.
    """
    address = f"{root}/{layout.path}/{record.get(layout.key)}"
    feeds = {attribute: f"{address}/{feed}" for attribute, feed in layout.feeds.items()}
    attributes = {"href": address, "id": record.get("id"), "ref": record.get("ref"), **feeds}
    return element(name, attributes, *(part(record, root) for part in layout.parts))


def _activity_revisions(record: Record, _root: str) -> str:
    return element("revisions", {}, *(_activity_revision(item) for item in items_of(record, "revisions")))


def _activity_revision(item: Record) -> str:
    attributes = {name: item.get(name.replace("-", "_")) for name in ("id", "template-revision-id", "approval-status")}
    combinations = (
        element("combination", {"id": part.get("id"), "fragment-ids": part.get("fragment_ids")})
        for part in items_of(item, "combinations")
    )
    return element(
        "revision",
        attributes,
        embedded("content", item.get("content")),
        element("combinations", {}, *combinations),
        leaf("timestamp", item.get("timestamp")),
    )


def _template_revisions(record: Record, _root: str) -> str:
    return element("revisions", {}, *(_template_revision(item) for item in items_of(record, "revisions")))


def _template_revision(item: Record) -> str:
    documents = (embedded(name, item.get(name)) for name in ("content", "format"))
    return element("revision", {"id": item.get("id")}, *documents, leaf("timestamp", item.get("timestamp")))


def _memberships(record: Record, root: str) -> str:
    return element("lists", {}, *(_membership(item, root) for item in items_of(record, "lists")))


def _membership(item: Record, root: str) -> str:
    list_id = item.get("list_id")
    references = (print_reference(name, item.get(f"{name}_id"), root) for name in ("import", "campaign"))
    fields = leaves(item, ("timestamp", "unsubscribed", "option"))
    return element("list", {"id": list_id, "href": f"{root}/list/{list_id}"}, *references, fields)


def _success_event(record: Record, root: str) -> str:
    ref = record.get("success_event_ref")
    if ref is None:
        return print_reference("success-event", None, root)
    return element("success-event", {"ref": ref, "href": f"{root}/event/{ref}"})


LAYOUTS = {
    "activity": Layout(
        "activities",
        (
            values("name type subtype status target_lists target_views approval_status date throttle data"),
            organization(),
            reference("campaign"),
            reference("template"),
            _activity_revisions,
        ),
        "activity",
        BOTH_FEEDS,
    ),
    "campaign": Layout(
        "campaigns",
        (
            values("name status date data"),
            organization(),
            link("activities", "/activity/?query=campaign_id-eq-{}"),
            _success_event,
        ),
        "campaign",
        BOTH_FEEDS,
    ),
    "subscriber": Layout(
        "subscribers",
        (
            values("title firstname lastname notifications extra phone dob address address2 address3 suburb state"),
            values("country postcode gender email unsubscribed bounced data"),
            organization(),
            *(reference(name) for name in ("user-class", "campaign", "import", "cluster")),
            _memberships,
            lambda record, _root: print_fields(record, "custom", "field"),
            set_values("mobile social_rating social_profile"),
        ),
        "subscribers",
        BOTH_FEEDS,
    ),
    "list": Layout(
        "lists",
        (
            values("name timestamp data"),
            organization(path=None),
            values("status"),
            link("subscribers", "/subscriber/?query=list_id-eq-{}"),
            set_values("type"),
        ),
        "list",
    ),
    "import": Layout(
        "imports",
        (
            values("name timestamp"),
            document("manifest"),
            values("status"),
            organization(),
            values("total invalid bounced global_new list_new"),
            set_values("source params"),
        ),
        "import",
        {f"{OBJECT}-href": OBJECT},
    ),
    "view": Layout(
        "views",
        (values("name predicate"), organization(), values("status")),
        "view",
        {f"{OBJECT}-href": f"{OBJECT}-href"},
    ),
    "template": Layout(
        "templates",
        (
            values("name type subtype status data"),
            organization(),
            link("activities", "/activity/?template_id-eq-{}"),
            _template_revisions,
        ),
        "template",
        {f"{OBJECT}-href": f"{OBJECT}-href"},
    ),
    "event": Layout("events", (values("name description priority"),), "event", key="ref"),
}
