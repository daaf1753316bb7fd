"""
The commands of an activity and of a list: proofs, approval, comments, the queue, triggers and extracts.

What reaches people is ACCEPTED: Taguchi answers before it sends. Two distinct contents are two TRIGGERs, and where one
of them fails the next are not sent. Source: taguchi-v4-api.txt, Activity Resource and List Resource, Operations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from adapters.contract import ItemResult, Outcome
from adapters.errors import InputError
from adapters.recipes import Found, Step, StepResult
from adapters.records import Entity, RevisionChoice
from adapters.transport.client import Reply, VendorRequest
from adapters.vendors.taguchi_v4.times import print_time
from adapters.vendors.taguchi_v4.values import read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .abilities import APPROVED
from .ask import Ask, Draft, to_path
from .audits import TAKEN, build_audit_step
from .checks import tell_check
from .fields import to_number
from .held import fetch_row
from .lists import APPROVALS, NOTIFICATIONS, PROOFS, check_list
from .recipients import fetch_recipients, group_by_content
from .records import is_past
from .replies import read_done
from .requests import build_write

ACTIVITY = Entity.ACTIVITY
FORMATS: Final = {"smtp": "mime", "sms": "plain"}
"""Which format goes with which protocol. Source: PROOF, format."""


async def draft_proof(ask: Ask) -> Draft:
    """Send a proof to a proof list or, one PROOF each, to people who are named."""
    await fetch_row(ask, ACTIVITY)
    shared = {**_read_delivery(ask), **_read_revision(ask), **_read_texts(ask, "tag", "message")}
    people = await fetch_recipients(ask)
    if people and ask.values.get("list_id") is not None:
        raise InputError("Say `recipients` or `listId`, one of them.", path=to_path("list_id"))
    if people:
        bodies = [({**shared, "subscriber_id": id_}, (place,)) for place, id_, _ in people]
        return _draft(ask, "PROOF", bodies, Outcome.ACCEPTED)
    body, warnings = {**_read_list(ask), **shared}, await check_list(ask, "list_id", PROOFS)
    return replace(_draft(ask, "PROOF", [(body, ())], Outcome.ACCEPTED), warnings=warnings)


async def draft_approval(ask: Ask) -> Draft:
    """Ask the people of an approval list to approve."""
    await fetch_row(ask, ACTIVITY)
    texts = _read_texts(ask, "tag", "message")
    body = {**_read_list(ask), **_read_delivery(ask), **_read_revision(ask), **texts}
    warnings = await check_list(ask, "list_id", APPROVALS)
    return replace(_draft(ask, "APPROVAL", [(body, ())], Outcome.ACCEPTED), warnings=warnings)


async def draft_comment(ask: Ask) -> Draft:
    """Leave a comment for the activity's editors."""
    await fetch_row(ask, ACTIVITY)
    if not (ask.values.get("message") or "").strip():
        raise InputError("A comment has a text.", path=to_path("message"))
    return _draft(ask, "COMMENT", [(_read_texts(ask, "message"), ())], Outcome.APPLIED)


async def draft_approve(ask: Ask) -> Draft:
    """Approve the newest revision, which can then be sent."""
    row = await fetch_row(ask, ACTIVITY, RevisionChoice.LATEST)
    newest = _find_newest(row)
    if newest is None:
        raise InputError("This activity has no revision to approve.", path=to_path("id"))
    draft = _draft(ask, "APPROVE", [(_read_texts(ask, "message"), ())], Outcome.APPLIED)
    return Draft(steps=draft.steps, before=_show_approval(newest), check=draft.check)


async def draft_queue(ask: Ask) -> Draft:
    """
    Put an activity into the queue, to be sent at its date to all of its targets.

    Raises:
        InputError: it has no date to come, no targets, or nothing that is approved.
    """
    row = await fetch_row(ask, ACTIVITY, RevisionChoice.HISTORY)
    _check_approved(row)
    if row.get("date") is None or is_past(row["date"]):
        raise InputError(
            "This activity's `scheduledAt` is not set, or lies in the past: it would be sent at once.",
            reason="SCHEDULE_PAST",
            hint="Set it with `updateActivity` first.",
            path=to_path("id"),
        )
    if row.get("target_lists") in {None, "", "[]", "null"}:
        raise InputError("This activity has no target lists.", path=to_path("id"))
    draft = _draft(ask, "QUEUE", [({}, ())], Outcome.ACCEPTED)
    shown = {"status": row.get("status"), "scheduledAt": row["date"], "targetLists": row["target_lists"]}
    return Draft(steps=draft.steps, before=shown, check=draft.check)


async def draft_trigger(ask: Ask) -> Draft:
    """
    Send an activity to people who are named, one TRIGGER for each distinct content, or to whom an expression selects.

    Raises:
        InputError: both or neither is said, the date lies in the past, or nothing is approved and it is no test.
    """
    row = await fetch_row(ask, ACTIVITY, RevisionChoice.HISTORY)
    if not ask.values.get("test"):
        _check_approved(row)
    shared = {**_read_delivery(ask), **_read_date(ask), **_read_test(ask)}
    expression, content = ask.values.get("expression"), ask.values.get("content")
    people = await fetch_recipients(ask)
    if (expression is not None) is bool(people):
        raise InputError("Say `recipients` or `expression`, one of them.", path=to_path("expression"))
    if expression is not None:
        return _draft(ask, "TRIGGER", [(_build_trigger(shared, {"expression": expression}, content), ())])
    bodies = [
        (_build_trigger(shared, [id_ for _, id_ in group], own), tuple(place for place, _ in group))
        for own, group in group_by_content(people, content)
    ]
    return _draft(ask, "TRIGGER", bodies)


