"""
People by their id, and by their e-mail address in each project.

Sendios knows a person by project and address, so somebody may be several users, one in each project. Addresses are
compared as `adapters.identity` says: the vendor ignores the case of letters.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.contract import Loaded, MatchReason, PersonMatch, PersonQuery
from adapters.errors import CapabilityError, FacadeError
from adapters.identity import to_email_key
from adapters.records import SUBSCRIBER_KEY, Record, SubscriberRecord
from adapters.refusals import build_contract_error
from adapters.transport.client import VendorRequest

from .endpoints import build_opted_out, build_user, build_user_by_email
from .mapping import find_user, to_subscriber
from .opt_outs import read_person_key
from .reading import Reader, fetch_each
from .side_by_side import gather
from .values import to_id

Found = tuple[Record, ...] | FacadeError

EMAIL: Final = "email"
_HINT: Final = "Look people up by their e-mail address or by Sendios' own id."
_REFUSED: Final[Mapping[str, str]] = {
    "ref": "Sendios keeps your own key (client_user_id) and has no look-up by it.",
    "phone": "Sendios keeps no telephone numbers.",
    "mobile": "Sendios keeps no telephone numbers.",
}


async def fetch_by_ids(reader: Reader, ids: Sequence[str], scope: CallScope, *, purpose: str) -> Mapping[str, Loaded]:
    """Read people by id, one call each, side by side; an id that is no number is nobody's and costs none."""

    async def fetch(user_id: str) -> SubscriberRecord | None:
        if not is_user_id(user_id):
            return None
        return await _fetch_user(reader, build_user(user_id, CallNote(purpose)), scope, user_id=user_id)

    return await fetch_each(ids, fetch)


async def fetch_by_values(
    reader: Reader, name: str, values: Sequence[str], scope: CallScope, *, purpose: str
) -> Mapping[str, Found]:
    """
    Read everybody with each address, one call per address and project, or whom each opt-out is of, one call each; all
    side by side.

    Raises:
        CapabilityError: people can be looked up by nothing else.
    """
    if name not in {EMAIL, SUBSCRIBER_KEY}:
        raise refuse_lookup(name)

    async def fetch(value: str) -> tuple[Record, ...]:
        if name == EMAIL:
            return await fetch_by_email(reader, value, scope, purpose=purpose)
        found = await _fetch_opted_out(reader, value, scope, purpose)
        return () if found is None else (found,)

    return await fetch_each(values, fetch)


async def fetch_by_email(reader: Reader, email: str, scope: CallScope, *, purpose: str) -> tuple[SubscriberRecord, ...]:
    """
    Read everybody with an address, in the order of the projects; what is no address is nobody's and costs no call.

    Raises:
        FacadeError: a project could not be asked, so nobody knows whether that was all.
    """
    if "@" not in email:
        return ()
    replies = await gather(
        [_fetch_in_project(reader, project_id, email, scope, purpose) for project_id in reader.account.projects]
    )
    for reply in replies:
        if isinstance(reply, FacadeError):
            raise reply
    return tuple(reply for reply in replies if isinstance(reply, SubscriberRecord))


async def _fetch_in_project(
    reader: Reader, project_id: int, email: str, scope: CallScope, purpose: str
) -> SubscriberRecord | None:
    return await _fetch_with_address(
        reader, build_user_by_email(project_id, email, CallNote(purpose)), email, scope, project_id
    )


async def _fetch_opted_out(reader: Reader, key: str, scope: CallScope, purpose: str) -> SubscriberRecord | None:
    """Read whom an opt-out is of; what is no address is nobody's and costs no call."""
    project_id, email = read_person_key(key)
    if "@" not in email:
        return None
    request = build_opted_out(int(project_id), email, CallNote(purpose))
    return await _fetch_with_address(reader, request, email, scope, int(project_id))


async def _fetch_with_address(
    reader: Reader, request: VendorRequest, email: str, scope: CallScope, project_id: int
) -> SubscriberRecord | None:
    record = await _fetch_user(reader, request, scope, project_id=str(project_id))
    same = record is not None and to_email_key(record.email or "") == to_email_key(email)
    return record if same else None  # the vendor corrects addresses, and might find somebody else's


async def _fetch_user(
    reader: Reader,
    request: VendorRequest,
    scope: CallScope,
    *,
    user_id: str | None = None,
    project_id: str | None = None,
) -> SubscriberRecord | None:
    """Read one user, who must be the one that was asked for."""

    def read(data: object) -> SubscriberRecord | None:
        row = find_user(data)
        return None if row is None else to_subscriber(reader.account, row)

    record, reply = await reader.fetch_known(request, read, scope)
    if record is None:
        return None
    found = getattr(record.extension, "project_id", None)
    if (user_id is not None and record.id != user_id) or (project_id and found and found != project_id):
        raise build_contract_error(reply, "another person than was asked for", "RECORD_OTHER")
    return record


async def fetch_people(
    reader: Reader, query: PersonQuery, scope: CallScope, *, purpose: str
) -> tuple[PersonMatch, ...]:
    """
    Find a person's users by the address, one call per project, side by side.

    Raises:
        CapabilityError: the query holds no address.
        VendorError: a project could not be asked.
    """
    records = await fetch_by_email(reader, find_address(query), scope, purpose=purpose)
    return tuple(PersonMatch(record, _find_reasons(record, query)) for record in records)


def find_address(query: PersonQuery) -> str:
    """Return the address a person is looked for by; raises `CapabilityError` where there is none."""
    if query.email is None:
        raise refuse_lookup("phone" if query.ref is None else "ref")
    return query.email


def _find_reasons(record: SubscriberRecord, query: PersonQuery) -> tuple[MatchReason, ...]:
    by_ref = query.ref is not None and record.ref == query.ref
    return (MatchReason.EMAIL, MatchReason.REF) if by_ref else (MatchReason.EMAIL,)


def refuse_lookup(name: str) -> CapabilityError:
    """Build the error for a look-up the vendor does not have."""
    return CapabilityError(_REFUSED.get(name, f"Sendios cannot look people up by '{name}'."), hint=_HINT)


def is_user_id(text: str) -> bool:
    """Say whether a text can be a user's id: digits, as the vendor prints them."""
    return to_id(text) == text
