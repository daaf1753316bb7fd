"""
What became of a write whose answer was lost, as far as a read can tell.

APPLIED where what was written stands there, and UNKNOWN, with what to look at, where it does not: it may have been
done, and somebody has written over it since. Only a record that was to be deleted and is there was certainly not.
"""

from collections.abc import Mapping
from typing import Any

from adapters.contract import Outcome, WriteResult
from adapters.credentials import hide_in_plain
from adapters.records import Entity, RevisionChoice
from adapters.vendors.taguchi_v4.mapping import to_record
from adapters.vendors.taguchi_v4.values import read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .abilities import NOUNS
from .ask import Ask
from .checks import tell_check
from .commanded import COMMANDS, judge_command
from .fields import is_same, list_moved, to_shown, to_wire
from .held import fetch_namesakes, find_row
from .holders import HOLDERS, find_key, was_there
from .imports import IMPORT_CHECK, STARTED
from .manifests import is_same_manifest, read_manifest
from .memberships import build_custom_fields, has_left, read_changes
from .revisions import WITH_REVISIONS, build_revisions, is_saved

PERSON = Entity.SUBSCRIBER
_NOTHING = "No new record has this key: it was not made, or has been given another key since. Look for it in Taguchi."
_LISTED = "compared by what was written"


async def fetch_outcome(ask: Ask, known_by: Mapping[str, str]) -> WriteResult:
    """Find out what became of a write; raises a `VendorError` when the source cannot be asked."""
    kind = ask.command.kind
    if kind in COMMANDS:
        return await judge_command(ask, known_by)
    if kind in {"processImport", "importSubscribers"}:
        return await _judge_import(ask, known_by)
    if kind == "extractList":
        return _unknown(tell_check(ask))
    verb = next(verb for verb in ("create", "update", "upsert", "delete", "") if kind.startswith(verb))
    entity = next((entity for entity, name in NOUNS.items() if kind == f"{verb}{name}"), PERSON)
    if verb == "delete":
        return await _judge_deleted(ask, entity)
    return await _judge_written(ask, entity, known_by, by_key=verb in {"create", "upsert"})


async def _judge_deleted(ask: Ask, entity: Entity) -> WriteResult:
    gone = await find_row(ask, entity, ask.target) is None
    return WriteResult(outcome=Outcome.APPLIED if gone else Outcome.REJECTED, id=ask.target)


async def _judge_written(ask: Ask, entity: Entity, known_by: Mapping[str, str], *, by_key: bool) -> WriteResult:
    rows = await _fetch_written(ask, entity, known_by, by_key=by_key)
    if rows is None:
        return _unknown(f"Look for the {entity.value}: it has no key of its own by which it could be found.")
    if not rows:
        return _unknown(_tell_missing(known_by) if by_key else "The record is not there any more.")
    rows = [hide_in_plain(row) for row in rows] if entity is Entity.IMPORT else rows
    told = [_compare(ask, entity, row, known_by) for row in rows]
    if len(rows) > 1 and not any(all(each) for each in told):
        return _unknown(f"Several records have this key; look which {entity.value} is meant.")
    row, same = next(((row, each) for row, each in zip(rows, told, strict=True) if all(each)), (rows[0], told[0]))
    record = to_record(entity, ask.source, row)
    if all(same):
        return WriteResult(outcome=Outcome.APPLIED, id=record.id, record=record)
    names = ", ".join(to_shown(entity, dict.fromkeys(list_moved(_read_wire(ask, entity), row)))) or "its parts"
    return WriteResult(
        outcome=Outcome.UNKNOWN, id=record.id, check=f"Look at the {entity.value}: {names} differ from what was sent."
    )


def _tell_missing(known_by: Mapping[str, str]) -> str:
    held = known_by.get(HOLDERS)
    return _NOTHING if held is None else f"{_NOTHING} Record {held} had the key before."


