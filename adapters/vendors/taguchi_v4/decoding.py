"""
Replies whose records are made of the fields that an operation selects, and of no others.

Nearly every reply is as documented: each field of its usual type, ids that are numbers, no row twice. Such a one is
decoded straight into the columns that are wanted; what else its rows hold is passed over. Any other reply is read by
the rules for single values, the same fields of it (`row_map.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

import msgspec

from adapters.errors import VendorContractError
from adapters.records import Entity, Record
from adapters.records.making import Rest
from adapters.records.tables import Column, Nested, Table
from adapters.rows import to_id
from adapters.transport.body import Answered, decode_json

from .columns_of_rows import TypedReader
from .extensions import WORD
from .mapping import DELETED, MAPS
from .row_map import RowMap
from .values import UnreadableError
from .wire import Row

T = TypeVar("T")

_ROUNDED: Final = b".999999"
"""Where a time may stand whose fraction the decoder would round up to the next second."""


class TypedRows(Generic[T]):
    """The rows of one kind of record, decoded by their types."""

    def __init__(self, rows: RowMap[T]) -> None:
        """Take the map of the records; raises `TypeError` where one of its fields has no usual type."""
        self._map = rows
        self._readers = {name: _check_typed(reader) for name, reader in rows.readers.items()}
        self._entries = {name: (wire, TypedRows(inner)) for name, (wire, inner) in rows.entries.items()}
        kinds = {"status": Any} | {reader.name: reader.kind for reader in self._readers.values()}
        kinds |= {wire: list[inner.type] | None for wire, inner in self._entries.values()}  # type: ignore[name-defined] # made here
        fields = [(name, kind) if _is_required(kind) else (name, kind, None) for name, kind in kinds.items()]
        self.type = msgspec.defstruct("Row", fields, kw_only=True, gc=False)

    def read(self, source: str, rows: Sequence[Any], rest: Rest | None = None) -> Table[T]:
        """
        Build the records of decoded rows; raises `UnreadableError` where one wants a closer look.

        A field that cannot fail is read when it is asked for.
        """
        columns: dict[str, Column] = {}
        for name, reader in self._readers.items():
            read = partial(_read_column, reader, rows)
            columns[name] = read() if reader.may_fail else read
        for name, (wire, inner) in self._entries.items():
            lists = [getattr(row, wire) or () for row in rows]
            entries = inner.read(source, list(chain.from_iterable(lists)))
            columns[name] = Nested(entries, list(map(len, lists)))
        return self._map.build_table(source, columns, len(rows), rest)


def _read_column(reader: TypedReader, rows: Sequence[Any]) -> Sequence[Any]:
    return reader.convert(list(map(attrgetter(reader.name), rows)))


def _check_typed(reader: object) -> TypedReader:
    if not isinstance(reader, TypedReader):
        raise TypeError("A field that is made of several has no usual type.")
    return reader


def _is_required(kind: Any) -> bool:
    return kind is not Any and type(None) not in getattr(kind, "__args__", ())


class Part(Generic[T]):
    """Some fields of one kind of record."""

    def __init__(self, whole: RowMap[T], fields: frozenset[str]) -> None:
        """Take the map of the whole record, and the names of the fields."""
        self.whole = whole
        self.map = whole.select(fields)
        try:
            self._rows = TypedRows(self.map)
        except TypeError:
            self._decoder = None
        else:
            self._decoder = msgspec.json.Decoder(list[self._rows.type])  # type: ignore[name-defined] # made here

    def decode(self, source: str, body: bytes, rest: Rest) -> tuple[list[int], Table[T]] | None:
        """Return the ids and the records of a reply, in its order; None where it must be read row by row."""
        if self._decoder is None or _ROUNDED in body:
            return None
        try:
            rows: list[Any] = self._decoder.decode(body)
            numbers = [row.id for row in rows]
            if len(set(numbers)) < len(rows) or DELETED in [row.status for row in rows]:
                return None
            return numbers, self._rows.read(source, rows, rest)
        except (msgspec.MsgspecError, UnicodeDecodeError, UnreadableError, RecursionError):
            return None


@lru_cache(maxsize=512)
def find_part(entity: Entity, fields: frozenset[str] | None) -> Part[Record] | None:
    """Return how the selected fields of a kind are read; None where its records are always read whole."""
    if fields is None or entity not in MAPS:
        return None
    return Part(MAPS[entity], fields | {"extension"} if WORD in fields else fields)


@dataclass(slots=True)
class Unselected:
    """Reads what was not selected of the records of one reply; `refuse` builds the error of what cannot be read."""

    reply: Answered
    whole: RowMap[Any]
    refuse: Callable[[UnreadableError, str], VendorContractError]
    _rows: dict[str | None, Row] = field(default_factory=dict)

    def read(self, record: Any, name: str) -> Any:
        """Read a field of a record; raises as `Rest.read`."""
        if name not in self.whole.readers and name not in self.whole.entries:
            raise AttributeError(name)
        if not self._rows:
            for row in decode_json(self.reply):
                self._rows.setdefault(to_id(row.get("id")), row)
        try:
            return self.whole.read_field(name, record.source, self._rows[record.id])
        except UnreadableError as error:
            raise self.refuse(error, record.id) from None
