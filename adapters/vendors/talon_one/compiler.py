"""
One branch of a plan to the one question a call can carry.
"""

from dataclasses import dataclass
from typing import Any, Final

from adapters.filters.capability import FieldCapability
from adapters.filters.compiler import FilterCompiler
from adapters.filters.tree import Comparison, Filter

from .capability import IDS_WIRE, MEMBERS_WIRE, build_customers
from .settings import MAX_PAGE, AttributeSettings


@dataclass(frozen=True, slots=True)
class Question:
    """Which profiles are asked for: those with one of these ids, with this attribute, or in this audience; or all."""

    ids: tuple[str, ...] = ()
    attribute: tuple[str, str] | None = None
    audience_id: str | None = None

    def describe(self) -> tuple[str, ...]:
        """Say for the plan what a call carries."""
        if self.ids:
            return (f"{IDS_WIRE}: {', '.join(self.ids)}",)
        if self.attribute is not None:
            return (f"attributes.{self.attribute[0]}: {self.attribute[1]}",)
        return () if self.audience_id is None else (f"members of audience {self.audience_id}",)


EVERYBODY: Final = Question()

_ANY_TABLE = build_customers(AttributeSettings(), MAX_PAGE)


class TalonOneCompiler(FilterCompiler[Question], tables=(_ANY_TABLE,)):
    """The handlers of the operators in the capability table, whatever the attributes are called."""

    def compile_eq(self, field: FieldCapability, leaf: Comparison) -> tuple[Question, ...]:
        """An audience is an address; a profile's ids and attributes are searched for."""
        value = str(leaf.value)
        if field.wire == MEMBERS_WIRE:
            return (Question(audience_id=value),)
        return (Question(ids=(value,)) if field.wire == IDS_WIRE else Question(attribute=(field.wire, value)),)

    def compile_in(self, _field: FieldCapability, leaf: Comparison) -> tuple[Question, ...]:
        """The table takes `in` of ids only."""
        values: Any = leaf.value
        return (Question(ids=tuple(map(str, values))),)


def build_question(compiler: TalonOneCompiler, pushed: Filter) -> Question:
    """Return the question of a branch, which holds one comparison at most."""
    return next(iter(compiler.build_predicates(pushed)), EVERYBODY)
