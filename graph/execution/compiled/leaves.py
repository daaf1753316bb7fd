"""Completes scalars and enum values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Any, Final

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    Executor,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

from adapters.records.making import made_quickly
from adapters.records.tables import UtcTimes
from graph.execution.compiled.column import Column, Fault
from graph.execution.compiled.place import Place
from graph.execution.compiled.run import Part, Run
from graph.types.scalars import COLUMN_PRINTERS

AS_IT_IS: Final[dict[GraphQLLeafType, frozenset[type]]] = {
    GraphQLString: frozenset({str, NoneType}),
    GraphQLID: frozenset({str, NoneType}),
    GraphQLBoolean: frozenset({bool, NoneType}),
}
"""The classes of values that graphql-core's own scalars write as they are."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Ready:
    """A part that is complete."""

    column: Column

    @property
    def waited(self) -> bool:
        """Say that it was not waited for."""
        return False

    def fold(self) -> Column:
        """Return the column."""
        return self.column


class Leaves:
    """Completes the values of one place whose type is a scalar or an enumeration."""

    pure = True

    def __init__(self, place: Place, type_: GraphQLLeafType) -> None:
        """Take the place for its errors, and the type."""
        self._place = place
        self._type = type_
        self._as_it_is = AS_IT_IS.get(type_, frozenset({NoneType}))
        self._print_all = COLUMN_PRINTERS.get(getattr(type_, "serialize", None))  # type: ignore[arg-type] # None is no key

    def expand(self, run: Run, values: Sequence[Any]) -> Part:
        """Complete values at once."""
        del run
        return Ready(self._complete(values))

    def _complete(self, values: Sequence[Any]) -> Column:
        if type(values) is UtcTimes and (printed := self._print(values)) is not None:
            return Column(printed)
        values = values if isinstance(values, list) else list(values)
        kinds = set(map(type, values))
        if kinds <= self._as_it_is or (self._type is GraphQLInt and _are_integers(kinds, values)):
            return Column(values)
        if isinstance(self._type, GraphQLEnumType):
            return self._complete_words(kinds, values)
        printed = self._print(values)
        return self._complete_each(values) if printed is None else Column(printed)

    def _print(self, values: Sequence[Any]) -> list[Any] | None:
        """Write a whole column, where the type knows how; None where one of its values must be looked at."""
        return None if self._print_all is None else self._print_all(values)

    def _complete_words(self, kinds: set[type], values: list[Any]) -> Column:
        """Look each member of an enumeration up once; members of one class cannot be taken for each other."""
        classes = kinds - {NoneType}
        if len(classes) != 1 or not issubclass(classes.pop(), Enum):
            return self._complete_each(values)
        members = list(set(values))
        words = self._complete_each(members)
        if words.faults is not None:
            return self._complete_each(values)
        known = dict(zip(members, words.values, strict=True))
        return Column([known[value] for value in values])

    def _complete_each(self, values: list[Any]) -> Column:
        column = Column([None] * len(values))
        complete: Callable[[GraphQLLeafType, Any], Any] = Executor.complete_leaf_value
        for row, value in enumerate(values):
            if value is None or value is Undefined:
                continue
            try:
                if isinstance(value, Exception):
                    raise value  # noqa: TRY301 - a failure that came as a value is a failure
                column.values[row] = complete(self._type, value)
            except Exception as error:  # noqa: BLE001 - whatever it is, it fails this row and nobody else's
                column.fail(row, Fault(error, self._place.nodes))
        return column


def _are_integers(kinds: set[type], values: list[Any]) -> bool:
    """Say whether values are whole numbers that GraphQL's Int can hold."""
    if not kinds <= {int, NoneType}:
        return False
    return all(value is None or GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT for value in values)
