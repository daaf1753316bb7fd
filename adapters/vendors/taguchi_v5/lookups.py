"""
Finding records by what identifies them: one call a key, all side by side, each key with an answer or an error of its
own.

What comes back is held against the key: e-mail addresses without regard to case, telephone numbers as E.164, anything
else letter by letter. A reply that holds other records only is an error, never somebody else's record.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.calls import CallNote, CallScope
from adapters.contract import Loaded
from adapters.errors import CapabilityError, FacadeError
from adapters.identity import to_e164, to_email_key
from adapters.records import Entity, Record
from adapters.refusals import build_contract_error, build_unreadable
from adapters.transport.client import VendorClient, VendorRequest
from adapters.transport.requests import Reply

from .capability import explain_reading, list_identities
from .endpoints import build_read
from .mapping import to_record
from .operations import Operation
from .replies import read_found_reply
from .settings import TaguchiV5Settings
from .values import UnreadableError, is_id
from .wire import Row

Found = tuple[Record, ...] | FacadeError


@dataclass(frozen=True, slots=True)
class Lookups:
    """Looks up records of one endpoint."""

    client: VendorClient
    settings: TaguchiV5Settings

    def find_operation(self, entity: Entity, identity: str) -> Operation:
        """
        Return how a kind of record is looked up by an identity.

        Raises:
            CapabilityError: the endpoint does not allow it, its file is not there, or it identifies by something else.
        """
        operation = self.settings.reads.get(entity)
        if operation is None:
            raise CapabilityError(explain_reading(self.settings, entity), hint="Ask another source.")
        if not operation.takes(identity) or identity not in list_identities(self.settings, entity):
            known = " or ".join(name for name in list_identities(self.settings, entity) if operation.takes(name))
            raise CapabilityError(
                f"This Taguchi V5 endpoint looks {entity.plural} up by {known}, not by {identity}.",
                hint=f"Look up by {known}, or ask another source.",
            )
        return operation

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, purpose: str
    ) -> Mapping[str, Loaded]:
        """Read records by Taguchi's own id, where the endpoint takes it; None for an id without a record."""
        found = await self.fetch_by_values(entity, "id", ids, scope, purpose)
        return {key: each if isinstance(each, FacadeError) else next(iter(each), None) for key, each in found.items()}

    async def fetch_by_values(
        self, entity: Entity, name: str, values: Sequence[str], scope: CallScope, purpose: str
    ) -> Mapping[str, Found]:
        """
        Read the records whose identity is each value; no record, an empty tuple.

        Raises:
            CapabilityError: they cannot be looked up by this.
        """
        operation = self.find_operation(entity, name)
        wanted = list(dict.fromkeys(values))
        found = await asyncio.gather(*(self._fetch(operation, name, value, scope, purpose) for value in wanted))
        return dict(zip(wanted, found, strict=True))

    async def _fetch(self, operation: Operation, name: str, value: str, scope: CallScope, purpose: str) -> Found:
        try:
            return await self.fetch(operation, name, value, scope, purpose)
        except FacadeError as error:
            return error

    async def fetch(
        self, operation: Operation, name: str, value: str, scope: CallScope, purpose: str, *, fresh: bool = False
    ) -> tuple[Record, ...]:
        """
        Read the records that a value identifies; a value that can identify nothing makes no call.

        `fresh` is for a read that a write relies on: nothing that is remembered will do.

        Raises:
            FacadeError: the call failed, or its reply is not a record of this value.
        """
        if not value.strip() or (name == "id" and not (is_id(value) and str(int(value)) == value)):
            return ()
        request = self.build_request(operation, name, value, purpose)
        reply = await self.client.send(replace(request, remembered_as=None) if fresh else request, scope)
        rows = read_found_reply(reply, operation, webhook_mode=self.settings.webhook_mode)
        return self._choose(reply, operation.entity, rows, name, value)

    def build_request(self, operation: Operation, name: str, value: str, purpose: str = "") -> VendorRequest:
        """Build the read of what a value identifies."""
        note = CallNote(purpose, keys=1)
        return build_read(operation, name, self._write(name, value), self.settings.organization_id, note)

    def _write(self, name: str, value: str) -> str:
        """Write a value as Taguchi does: a telephone number as E.164 where it is one."""
        if name == "phone":
            return to_e164(value, self.settings.region) or value
        return str(int(value)) if name == "id" else value

    def _choose(self, reply: Reply, entity: Entity, rows: list[Row], name: str, value: str) -> tuple[Record, ...]:
        """Keep the records of this value, each once; others beside them are left out."""
        wanted = self._compare_by(name, value)
        mine = [row for row in rows if wanted == self._compare_by(name, _read_value(row, name))]
        if rows and not mine:
            raise build_contract_error(reply, "another record than was asked for", "RECORD_OTHER")
        try:
            records = [to_record(entity, reply.call.source, row) for row in mine]
        except UnreadableError as error:
            raise build_unreadable(reply, entity, error) from None
        return tuple({record.id: record for record in reversed(records)}.values())[::-1]

    def _compare_by(self, name: str, value: str | None) -> str | None:
        if value is None:
            return None
        if name == "email":
            return to_email_key(value)
        if name == "phone":
            return to_e164(value, self.settings.region) or value
        return str(int(value)) if name == "id" and is_id(value) else value


def _read_value(row: Row, name: str) -> str | None:
    value = row.get(name)
    return str(value) if type(value) is int else value if isinstance(value, str) else None
