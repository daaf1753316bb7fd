"""
Parts of a person's record that cost a call of their own for each person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.calls import CallNote, CallScope
from adapters.errors import CapabilityError, FacadeError
from adapters.refusals import build_contract_error
from adapters.transport.client import VendorRequest

from .endpoints import build_stored_fields, build_type_opt_outs, build_unsubscribe_reason, build_unsubscribe_state
from .extensions import (
    STORED_FIELDS,
    TYPE_OPT_OUTS,
    UNSUBSCRIBE_REASON,
    UNSUBSCRIBE_STATE,
    SendiosTypeOptOut,
)
from .mapping import Account, find_user, to_stored_fields
from .opt_outs import to_reason, to_state, to_type_opt_outs
from .people import is_user_id
from .reading import Reader, fetch_each
from .values import read_required_id


@dataclass(frozen=True, slots=True)
class Part:
    """The call that brings a part, and how its reply is read; `id_of` finds whose it is, where the reply says so."""

    build: Callable[[str, CallNote], VendorRequest]
    read: Callable[[Account, Any], object]
    id_of: Callable[[Any], str | None] = lambda _data: None


def _read_state(account: Account, data: Any) -> object:
    return to_state(account.zone, data)


def _read_reason(_account: Account, data: Any) -> object:
    return to_reason(data)


def read_types(_account: Account, data: Any) -> tuple[SendiosTypeOptOut, ...]:
    """Read the types of mail a person is asked about; they may stand in `result` or by themselves."""
    rows = data["result"] if isinstance(data, dict) and "result" in data else data
    return to_type_opt_outs(rows)


def _read_stored(account: Account, data: Any) -> object:
    row = find_user(data)
    return None if row is None else to_stored_fields(account, row)


def _id_of_state(data: Any) -> str | None:
    result = data.get("result") if isinstance(data, dict) else None
    return read_required_id(result, "user_id") if isinstance(result, dict) and "user_id" in result else None


def _id_of_stored(data: Any) -> str | None:
    row = find_user(data)
    return None if row is None else read_required_id(row)


PARTS: Final[Mapping[str, Part]] = {
    UNSUBSCRIBE_STATE: Part(build_unsubscribe_state, _read_state, _id_of_state),
    UNSUBSCRIBE_REASON: Part(build_unsubscribe_reason, _read_reason),
    TYPE_OPT_OUTS: Part(build_type_opt_outs, read_types),
    STORED_FIELDS: Part(build_stored_fields, _read_stored, _id_of_stored),
}
"""The parts by the name of their field in the extension."""


async def fetch_parts(
    reader: Reader, name: str, ids: Sequence[str], scope: CallScope, *, purpose: str
) -> Mapping[str, object | FacadeError | None]:
    """
    Read one part of many people, one call each, side by side; None for an id that is nobody's.

    Raises:
        CapabilityError: there is no such part.
    """
    part = PARTS.get(name)
    if part is None:
        raise CapabilityError(f"Sendios has no part '{name}' of a person.", hint=f"Its parts: {', '.join(PARTS)}.")

    async def fetch(user_id: str) -> object | None:
        return await _fetch_part(reader, part, user_id, scope, purpose) if is_user_id(user_id) else None

    return await fetch_each(ids, fetch)


async def _fetch_part(reader: Reader, part: Part, user_id: str, scope: CallScope, purpose: str) -> object | None:
    def read(data: Any) -> tuple[object, str | None]:
        return part.read(reader.account, data), part.id_of(data)

    found, reply = await reader.fetch_known(part.build(user_id, CallNote(purpose)), read, scope)
    if found is None:
        return None
    value, owner = found
    if owner not in {None, user_id}:
        raise build_contract_error(reply, "what belongs to another person than was asked for", "RECORD_OTHER")
    return value
