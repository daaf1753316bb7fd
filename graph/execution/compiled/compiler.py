"""Compiles an operation: the selections of each type it is certain to meet become planned objects."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    Executor,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.pyutils import Path

from graph.execution.compiled.abstract import AbstractCompleter
from graph.execution.compiled.leaves import Leaves
from graph.execution.compiled.lists import Lists
from graph.execution.compiled.objects import ObjectCompleter, PlannedField, PlannedObject
from graph.execution.compiled.place import Place
from graph.execution.compiled.position import Completer, Position
from graph.execution.compiled.reading import choose_reader
from graph.execution.compiled.run import Run


class Compiler:
    """
    Plans with the fragments and directives of one operation.

    What `@skip` and `@include` choose is planned as the variables say: a plan holds for all requests whose variables
    say the same there.
    """

    def __init__(self, executor: Executor[Any]) -> None:
        """Take graphql-core's executor, which collects the fields."""
        self._executor = executor

    def plan_root(self, root: GraphQLObjectType) -> PlannedObject:
        """Plan the operation's own selections; raises `GraphQLError` where a directive's argument is wrong."""
        executor = self._executor
        collected = collect_fields(
            executor.schema,
            executor.fragments,
            executor.variable_values,
            root,
            executor.operation,
            executor.hide_suggestions,
        )
        return self._plan(root, collected.grouped_field_set, None)

    def _plan(
        self, type_: GraphQLObjectType, grouped: Mapping[str, list[FieldDetails]], path: Path | None
    ) -> PlannedObject:
        fields = []
        for key, details in grouped.items():
            definition = self._executor.schema.get_field(type_, details[0].node.name.value)
            if definition is not None:
                place = Place(type_, definition, details, Path(path, key, type_.name))
                fields.append(PlannedField(key, choose_reader(place), self._position(place, definition.type)))
        return PlannedObject(fields)

    def _position(self, place: Place, type_: GraphQLOutputType) -> Position:
        if isinstance(type_, GraphQLNonNull):
            return Position(place, self._completer(place, type_.of_type), non_null=True)
        return Position(place, self._completer(place, type_), non_null=False)

    def _completer(self, place: Place, type_: Any) -> Completer:
        if is_list_type(type_):
            return Lists(place, self._position(place, type_.of_type))
        if is_abstract_type(type_):
            return AbstractCompleter(place, type_, lambda run, found: _plan_later(run, place, found))
        if is_object_type(type_):
            return self.plan_type(place, type_)
        return Leaves(place, type_)

    def plan_type(self, place: Place, type_: GraphQLObjectType) -> Completer:
        """Plan what is selected of one type at a place."""
        collected = self._executor.collect_subfields(type_, place.details)
        return ObjectCompleter(place, type_, self._plan(type_, collected.grouped_field_set, place.path))


def _plan_later(run: Run, place: Place, type_: GraphQLObjectType) -> Completer:
    """Plan for a type that was met; by the executor of the request that met it, so that no plan keeps a request."""
    return Compiler(run.executor).plan_type(place, type_)