async def draft_extract(ask: Ask) -> Draft:
    """
    Have Taguchi write a list's people to a file, and tell a notification list.

    Source: List Resource, EXTRACT: its parameters stand in the query.
    """
    await fetch_row(ask, Entity.LIST)
    notify = ask.values.get("notify_list_id")
    params = [] if notify is None else [("notify", str(to_number(notify, "notify_list_id")))]
    warnings = () if notify is None else await check_list(ask, "notify_list_id", NOTIFICATIONS)
    for place, each in enumerate(ask.values.get("conditions") or ()):
        params.append(("query", _write_condition(each, place)))
    request = build_write(Entity.LIST, "EXTRACT", ask.target, None, purpose=ask.purpose, params=tuple(params))
    read = partial(_read_reply, ask.target, Outcome.ACCEPTED, (), {})
    step = Step(name=request.operation, build=partial(_give, request), read=read)
    return Draft(steps=(step,), check=tell_check(ask), warnings=warnings)


def _write_condition(given: Mapping[str, Any], place: int) -> str:
    value = given.get("value")
    if (value is None) is not (given["operator"] in {"is", "nt"}):
        word = "a value" if value is None else "nothing but null"
        raise InputError(f"This operator compares with {word}.", path=to_path("conditions", place, "value"))
    return f"{given['field']}-{given['operator']}-{'null' if value is None else value}"


def _build_trigger(shared: Mapping[str, Any], conditions: Any, content: str | None) -> dict[str, Any]:
    own = {} if content is None else {"request_content": content}
    return {**shared, **own, "conditions": conditions}


def _draft(
    ask: Ask,
    method: str,
    bodies: Sequence[tuple[Mapping[str, Any], tuple[int, ...]]],
    outcome: Outcome = Outcome.ACCEPTED,
) -> Draft:
    """
    Build the steps of a command: the audit log first, then a request for each body with the places it is for.

    The id stands in the body too, as a text: so all public clients send it (vendors/facts.md, 1.8).
    """
    steps = [build_audit_step(ask, method, ask.target)]
    for number, (body, places) in enumerate(bodies, start=1):
        fields = {"id": ask.target, **body}
        request = build_write(ACTIVITY, method, ask.target, fields, purpose=ask.purpose)
        read = partial(_read_reply, ask.target, outcome, places, {f"{TAKEN} {number}": method})
        steps.append(Step(name=request.operation, build=partial(_give, request), read=read, places=places))
    return Draft(steps=tuple(steps), check=tell_check(ask))


def _give(request: VendorRequest, _found: Found) -> VendorRequest:
    return request


def _read_reply(
    id_: str, outcome: Outcome, places: tuple[int, ...], known_by: Mapping[str, str], reply: Reply
) -> StepResult:
    result = read_done(reply, id_, outcome)
    items = tuple(ItemResult(place=place, outcome=outcome) for place in places)
    return StepResult(outcome=outcome, id=result.id, items=items, known_by=known_by)


def _read_delivery(ask: Ask) -> dict[str, Any]:
    """Read how a message goes out. Source: PROOF, protocol, server and format; TRIGGER has the same."""
    protocol, chosen = ask.values.get("protocol"), ask.values.get("format")
    if None not in {protocol, chosen} and FORMATS[str(protocol)] != chosen:
        raise InputError(f"`{protocol}` goes with `{FORMATS[str(protocol)]}`.", path=to_path("format"))
    given = {"protocol": protocol, "server": ask.values.get("server"), "format": chosen}
    return {name: value for name, value in given.items() if value is not None}


def _read_list(ask: Ask) -> dict[str, Any]:
    list_id = ask.values.get("list_id")
    if list_id is None:
        raise InputError("It is not said who gets it.", hint="Give `listId`.", path=to_path("list_id"))
    return {"list_id": str(to_number(list_id, "list_id"))}


def _read_revision(ask: Ask) -> dict[str, Any]:
    revision_id = ask.values.get("revision_id")
    return {} if revision_id is None else {"revision_id": str(to_number(revision_id, "revision_id"))}


def _read_texts(ask: Ask, *names: str) -> dict[str, Any]:
    return {name: ask.values[name] for name in names if ask.values.get(name) is not None}


def _read_test(ask: Ask) -> dict[str, int]:
    test = ask.values.get("test")
    return {} if test is None else {"test": int(test)}


def _read_date(ask: Ask) -> dict[str, str]:
    given = ask.values.get("date")
    if given is None:
        return {}
    moment = datetime.fromisoformat(given)
    if moment < datetime.now(UTC):
        raise InputError(
            "This lies in the past: it would be sent at once.",
            reason="SCHEDULE_PAST",
            hint="Leave `date` out to send now.",
            path=to_path("date"),
        )
    return {"date": print_time(moment)}


def _check_approved(row: Row) -> None:
    if not any(item.get("approval_status") in APPROVED for item in read_rows(row, "revisions")):
        raise InputError(
            "No revision of this activity is approved, so Taguchi would not send it.",
            reason="NOT_APPROVED",
            hint="Approve it with `approveActivity` first.",
            path=to_path("id"),
        )


def _find_newest(row: Row) -> Row | None:
    revisions = read_rows(row, "revisions")
    return revisions[-1] if revisions else None


def _show_approval(revision: Row) -> dict[str, Any]:
    return {"revisionId": str(revision.get("id")), "approvalStatus": revision.get("approval_status")}
