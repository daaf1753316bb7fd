"""
How rows of one kind become records: whole, or with the fields that were asked for and the others when they are.

A page holds dozens of fields a row of which an operation selects a handful; to make records of them all costs more than
everything else that is done for the row. All of them are checked, so that a record is sound or is not whoever asks for
what of it. What is read and checked is so column by column, of all rows at once.
"""

import dataclasses
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, Final, Generic, TypeVar

from adapters.records.making import Unread, build_maker

from .columns_of_rows import Reader, TextReader
from .values import read_rows
from .wire import Row

T = TypeVar("T")

ReadRows = Callable[[str, Sequence[Row]], list[T]]
"""Builds the records of rows of a source, in their order; raises `UnreadableError` where one cannot be read."""

_NOTHING: Final[Mapping[str, Any]] = {}


class RowMap(Generic[T]):
    """
    What the fields of one kind of record are read from.

    `texts` are the wire's names of plain texts; `readers` read the other fields, `entries` are lists of objects with
    maps of their own. `always` is the field that every record is made with.
    """

    def __init__(
        self,
        record: type[T],
        *,
        texts: Mapping[str, str],
        readers: Mapping[str, Reader],
        entries: Mapping[str, "tuple[str, RowMap[Any]]"] = _NOTHING,
        always: str,
    ) -> None:
        """Take the class of records, and for each of its fields what it is read from."""
        self._record = record
        self._readers = {name: TextReader(wire) for name, wire in texts.items()} | dict(readers)
        self._entries = entries
        self._always = always
        self._defaults = _find_defaults(record, {"source", "rest", *self._readers, *entries})
        self.read_whole = self._build(lambda _name: True, {}, None)

    def build_reader(self, wanted: frozenset[str]) -> ReadRows[T]:
        """
        Return a function that makes records of the wanted fields, `entry.field` for those of entries.

        The others are checked, and read when somebody asks for them nevertheless.
        """
        inner = {name: each.build_reader(_below(name, wanted)) for name, (_, each) in self._entries.items()}
        return self._build(lambda name: name in wanted or name == self._always, inner, _Rest(self))

    def check(self, rows: Sequence[Row], made: Container[str] = ()) -> None:
        """Raise `UnreadableError` where a field of a row, other than those `made` of it, cannot be read."""
        for name, reader in self._readers.items():
            if name not in made:
                reader.check(rows)
        for name, (wire, inner) in self._entries.items():
            if name not in made:
                inner.check(list(chain.from_iterable([read_rows(row, wire) for row in rows])))

    def read_field(self, source: str, row: Row, name: str) -> Any:
        """Read one field; raises `AttributeError` for a name that is none."""
        if name in self._readers:
            return self._readers[name].read([row])[0]
        if name in self._entries:
            wire, inner = self._entries[name]
            return _read_entries(wire, inner.read_whole, source, [row])[0]
        if name in self._defaults:
            return self._defaults[name]
        raise AttributeError(f"{self._record.__name__!r} object has no attribute {name!r}")

    def _build(
        self, wants: Callable[[str], bool], inner: Mapping[str, ReadRows[Any]], unread: Unread | None
    ) -> ReadRows[T]:
        """Return what makes records; without `unread`, of all fields."""
        names, lists = list(filter(wants, self._readers)), list(filter(wants, self._entries))
        defaults = {} if unread else self._defaults
        make: Callable[..., T] = build_maker(self._record, ("source", *names, *lists, *defaults, "rest"))  # type: ignore[arg-type] # a class can be hashed
        readers = [self._readers[name] for name in names]
        entries = [
            (wire, inner.get(name, each.read_whole)) for name, (wire, each) in self._entries.items() if wants(name)
        ]
        constants = [repeat(value) for value in defaults.values()]
        made = {*names, *lists}

        def read(source: str, rows: Sequence[Row]) -> list[T]:
            self.check(rows, made)
            columns = [reader.read(rows) for reader in readers]
            columns += [_read_entries(wire, read, source, rows) for wire, read in entries]
            rest: Iterable[Any] = zip(repeat(unread), rows, strict=False) if unread else repeat(None, len(rows))
            return list(map(make, repeat(source), *columns, *constants, rest))

        return read


@dataclasses.dataclass(frozen=True, slots=True)
class _Rest:
    """Reads what records of one map were made without."""

    map: RowMap[Any]

    def read(self, record: Any, row: Mapping[str, Any], name: str) -> Any:
        return self.map.read_field(record.source, dict(row), name)


def _read_entries(wire: str, read: ReadRows[T], source: str, rows: Sequence[Row]) -> list[tuple[T, ...]]:
    lists = [read_rows(row, wire) for row in rows]
    entries = iter(read(source, list(chain.from_iterable(lists))))
    return [tuple(islice(entries, len(each))) for each in lists]


def _find_defaults(record: type, known: set[str]) -> dict[str, Any]:
    """Return what the fields are that no row tells."""
    return {each.name: each.default for each in dataclasses.fields(record) if each.name not in known}


def _below(name: str, wanted: frozenset[str]) -> frozenset[str]:
    """Return what is wanted of the entries of a field."""
    head = f"{name}."
    return frozenset(each.removeprefix(head) for each in wanted if each.startswith(head))
