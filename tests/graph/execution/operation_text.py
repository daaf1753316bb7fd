"""Random operations over any schema: valid in most cases, odd in every way the language allows."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

DEPTH: Final = 4
WIDTH: Final = 5


@dataclass
class Writer:
    """Writes one operation; `variables` are values for those it declares."""

    schema: GraphQLSchema
    random: random.Random
    depth: int = DEPTH
    omit: frozenset[str] = frozenset()
    variables: dict[str, Any] = field(default_factory=dict)
    _declared: list[str] = field(default_factory=list)
    _fragments: list[str] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)
    _names: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    def write(self) -> str:
        """Return the text of a document with one operation."""
        mutation = self.schema.mutation_type
        root = mutation if mutation and self.chance(8) else self.schema.query_type
        assert root is not None
        body = self.selections(root, self.depth)
        word = "mutation" if root is mutation else "query"
        declared = f"({' '.join(self._declared)})" if self._declared else ""
        return "\n".join([f"{word} Operation{declared} {body}", *self._fragments])

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def selections(self, type_: Any, depth: int) -> str:
        chosen = [self.selection(type_, depth) for _ in range(self.random.randint(1, WIDTH))]
        return f"{{ {' '.join(chosen)} __typename }}" if self.chance(3) else f"{{ {' '.join(chosen)} }}"

    def selection(self, type_: Any, depth: int) -> str:
        if depth > 1 and self.chance(5):
            return self.fragment(type_, depth)
        fields = self.fields(type_, depth)
        return self.field(self.random.choice(fields), type_, depth) if fields else "__typename"

    def fields(self, type_: Any, depth: int) -> list[str]:
        """List what can be selected: nothing that needs selections of its own at the bottom."""
        return [
            name
            for name, each in getattr(type_, "fields", {}).items()
            if name not in self.omit and (depth > 1 or not is_composite_type(get_named_type(each.type)))
        ]

    def field(self, name: str, type_: Any, depth: int) -> str:
        definition = type_.fields[name]
        given = {key: self.argument(name, key, each) for key, each in definition.args.items()}
        written = ", ".join(f"{key}: {value}" for key, value in given.items() if value is not None)
        mergeable = self._asked.setdefault(name, written) == written
        alias = "" if mergeable and not self.chance(4) else f"{self.random.choice('abc')}{next(self._names)}: "
        named = get_named_type(definition.type)
        below = f" {self.selections(named, depth - 1)}" if is_composite_type(named) else ""
        text = f"{alias}{name}{f'({written})' if written else ''}{self.directive()}"
        if below and self.chance(6):
            return f"{text}{below} {text} {self.selections(named, depth - 1)}"
        return text + below

    def directive(self) -> str:
        if not self.chance(7):
            return ""
        name, value = self.random.choice(["skip", "include"]), self.random.choice([True, False])
        if self.chance(2):
            return f" @{name}(if: {str(value).lower()})"
        return f" @{name}(if: ${self.declare('Boolean!', value)})"

    def fragment(self, type_: Any, depth: int) -> str:
        on = self.random.choice(self.overlapping(type_))
        if self.chance(2):
            condition = f" on {on}" if on is not type_ or self.chance(2) else ""
            return f"...{condition}{self.directive()} {self.selections(on, depth - 1)}"
        name = f"F{next(self._names)}"
        self._fragments.append(f"fragment {name} on {on} {self.selections(on, depth - 1)}")
        again = f" ...{name}" if self.chance(4) else ""
        return f"...{name}{self.directive()}{again}"

    def overlapping(self, type_: GraphQLNamedType) -> list[Any]:
        """List the types a fragment may have there."""
        if is_abstract_type(type_):
            return [type_, *self.schema.get_possible_types(type_)]
        return [type_, *getattr(type_, "interfaces", ())]

    def argument(self, field_name: str, name: str, argument: GraphQLArgument) -> str | None:
        """Return how an argument is written, None where it is left out; the names tell what may make sense."""
        del field_name, name
        required = is_non_null_type(argument.type) and argument.default_value is Undefined
        if not required and self.chance(2):
            return None
        if self.chance(3):
            return f"${self.variable(argument)}"
        return self.literal(argument.type)

    def variable(self, argument: GraphQLArgument) -> str:
        """Declare a variable for an argument; where the argument has a default, null may come through it."""
        type_ = argument.type
        if is_non_null_type(type_) and argument.default_value is not Undefined and self.chance(3):
            return self.declare(str(type_.of_type), self.value(type_) if self.chance(2) else None)
        if not is_non_null_type(type_) and self.chance(4):
            return self.declare(str(type_), Undefined)
        default = f" = {self.literal(type_)}" if self.chance(3) else ""
        omitted = default and self.chance(2)
        return self.declare(f"{type_}{default}", Undefined if omitted else self.value(type_))

    def declare(self, type_: str, value: Any) -> str:
        name = f"v{next(self._names)}"
        self._declared.append(f"${name}: {type_}")
        if value is not Undefined:
            self.variables[name] = value
        return name

    def value(self, type_: Any) -> Any:
        """Return a value as JSON holds it."""
        if not is_non_null_type(type_) and self.chance(8):
            return None
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return [self.value(type_.of_type) for _ in range(self.random.randint(0, 2))]
        if isinstance(type_, GraphQLInputObjectType) and type_.is_one_of:
            name = self.random.choice(list(type_.fields))
            return {name: self.value(GraphQLNonNull(type_.fields[name].type))}
        if isinstance(type_, GraphQLInputObjectType):
            return {
                name: self.value(each.type)
                for name, each in type_.fields.items()
                if (is_non_null_type(each.type) and each.default_value is Undefined) or self.chance(3)
            }
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        return self.scalar(type_.name)

    def scalar(self, name: str) -> Any:
        """Return a value of a scalar."""
        known = {"Int": self.random.randint(0, 3), "Float": 1.5, "Boolean": True, "Date": "2026-03-01"}
        known["DateTime"] = "2026-03-01T00:00:00Z"
        return known.get(name, "o")

    def literal(self, type_: Any) -> str:
        return _write(self.value(type_), type_)


def _write(value: Any, type_: Any) -> str:
    type_ = get_nullable_type(type_)
    if value is None:
        return "null"
    if is_list_type(type_):
        return f"[{', '.join(_write(each, type_.of_type) for each in value)}]"
    if isinstance(type_, GraphQLInputObjectType):
        return f"{{{', '.join(f'{name}: {_write(each, type_.fields[name].type)}' for name, each in value.items())}}}"
    if isinstance(type_, GraphQLEnumType):
        return str(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else _quote(value)


def _quote(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
