"""
Revisions that a write makes: new states of an activity's or a template's content.

Saved ones are never sent back: they cannot be changed, and what the vendor makes of them is not said. A new one may be
approved already, where the source's user may approve.
Source: taguchi-v4-api.txt, Revisions of both resources; Activity Resource, introduction.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.records import Entity
from adapters.vendors.taguchi_v4.values import read_required_id, read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .abilities import APPROVED
from .ask import Ask
from .fields import is_same, to_number

WITH_REVISIONS = frozenset({Entity.ACTIVITY, Entity.TEMPLATE})
REVISED: Final = "revised_before"
"""What the newest revision is known by that was saved before a write."""


def build_revisions(ask: Ask, entity: Entity) -> list[dict[str, Any]]:
    """Build the revisions an input brings, oldest first; raises `InputError` for an id that is none."""
    given = (ask.fields.get("revisions") or ()) if entity in WITH_REVISIONS else ()
    build = _build_activity_revision if entity is Entity.ACTIVITY else _build_template_revision
    return [build(item, place) for place, item in enumerate(given)]


def _build_activity_revision(item: Mapping[str, Any], place: int) -> dict[str, Any]:
    template_revision = item.get("template_revision_id")
    made_with = (
        None
        if template_revision is None
        else to_number(template_revision, "fields", "revisions", place, "template_revision_id")
    )
    revision = {"content": item["content"], "template_revision_id": made_with}
    status = item.get("approval_status")
    return revision if status is None else {**revision, "approval_status": status}


def _build_template_revision(item: Mapping[str, Any], place: int) -> dict[str, Any]:
    del place
    return {"content": item["content"], "format": item.get("format")}


def note_newest(row: Row) -> dict[str, str]:
    """Return the word by which a write remembers the newest revision of a record; none where none is saved."""
    saved = read_rows(row, "revisions")
    return {REVISED: read_required_id(saved[-1])} if saved else {}


def is_saved(new: Mapping[str, Any], row: Row, known_by: Mapping[str, str]) -> bool:
    """Say whether a record's newest revision is the one that was sent, and not the one before it."""
    saved = read_rows(row, "revisions")
    if not saved or read_required_id(saved[-1]) == known_by.get(REVISED):
        return False
    return all(_stands(name, value, saved[-1].get(name)) for name, value in new.items() if value is not None)


def _stands(name: str, value: Any, kept: Any) -> bool:
    """Compare one part of a revision; two words say that it is approved."""
    approved = name == "approval_status" and value in APPROVED and kept in APPROVED
    return approved or is_same(value, kept)
