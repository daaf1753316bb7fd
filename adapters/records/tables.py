"""
Records held by columns: most of those that a page brings are only ever read one field of all of them at a time.

They are told from other sequences by `type(…) is`: `isinstance` asks an abstract class in a tenth of a microsecond.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, repeat
from operator import attrgetter
from typing import Any, TypeVar, final, overload

T_co = TypeVar("T_co", covariant=True)


Column = Sequence[Any] | Callable[[], Sequence[Any]]
"""A value for each record, or what reads them when they are asked for first."""


@final
class Table(Sequence[T_co]):
    """
    Records of one class and one source, no record twice.

    `kind` is their class. `columns` are fields of at least the first `size` records, by name, and are filled in as they
    are read; `constants` are the others, the same for every record. Records are made when somebody goes through them,
    all at once; one that is looked at alone is made for the occasion.
    """

    __slots__ = ("_columns", "_constants", "_made", "_make", "_size", "kind")

    def __init__(
        self,
        kind: type[T_co],
        make: Callable[..., T_co],
        columns: dict[str, Column],
        constants: Mapping[str, Any],
        size: int,
    ) -> None:
        """Take the class, and what makes a record of its columns and constants, in this order."""
        self.kind = kind
        self._make = make
        self._columns = columns
        self._constants = constants
        self._size = size
        self._made: list[T_co] | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return self._size

    def __iter__(self) -> Iterator[T_co]:
        """Give the records, in their order."""
        return iter(self._records)

    @overload
    def __getitem__(self, place: int) -> T_co: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T_co]: ...

    def __getitem__(self, place: int | slice) -> T_co | Sequence[T_co]:
        """Return a record, or some of them; the first ones are a table again."""
        if self._made is not None:
            return self._made[place]
        if isinstance(place, int):
            row = range(self._size)[place]  # a column may be longer
            values = [self._find(name)[row] for name in self._columns]
            return self._make(*values, *self._constants.values())
        if place.start is None and place.step is None:
            return Table(self.kind, self._make, self._columns, self._constants, len(range(self._size)[place]))
        return self._records[place]

    def find_column(self, name: str) -> Sequence[Any] | None:
        """Return a field of every record; None where neither a column nor a constant tells it."""
        if name in self._columns:
            return self._read(name)
        return [self._constants[name]] * self._size if name in self._constants else None

    def _read(self, name: str) -> Sequence[Any]:
        column = self._find(name)
        return column if len(column) == self._size else column[: self._size]

    def _find(self, name: str) -> Sequence[Any]:
        column = self._columns[name]
        if callable(column):
            column = self._columns[name] = column()
        return column

    @property
    def _records(self) -> list[T_co]:
        if self._made is None:
            columns = [self._read(name) for name in self._columns]
            self._made = list(map(self._make, *columns, *map(repeat, self._constants.values())))
        return self._made


@final
class Nested(Sequence[tuple[T_co, ...]]):
    """The column of records that hold lists of others: all those lists, one after the other, and how long each is."""

    __slots__ = ("counts", "items")

    def __init__(self, items: Sequence[T_co], counts: list[int]) -> None:
        """Take what is in the lists, mostly a table, and the length of each list."""
        self.items = items
        self.counts = counts

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self.counts)

    def __iter__(self) -> Iterator[tuple[T_co, ...]]:
        """Give each record's list."""
        items = iter(self.items)
        return (tuple(islice(items, count)) for count in self.counts)

    @overload
    def __getitem__(self, place: int) -> tuple[T_co, ...]: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[T_co, ...]]: ...

    def __getitem__(self, place: int | slice) -> tuple[T_co, ...] | Sequence[tuple[T_co, ...]]:
        """Return a list, or the first ones."""
        if isinstance(place, slice) and place.start is None and place.step is None:
            counts = self.counts[place]
            return Nested(self.items[: sum(counts)], counts)
        if isinstance(place, slice):
            return list(self)[place]
        start = sum(self.counts[:place])
        return tuple([self.items[start + number] for number in range(self.counts[place])])


@final
class Shared(Sequence[T_co | None]):
    """A column of records of which many rows may hold the same; `places` says which of `records`, None for none."""

    __slots__ = ("places", "records")

    def __init__(self, records: Sequence[T_co], places: Sequence[int | None]) -> None:
        """Take the records, each once, and which of them each row holds."""
        self.records = records
        self.places = places

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.places)

    def __iter__(self) -> Iterator[T_co | None]:
        """Give what each row holds."""
        return (None if place is None else self.records[place] for place in self.places)

    @overload
    def __getitem__(self, row: int) -> T_co | None: ...

    @overload
    def __getitem__(self, row: slice) -> "Shared[T_co]": ...

    def __getitem__(self, row: int | slice) -> "T_co | Shared[T_co] | None":
        """Return what a row holds, or some rows."""
        if isinstance(row, slice):
            return self._select(self.places[row])
        place = self.places[row]
        return None if place is None else self.records[place]

    def _select(self, places: Sequence[int | None]) -> "Shared[T_co]":
        """Keep what these rows hold alone: below what others hold nothing is asked for on their behalf."""
        held = [place for place in dict.fromkeys(places) if place is not None]
        numbers = {place: number for number, place in enumerate(held)}
        return Shared(
            [self.records[place] for place in held], [None if each is None else numbers[each] for each in places]
        )


@final
class UtcTimes(Sequence[datetime | None]):
    """A column of times in UTC, None where there is none; `naive` holds them without saying so, as they were sent."""

    __slots__ = ("naive",)

    def __init__(self, naive: Sequence[datetime | None]) -> None:
        """Take times without a zone."""
        self.naive = naive

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.naive)

    def __iter__(self) -> Iterator[datetime | None]:
        """Give the times."""
        return (None if time is None else time.replace(tzinfo=UTC) for time in self.naive)

    @overload
    def __getitem__(self, place: int) -> datetime | None: ...

    @overload
    def __getitem__(self, place: slice) -> "UtcTimes": ...

    def __getitem__(self, place: int | slice) -> "datetime | UtcTimes | None":
        """Return a time, or some of them."""
        if isinstance(place, slice):
            return UtcTimes(self.naive[place])
        time = self.naive[place]
        return None if time is None else time.replace(tzinfo=UTC)


def read_column(records: Sequence[Any], name: str) -> Sequence[Any]:
    """Return an attribute of every record; no record of a table is made for what its columns tell."""
    column = records.find_column(name) if type(records) is Table else None
    return list(map(attrgetter(name), records)) if column is None else column
