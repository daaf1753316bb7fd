"""
Events in feeds.

Source: taguchi-v4-api.txt, Event Feed Resource, XML Request/Response.
"""

from .parts import Record, print_fields, print_reference
from .writing import element, leaf, leaves, nil


def print_event(record: Record, root: str) -> str:
    """
    One event, logged or scheduled.
    """
    common = (_parent(record, root), _children(record, root), *_origin(record, root), leaf("data", record.get("data")))
    attributes = {name: record.get(name) for name in ("id", "processed", "test")}
    return element(
        f"{record.get('type')}-event", attributes, *common, _timing(record), print_fields(record, "field", "name")
    )


def _parent(record: Record, root: str) -> str:
    parent = record.get("parent_id")
    return (
        nil("parent", {"href": ""})
        if parent is None
        else element("parent", {"id": parent, "href": _caused_by(parent, root)})
    )


def _children(record: Record, root: str) -> str:
    """Only what has occurred has caused anything."""
    return element("children", {"href": _caused_by(record.get("id"), root)}) if record.get("type") == "logged" else ""


def _caused_by(token: object, root: str) -> str:
    return f"{root}/event-feed/?parent_id-eq-{token}"


def _origin(record: Record, root: str) -> tuple[str, ...]:
    ref = record.get("event_ref")
    within = {f"{name}-id": record.get(f"{name}_id") for name in ("revision", "configuration")}
    return (
        element("event", {"ref": ref, "href": f"{root}/organization/{ref}"}),
        print_reference("subscriber", record.get("subscriber_id"), root),
        print_reference("activity", record.get("activity_id"), root, **within),
        print_reference("campaign", record.get("campaign_id"), root),
        _link(record),
    )


def _link(record: Record) -> str:
    if record.get("trackurl_id") is None:
        return nil("trackurl")
    attributes = {"id": record.get("trackurl_id"), "index": record.get("trackurl_index")}
    return leaf("trackurl", record.get("trackurl_destination"), attributes)


def _timing(record: Record) -> str:
    if record.get("type") == "logged":
        return leaves(record, ("timestamp",))
    return leaves(record, ("oneshot", "next_timestamp", "last_timestamp", "start_timestamp", "schedule"))
