"""
The custom fields of lists, and what their values are: a page of contacts does not tell, the list itself does.

Source: vendors/facts.md, 3.3, Custom fields.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import cast

from adapters.calls import CallNote, CallScope
from adapters.contract import FIELD_TYPES
from adapters.records import CustomFieldType
from adapters.refusals import build_contract_error

from .account import Account
from .custom_fields import to_type
from .endpoints import build_fields
from .extensions import TaximailField
from .mapping import to_field
from .replies import read_found
from .values import read_rows
from .wire import Row

Types = Mapping[str, CustomFieldType]
"""What the values of each custom field of a list are, by its key."""


async def fetch_fields(
    account: Account, list_id: str, scope: CallScope, note: CallNote
) -> tuple[TaximailField, ...] | None:
    """
    Read a list's custom fields; None where there is no such list.

    Whether the rows stand in the data or under a name in it is not stated.

    Raises:
        VendorError: the call failed, or its reply holds no fields.
    """
    reply = await account.client.send(build_fields(list_id, note), scope)
    found = read_found(reply)
    if found is None:
        return None
    rows = _find_rows(found.data)
    if rows is None:
        raise build_contract_error(reply, "something else than a list of fields", "ROWS_EXPECTED")
    reply.call.rows = len(rows)
    return tuple(each for row in rows if (each := to_field(row)))


def _find_rows(data: object) -> list[Row] | None:
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list)), None)
    return read_rows(data)


@dataclass(frozen=True, slots=True)
class FieldTypes:
    """The types of the fields of lists: each list's are read once in a request, however many of its pages are."""

    account: Account
    purpose: str = ""

    def knows(self, list_id: str, scope: CallScope) -> bool:
        """Say whether a list's types were read in this request."""
        return self._name(list_id) in scope.kept

    async def fetch(self, list_id: str, scope: CallScope) -> Types:
        """
        Return the types of a list's fields.

        Calls: one GET for each list, whose answer the process remembers and shares as those about lists.

        Raises:
            VendorError: the list's fields cannot be read.
        """
        if not self.knows(list_id, scope):
            fields = await fetch_fields(self.account, list_id, scope, CallNote(purpose=self.purpose, keys=1))
            scope.kept[self._name(list_id)] = {each.key: to_type(each.type) for each in fields or ()}
        return cast("Types", scope.kept[self._name(list_id)])

    def _name(self, list_id: str) -> Hashable:
        return self.account.name(build_fields(list_id, CallNote()), "types")


def choose_types(account: Account, parts: frozenset[str], purpose: str) -> FieldTypes | None:
    """Return how types are read where somebody wants them."""
    return FieldTypes(account, purpose) if FIELD_TYPES in parts else None
