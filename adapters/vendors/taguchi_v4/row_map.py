"""
How rows of one kind become records: column by column, of all rows at once.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, Final, Generic, TypeVar

from adapters.records.making import Rest, build_maker
from adapters.records.tables import Column, Nested, Table

from .columns_of_rows import Reader, TextReader
from .values import read_rows
from .wire import Row

T = TypeVar("T")

_NOTHING: Final[Mapping[str, Any]] = {}
_SOURCE, _REST = "source", "rest"
_ALWAYS: Final = frozenset({"id"})


class RowMap(Generic[T]):
    """
    What the fields of one kind of record are read from.

    `texts` are the wire's names of plain texts; `readers` read the other fields, `entries` are lists of objects with
    maps of their own. What no row tells is what the record says by itself.
    """

    def __init__(
        self,
        record: type[T],
        *,
        texts: Mapping[str, str] = _NOTHING,
        readers: Mapping[str, Reader],
        entries: Mapping[str, "tuple[str, RowMap[Any]]"] = _NOTHING,
        whole: "RowMap[T] | None" = None,
    ) -> None:
        """Take the class of records, what each of its fields is read from, and of a part of a map the `whole`."""
        self.record = record
        self.readers: Mapping[str, Reader] = {name: TextReader(wire) for name, wire in texts.items()} | dict(readers)
        self.entries = entries
        fields = {each.name: each.default for each in dataclasses.fields(record)}  # type: ignore[arg-type] # a dataclass
        told = whole or self
        untold = fields.keys() - told.readers.keys() - told.entries.keys() - {_SOURCE, _REST}
        self._defaults = {name: fields[name] for name in untold}
        self._late = fields.keys() & {_REST}
        names = (*self.readers, *entries, _SOURCE, *self._defaults, *self._late)
        self._maker: Callable[..., T] = build_maker(record, names)

    def select(self, fields: frozenset[str]) -> "RowMap[T]":
        """Return the map of records that hold their id and these fields, and must be told how to read the others."""
        wanted = fields | _ALWAYS
        readers = {name: reader for name, reader in self.readers.items() if name in wanted}
        entries = {name: each for name, each in self.entries.items() if name in wanted}
        return RowMap(self.record, readers=readers, entries=entries, whole=self)

    def read(self, source: str, rows: Sequence[Row], rest: Rest | None = None) -> list[T]:
        """Build the records of rows of a source, in their order; raises `UnreadableError` where one cannot be read."""
        columns = [reader.read(rows) for reader in self.readers.values()]
        columns += [_read_entries(wire, each, source, rows) for wire, each in self.entries.values()]
        return self.make(source, columns, rest)

    def read_field(self, name: str, source: str, row: Row) -> Any:
        """Read one field of one row; raises `UnreadableError`, and `KeyError` where rows do not tell it."""
        if name in self.readers:
            return self.readers[name].read([row])[0]
        wire, inner = self.entries[name]
        return _read_entries(wire, inner, source, [row])[0]

    def make(self, source: str, columns: Sequence[Sequence[Any]], rest: Rest | None = None) -> list[T]:
        """Build records of columns, which stand in the order of the readers and then of the entries."""
        return list(map(self._maker, *columns, *map(repeat, self._fill(source, rest).values())))

    def build_table(self, source: str, columns: dict[str, Column], size: int, rest: Rest | None) -> Table[T]:
        """Build the table of so many records of columns, which stand as for `make`, by the names of the fields."""
        return Table(self.record, self._maker, columns, self._fill(source, rest), size)

    def _fill(self, source: str, rest: Rest | None) -> dict[str, Any]:
        """Return what every record says by itself."""
        return {_SOURCE: source, **self._defaults, **dict.fromkeys(self._late, rest)}


class PartReader(Generic[T]):
    """Reads a part of a record that rows tell among their own fields, as what only one vendor has."""

    def __init__(self, record: type[T], readers: Mapping[str, Reader]) -> None:
        """Take the class of the part, and what each of its fields is read from."""
        self._readers = list(readers.values())
        self._make: Callable[..., T] = build_maker(record, tuple(readers))

    def read(self, rows: Sequence[Row]) -> list[T]:
        """Build the part of each row."""
        return list(map(self._make, *[reader.read(rows) for reader in self._readers]))


def _read_entries(wire: str, inner: RowMap[T], source: str, rows: Sequence[Row]) -> list[tuple[T, ...]]:
    lists = [read_rows(row, wire) for row in rows]
    return list(Nested(inner.read(source, list(chain.from_iterable(lists))), list(map(len, lists))))
