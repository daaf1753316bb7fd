"""
Values somebody relies on: before a write, that they have not moved; after it, that the answer shows them.
"""

from collections.abc import Mapping
from typing import Any

from adapters.errors import VendorConflictError
from adapters.records import Entity
from adapters.vendors.taguchi_v4.capability import VENDOR
from adapters.vendors.taguchi_v4.values import read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask
from .fields import is_same, list_moved, to_shown, to_wire
from .memberships import read_changes


def warn_of_other_values(entity: Entity, written: Mapping[str, Any], row: Row) -> tuple[str, ...]:
    """Say where the answer to a write shows another value than was sent."""
    other = to_shown(entity, dict.fromkeys(list_moved(written, row)))
    return (f"Taguchi's answer shows another value than was sent: {', '.join(other)}.",) if other else ()


def check_unmoved(ask: Ask, entity: Entity, row: Row) -> None:
    """Refuse a change whose caller relies on values that have moved; raises `VendorConflictError`."""
    relied = ask.values.get("if_unchanged") or {}
    moved = [*to_shown(entity, dict.fromkeys(list_moved(to_wire(entity, relied, "if_unchanged"), row)))]
    if entity is Entity.SUBSCRIBER:
        moved += _list_moved_parts(relied, row)
    if moved:
        raise VendorConflictError(
            f"Source '{ask.source}' holds other values by now: {', '.join(moved)}.",
            source=ask.source,
            vendor=VENDOR,
            operation=ask.command.kind,
            reason="MOVED",
            maybe_processed=False,
        )


def _list_moved_parts(relied: Mapping[str, Any], row: Row) -> list[str]:
    held = {item.get("field"): item.get("data") for item in read_rows(row, "custom_fields")}
    moved = [
        f"customFields.{item['key']}"
        for item in relied.get("custom_fields") or ()
        if not is_same(item["value"], held.get(item["key"]))
    ]
    changes = read_changes(relied.get("memberships"), row, "only compared", "if_unchanged", "memberships")
    return moved + [f"memberships.{change.list_id}" for change in changes if not change.settled]
