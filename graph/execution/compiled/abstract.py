"""Completes interfaces and unions: values are told apart by type, and each type's are completed together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLAbstractType, GraphQLObjectType, Undefined

from graph.execution.compiled.column import Column, Fault
from graph.execution.compiled.place import Place
from graph.execution.compiled.position import Completer
from graph.execution.compiled.run import Part, Run

PlanType = Callable[[Run, GraphQLObjectType], Completer]
"""Plan what is selected of one of the types."""


@dataclass(frozen=True, slots=True)
class _Groups:
    """Values under way, by type: the rows of each type's part; and the rows that have no type, with the reason."""

    place: Place
    count: int
    groups: Sequence[tuple[Sequence[int], Part]]
    failed: Sequence[tuple[int, Exception]]

    @property
    def waited(self) -> bool:
        return any(part.waited for _, part in self.groups)

    def fold(self) -> Column:
        """Put each type's objects into their rows."""
        column = Column([None] * self.count)
        for row, error in self.failed:
            column.fail(row, Fault(error, self.place.nodes))
        for rows, part in self.groups:
            objects = part.fold()
            for place, row in enumerate(rows):
                column.values[row] = objects.values[place]
                if objects.faults and place in objects.faults:
                    column.faults = column.faults or {}
                    column.faults[row] = objects.faults[place]
        return column


class AbstractCompleter:
    """
    Completes the values of one place whose type is an interface or a union.

    A type's selections are planned when its first value arrives: a document cannot make us plan for types it never
    meets.
    """

    pure = False

    def __init__(self, place: Place, type_: GraphQLAbstractType, plan_type: PlanType) -> None:
        """Take what plans the selections of one of its types."""
        self._place = place
        self._type = type_
        self._plan_type = plan_type
        self._planned: dict[GraphQLObjectType, Completer] = {}

    def expand(self, run: Run, values: Sequence[Any]) -> Part:
        """Start to complete values, each as the type it says it is."""
        names = [self._name(run, value) for value in values]
        return run.settle(names, lambda settled: self._group(run, values, settled))

    def _name(self, run: Run, value: Any) -> Any:
        """Return the name of a value's type, None for no value, or the exception that stands for either."""
        if value is None or value is Undefined or isinstance(value, Exception):
            return value
        resolve = self._type.resolve_type or run.executor.type_resolver
        try:
            return resolve(value, run.info(self._place), self._type)
        except Exception as error:  # noqa: BLE001 - it fails this value and nobody else's
            return error

    def _group(self, run: Run, values: Sequence[Any], names: Sequence[Any]) -> Part:
        rows: dict[GraphQLObjectType, list[int]] = {}
        failed: list[tuple[int, Exception]] = []
        for row, (value, name) in enumerate(zip(values, names, strict=True)):
            if value is None or value is Undefined:
                continue
            try:
                rows.setdefault(self._find_type(run, value, name), []).append(row)
            except Exception as error:  # noqa: BLE001 - it fails this value and nobody else's
                failed.append((row, error))
        groups = [
            (places, self._plan(run, type_).expand(run, [values[row] for row in places]))
            for type_, places in rows.items()
        ]
        return _Groups(self._place, len(values), groups, failed)

    def _find_type(self, run: Run, value: Any, name: Any) -> GraphQLObjectType:
        if isinstance(name, Exception):
            raise name
        info = run.info(self._place)
        return run.executor.ensure_valid_runtime_type(name, self._type, self._place.details, info, value)

    def _plan(self, run: Run, type_: GraphQLObjectType) -> Completer:
        if type_ not in self._planned:
            self._planned[type_] = self._plan_type(run, type_)
        return self._planned[type_]
