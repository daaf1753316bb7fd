"""
People: made, changed, put on lists and taken off them, opted out and in again.

A change reads the person first and sends the whole record back, as all public clients do: what PUT makes of fields that
are left out is not said. `unsubscribed` and `bounced` go with it only where they are set, so that an opt-out that
happened meanwhile is not undone; memberships and custom fields only where they change, since those are merged.
Source: taguchi-v4-api.txt, Subscriber Resource; vendors/facts.md, 1.3 and 1.5.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from adapters.errors import ConsentError
from adapters.recipes import Found, Step, StepResult
from adapters.records import Entity
from adapters.transport.client import Reply, VendorRequest
from adapters.vendors.taguchi_v4.values import read_required_id
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask, Draft, to_path
from .fields import keep_writable, read_past, to_wire
from .holders import fetch_holders
from .memberships import (
    NOW,
    Change,
    Timed,
    build_custom_fields,
    build_memberships,
    has_left,
    read_change,
    read_changes,
    tell_now,
    warn_of_settled,
)
from .people import FLAGS, check_address, fetch_person, find_upserted
from .replies import read_written
from .requests import build_write
from .showing import show_after, show_before
from .turns import Place
from .unmoved import check_unmoved, warn_of_other_values

PERSON = Entity.SUBSCRIBER
_FLAG_NAMES = {"unsubscribed_at": "An opt-out", "bounced_at": "A bounce"}


async def draft_create(ask: Ask) -> Draft:
    """Make a person by POST, which is not to be repeated."""
    wire, changes, fields = _read_input(ask, None)
    await check_address(ask, None, wire, changes)
    unknown = wire.get("ref") is None and wire.get("email") is None
    warnings = ("Without `ref` and `email` nobody can find out whether it was done.",) if unknown else ()
    holders = await fetch_holders(ask, PERSON, wire)
    step = replace(_build_step(ask, "POST", None, partial(_build_body, wire, changes, fields)), known_by=holders)
    return Draft(
        steps=(step,), after=show_after(wire, changes, fields), warnings=(*warnings, *warn_of_settled(changes))
    )


async def draft_update(ask: Ask) -> Draft:
    """Change a person by PUT; raises `VendorConflictError` where a field that is relied on has moved."""
    row = await fetch_person(ask)
    check_unmoved(ask, PERSON, row)
    wire, changes, fields = _read_input(ask, row)
    await check_address(ask, row, wire, changes)
    body = partial(_build_body, {**_keep(row), **wire}, changes, fields)
    return Draft(
        steps=(_build_step(ask, "PUT", read_required_id(row), body, wire),),
        before=show_before(row, wire, changes, fields),
        after=show_after(wire, changes, fields),
        warnings=warn_of_settled(changes),
        rewrites=_to_place(row),
    )


async def draft_upsert(ask: Ask) -> Draft:
    """Make or change a person by CREATEORUPDATE, which leaves alone what is not sent."""
    row = await find_upserted(ask)
    wire, changes, fields = _read_input(ask, row)
    await check_address(ask, row, wire, changes)
    respelled = _spell_as_kept(wire, row)
    step = _build_step(ask, "CREATEORUPDATE", None, partial(_build_body, wire, changes, fields), wire)
    return Draft(
        steps=(step,),
        before=None if row is None else show_before(row, wire, changes, fields),
        after=show_after(wire, changes, fields),
        warnings=(*respelled, *warn_of_settled(changes)),
    )


def _spell_as_kept(wire: dict[str, Any], row: Row | None) -> tuple[str, ...]:
    """
    Name a person by the address as it is kept: in another spelling Taguchi would not find it, and make a second record.

    Who is found by reference gets the address as it was given.
    """
    email = wire.get("email")
    by_ref = row is not None and wire.get("ref") is not None and row.get("ref") == wire["ref"]
    if row is None or email is None or by_ref or row.get("email") == email:
        return ()
    wire["email"] = row["email"]
    return ("The person is kept under another spelling of this e-mail address, which stays.",)


async def draft_membership(ask: Ask) -> Draft:
    """Put a person on a list, take one off it, or keep another text with the membership."""
    row = await fetch_person(ask)
    change = read_change(ask.values, row, ask.command.consent)
    changes = (change,)
    before = show_before(row, {}, changes, [])
    if change.settled:
        return Draft(steps=(), before=before, after=before, warnings=warn_of_settled(changes))
    step = _build_step(ask, "PUT", read_required_id(row), partial(_build_body, _keep(row), changes, []))
    return Draft(steps=(step,), before=before, after=show_after({}, changes, []), rewrites=_to_place(row))


async def draft_unsubscribe(ask: Ask) -> Draft:
    """Opt a person out of everything; who has opted out already keeps the time."""
    row = await fetch_person(ask)
    if has_left(row):
        return Draft(steps=(), warnings=("The person has opted out already.",))
    given = ask.values.get("at")
    left_at = None if given is None else read_past(given, "at")
    return _draft_flags(ask, row, lambda now: {"unsubscribed": left_at or now})


async def draft_resubscribe(ask: Ask) -> Draft:
    """
    Clear the flags that keep a person from getting mail; raises `ConsentError` without a basis.

    A bounce is cleared only where the input says so: the address was found to be invalid.
    """
    if ask.command.consent is None:
        raise ConsentError(
            "Nobody is opted in again without their consent.",
            hint="Say with `consent` why; it needs the scope `consent`.",
            path=to_path("consent"),
        )
    row = await fetch_person(ask)
    flags = FLAGS if ask.values.get("clear_bounce") else FLAGS[:1]
    if all(row.get(name) in {None, False} for name in flags):
        return Draft(steps=(), warnings=("The person has not opted out.",))
    return _draft_flags(ask, row, lambda _now: dict.fromkeys(flags))


def _draft_flags(ask: Ask, row: Row, change: Timed) -> Draft:
    shown = change(NOW)
    step = _build_step(
        ask, "PUT", read_required_id(row), lambda now: _build_body(_keep(row) | change(now), (), [], now)
    )
    before = {name: row.get(name) for name in shown}
    return Draft(steps=(step,), before=before, after=shown, rewrites=_to_place(row))


def _read_input(ask: Ask, row: Row | None) -> tuple[dict[str, Any], tuple[Change, ...], list[dict[str, Any]]]:
    """Read the fields of an input: plain ones by the vendor's names, memberships, and custom fields."""
    wire = to_wire(PERSON, ask.fields, "fields")
    _check_flags(ask.fields)
    changes = read_changes(ask.fields.get("memberships"), row, ask.command.consent, "fields", "memberships")
    return wire, changes, build_custom_fields(ask.fields.get("custom_fields"), "fields", "custom_fields")


