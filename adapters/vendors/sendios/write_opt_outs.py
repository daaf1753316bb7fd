"""
Opting people out of all mail or of types of it, and in again.

Source: vendors/facts.md, 4.2 and 4.4.
"""

from collections.abc import Sequence
from typing import Any, Final

from adapters.calls import CallNote
from adapters.errors import ConsentError, InputError
from adapters.transport.client import VendorRequest

from .drafts import Draft
from .endpoints import build_type_opt_outs
from .opt_outs import CAUSES
from .parts import read_types
from .targets import Work, fetch_person, read_number
from .write_endpoints import (
    build_opt_in,
    build_opt_out,
    build_opt_out_by_admin,
    build_types_added,
    build_types_cleared,
    build_types_removed,
    build_types_replaced,
)

SOURCE_IDS: Final = {word: number for number, word in CAUSES.items()}
ALLOWED: Final = frozenset({"client", "settings"})
"""The causes that the vendor's page allows; its SDK has more. Source: vendors/facts.md, 4.4."""

_CONSENT: Final = "Say in `consent` what the person agreed to; it needs the scope `consent`."


async def prepare_opt_out(work: Work) -> Draft:
    """Opt a person out: by id as of a source, by address as an administrator does."""
    cause = work.values.get("cause")
    if work.command.target is None and cause is not None:
        raise InputError("A cause can only be told by `id`.", path=("input", "cause"))
    person = await fetch_person(work)
    before = person.opted_out
    warnings = ["The person has opted out already."] if before else []
    if work.command.target is None:
        request = build_opt_out_by_admin(person.project_id, person.email, work.purpose)
    else:
        request = build_opt_out(person.id, SOURCE_IDS[cause or "client"], work.purpose)
    if cause not in {None, *ALLOWED}:
        warnings.append("Sendios' page allows the causes CLIENT and SETTINGS only; it may refuse others.")
    return Draft(
        request=request,
        id=person.id,
        before={"unsubscribed": before},
        after={"unsubscribed": True},
        warnings=tuple(warnings),
        tell=_tell_known,
    )


def _tell_known(data: Any) -> dict[str, bool]:
    """`unsub` is false for who had opted out already."""
    said = data.get("unsub") if isinstance(data, dict) else None
    return {"alreadyUnsubscribed": True} if said is False else {}


async def prepare_opt_in(work: Work) -> Draft:
    """Opt a person in again, who must have agreed to it."""
    if work.command.consent is None:
        raise ConsentError("This would undo an opt-out.", hint=_CONSENT, path=("input", "consent"))
    person = await fetch_person(work)
    before = person.opted_out
    warnings = () if before else ("The person has not opted out.",)
    return Draft(
        request=build_opt_in(person.id, work.purpose),
        id=person.id,
        before={"unsubscribed": before},
        after={"unsubscribed": False},
        warnings=warnings,
    )


async def prepare_types(work: Work) -> Draft:
    """
    Change the types of mail a person does not want; whoever gets one back must have agreed to it.

    A replacement that brings none back is sent as an addition: should the person opt out of another type meanwhile,
    that stays.

    Raises:
        ConsentError: a type would come back, and the caller names no basis.
    """
    change, types = work.values["change"], _read_types(work)
    person = await fetch_person(work)
    before = await fetch_types_off(work, person.id)
    after = apply_change(change, before, types)
    back = sorted(before - after)
    if (back or change in {"remove", "clear"}) and work.command.consent is None:
        raise ConsentError("This would undo opting out of types of mail.", hint=_CONSENT, path=("input", "consent"))
    return Draft(
        request=_build_change("add" if change == "replace" and not back else change, person.id, types, work.purpose),
        id=person.id,
        before={"typesOff": sorted(before)},
        after={"typesOff": sorted(after)},
    )


def _read_types(work: Work) -> list[int]:
    change, given = work.values["change"], work.values.get("type_ids") or []
    if (change == "clear") is bool(given):
        hint = "CLEAR takes none." if given else "Name the types."
        raise InputError("The types do not fit the change.", hint=hint, path=("input", "typeIds"))
    found = [read_number(each, ("input", "typeIds", place)) for place, each in enumerate(given)]
    return list(dict.fromkeys(found))


async def fetch_types_off(work: Work, user_id: str) -> frozenset[int]:
    """Read the types of mail a person does not want."""

    def read(data: Any) -> frozenset[int]:
        rows = read_types(work.reader.account, data)
        return frozenset(int(each.type_id) for each in rows if each.unsubscribed)

    return await work.fetch(build_type_opt_outs(user_id, CallNote(work.purpose)), read) or frozenset()


def apply_change(change: str, before: frozenset[int], types: Sequence[int]) -> frozenset[int]:
    """Return the types that are unwanted after a change."""
    match change:
        case "add":
            return before | set(types)
        case "remove":
            return before - set(types)
        case _:
            return frozenset(types)


def _build_change(change: str, user_id: str, types: Sequence[int], purpose: str) -> VendorRequest:
    if change == "clear":
        return build_types_cleared(user_id, purpose)
    builders = {"add": build_types_added, "remove": build_types_removed, "replace": build_types_replaced}
    return builders[change](user_id, types, purpose)
