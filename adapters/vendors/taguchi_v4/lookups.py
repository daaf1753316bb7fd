"""
Records by the exact value of a text field: a reference, an e-mail address, a phone number.

Several values share a call as one anchored, escaped alternation. Matching is exact and in case: `eq` and `re` are both
case-sensitive (document: Queries).
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from adapters.calls import CallNote, CallScope
from adapters.contract import Loaded
from adapters.errors import CapabilityError, FacadeError, VendorContractError
from adapters.filters.fields import Kind
from adapters.filters.order import BY_ID
from adapters.filters.pattern import any_of
from adapters.records import Entity, Record, RevisionChoice

from .capability import MAX_IN
from .columns import COLUMNS, Column
from .endpoints import MAX_QUERY_BYTES
from .orders import open_line
from .reading import Reader
from .texts import equal_to
from .values import UnreadableError, read_text
from .wire import Row

Found = tuple[Record, ...] | FacadeError

_ROOM: Final = 200
"""Bytes of an address kept for the bound, the order and the limit."""


async def fetch_by_values(
    reader: Reader,
    entity: Entity,
    name: str,
    values: Sequence[str],
    scope: CallScope,
    *,
    purpose: str,
    revisions: RevisionChoice | None = None,
) -> Mapping[str, Found]:
    """
    Read the records whose text field equals each value, side by side; no record, an empty tuple.

    A failed call fails its own values, as an error value.

    Raises:
        CapabilityError: the field is no text of the document's.
    """
    column = COLUMNS[entity].get(name)
    if column is None or column.kind is not Kind.TEXT or not column.documented:
        raise CapabilityError(f"Taguchi cannot look records up by '{name}'.", hint="Look them up by a text field.")
    lookup = _Lookup(reader, entity, column, scope, purpose, revisions)
    groups = build_groups(column, list(dict.fromkeys(values)))
    replies = await asyncio.gather(*(lookup.fetch(group) for group in groups))
    return {value: found for reply in replies for value, found in reply.items()}


async def fetch_by_keys(
    reader: Reader, entity: Entity, keys: Sequence[str], scope: CallScope, *, purpose: str
) -> Mapping[str, Loaded]:
    """Read records that are known by a text; None for a key without a record."""
    found = await fetch_by_values(reader, entity, "id", keys, scope, purpose=purpose)
    return {key: each if isinstance(each, FacadeError) else next(iter(each), None) for key, each in found.items()}


def build_groups(column: Column, values: Sequence[str]) -> list[list[str]]:
    """Put values together as long as their alternation fits an address, in the order they came."""
    groups: list[list[str]] = []
    for value in values:
        if groups and len(groups[-1]) < MAX_IN and _fits(column, [*groups[-1], value]):
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups


def _fits(column: Column, values: Sequence[str]) -> bool:
    return len(quote(build_predicate(column, values), safe="")) <= MAX_QUERY_BYTES - _ROOM


def build_predicate(column: Column, values: Sequence[str]) -> str:
    """Select the rows whose text is one of these."""
    if len(values) == 1:
        return equal_to(column.wire, values[0])
    return f"{column.wire}-re-{any_of(values)}"


@dataclass(frozen=True, slots=True)
class _Lookup:
    """What every call of one look-up shares."""

    reader: Reader
    entity: Entity
    column: Column
    scope: CallScope
    purpose: str
    revisions: RevisionChoice | None

    async def fetch(self, values: Sequence[str]) -> Mapping[str, Found]:
        """Read one group of values; where whose an unreadable row is cannot be told, each value on its own."""
        found: dict[str, list[Record | VendorContractError]] = {value: [] for value in values}
        try:
            fault = await self._fill(found)
        except FacadeError as error:
            return dict.fromkeys(values, error)
        if fault is not None and len(values) > 1:
            replies = await asyncio.gather(*(self.fetch([value]) for value in values))
            return {value: each for reply in replies for value, each in reply.items()}
        return {value: fault or _join(rows) for value, rows in found.items()}

    async def _fill(self, found: dict[str, list[Record | VendorContractError]]) -> VendorContractError | None:
        """
        Read to the end in the order of ids, or until every reference has its record.

        Returns the error of an unreadable row whose value cannot be read either.

        Source: Common Fields, ref: unique.
        """
        note = CallNote(purpose=self.purpose, keys=len(found))
        line = open_line(self.entity, BY_ID, (build_predicate(self.column, list(found)),))
        value_of = self.column.build_reader()
        unreadable: list[tuple[VendorContractError, Row]] = []
        while not line.ended and not (self.column.wire == "ref" and all(found.values())):
            call = replace(line.build_call(self.reader.max_page, self.reader.max_page), revisions=self.revisions)
            batch = await self.reader.fetch_batch(self.entity, call, note, self.scope)
            for item in line.take(batch):
                record = item.record
                if isinstance(record, VendorContractError):
                    unreadable.append((record, batch.rows[item.id]))
                elif (value := value_of(record)) in found:
                    found[str(value)].append(record)
            unreadable += ((stray.error, stray.row) for stray in batch.strays)
            if batch.strays and not batch.rows:
                break  # the line has no place to go on from
        return self._give_faults(unreadable, found)

    def _give_faults(
        self,
        unreadable: Iterable[tuple[VendorContractError, Row]],
        found: Mapping[str, list[Record | VendorContractError]],
    ) -> VendorContractError | None:
        """Give each row that cannot be read to its value; return the error of one whose value is not readable."""
        for error, row in unreadable:
            value = _read_text(row, self.column)
            if value is None:
                return error
            if value in found:
                found[value].append(error)
        return None


def _read_text(row: Row, column: Column) -> str | None:
    """Read a row's value, None where there is none or it cannot be read."""
    try:
        return read_text(row, column.wire)
    except UnreadableError:
        return None


def _join(rows: Sequence[Record | VendorContractError]) -> Found:
    """Return the records of one value, or the error of one that cannot be read."""
    error = next((row for row in rows if isinstance(row, VendorContractError)), None)
    return error or tuple(row for row in rows if not isinstance(row, VendorContractError))
