"""
Whom a mutation is about, where it is not said by an id.
"""

from collections.abc import Sequence
from typing import Final

from adapters.errors import ConsentError, InputError, NotFoundError
from adapters.records import Entity
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask, refuse_unknown, to_path
from .fields import to_wire
from .held import fetch_by_address, fetch_namesakes, fetch_row, is_address
from .memberships import Change, find_membership, has_left

PERSON = Entity.SUBSCRIBER
FLAGS: Final = ("unsubscribed", "bounced")
"""What keeps a person from getting any mail."""


async def find_upserted(ask: Ask) -> Row | None:
    """
    Find whom CREATEORUPDATE will find: by reference, then by e-mail address.

    Raises:
        InputError: neither is given; several have the address; or who has it has another reference, which the write
            would replace.
    """
    wire = to_wire(PERSON, ask.fields, "fields")
    ref, email = wire.get("ref"), wire.get("email")
    if ref is None and email is None:
        raise InputError("It is not said who is meant.", hint="Give `ref` or `email`.", path=to_path("fields"))
    by_ref = [] if ref is None else await fetch_namesakes(ask, PERSON, "ref", ref)
    if by_ref:
        return by_ref[0]
    by_email = [] if email is None else await _fetch_spelled(ask, email)
    if len(by_email) > 1:
        raise build_ambiguous("fields", "email")
    if by_email and ref is not None and by_email[0].get("ref") is not None:
        raise InputError(
            "Somebody with another `ref` has this e-mail address, and would get this one instead.",
            reason="REF_TAKEN",
            hint="Change that person by `id`, or make a new one with `createSubscriber`.",
            path=to_path("fields", "ref"),
        )
    return by_email[0] if by_email else None


async def fetch_person(ask: Ask) -> Row:
    """Read the person a mutation is about, by id or by e-mail address."""
    by_email = ask.values.get("by_email")
    if ask.command.target is not None or by_email is None:
        return await fetch_row(ask, PERSON)
    refuse_unknown(by_email, ("email",), "by_email")
    found = await _fetch_spelled(ask, by_email["email"])
    if not found:
        raise NotFoundError(f"Source '{ask.source}' knows nobody by this e-mail address.", reason="RECORD_GONE")
    if len(found) > 1:
        raise build_ambiguous("by_email", "email")
    return found[0]


async def _fetch_spelled(ask: Ask, email: str) -> list[Row]:
    """Read the people of an address: those that have it exactly so, or else those that have it in another spelling."""
    found = await fetch_by_address(ask, email)
    return [row for row in found if row.get("email") == email] or found


async def check_address(ask: Ask, row: Row | None, wire: Row, changes: Sequence[Change]) -> None:
    """
    Refuse to give a person the address of somebody who has left; `row` is the person, None where one is to be made.

    Mail would go to that address again, though its own record says that it must not.

    Raises:
        ConsentError: no basis is told.
    """
    email = wire.get("email")
    if email is None or ask.command.consent is not None or (row is not None and is_address(row, email)):
        return
    for other in await fetch_by_address(ask, email):
        if any(other.get(name) not in {None, False} for name in FLAGS):
            raise _build_left("opted out, or bounced", "fields", "email")
        for change in changes:
            held = find_membership(other, change.list_id)
            if change.joins and held is not None and has_left(held):
                raise _build_left(f"left the list {change.list_id}", "fields", "memberships")


def _build_left(what: str, *path: str) -> ConsentError:
    return ConsentError(
        f"Another record of this e-mail address has {what}.",
        hint="Change that one, or say with `consent` why; it needs the scope `consent`.",
        path=to_path(*path),
    )


def build_ambiguous(*path: str | int) -> InputError:
    """Build the error for an address of several people."""
    return InputError(
        "Several people have this e-mail address.", reason="AMBIGUOUS", hint="Name one by `id`.", path=to_path(*path)
    )
