"""
A write that is checked and not yet sent: its steps, and what it changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.recipes import Recipe, Step, StepResult
from adapters.records import Entity
from adapters.transport.client import Reply, VendorRequest

CHECK: Final = "Look at the customer in Talon.One's Campaign Manager, under Customers."
AUDIENCE_CHECK: Final = "Look at Talon.One's Campaign Manager, under Audiences."
PEOPLE: Final = frozenset({Entity.SUBSCRIBER, Entity.AUDIENCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A write that can be shown and sent; `before`, `after` and `warnings` are for a dry run."""

    recipe: Recipe
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()


def build_single(
    request: VendorRequest, read: Callable[[Reply], StepResult], *, repeatable: bool, check: str = CHECK
) -> Recipe:
    """Build the recipe of one call."""
    step = Step(name=request.operation, build=lambda _found: request, read=read, repeatable=repeatable)
    return Recipe(steps=(step,), touches=PEOPLE, check=check)
