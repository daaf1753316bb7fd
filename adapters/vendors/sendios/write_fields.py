"""
Changing what Sendios keeps of a person.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.calls import CallNote
from adapters.errors import InputError, VendorConflictError

from .capability import VENDOR
from .drafts import Draft
from .endpoints import build_stored_fields
from .field_values import find_shown, is_same, to_wire_fields
from .mapping import find_user
from .targets import Person, Work, fetch_person
from .wire import Row
from .write_endpoints import build_fields_by_email, build_fields_by_id

FIELDS: Final = ("input", "fields")


async def prepare_fields(work: Work) -> Draft:
    """
    Change fields by id, or by project and address.

    Raises:
        InputError: nothing is given, or a field is none of Sendios'.
        VendorConflictError: a field the caller relies on has moved.
    """
    person = await fetch_person(work)
    stored = await fetch_stored(work, person.id) or {}
    wire = to_wire_fields(work.values["fields"], _find_custom(stored), FIELDS)
    if not wire:
        raise InputError("Nothing is to be changed.", hint="Give a field.", path=FIELDS)
    _check_unmoved(work, stored, person)
    before = {name: find_shown(name, stored, person.row)[1] for name in wire}
    if work.command.target is None:
        request = build_fields_by_email(person.project_id, person.email, wire, work.purpose)
    else:
        request = build_fields_by_id(person.id, wire, work.purpose)
    return Draft(request=request, id=person.id, before=before, after=wire, confirmed="result")


async def fetch_stored(work: Work, user_id: str) -> Row | None:
    """Read a person's user fields."""
    return await work.fetch(build_stored_fields(user_id, CallNote(work.purpose)), find_user)


def _find_custom(stored: Row) -> Mapping[str, Any]:
    custom = stored.get("custom_fields")
    return custom if isinstance(custom, dict) else {}


def _check_unmoved(work: Work, stored: Row, person: Person) -> None:
    relied = work.values.get("if_unchanged")
    if relied is None:
        return
    path = ("input", "ifUnchanged")
    for name, value in to_wire_fields(relied, _find_custom(stored), path).items():
        known, shown = find_shown(name, stored, person.row)
        if not known:
            raise InputError(f"Nobody can tell whether `{name}` has moved: Sendios does not show it.", path=path)
        if not is_same(shown, value):
            raise VendorConflictError(
                f"The field `{name}` is not what you rely on any more; nothing was changed.",
                source=work.command.source,
                vendor=VENDOR,
                operation="userfields.user",
                reason="MOVED",
                maybe_processed=False,
            )
