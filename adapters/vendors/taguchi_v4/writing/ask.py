"""
One write that is being prepared: what is asked, and what it comes to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.errors import CapabilityError, InputError
from adapters.recipes import Step
from adapters.transport.client import VendorClient

from .turns import Place

INPUT = "input"


@dataclass(frozen=True, slots=True)
class Ask:
    """A mutation, and what is needed to read what it is about."""

    client: VendorClient
    command: WriteCommand
    scope: CallScope
    purpose: str

    @property
    def values(self) -> Mapping[str, Any]:
        """The mutation's input by our names."""
        return self.command.values

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields that are to be written."""
        fields: Mapping[str, Any] = self.values.get("fields") or {}
        return fields

    @property
    def source(self) -> str:
        """The source that is written to."""
        return self.command.source

    @property
    def target(self) -> str:
        """The vendor's id of the record it is about; raises `InputError` where none is named."""
        if self.command.target is None:
            raise InputError("It is not said what this is about.", hint="Name its `id`.", path=(INPUT, "id"))
        return self.command.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    What a mutation comes to: its steps, the fields it changes as they are and as they will be, and what to know.

    Without steps there is nothing left to do, and `warnings` say so. `rewrites` is the record that is sent back whole,
    with the fields that do not change as they were read.
    """

    steps: tuple[Step, ...]
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    check: str | None = None
    rewrites: Place | None = None


def refuse_unknown(given: Mapping[str, Any], known: Collection[str], *path: str | int) -> None:
    """Refuse what is given for other vendors: left out, it would be lost without a word."""
    for name, value in given.items():
        if name not in known and value is not None:
            raise CapabilityError(f"Taguchi has no use for `{to_camel(name)}`.", path=to_path(*path, name))


def to_path(*names: str | int) -> tuple[str | int, ...]:
    """Write where in the input something is, by its names in the graph."""
    return (INPUT, *(to_camel(name) if isinstance(name, str) else name for name in names))


def to_camel(name: str) -> str:
    """Write a name of ours as the graph does."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
