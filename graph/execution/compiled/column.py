"""Completed values of one position over many rows, and what went wrong in which of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graphql import FieldNode, GraphQLError
from graphql.error import located_error


class _Raised:
    """The type of `RAISED`."""

    def __repr__(self) -> str:
        return "RAISED"


RAISED: Final = _Raised()
"""Stands for a value that failed, until the nearest position that may be null takes it for null."""


class Fault(NamedTuple):
    """An error with the syntax of its field, and its path below the row that holds it."""

    error: Exception
    nodes: Sequence[FieldNode]
    path: tuple[str | int, ...] = ()

    def below(self, key: str | int) -> "Fault":
        """Return the fault as seen from one level higher."""
        return self._replace(path=(key, *self.path))

    def locate(self) -> GraphQLError:
        """Return the error that the response tells; the path must have reached the root."""
        return located_error(self.error, self.nodes, list(self.path))


Faults = dict[int, list[Fault]]


@dataclass(slots=True)
class Column:
    """
    One value a row, ready for JSON.

    `faults` holds the errors by row; they are few or none, so a column without any is passed on as it is. A row may
    have faults and a value: then they happened further below.
    """

    values: list[Any]
    faults: Faults | None = None

    def fail(self, row: int, fault: Fault) -> None:
        """Note that a row has no value; `values` must be a list of the column's own, no field's of a table."""
        self.values[row] = RAISED
        self.faults = self.faults or {}
        self.faults.setdefault(row, []).append(fault)


class Member(NamedTuple):
    """A column that becomes one member of the objects it is part of."""

    key: str | int
    column: Column
    waited: bool


def merge_faults(members: Sequence[Member], objects: Column) -> None:
    """
    Hand the faults of members to their objects; an object with a failed member has failed.

    As graphql-core does, what was at hand fails before what was waited for, and nothing behind a failure is told.
    """
    ordered = sorted(members, key=lambda member: member.waited)
    for row in sorted({row for member in members for row in member.column.faults or ()}):
        found: list[Fault] = []
        for key, column, _ in ordered:
            found += [fault.below(key) for fault in (column.faults or {}).get(row, ())]
            if column.values[row] is RAISED:
                objects.values[row] = RAISED
                break
        objects.faults = objects.faults or {}
        objects.faults[row] = found
