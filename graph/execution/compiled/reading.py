"""
How the values of a field are read for a column of objects: worked out from the schema's own fields, once a place.

An attribute is read as an attribute; a resolver that takes nothing of the executor is called as the function it is; a
field marked as batched asks its batch function once for the whole column. Every other field, whatever it is made of
(permission classes, field extensions, `info`, an async resolver), is resolved by its own `resolve` for each object.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import signature
from operator import attrgetter
from typing import Any, Protocol

from graphql import GraphQLField
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from adapters.records.tables import Table
from graph.execution.collector import BATCHED
from graph.execution.compiled.calling import find_strawberry_field
from graph.execution.compiled.place import Place
from graph.execution.compiled.run import Question, Run
from graph.types.column_readers import COLUMN_READERS


class Reader(Protocol):
    """Reads a field of many objects; an exception among the values is what reading that one raised."""

    @property
    def pure(self) -> bool:
        """Whether an object that stands in several places may be read once for all of them."""
        ...

    def read(self, run: Run, sources: Sequence[Any]) -> "Sequence[Any] | asyncio.Future[Sequence[Any]]":
        """Return a value for each object, in order; some may be awaitable."""
        ...


class TypeNames:
    """Reads `__typename`."""

    pure = True

    def __init__(self, place: Place) -> None:
        """Take the name from the place."""
        self._name = place.parent_type.name

    def read(self, run: Run, sources: Sequence[Any]) -> list[Any]:
        """Return the name for each object."""
        del run
        return [self._name] * len(sources)


class Attributes:
    """Reads an attribute."""

    pure = True

    def __init__(self, name: str) -> None:
        """Take the attribute's name."""
        self._name = name
        self._get = attrgetter(name)

    def read(self, run: Run, sources: Sequence[Any]) -> Sequence[Any]:
        """Return the attribute of each object."""
        del run
        if type(sources) is Table and (column := sources.find_column(self._name)) is not None:
            return column
        try:
            return list(map(self._get, sources))
        except Exception:  # noqa: BLE001 - found again below, at the object that raised it
            return [attempt(self._get, source) for source in sources]


class Computed:
    """Calls a resolver that knows its object and its arguments alone."""

    pure = True

    def __init__(self, place: Place, field: StrawberryField) -> None:
        """Take the resolver from Strawberry's field."""
        self._place = place
        self._field = field
        self._read_columns = COLUMN_READERS.get(field.base_resolver.wrapped_func) if field.base_resolver else None
        self._takes_first = _find_first_name(field)
        self._given: dict[str, Any] | None = None

    def read(self, run: Run, sources: Sequence[Any]) -> Sequence[Any]:
        """Return what the resolver makes of each object."""
        try:
            given = self._given if self._given is not None else self._convert(run)
        except Exception as error:  # noqa: BLE001 - a refused argument fails this field of every object
            return [error] * len(sources)
        if self._place.constant:
            self._given = given
        if self._read_columns is not None and type(sources) is Table:
            column = self._read_columns(sources, **given)
            if column is not None:
                return column
        call = self._bind(given)
        try:
            return list(map(call, sources))
        except Exception:  # noqa: BLE001 - found again below, at the object that raised it
            return [attempt(call, source) for source in sources]

    def _convert(self, run: Run) -> dict[str, Any]:
        if not self._field.arguments:
            return {}
        info = run.info(self._place)
        schema = info.schema._strawberry_schema  # type: ignore[attr-defined]  # noqa: SLF001 - as Strawberry itself finds it
        return convert_arguments(
            dict(self._place.arguments(run.executor)),
            self._field.arguments,
            config=schema.config,
            scalar_registry=schema.schema_converter.scalar_registry,
            info=schema.config.info_class(_raw_info=info, _field=self._field),
        )

    def _bind(self, given: Mapping[str, Any]) -> Callable[[Any], Any]:
        """Return the resolver as a function of the object; Strawberry says by which name it takes it, if it does."""
        resolver: Any = self._field.base_resolver
        function = partial(resolver.wrapped_func, **given) if given else resolver.wrapped_func
        if resolver.self_parameter:
            return function
        parent = resolver.parent_parameter or resolver.root_parameter
        if parent is None:
            return lambda _source: function()
        if parent.name == self._takes_first:
            return function
        return lambda source: function(**{parent.name: source})


class Batched:
    """Asks a batch function once for all objects."""

    pure = True

    def __init__(self, place: Place) -> None:
        """Take the place, whose resolver knows the batch function."""
        self._place = place
        self._question: Question | None = None

    def read(self, run: Run, sources: Sequence[Any]) -> "Sequence[Any] | asyncio.Future[Sequence[Any]]":
        """Return the future values; or, for arguments that are refused, the refusal for each object."""
        try:
            question = self._question or run.ask(self._place, sources[0])
        except Exception as error:  # noqa: BLE001 - a refused argument fails this field of every object
            return [error] * len(sources)
        if self._place.constant:
            self._question = question
        return run.collector.load_all(question.function, sources, question.args, run.info(self._place))


class Resolved:
    """Calls the field's own `resolve` for each object, as graphql-core does."""

    pure = False

    def __init__(self, place: Place) -> None:
        """Take the place."""
        self._place = place

    def read(self, run: Run, sources: Sequence[Any]) -> list[Any]:
        """Return what was resolved for each object."""
        return [attempt(self._resolve, run, source) for source in sources]

    def _resolve(self, run: Run, source: Any) -> Any:
        resolve = self._place.definition.resolve or run.executor.field_resolver
        return resolve(source, run.info(self._place), **self._place.arguments(run.executor))


def _find_first_name(field: StrawberryField) -> str | None:
    """Return the name of what a resolver takes first."""
    resolver: Any = field.base_resolver
    return next(iter(signature(resolver.wrapped_func).parameters), None) if resolver else None


def choose_reader(place: Place) -> Reader:
    """Return the reader that does what the field's own `resolve` would do, in the fewest steps."""
    definition = place.definition
    if place.nodes[0].name.value == "__typename":
        return TypeNames(place)
    field = find_strawberry_field(definition)
    if BATCHED in definition.extensions or (field is not None and BATCHED in field.metadata and not field.extensions):
        return Batched(place)
    if field is None or _takes_part(field, definition):
        return Resolved(place)
    return Computed(place, field) if field.base_resolver else Attributes(field.python_name)


def _takes_part(field: StrawberryField, definition: GraphQLField) -> bool:
    """Say whether more than a plain function or attribute takes part in resolving a field."""
    resolver = field.base_resolver
    if resolver is None:
        return not field.is_basic_field or field.default_resolver is not getattr
    return bool(field.extensions or field.is_async or resolver.info_parameter or definition.subscribe)


def attempt(call: Callable[..., Any], *given: Any) -> Any:
    """Return what a call returns, or the exception it raises."""
    try:
        return call(*given)
    except Exception as error:  # noqa: BLE001 - whatever it is, it fails this object's field and nobody else's
        return error
