"""How a field's own resolver is called: as Strawberry calls it, with all that is always the same worked out once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, Final

import strawberry
from graphql import GraphQLArgument, GraphQLField, GraphQLResolveInfo
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

Call = Callable[[Any, GraphQLResolveInfo[Any], Mapping[str, Any]], Any]
"""Resolves a field of an object, given what resolvers are told and the coerced arguments."""

_BACKREF: Final = GraphQLCoreConverter.DEFINITION_BACKREF
_PLAIN: Final = frozenset({str, int, float, bool, strawberry.ID})
"""Types of arguments whose coerced values Strawberry hands on as they are."""


def find_strawberry_field(definition: GraphQLField) -> StrawberryField | None:
    """Return the Strawberry field a field was made from and is still resolved by."""
    field = definition.extensions.get(_BACKREF)
    return field if type(field) is StrawberryField and hasattr(definition.resolve, "_is_default") else None


def build_call(definition: GraphQLField) -> Call:
    """Return what does as the field's own `resolve` does, in the fewest steps."""
    field = find_strawberry_field(definition)
    if field is not None and field.base_resolver is not None and not field.extensions:
        return ResolverCall(definition, field, field.base_resolver)
    return lambda source, info, given: definition.resolve(source, info, **given) if definition.resolve else None


class ResolverCall:
    """Calls the resolver of a field in which nothing else takes part."""

    def __init__(self, definition: GraphQLField, field: StrawberryField, resolver: StrawberryResolver[Any]) -> None:
        """Take the resolver, and the field's arguments by their names in GraphQL."""
        self._field = field
        self._resolver = resolver
        self._takes_self = resolver.self_parameter is not None
        self._objects = _list_names(resolver.parent_parameter, resolver.root_parameter)
        self._infos = _list_names(resolver.info_parameter)
        self._arguments = {name: _read_argument(each) for name, each in definition.args.items()}

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], given: Mapping[str, Any]) -> Any:
        """Call the resolver, which names what it takes besides the arguments."""
        schema = info.schema._strawberry_schema  # type: ignore[attr-defined]  # noqa: SLF001 - as Strawberry itself finds it
        told = schema.config.info_class(_raw_info=info, _field=self._field)
        named = {
            argument.name: given[name] if argument.plain else _convert(argument.type, given[name], name, schema, told)
            for name, argument in self._arguments.items()
            if name in given
        }
        named.update(dict.fromkeys(self._objects, source))
        named.update(dict.fromkeys(self._infos, told))
        return self._resolver(source, **named) if self._takes_self else self._resolver(**named)


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument as its resolver takes it: its name, its type, and whether its values are taken as they are."""

    name: str
    type: Any
    plain: bool


def _read_argument(definition: GraphQLArgument) -> _Argument:
    argument: StrawberryArgument = definition.extensions[_BACKREF]
    type_ = argument.type
    inner = type_.of_type if type(type_) is StrawberryOptional else type_
    return _Argument(argument.python_name, type_, plain=any(inner is plain for plain in _PLAIN))


def _list_names(*parameters: Parameter | None) -> list[str]:
    return [parameter.name for parameter in parameters if parameter is not None]


def _convert(type_: Any, value: Any, name: str, schema: Any, told: Any) -> Any:
    registry = schema.schema_converter.scalar_registry
    return convert_argument(value, type_, registry, schema.config, told, path=(name,))
