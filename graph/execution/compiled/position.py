"""Positions: a field's value or a list's items, and whether they may be null."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graph.execution.compiled.column import RAISED, Column, Fault
from graph.execution.compiled.place import Place
from graph.execution.compiled.run import Part, Run, are_settled


class Completer(Protocol):
    """Completes values of one type; exceptions among them are failures."""

    @property
    def pure(self) -> bool:
        """Whether an object that stands in several places may be completed once for all of them."""
        ...

    def expand(self, run: Run, values: Sequence[Any]) -> Part:
        """Start to complete values, none of which is awaitable."""
        ...


@dataclass(frozen=True, slots=True)
class Position:
    """Where values of one type stand: an error is caught at the nearest position that may be null."""

    place: Place
    completer: Completer
    non_null: bool

    def expand(self, run: Run, values: Sequence[Any]) -> Part:
        """Start to complete values, once they are there."""
        if are_settled(values):
            return self.completer.expand(run, values)
        return run.settle(values, lambda settled: self.completer.expand(run, settled))

    def protect(self, column: Column) -> Column:
        """Take null for what failed; where null is not allowed, take it for a failure."""
        if self.non_null:
            return self._refuse_nulls(column)
        if column.faults is not None:
            column.values = [None if value is RAISED else value for value in column.values]
        return column

    def _refuse_nulls(self, column: Column) -> Column:
        nulls = [row for row, value in enumerate(column.values) if value is None] if None in column.values else []
        if nulls:
            column = Column(list(column.values), column.faults)
        for row in nulls:
            error = TypeError(f"Cannot return null for non-nullable field {self.place}.")
            column.fail(row, Fault(error, self.place.nodes))
        return column
