"""
The fields a write changes, as they are and as they will be: what a dry run shows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.records import Entity
from adapters.vendors.taguchi_v4.values import read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .fields import to_shown
from .memberships import NOW, Change, has_left

Items = Sequence[Mapping[str, Any]]


def show_before(row: Row, wire: Mapping[str, Any], changes: Sequence[Change], fields: Items) -> dict[str, Any]:
    """Show what of a person will change, as it is."""
    held = {item.get("field"): item.get("data") for item in read_rows(row, "custom_fields")}
    shown = to_shown(Entity.SUBSCRIBER, {name: row.get(name) for name in wire})
    lists = [_show_membership(change.list_id, change.held) for change in changes]
    kept = [{"key": item["field"], "value": held.get(item["field"])} for item in fields]
    return {**shown, **_without_empty(lists, kept)}


def show_after(wire: Mapping[str, Any], changes: Sequence[Change], fields: Items) -> dict[str, Any]:
    """Show what of a person will change, as it will be."""
    lists = [_show_membership(change.list_id, {**(change.held or {}), **change.build(NOW)}) for change in changes]
    kept = [{"key": item["field"], "value": item["data"]} for item in fields]
    return {**to_shown(Entity.SUBSCRIBER, wire), **_without_empty(lists, kept)}


def _show_membership(list_id: int, item: Row | None) -> dict[str, Any]:
    if item is None:
        return {"listId": str(list_id), "subscribed": False, "option": None}
    return {"listId": str(list_id), "subscribed": not has_left(item), "option": item.get("option")}


def _without_empty(lists: list[Any], fields: list[Any]) -> dict[str, Any]:
    parts = {"memberships": lists, "customFields": fields}
    return {name: items for name, items in parts.items() if items}
