"""
One vendor call at a time: send, judge the reply, tell its rows apart by id.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from adapters.calls import CallNote, CallScope
from adapters.errors import VendorContractError
from adapters.filters.evaluate import Predicate
from adapters.records import Entity, RevisionChoice
from adapters.records.making import made_quickly
from adapters.records.tables import Table
from adapters.refusals import build_contract_error
from adapters.transport.client import Reply, VendorClient
from adapters.transport.faults import TOO_LARGE

from .endpoints import (
    ListCall,
    build_list,
    build_read,
    name_resource,
    read_one_reply,
)
from .keys import RowKey
from .mapping import V4Record, is_deleted, to_record
from .paging import NOT_FULL, PageSizes, ReplySize
from .reply_rows import Stray, build_unreadable, print_key, read_reply
from .underway import Underway
from .values import UnreadableError
from .wire import Row

log = logging.getLogger(__name__)


@made_quickly
@dataclass(frozen=True, slots=True)
class Batch:
    """
    The rows of one list reply by key, in the vendor's order, each once and none that is marked deleted.

    `cut` says that rows may follow, `whole` that none can, whatever the operator said of its pages; `ends` are the
    smallest and largest id seen (deleted rows too; texts have none). `call` is what was asked for, `convert` turns rows
    into records. `strays` are the rows without a usable key, so that none can be called missing, and those that a line
    finds no place for. `check` is what every row must satisfy, where nothing else says that it does (`guards.py`).
    `table` holds the records of a reply that was decoded at once, in the order of its rows; they are all sound.
    """

    entity: Entity
    call: ListCall
    rows: Mapping[RowKey, Row]
    cut: bool
    whole: bool
    ends: tuple[int, int] | None
    reply: Reply
    convert: Callable[[Sequence[Row]], Sequence[V4Record]]
    strays: list[Stray]
    _read: dict[RowKey, V4Record | VendorContractError]
    check: Predicate | None = None
    table: Table[V4Record] | None = None

    @property
    def is_sound(self) -> bool:
        """Say whether every row was read and none of them failed."""
        return len(self._read) == len(self.rows) and not self.strays and _is_sound(self._read.values())

    @property
    def is_blind(self) -> bool:
        """Say whether rows were read of it and not one of them was sound."""
        return bool(self._read or self.strays) and all(map(_is_fault, self._read.values()))

    @property
    def fault(self) -> VendorContractError | None:
        """What the first row that could not be read is told with."""
        if _is_sound(self._read.values()):
            return self.strays[0].error if self.strays else None
        faults = (each for each in self._read.values() if isinstance(each, VendorContractError))
        return next(faults, self.strays[0].error if self.strays else None)

    def to_record(self, key: RowKey) -> V4Record | VendorContractError:
        """Turn a row into a record, or say why it cannot be read."""
        self._unfold()
        record = self._read.get(key)
        if record is None:
            record = self._read[key] = self._convert(key)
        return record

    def to_records(self, keys: Iterable[RowKey] | None = None) -> "Mapping[RowKey, V4Record | VendorContractError]":
        """Turn rows into records, all in their order or those of some keys."""
        self._unfold()
        if len(self._read) == len(self.rows):
            return self._read
        rows = self.rows if keys is None else {key: self.rows[key] for key in keys}
        try:
            self._read.update(zip(rows, self.convert(list(rows.values())), strict=True))
        except UnreadableError:  # one of them; the others are read all the same
            for key in rows:
                self.to_record(key)
        return self._read

    def _unfold(self) -> None:
        if self.table is not None and not self._read:
            self._read.update(zip(self.rows, self.table, strict=True))

    def _convert(self, key: RowKey) -> V4Record | VendorContractError:
        try:
            return self.convert([self.rows[key]])[0]
        except UnreadableError as error:
            return build_unreadable(self.reply, self.entity, error, print_key(key))

    def strike(self, key: RowKey, error: VendorContractError) -> VendorContractError:
        """Take a row for one that cannot be read after all, and return why."""
        self._read[key] = error
        return error

    def refuse(self, what: str, reason: str) -> VendorContractError:
        """Build the error that this reply is not what was asked for."""
        return build_contract_error(self.reply, what, reason)


class Reader:
    """Makes the list and by-id reads of one source."""

    def __init__(
        self,
        client: VendorClient,
        sizes: PageSizes,
        max_page: int,
        *,
        takes_one: bool = False,
        trusts_ands: bool = False,
    ) -> None:
        """
        `max_page` is the most rows one call asks for; `takes_one` that a call may carry one predicate only,
        `trusts_ands` that several are known to be ANDed.
        """
        self.client = client
        self.max_page = max_page
        self.takes_one = takes_one
        self.trusts_ands = trusts_ands
        self._sizes = sizes
        self._underway = Underway()

    @property
    def max_window(self) -> int:
        """The most ids between the first and the last that one call can bring: a range is two predicates."""
        return 1 if self.takes_one else self.max_page

    async def fetch_batch(self, entity: Entity, call: ListCall, note: CallNote, scope: CallScope) -> Batch:
        """
        Make one list read; rows that are too many bytes for one reply are asked for in ever smaller numbers.

        Raises:
            VendorError: the call failed or its reply is no list of records.
            CapabilityError: its parameters do not fit an address.
            NotFoundError: the record whose events are asked for is not there.
        """
        resource = name_resource(entity, call)
        call, reply = await self._fetch_reply(resource, entity, call, note, scope)
        read = read_reply(entity, call, reply)
        size = ReplySize(resource, call.limit, read.count, len(read.rows) + len(read.strays))
        self._sizes.remember(size)
        if self._sizes.is_doubtful(size):  # then those that were asked for beside it are heard first
            await self._underway.wait(scope.operation_id, resource)
        return Batch(
            entity=entity,
            call=call,
            rows=read.rows if read.table is not None else _leave_out_deleted(read.rows),
            whole=self._sizes.is_whole(size),
            cut=self._sizes.is_cut(size),
            ends=_find_ends(read.rows),
            reply=reply,
            convert=read.convert,
            strays=read.strays,
            table=read.table,
            _read={},
        )

    def distrust_pages(self, batch: Batch) -> None:
        """Note, in the log and in the plan of the call that showed it, that the server does not fill its pages."""
        if self._sizes.disprove_full():
            log.warning("source %s: %s", self.client.source, NOT_FULL)
            batch.reply.call.reasons += (NOT_FULL,)

    async def fetch_one(
        self,
        entity: Entity,
        record_id: int,
        note: CallNote,
        scope: CallScope,
        revisions: RevisionChoice | None = None,
    ) -> V4Record | None:
        """
        Read one record by id; None when there is none.

        Raises:
            VendorError: the call failed, or its reply is not that record.
        """
        reply = await self.client.send(build_read(entity, str(record_id), note, revisions), scope)
        row = read_one_reply(reply)
        if row is None or is_deleted(row):
            return None
        try:
            record = to_record(entity, reply.call.source, row, revisions)
        except UnreadableError as error:
            raise build_unreadable(reply, entity, error, str(record_id)) from None
        if record.id != str(record_id):
            raise build_contract_error(reply, "another record than was asked for", "RECORD_OTHER")
        return record

    async def _fetch_reply(
        self, resource: str, entity: Entity, call: ListCall, note: CallNote, scope: CallScope
    ) -> tuple[ListCall, Reply]:
        """Make a list read and return it as it was made at last, with its reply."""
        limit = self._sizes.fit(resource, call.limit)
        if limit < call.limit:
            call = replace(call, limit=limit)
        try:
            read = self.client.send(build_list(entity, call, note), scope)
            return call, await self._underway.run(scope.operation_id, resource, read)
        except VendorContractError as error:
            if error.reason != TOO_LARGE.word or call.limit == 1:
                raise
            smaller = replace(call, limit=self._sizes.halve(resource, call.limit))
        return await self._fetch_reply(resource, entity, smaller, note, scope)


def _find_ends(rows: Mapping[RowKey, Row]) -> tuple[int, int] | None:
    numbers = cast("Mapping[int, Row]", rows)  # or none of them is one: all keys of a reply are of one kind
    return (min(numbers), max(numbers)) if isinstance(next(iter(rows), None), int) else None


def _leave_out_deleted(rows: dict[RowKey, Row]) -> dict[RowKey, Row]:
    """Return the rows that are not marked; of a reply that was decoded into records at once, none is."""
    return (
        {key: row for key, row in rows.items() if not is_deleted(row)} if any(map(is_deleted, rows.values())) else rows
    )


def _is_sound(found: Iterable[V4Record | VendorContractError]) -> bool:
    return VendorContractError not in set(map(type, found))


def _is_fault(found: V4Record | VendorContractError) -> bool:
    return isinstance(found, VendorContractError)
