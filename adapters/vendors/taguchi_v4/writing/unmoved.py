"""
Values somebody relies on: before a write, that they have not moved; after it, that the answer shows them.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.errors import VendorConflictError
from adapters.records import Entity, RevisionChoice
from adapters.vendors.taguchi_v4.capability import VENDOR
from adapters.vendors.taguchi_v4.values import read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask
from .fields import is_same, list_moved, to_shown, to_wire
from .manifests import is_same_manifest, read_manifest
from .memberships import Change, read_changes


def warn_of_other_values(entity: Entity, written: Mapping[str, Any], row: Row) -> tuple[str, ...]:
    """Say where the answer to a write shows another value than was sent."""
    other = to_shown(entity, dict.fromkeys(list_moved(written, row)))
    return (f"Taguchi's answer shows another value than was sent: {', '.join(other)}.",) if other else ()


def choose_revisions(ask: Ask) -> RevisionChoice | None:
    """Choose which revisions a record is read with: all that a caller relies on, or the newest before a new one."""
    if _find_relied(ask).get("revisions") is not None:
        return RevisionChoice.HISTORY
    return RevisionChoice.LATEST if ask.fields.get("revisions") else None


def check_unmoved(ask: Ask, entity: Entity, row: Row) -> None:
    """
    Refuse a change whose caller relies on values that have moved; raises `VendorConflictError`.

    `row` was read with the revisions that `choose_revisions` names.
    """
    relied = _find_relied(ask)
    plain = {name: value for name, value in to_wire(entity, relied, "if_unchanged").items() if name != "manifest"}
    moved = [*to_shown(entity, dict.fromkeys(list_moved(plain, row))), *_list_moved_parts(entity, relied, row)]
    if moved:
        raise VendorConflictError(
            f"Source '{ask.source}' holds other values by now: {', '.join(moved)}.",
            source=ask.source,
            vendor=VENDOR,
            operation=ask.command.kind,
            reason="MOVED",
            maybe_processed=False,
        )


def _find_relied(ask: Ask) -> Mapping[str, Any]:
    relied: Mapping[str, Any] = ask.values.get("if_unchanged") or {}
    return relied


def _list_moved_of_person(relied: Mapping[str, Any], row: Row) -> list[str]:
    held = {item.get("field"): item.get("data") for item in read_rows(row, "custom_fields")}
    moved = [
        f"customFields.{item['key']}"
        for item in relied.get("custom_fields") or ()
        if not is_same(item["value"], held.get(item["key"]))
    ]
    changes = read_changes(relied.get("memberships"), row, "only compared", "if_unchanged", "memberships")
    return moved + [f"memberships.{change.list_id}" for change in changes if not _stands(change)]


def _stands(change: Change) -> bool:
    """Say whether a membership is as it is relied on, the time of leaving included where that is told."""
    left_at = None if change.held is None else change.held.get("unsubscribed")
    return change.settled and (change.left_at is None or is_same(change.left_at, left_at))


def _list_moved_revisions(relied: Mapping[str, Any], row: Row) -> list[str]:
    """Hold the newest saved revisions against those that are relied on; none of them says that none are saved."""
    given = relied.get("revisions")
    if given is None:
        return []
    saved = read_rows(row, "revisions")
    newest = saved[-len(given) :] if given else saved
    pairs = [(value, held.get(name)) for each, held in zip(given, newest, strict=False) for name, value in each.items()]
    same = len(newest) == len(given) and all(is_same(value, held) for value, held in pairs)
    return [] if same else ["revisions"]


def _list_moved_manifest(relied: Mapping[str, Any], row: Row) -> list[str]:
    """Compare manifests as they can be shown, without their passwords."""
    given = read_manifest(relied, "if_unchanged")
    return [name for name, text in given.items() if not is_same_manifest(text, row.get(name))]


_MOVED_PARTS: Final[Mapping[Entity, Callable[[Mapping[str, Any], Row], list[str]]]] = {
    Entity.SUBSCRIBER: _list_moved_of_person,
    Entity.ACTIVITY: _list_moved_revisions,
    Entity.TEMPLATE: _list_moved_revisions,
    Entity.IMPORT: _list_moved_manifest,
}
"""The parts of a record that are compared in ways of their own."""


def _list_moved_parts(entity: Entity, relied: Mapping[str, Any], row: Row) -> list[str]:
    find = _MOVED_PARTS.get(entity)
    return [] if find is None else find(relied, row)
