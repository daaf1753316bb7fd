"""
How rows of one kind become records: column by column, of all rows at once.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, Final, Generic, TypeVar

from adapters.records.making import build_maker

from .columns_of_rows import Reader, TextReader
from .values import read_rows
from .wire import Row

T = TypeVar("T")

_NOTHING: Final[Mapping[str, Any]] = {}


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
        texts: Mapping[str, str],
        readers: Mapping[str, Reader],
        entries: Mapping[str, "tuple[str, RowMap[Any]]"] = _NOTHING,
    ) -> None:
        """Take the class of records, and for each of its fields what it is read from."""
        self._readers = [*(TextReader(wire) for wire in texts.values()), *readers.values()]
        self._entries = list(entries.values())
        names = ("source", *texts, *readers, *entries)
        others = [each for each in dataclasses.fields(record) if each.name not in names]  # type: ignore[arg-type] # a dataclass
        self._defaults = [repeat(each.default) for each in others]
        self._make: Callable[..., T] = build_maker(record, (*names, *(each.name for each in others)))

    def read(self, source: str, rows: Sequence[Row]) -> list[T]:
        """Build the records of rows of a source, in their order; raises `UnreadableError` where one cannot be read."""
        columns = [reader.read(rows) for reader in self._readers]
        columns += [_read_entries(wire, each, source, rows) for wire, each in self._entries]
        return list(map(self._make, repeat(source), *columns, *self._defaults))


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
    entries = iter(inner.read(source, list(chain.from_iterable(lists))))
    return [tuple(islice(entries, len(each))) for each in lists]
