"""
The visitor every vendor's compiler starts from: one handler per operator its table takes, checked at import.

A compiler sees only what a plan pushes, so it has no branch for what the vendor cannot do; reaching one is a bug.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from adapters.filters.capability import EntityCapability, FieldCapability, Support
from adapters.filters.tree import And, Comparison, Filter, Op, Some

Out = TypeVar("Out")

_PREFIX = "compile_"


class FilterCompiler(Generic[Out]):
    """
    Turns one branch of a plan into a vendor's predicates.

    A subclass names its tables, `class Compiler(FilterCompiler[str], tables=(…,))`, and has, for each operator any of
    them takes, a method `compile_<op>(self, field, comparison) -> tuple[Out, …]` (`compile_eq`, `compile_is_null`,
    `compile_starts_with`): `field` is the table's entry, whose `wire` is the vendor's name. A handler may return
    several predicates, all of which must hold.
    """

    def __init_subclass__(cls, *, tables: Iterable[EntityCapability] = (), **rest: Any) -> None:
        """Refuse, at import, a handler of no real operator and an operator without a handler."""
        super().__init_subclass__(**rest)
        operators = {_handler_name(op) for op in Op}
        unknown = sorted(name for name in vars(cls) if name.startswith(_PREFIX) and name not in operators)
        if unknown:
            raise TypeError(f"{cls.__name__} handles no real operator in: {', '.join(unknown)}")
        missing = sorted({name for name in map(_handler_name, _taken(tables)) if not hasattr(cls, name)})
        if missing:
            raise TypeError(f"{cls.__name__} has no handler for its table's: {', '.join(missing)}")

    def __init__(self, capability: EntityCapability) -> None:
        """Compile for one kind of record."""
        self.capability = capability

    def build_predicates(self, branch: Filter) -> tuple[Out, ...]:
        """Return the vendor's predicates of one conjunction; none for a branch that narrows nothing."""
        return tuple(predicate for name, leaf in _leaves(branch) for predicate in self._build(name, leaf))

    def _build(self, name: str, leaf: Comparison) -> tuple[Out, ...]:
        field = self._field(name)
        handler = getattr(self, _handler_name(leaf.op), None)
        if handler is None:
            raise AssertionError(f"a plan pushed {name} {leaf.op}, which {type(self).__name__} does not take")
        predicates: tuple[Out, ...] = handler(field, leaf)
        return predicates

    def _field(self, name: str) -> FieldCapability:
        field = self.capability.fields.get(name)
        if field is None:
            raise AssertionError(f"a plan pushed {name}, which is not in the table")
        return field


def _handler_name(op: Op) -> str:
    return f"{_PREFIX}{op.name.lower()}"


def _taken(tables: Iterable[EntityCapability]) -> Iterator[Op]:
    for table in tables:
        for field in table.fields.values():
            yield from (op for op, line in field.operators.items() if line.support is not Support.UNSUPPORTED)


def _leaves(branch: Filter) -> Iterator[tuple[str, Comparison]]:
    match branch:
        case And(parts):
            for part in parts:
                yield from _leaves(part)
        case Comparison(field):
            yield field, branch
        case Some(field, Comparison() as leaf):
            yield f"{field}.{leaf.field}", leaf
        case _:
            raise AssertionError(f"a plan pushed a {type(branch).__name__}")
