"""The objects of a column, told from nulls and failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Any, Final

from graphql import Undefined
from graphql.pyutils.undefined import UndefinedType

from adapters.records.making import made_quickly
from adapters.records.tables import Shared, Table
from graph.execution.compiled.column import Column, Fault
from graph.execution.compiled.place import Place
from graph.execution.compiled.run import Part

Row = int | Exception | None
"""What stands in a row: the number of its object, why it failed, or nothing."""

NOTHING: Final = frozenset({NoneType, UndefinedType})


@made_quickly
@dataclass(frozen=True, slots=True)
class Sources:
    """
    Objects to complete, and what stands in each row.

    Without `rows` every row is an object of its own.
    """

    objects: Sequence[Any]
    rows: Sequence[Row] | None = None


_SOUND: Final = frozenset({int, NoneType})
_NUMBERS: Final = frozenset({int})


def find_sources(values: Sequence[Any], *, shared: bool) -> Sources:
    """Tell the objects of a column from nulls and failures; each object once where it may be shared."""
    if type(values) is Table:
        return Sources(values)
    if type(values) is Shared and shared:
        return Sources(values.records, values.places)
    return _tell_apart(values, shared=shared)


def _tell_apart(values: Sequence[Any], *, shared: bool) -> Sources:
    kinds = set(map(type, values))
    sound = kinds.isdisjoint(NOTHING) and not any(map(_is_exception, kinds))
    if sound and not shared:
        return Sources(values)
    if sound and len(set(map(id, values))) == len(values):
        return Sources(values)
    known = dict(zip(map(id, values), values, strict=True))
    if not shared:
        return _number(values)
    objects = [value for value in known.values() if not _is_none(value)]
    numbers = {id(value): number for number, value in enumerate(objects)}
    if sound:
        return Sources(objects, [numbers[id(value)] for value in values])
    return Sources(objects, [numbers.get(id(value), _to_row(value)) for value in values])


@lru_cache(maxsize=1024)
def _is_exception(kind: type) -> bool:
    return issubclass(kind, Exception)


def _number(values: Sequence[Any]) -> Sources:
    """Number the objects as they stand, however often one of them does."""
    objects: list[Any] = []
    rows: list[Row] = []
    for value in values:
        if _is_none(value):
            rows.append(_to_row(value))
        else:
            rows.append(len(objects))
            objects.append(value)
    return Sources(objects, rows)


def _to_row(value: Any) -> Row:
    return value if isinstance(value, Exception) else None


def _is_none(value: Any) -> bool:
    return value is None or value is Undefined or isinstance(value, Exception)


@made_quickly
@dataclass(frozen=True, slots=True)
class Spread:
    """Objects under way, with the rows they stand in."""

    place: Place
    rows: Sequence[Row]
    part: Part

    @property
    def waited(self) -> bool:
        """Whether any of the objects was waited for."""
        return self.part.waited

    def fold(self) -> Column:
        """Put each object into its rows, with its faults."""
        objects, kinds = self.part.fold(), set(map(type, self.rows))
        if kinds == _NUMBERS:
            column = Column(list(map(objects.values.__getitem__, self.rows)))  # type: ignore[arg-type] # all of them numbers
        else:
            column = Column([objects.values[row] if isinstance(row, int) else None for row in self.rows])
        if objects.faults:
            column.faults = {
                row: objects.faults[number]
                for row, number in enumerate(self.rows)
                if isinstance(number, int) and number in objects.faults
            }
        for row, error in enumerate(() if kinds <= _SOUND else self.rows):
            if isinstance(error, Exception):
                column.fail(row, Fault(error, self.place.nodes))
        return column
