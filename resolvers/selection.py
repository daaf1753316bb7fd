"""
What of a field's value was asked for: the one thing a batch function knows of the operation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Selection(Protocol):
    """
    The fields selected below a place in the operation, whatever executor reads it.

    `path` is that place as response keys joined by dots, without list indexes (`subscribers.nodes.campaign`).
    """

    @property
    def path(self) -> str:
        """The place in the operation, for plans and notices."""
        ...

    def names(self) -> frozenset[str]:
        """Return the names of the fields selected here."""
        ...

    def has(self, name: str) -> bool:
        """Say whether a field is selected here."""
        ...

    def arguments(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the arguments of a field selected here, once for each place that selects it; enum values as words."""
        ...

    def child(self, name: str) -> "Selection":
        """Return the selection below one field; an empty one where it is not selected."""
        ...


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection as plain data: field names, each with what is selected below it; `given` are its own arguments."""

    path: str = ""
    fields: Mapping[str, "Selected"] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        """Return the names of the fields selected here."""
        return frozenset(self.fields)

    def has(self, name: str) -> bool:
        """Say whether a field is selected here."""
        return name in self.fields

    def arguments(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the arguments of a field selected here."""
        return [self.fields[name].given] if name in self.fields else []

    def child(self, name: str) -> "Selected":
        """Return the selection below one field."""
        return self.fields.get(name, Selected(f"{self.path}.{name}"))


@dataclass(frozen=True, slots=True)
class Together:
    """The selections of several places of an operation as one, which stands where the first of them does."""

    selections: Sequence[Selection]

    @property
    def path(self) -> str:
        """The first place in the operation."""
        return self.selections[0].path

    def names(self) -> frozenset[str]:
        """Return the names of the fields selected at any of the places."""
        return frozenset[str]().union(*(each.names() for each in self.selections))

    def has(self, name: str) -> bool:
        """Say whether a field is selected at any of the places."""
        return any(each.has(name) for each in self.selections)

    def arguments(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the arguments of a field, once for each place that selects it."""
        return [given for each in self.selections for given in each.arguments(name)]

    def child(self, name: str) -> Selection:
        """Return what is selected below one field at any of the places."""
        children = [each.child(name) for each in self.selections]
        return children[0] if len(children) == 1 else Together(children)


def build_selection(path: str, *names: str) -> Selected:
    """
    Build a selection from dotted names (`"nodes.campaign", "totalCount"`).
    """
    tree: dict[str, list[str]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        tree.setdefault(head, []).extend([rest] if rest else [])
    return Selected(path, {head: build_selection(f"{path}.{head}", *rest) for head, rest in tree.items()})
