"""
Erasing a person, and telling Sendios of a payment, your own key, a confirmation, a visit.

Source: vendors/facts.md, 4.2 and 4.6.
"""

from typing import Any, Final

from adapters.errors import InputError

from .drafts import Draft
from .targets import Work, fetch_person, read_number, read_seconds
from .write_endpoints import (
    build_confirmation,
    build_erasure,
    build_link,
    build_payment,
    build_visit_by_email,
    build_visit_by_id,
)

MOST_CHARS: Final = 255


async def prepare_erasure(work: Work) -> Draft:
    """Erase a person: the call wants project and address, so by id these are read first."""
    person = await fetch_person(work)
    body: dict[str, Any] = {"email": person.email, "project_id": person.project_id}
    if work.values.get("force") is not None:
        body["force_delete"] = work.values["force"]
    return Draft(
        request=build_erasure(body, work.purpose),
        id=person.id,
        before={"id": person.id, "projectId": str(person.project_id)},
        warnings=("Nobody can undo this.",),
    )


async def prepare_payment(work: Work) -> Draft:
    """Tell of a payment; times are sent as seconds since 1970."""
    body = build_payment_values(work)
    person = await fetch_person(work)
    return Draft(
        request=build_payment({"user_id": int(person.id), **body}, work.purpose),
        id=person.id,
        before={"lastPayment": person.row.get("last_payment") or None},
        after={"lastPayment": body},
        confirmed="status",
    )


def build_payment_values(work: Work) -> dict[str, Any]:
    """Return a payment by the vendor's names, only what was given."""
    values = work.values
    body: dict[str, Any] = {"start_date": read_seconds(values["starts_at"])}
    if values.get("expires_at") is not None:
        body["expire_date"] = read_seconds(values["expires_at"])
        if body["expire_date"] < body["start_date"]:
            raise InputError("This ends before it starts.", path=("input", "expiresAt"))
    if values.get("payment_type") is not None:
        body["payment_type"] = values["payment_type"]
    if values.get("amount") is not None:
        body["amount"] = _read_amount(values["amount"])
    if values.get("mail_id") is not None:
        body["mail_id"] = read_number(values["mail_id"], ("input", "mailId"))
    return body


def _read_amount(amount: float) -> int | float:
    if amount < 0:
        raise InputError("An amount is not below zero.", path=("input", "amount"))
    return int(amount) if amount.is_integer() else amount


async def prepare_link(work: Work) -> Draft:
    """Tell your own key for a person."""
    ref = work.values["client_user_id"]
    if not (0 < len(ref) <= MOST_CHARS and ref.isprintable()):
        raise InputError(f"A key has 1 to {MOST_CHARS} printable characters.", path=("input", "ref"))
    person = await fetch_person(work)
    body = {"email": person.email, "project_id": person.project_id, "client_user_id": ref}
    return Draft(
        request=build_link(body, work.purpose), id=person.id, after={"client_user_id": ref}, confirmed="status"
    )


async def prepare_confirmation(work: Work) -> Draft:
    """Tell that a person's address is confirmed; the call wants project and address."""
    reacted_s = read_seconds(work.values["reacted_at"])
    person = await fetch_person(work)
    return Draft(
        request=build_confirmation(person.project_id, person.email, reacted_s, work.purpose),
        id=person.id,
        before={"confirm": person.row.get("confirm")},
        after={"confirm": 1},
        marks=True,
    )


async def prepare_visit(work: Work) -> Draft:
    """Tell that a person was there, by id or by project and address."""
    seen_s = read_seconds(work.values["seen_at"])
    person = await fetch_person(work)
    if work.command.target is None:
        request = build_visit_by_email(person.project_id, person.email, seen_s, work.purpose)
    else:
        request = build_visit_by_id(person.id, seen_s, work.purpose)
    return Draft(
        request=request,
        id=person.id,
        before={"last_online": person.row.get("last_online")},
        after={"last_online": seen_s},
        marks=True,
    )