def _check_flags(fields: Mapping[str, Any]) -> None:
    """Refuse a flag that is to be cleared, or to come: mail would go to somebody who must not get it."""
    for name, what in _FLAG_NAMES.items():
        if name not in fields:
            continue
        if fields[name] is None:
            hint = "Use `resubscribe`, for a bounce with `clearBounce`; it needs the scope `consent`."
            path = to_path("fields", name)
            raise ConsentError(f"{what} is not cleared by a change of fields.", hint=hint, path=path)
        read_past(fields[name], "fields", name)


def _to_place(row: Row) -> Place:
    return PERSON, read_required_id(row)


def _keep(row: Row) -> dict[str, Any]:
    flags = {name: row[name] for name in FLAGS if row.get(name) not in {None, False}}
    return {"id": row["id"], **keep_writable(PERSON, row), **flags}


def _build_body(plain: Mapping[str, Any], changes: tuple[Change, ...], fields: list[Any], now: str) -> dict[str, Any]:
    """
    Build a record as it is sent.

    Source: Custom Fields: an empty list, never null.
    """
    memberships = build_memberships(changes, now)
    return {**plain, **({"lists": memberships} if memberships else {}), "custom_fields": fields}


def _build_step(ask: Ask, method: str, id_: str | None, body: Timed, written: Mapping[str, Any] | None = None) -> Step:
    def build(found: Found) -> VendorRequest:
        return build_write(PERSON, method, id_, body(tell_now(found)), purpose=ask.purpose)

    def read(reply: Reply) -> StepResult:
        row, record = read_written(reply, PERSON, id_)
        return StepResult(id=record.id, record=record, warnings=warn_of_other_values(PERSON, written or {}, row))

    return Step(name=f"subscriber.{method.lower()}", build=build, read=read, repeatable=method != "POST")
