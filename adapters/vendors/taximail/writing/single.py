"""
Making and changing one contact.

A new contact is an import of one row, which leaves what it finds as it is. One that is known is changed by an update,
which cannot undo an opt-out; only who had left and may come back is imported again, and then looked at: the document
does not say that an import lets anybody rejoin.
Source: taximail-contacts.txt, Importing and Updating.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from adapters.calls import CallScope
from adapters.contract import Outcome, WriteResult
from adapters.errors import ConsentError, FacadeError, InputError, VendorRejectedError
from adapters.recipes import Step, StepResult
from adapters.records import SubscriberRecord
from adapters.transport.client import Reply
from adapters.vendors.taximail.capability import VENDOR

from .ask import INPUT, Ask, Draft, Path, read_key, read_list_id
from .columns import EMAIL, Columns, read_columns, to_shown, to_update_name
from .imports import build_form, build_steps
from .people import fetch_contact, fetch_fields, fetch_subject, find_address, has_opted_out
from .rejections import build_rejection
from .replies import read_counts, read_done
from .requests import build_update
from .rows import FORMATS, Person, build_batches

FIELDS: Final = (INPUT, "fields")
_MEMBERSHIPS: Final = (*FIELDS, "memberships")


async def draft_create(ask: Ask) -> Draft:
    """Prepare a contact that must be new; raises `VendorConflictError` for one that is there."""
    list_id, joins = read_place(ask)
    if not joins:
        raise InputError("A contact is made on a list.", hint="Say `subscribed: true`.", path=(*_MEMBERSHIPS, 0))
    columns = await _read_new(ask, list_id)
    if await find_address(ask, list_id, columns.texts[EMAIL], (*FIELDS, EMAIL)) is not None:
        raise ask.build_conflict(f"has this address on list {list_id} already", "ALREADY_THERE")
    return draft_row(ask, list_id, columns, updates=False)


async def draft_upsert(ask: Ask) -> Draft:
    """Prepare a contact that may be new or known by its address."""
    list_id, joins = read_place(ask)
    columns = await _read_new(ask, list_id)
    held = await find_address(ask, list_id, columns.texts[EMAIL], (*FIELDS, EMAIL))
    if held is None:
        if joins:
            return draft_row(ask, list_id, columns)
        raise InputError("Nobody with this address is on the list.", hint="Say `subscribed: true`.", path=_MEMBERSHIPS)
    if joins and has_opted_out(held):
        check_consent(ask, (*_MEMBERSHIPS, 0))
        return draft_row(ask, list_id, columns, held=held)
    if not joins and not has_opted_out(held):
        raise InputError("This person is on the list.", hint="Use `unsubscribe` to opt them out.", path=_MEMBERSHIPS)
    record = await fetch_contact(ask, read_key(held.id, FIELDS))
    return _draft_changes(ask, record, columns)


async def draft_update(ask: Ask) -> Draft:
    """Prepare a change of a contact, refusing one whose caller relies on values that have moved."""
    given = ask.fields
    relied = ask.values.get("if_unchanged") or {}
    for each, path in ((given, _MEMBERSHIPS), (relied, (INPUT, "ifUnchanged", "memberships"))):
        if each.get("memberships"):
            raise InputError("A contact is on one list.", hint="Use `setListMembership`.", path=path)
    record = await fetch_subject(ask)
    known = frozenset(field.key for field in record.custom_fields)
    check_unmoved(ask, record, read_columns(relied, (INPUT, "ifUnchanged"), known))
    columns = read_columns(given, FIELDS, known)
    if columns.email is not None and columns.email != record.email:
        hint = "Make a contact with the new address, and opt this one out."
        raise InputError("Taximail cannot change a contact's address.", hint=hint, path=(*FIELDS, EMAIL))
    return _draft_changes(ask, record, columns)


def _draft_changes(ask: Ask, record: SubscriberRecord, columns: Columns) -> Draft:
    held = list_texts(record)
    changed = {name: text for name, text in columns.texts.items() if name != EMAIL and text != held.get(name, "")}
    before = to_shown({name: held.get(name) for name in changed})
    if not changed:
        return Draft(steps=(), id=record.id, warnings=("Everything is as asked for already.",))
    fields = tuple((to_update_name(name), text) for name, text in changed.items())
    request = build_update(read_key(record.id, (INPUT, "id")), fields, ask.purpose)

    def read(reply: Reply) -> StepResult:
        read_done(reply)
        return StepResult(id=record.id)

    step = Step(name="update", build=lambda _found: request, read=read, repeatable=True)
    return Draft(
        steps=(step,),
        id=record.id,
        before=before,
        after=to_shown(changed),
        check=f"Look at contact {record.id} in Taximail: whether it has the new values.",
    )


def list_texts(record: SubscriberRecord) -> dict[str, str]:
    """Return a contact's values by column; nothing is an empty text."""
    texts = {field.key: field.value or "" for field in record.custom_fields}
    names = {EMAIL: record.email, "firstname": record.first_name, "lastname": record.last_name}
    return {name: text or "" for name, text in names.items()} | texts


