"""
Revisions that a write makes: new states of an activity's or a template's content.

Saved ones are never sent back: they cannot be changed, and what the vendor makes of them is not said. A new one may be
approved already, where the source's user may approve.
Source: taguchi-v4-api.txt, Revisions of both resources; Activity Resource, introduction.
"""

from collections.abc import Mapping
from typing import Any

from adapters.records import Entity

from .ask import Ask
from .fields import to_number

WITH_REVISIONS = frozenset({Entity.ACTIVITY, Entity.TEMPLATE})


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
