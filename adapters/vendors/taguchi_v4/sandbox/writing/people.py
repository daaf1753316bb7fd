"""
The lists inside a person: memberships and custom fields, which are merged and never removed.

Source: taguchi-v4-api.txt, Custom Fields and List Memberships; vendors/facts.md, 1.5: a bare `list_id` subscribes
[inferred], a time or `true` unsubscribes, null subscribes again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.columns import TEXT, TIMESTAMP, Column
from adapters.vendors.taguchi_v4.sandbox.refusals import bad_request

from .fields import read_key, read_value

Items = list[dict[str, Any]]
_OPTION, _LEFT = Column("option", TEXT), Column("unsubscribed", TIMESTAMP)
_FIELD, _DATA = Column("field", TEXT), Column("data", TEXT)


def merge_memberships(held: Sequence[Mapping[str, Any]], given: Any, now: str) -> Items:
    """
    Put memberships that were written among those a person has; the others stay as they are.

    Raises:
        Refusal: 400 for a list that is no list, or a value that cannot be held.
    """
    merged = {item["list_id"]: dict(item) for item in held}
    for item in _read_items(given, "lists"):
        list_id = read_key(item.get("list_id"), "list_id")
        merged[list_id] = _change_membership(merged.get(list_id), item, list_id, now)
    return list(merged.values())


def _change_membership(held: dict[str, Any] | None, item: Mapping[str, Any], list_id: int, now: str) -> dict[str, Any]:
    left = read_value(_LEFT, item.get("unsubscribed"), now)
    kept = held or {"list_id": list_id, "timestamp": now}
    joins = left is None and kept.get("unsubscribed") is not None
    changed = {**kept, "unsubscribed": left, "timestamp": now if joins else kept["timestamp"]}
    if "option" in item:
        changed["option"] = read_value(_OPTION, item["option"], now)
    return changed


def merge_custom_fields(held: Sequence[Mapping[str, Any]], given: Any, now: str) -> Items:
    """
    Put custom fields that were written among those a person has.

    Raises:
        Refusal: 400 for a null instead of an empty list, a field without a name, or a value that is no text.
    """
    merged = {item["field"]: item["data"] for item in held}
    for item in _read_items(given, "custom_fields"):
        key = read_value(_FIELD, item.get("field"), now)
        if key is None:
            raise bad_request("A custom field has no name")
        merged[str(key)] = read_value(_DATA, item.get("data"), now)
    return [{"field": key, "data": data} for key, data in merged.items()]


def _read_items(given: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise bad_request(f"{name} is not a list of objects")
    return given