def check_unmoved(ask: Ask, record: SubscriberRecord, relied: Columns) -> None:
    """Refuse a write whose caller relies on values that have moved; raises `VendorConflictError`."""
    held = list_texts(record)
    moved = [name for name, text in relied.texts.items() if held.get(name, "") != text]
    if moved:
        names = to_shown(dict.fromkeys(moved))
        custom = names.pop("customFields", {})
        raise ask.build_conflict(f"holds other values by now: {', '.join([*names, *custom])}", "MOVED")


def read_place(ask: Ask) -> tuple[str, bool]:
    """Return the list an input names, and whether the person is to be on it; raises `InputError` for not just one."""
    given = ask.memberships
    if len(given) != 1:
        raise InputError(
            "At Taximail a person is a contact of one list.",
            hint="Name that list, and no other, in `memberships`.",
            path=_MEMBERSHIPS,
        )
    if given[0].get("option"):
        raise InputError("Taximail keeps no text with a membership.", path=(*_MEMBERSHIPS, 0, "option"))
    if given[0].get("left_at") is not None:
        raise InputError("Taximail says itself when somebody left.", path=(*_MEMBERSHIPS, 0, "leftAt"))
    return read_list_id(given[0].get("list_id"), (*_MEMBERSHIPS, 0, "listId")), given[0].get("subscribed") is not False


async def _read_new(ask: Ask, list_id: str) -> Columns:
    columns = read_columns(ask.fields, FIELDS, await fetch_fields(ask, list_id))
    if columns.email is None:
        raise InputError("A contact has an e-mail address.", path=(*FIELDS, EMAIL))
    return columns


def check_consent(ask: Ask, path: Path) -> None:
    """Refuse to let somebody rejoin without a basis; raises `ConsentError`."""
    if ask.command.consent is None:
        raise ConsentError(
            "The person has left this list.",
            hint="Say with `consent` why they may be put on it again; it needs the scope `consent`.",
            path=path,
        )


def draft_row(
    ask: Ask, list_id: str, columns: Columns, *, updates: bool = True, held: SubscriberRecord | None = None
) -> Draft:
    """Prepare the import of one person; `held` is the contact that had left, who must be on the list afterwards."""
    (batch,) = build_batches([Person(0, columns)], FORMATS)
    form = build_form(batch, {"update_duplicates": updates})
    before = list_texts(held) if held else {}
    return Draft(
        steps=build_steps(ask, list_id, form, read=partial(_read_row, updates)),
        id=held.id if held else None,
        before=to_shown({name: before.get(name) for name in columns.texts}) if held else None,
        after=to_shown(columns.texts),
        warnings=("Whether an import lets somebody rejoin is not documented; it is looked at afterwards.",)
        if held
        else (),
        check=f"Look at list {list_id} in Taximail: whether the person is on it.",
        finish=partial(_look, ask, list_id, columns.texts[EMAIL], rejoins=held is not None),
    )


def _read_row(updates: bool, reply: Reply) -> StepResult:
    """Read what became of an import of one person."""
    counts = read_counts(reply)
    if counts.success or (counts.duplicate and updates):
        return StepResult(facts=counts.facts)
    reason, what = (
        ("ALREADY_THERE", "has this address already") if counts.duplicate else ("IMPORT_FAILED", "refused it")
    )
    error = build_rejection(reply, what, reason)
    return StepResult(outcome=Outcome.REJECTED, facts=counts.facts, error=error)


async def _look(
    ask: Ask, list_id: str, email: str, result: WriteResult, scope: CallScope, *, rejoins: bool
) -> WriteResult:
    """Find the contact an import has made; one that had left must be on the list now."""
    if result.outcome is not Outcome.APPLIED:
        return result
    try:
        found = await find_address(replace(ask, scope=scope), list_id, email, FIELDS)
    except FacadeError as error:
        outcome = Outcome.UNKNOWN if rejoins else result.outcome
        note = f"The contact could not be read afterwards: {error.message}"
        return replace(result, outcome=outcome, warnings=(*result.warnings, note), error=error if rejoins else None)
    if found is None:
        return replace(result, warnings=(*result.warnings, "The list does not show the contact yet."))
    if rejoins and has_opted_out(found):
        return replace(result, id=found.id, outcome=Outcome.REJECTED, error=_build_stay(ask))
    return replace(result, id=found.id, record=found)


def _build_stay(ask: Ask) -> VendorRejectedError:
    return VendorRejectedError(
        f"Source '{ask.source}' took the import, and the person stays off the list.",
        source=ask.source,
        vendor=VENDOR,
        operation=ask.command.kind,
        reason="STAYS_UNSUBSCRIBED",
    )
