"""
What became of writes, found out by reading: an answer says only that the vendor has taken them.

A read that does not show a write yet proves nothing, since the vendor does it at a time of its own.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from adapters.calls import CallNote
from adapters.contract import Outcome, WriteResult
from adapters.errors import NotFoundError

from .endpoints import build_unsubscribe_state
from .field_values import UNREADABLE, find_shown, is_same, to_wire_fields
from .opt_outs import to_state
from .targets import Person, Work, find_person, read_seconds
from .values import parse_time
from .write_fields import FIELDS, fetch_stored
from .write_opt_outs import apply_change, fetch_types_off
from .write_people import build_payment_values

Shown = Callable[[Work, Person], Awaitable[bool]]
"""Whether what is read of a person shows that a write was done."""


async def fetch_outcome(work: Work) -> WriteResult:
    """
    Read whether a write shows.

    APPLIED where it does, UNKNOWN with what to check where it does not or where no read can tell.

    Raises:
        VendorError: the vendor could not be asked.
    """
    kind = work.command.kind
    if kind == "sendMessage":
        return _leave("Look at the person's sent mails (`sendios { sentMails }`), or wait for the webhook.")
    person = await _find(work)
    if kind == "eraseSubscriber":
        return _leave("The person is still there.") if person else WriteResult(outcome=Outcome.APPLIED)
    if person is None:
        return _leave("The person is not there; look in Sendios' panel.")
    if not await _SHOWN[kind](work, person):
        return _leave("The person does not show it yet; ask again, or look in Sendios' panel.")
    return WriteResult(outcome=Outcome.APPLIED, id=person.id)


async def _find(work: Work) -> Person | None:
    try:
        return await find_person(work)
    except NotFoundError:  # under this name there is somebody else by now
        return None


def _leave(check: str) -> WriteResult:
    return WriteResult(outcome=Outcome.UNKNOWN, check=check)


async def _shows_fields(work: Work, person: Person) -> bool:
    """Compare every field that a read shows; those that none shows prove nothing alone."""
    stored = await fetch_stored(work, person.id) or {}
    custom = stored.get("custom_fields")
    wire = to_wire_fields(work.values["fields"], custom if isinstance(custom, dict) else {}, FIELDS)
    shown = {name: find_shown(name, stored, person.row) for name in wire if name not in UNREADABLE}
    return bool(shown) and all(known and is_same(value, wire[name]) for name, (known, value) in shown.items())


async def _shows_opt_out(work: Work, person: Person) -> bool:
    return await _is_out(work, person) is True


async def _shows_opt_in(work: Work, person: Person) -> bool:
    return await _is_out(work, person) is False


async def _is_out(work: Work, person: Person) -> bool | None:
    def read(data: Any) -> bool:
        return to_state(work.reader.account.zone, data).unsubscribed

    return await work.fetch(build_unsubscribe_state(person.id, CallNote(work.purpose)), read)


async def _shows_types(work: Work, person: Person) -> bool:
    types = [int(each) for each in work.values.get("type_ids") or ()]
    now = await fetch_types_off(work, person.id)
    return apply_change(work.values["change"], now, types) == now


async def _shows_payment(work: Work, person: Person) -> bool:
    shown = person.row.get("last_payment")
    if not isinstance(shown, dict):
        return False
    return all(is_same(shown.get(name), value) for name, value in build_payment_values(work).items())


async def _shows_link(work: Work, person: Person) -> bool:
    stored = await fetch_stored(work, person.id) or {}
    known, shown = find_shown("client_user_id", stored, person.row)
    return known and is_same(shown, work.values["client_user_id"])


async def _shows_confirmation(_work: Work, person: Person) -> bool:
    return is_same(person.row.get("confirm"), 1)


async def _shows_visit(work: Work, person: Person) -> bool:
    seen = parse_time(person.row.get("last_online"), work.reader.account.zone)
    return seen is not None and seen.timestamp() >= read_seconds(work.values["seen_at"])


_SHOWN: Final[Mapping[str, Shown]] = {
    "updateSubscriber": _shows_fields,
    "unsubscribe": _shows_opt_out,
    "resubscribe": _shows_opt_in,
    "unsubscribeFromTypes": _shows_types,
    "recordPayment": _shows_payment,
    "linkClientUser": _shows_link,
    "confirmUser": _shows_confirmation,
    "markOnline": _shows_visit,
}
