"""Completes objects: each distinct one once, each of its fields as a column."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType
from graphql.execution.executor import invalid_return_type_error

from graph.execution.collector import find_gaps
from graph.execution.compiled.column import Column, Fault, Faults, Member, merge_faults
from graph.execution.compiled.place import Place
from graph.execution.compiled.position import Position
from graph.execution.compiled.reading import Reader
from graph.execution.compiled.run import Part, Run
from graph.execution.compiled.sources import Sources, Spread, find_sources


@dataclass(frozen=True, slots=True)
class PlannedField:
    """One member of an object: how it is read, and where its values stand."""

    key: str
    reader: Reader
    position: Position

    @property
    def pure(self) -> bool:
        """Whether objects with this field may be shared."""
        return self.reader.pure and self.position.completer.pure

    def expand(self, run: Run, sources: Sequence[Any]) -> Part:
        """Start to complete the field of many objects."""
        values = self.reader.read(run, sources)
        if isinstance(values, asyncio.Future):
            return run.after(values, lambda arrived: self._complete(run, arrived))
        return self.position.expand(run, values)

    def _complete(self, run: Run, values: list[Any]) -> Part:
        part = self.position.expand(run, values)
        gaps = {
            row: [Fault(error, ()) for error in found]
            for row, value in enumerate(values)
            if (found := find_gaps(value))
        }
        return Incomplete(part, gaps) if gaps else part


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A part some of whose values cannot show everything, and say so."""

    part: Part
    gaps: Faults

    @property
    def waited(self) -> bool:
        """Whether any of it was waited for."""
        return self.part.waited

    def fold(self) -> Column:
        """Return the column with what is missing added to its faults."""
        column = self.part.fold()
        faults = column.faults or {}
        rows = faults.keys() | self.gaps.keys()
        return Column(column.values, {row: [*self.gaps.get(row, ()), *faults.get(row, ())] for row in rows})


class PlannedObject:
    """What is selected of one type at one place."""

    def __init__(self, fields: Sequence[PlannedField]) -> None:
        """Take the fields, in the order of the response."""
        self.fields = tuple(fields)
        self.pure = all(field.pure for field in self.fields)
        self._keys = tuple(field.key for field in self.fields)

    def expand(self, run: Run, sources: Sequence[Any]) -> "Objects":
        """Start to complete objects; each field of all of them is read before anything is waited for."""
        return Objects(self, len(sources), [field.expand(run, sources) for field in self.fields] if sources else [])

    def build(self, count: int, columns: Sequence[Column]) -> list[Any]:
        """Build the objects from their columns."""
        if not columns:
            return [{} for _ in range(count)]
        keys = self._keys
        return [dict(zip(keys, row)) for row in zip(*[column.values for column in columns])]  # noqa: B905 - a column has a value for each object


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects under way, none of which is null."""

    planned: PlannedObject
    count: int
    parts: Sequence[Part]

    @property
    def waited(self) -> bool:
        """Whether any field of them was waited for."""
        return any(part.waited for part in self.parts)

    def fold(self) -> Column:
        """Build the objects."""
        fields = self.planned.fields if self.parts else ()
        columns = [field.position.protect(part.fold()) for field, part in zip(fields, self.parts, strict=True)]
        objects = Column(self.planned.build(self.count, columns))
        if any(column.faults for column in columns):
            members = [
                Member(field.key, column, part.waited)
                for field, column, part in zip(fields, columns, self.parts, strict=True)
            ]
            merge_faults(members, objects)
        return objects


class ObjectCompleter:
    """Completes the objects of one place, all of one type."""

    def __init__(self, place: Place, type_: GraphQLObjectType, planned: PlannedObject) -> None:
        """Take what is selected of them."""
        self._place = place
        self._type = type_
        self._planned = planned
        self.pure = planned.pure

    def expand(self, run: Run, values: list[Any]) -> Part:
        """Start to complete objects that are what they ought to be."""
        sources = find_sources(values, shared=self.pure)
        if self._type.is_type_of is None or not sources.objects:
            return self._expand(run, sources)
        verdicts = [self._judge(run, source) for source in sources.objects]
        return run.settle(verdicts, lambda settled: self._expand(run, self._reject(values, sources, settled)))

    def _expand(self, run: Run, sources: Sources) -> Part:
        part = self._planned.expand(run, sources.objects)
        return part if sources.rows is None else Spread(self._place, sources.rows, part)

    def _judge(self, run: Run, source: Any) -> Any:
        """Return whether an object is of the type, as the type says, or the exception it says it with."""
        try:
            return self._type.is_type_of is None or self._type.is_type_of(source, run.info(self._place))
        except Exception as error:  # noqa: BLE001 - it fails this object and nobody else's
            return error

    def _reject(self, values: list[Any], sources: Sources, verdicts: list[Any]) -> Sources:
        """Put errors in the place of objects of another type."""
        wrong = {
            id(source): verdict
            if isinstance(verdict, Exception)
            else invalid_return_type_error(self._type, source, self._place.details)
            for source, verdict in zip(sources.objects, verdicts, strict=True)
            if isinstance(verdict, Exception) or not verdict
        }
        if not wrong:
            return sources
        return find_sources([wrong.get(id(value), value) for value in values], shared=self.pure)
