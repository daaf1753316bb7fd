"""
Lists, campaigns, views, templates, activities and imports: made, changed and removed.

A change reads the record first and sends all of its writable fields back, as public clients do: what PUT makes of
fields that are left out is not said.
Source: taguchi-v4-api.txt, Operations of each resource; vendors/facts.md, 1.3.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from adapters.contract import Outcome
from adapters.errors import InputError
from adapters.recipes import Found, Step, StepResult
from adapters.records import Entity
from adapters.transport.client import Reply, VendorRequest
from adapters.vendors.taguchi_v4.values import parse_time
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask, Draft, to_path
from .fields import is_same, keep_writable, to_shown, to_wire
from .held import fetch_row
from .holders import fetch_holders
from .manifests import hide_manifest, read_manifest
from .replies import read_done, read_written
from .requests import build_write
from .revisions import build_revisions, note_newest
from .unmoved import check_unmoved, choose_revisions, warn_of_other_values


async def draft_create(entity: Entity, ask: Ask) -> Draft:
    """Make a record by POST, which is not to be repeated."""
    wire, revisions = _read_input(entity, ask)
    _check_activity(entity, wire)
    body = {**wire, **_with(revisions)}
    warnings = () if wire.get("ref") is not None else ("Without `ref` nobody can find out whether it was done.",)
    holders = await fetch_holders(ask, entity, wire)
    step = replace(_build_step(entity, ask, "POST", body, written=wire), known_by=holders)
    return Draft(steps=(step,), after=_show(entity, wire, revisions), warnings=warnings)


async def draft_update(entity: Entity, ask: Ask) -> Draft:
    """Change a record by PUT; raises `VendorConflictError` where a field that is relied on has moved."""
    row = await fetch_row(ask, entity, choose_revisions(ask))
    check_unmoved(ask, entity, row)
    wire, revisions = _read_input(entity, ask)
    _check_activity(entity, {name: value for name, value in wire.items() if not is_same(value, row.get(name))})
    body = {"id": row["id"], **keep_writable(entity, row), **wire, **_with(revisions)}
    step = _build_step(entity, ask, "PUT", body, written=wire)
    return Draft(
        steps=(replace(step, known_by=note_newest(row)) if revisions else step,),
        before=hide_manifest(to_shown(entity, {name: row.get(name) for name in wire})),
        after=_show(entity, wire, revisions),
        rewrites=(entity, ask.target),
    )


async def draft_delete(entity: Entity, ask: Ask) -> Draft:
    """Remove a record, which Taguchi marks as deleted and shows no more."""
    row = await fetch_row(ask, entity)
    id_ = ask.target
    request = build_write(entity, "DELETE", id_, None, purpose=ask.purpose)
    step = Step(
        name=request.operation,
        build=lambda _found: request,
        read=lambda reply: read_done(reply, id_, Outcome.APPLIED),
        repeatable=True,
    )
    return Draft(steps=(step,), before=_show_name(row), after={"status": "deleted"})


def build_create_step(entity: Entity, ask: Ask, body: Mapping[str, Any], *, changes: bool = True) -> Step:
    """Build the step that makes a record and finds its id; `changes` as in `Step`."""
    return _build_step(entity, ask, "POST", body, written=body, changes=changes)


def _read_input(entity: Entity, ask: Ask) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    wire = to_wire(entity, ask.fields, "fields")
    if entity is Entity.IMPORT:
        wire |= read_manifest(ask.fields, "fields")
    return wire, build_revisions(ask, entity)


def _with(revisions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"revisions": revisions} if revisions else {}


def _build_step(
    entity: Entity,
    ask: Ask,
    method: str,
    body: Mapping[str, Any],
    *,
    written: Mapping[str, Any],
    changes: bool = True,
) -> Step:
    id_ = ask.target if method == "PUT" else None
    request = build_write(entity, method, id_, body, purpose=ask.purpose)
    read = partial(_read_reply, entity, id_, written)
    return Step(
        name=request.operation,
        build=partial(_give, request),
        read=read,
        repeatable=method == "PUT",
        changes=changes,
    )


def _give(request: VendorRequest, _found: Found) -> VendorRequest:
    return request


def _read_reply(entity: Entity, id_: str | None, written: Mapping[str, Any], reply: Reply) -> StepResult:
    row, record = read_written(reply, entity, id_)
    found = {"id": record.id}
    return StepResult(
        id=record.id,
        record=record,
        found=found,
        known_by=found,
        warnings=warn_of_other_values(entity, written, row),
    )


def _show(entity: Entity, wire: Mapping[str, Any], revisions: list[dict[str, Any]]) -> dict[str, Any]:
    shown = {"revisions": [{"content": each["content"]} for each in revisions]} if revisions else {}
    return dict(hide_manifest({**to_shown(entity, wire), **shown}))


def _show_name(row: Row) -> dict[str, Any]:
    return {name: row.get(name) for name in ("ref", "name", "status")}


def _check_activity(entity: Entity, wire: Mapping[str, Any]) -> None:
    """
    Refuse a schedule that lies in the past, since once queued it would be sent at once, and a throttle below zero.

    Raises:
        InputError: the value is one of these.
    """
    if entity is not Entity.ACTIVITY:
        return
    if is_past(wire.get("date")):
        raise InputError(
            "This lies in the past: once queued, it would be sent at once.",
            reason="SCHEDULE_PAST",
            hint="Leave `scheduledAt` out until it is known.",
            path=to_path("fields", "scheduled_at"),
        )
    if (wire.get("throttle") or 0) < 0:
        raise InputError("Nothing is sent at a rate below zero.", path=to_path("fields", "throttle"))


def is_past(printed: Any) -> bool:
    """Say whether a time as the vendor prints it is over."""
    moment = parse_time(printed)
    return moment is not None and moment < datetime.now(UTC)