async def _fetch_written(ask: Ask, entity: Entity, known_by: Mapping[str, str], *, by_key: bool) -> list[Row] | None:
    """Read what may have been written; None where nothing tells it apart."""
    id_ = ask.command.target or known_by.get("id")
    revisions = RevisionChoice.LATEST if entity in WITH_REVISIONS and ask.fields.get("revisions") else None
    if id_ is not None:
        row = await find_row(ask, entity, id_, revisions)
        return [] if row is None else [row]
    key = find_key(entity, _read_wire(ask, entity) if by_key else ask.values.get("by_email") or {})
    if key is None:
        return None
    rows = [row for row in await fetch_namesakes(ask, entity, *key) if not was_there(row, known_by)]
    if revisions is None:
        return rows
    found = [await find_row(ask, entity, str(row["id"]), revisions) for row in rows]
    return [row for row in found if row is not None]


def _read_wire(ask: Ask, entity: Entity) -> dict[str, Any]:
    wire = to_wire(entity, ask.fields, "fields")
    return {**wire, **read_manifest(ask.fields, "fields")} if entity is Entity.IMPORT else wire


def _compare(ask: Ask, entity: Entity, row: Row, known_by: Mapping[str, str]) -> list[bool]:
    """Say of each thing that was written whether it stands there."""
    if ask.command.kind in {"unsubscribe", "resubscribe"}:
        return _compare_flags(ask, row)
    same = [
        is_same_manifest(value, row.get(name)) if name == "manifest" else is_same(value, row.get(name))
        for name, value in _read_wire(ask, entity).items()
    ]
    if entity is PERSON:
        same += _compare_parts(ask, row)
    new = build_revisions(ask, entity)
    if new:
        same.append(is_saved(new[-1], row, known_by))
    return same or [True]


def _compare_flags(ask: Ask, row: Row) -> list[bool]:
    if ask.command.kind == "unsubscribe":
        return [has_left(row)]
    bounced = [row.get("bounced") in {None, False}] if ask.values.get("clear_bounce") else []
    return [not has_left(row), *bounced]


def _compare_parts(ask: Ask, row: Row) -> list[bool]:
    given = [ask.values] if ask.command.kind == "setListMembership" else ask.fields.get("memberships")
    held = {item.get("field"): item.get("data") for item in read_rows(row, "custom_fields")}
    fields = build_custom_fields(ask.fields.get("custom_fields"))
    return [
        *(change.settled for change in read_changes(given, row, _LISTED)),
        *(is_same(item["data"], held.get(item["field"])) for item in fields),
    ]


async def _judge_import(ask: Ask, known_by: Mapping[str, str]) -> WriteResult:
    """
    Tell whether an import has started, how far it has come, and its `status`; no word of it is said to be the end.

    Source: Import Resource, timestamp: when processing started; the counts: "an indication of the overall progress".
    """
    id_ = ask.command.target or known_by.get("id")
    if id_ is None:
        return _unknown("Look for the import in Taguchi, and whether it has started.")
    row = await find_row(ask, Entity.IMPORT, id_)
    if row is None:
        return _unknown(f"Look for import {id_} in Taguchi: it is not there any more.", id_)
    started = row.get("timestamp")
    if started is None or started == known_by.get(STARTED):
        return _unknown(f"Look at import {id_} in Taguchi: it has not started since this was sent.", id_)
    told = {name: row.get(name) for name in ("status", "total", "invalid", "bounced", "global_new", "list_new")}
    return WriteResult(
        outcome=Outcome.ACCEPTED,
        id=id_,
        record=to_record(Entity.IMPORT, ask.source, row),
        facts={"started": started, **{name: value for name, value in told.items() if value is not None}},
        check=IMPORT_CHECK,
    )


def _unknown(check: str, id_: str | None = None) -> WriteResult:
    return WriteResult(outcome=Outcome.UNKNOWN, id=id_, check=check)
