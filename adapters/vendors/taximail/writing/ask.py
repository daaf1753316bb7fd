"""
One write that is being prepared: what is asked, and what it comes to.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import WriteCommand, WriteResult
from adapters.errors import IdError, InputError, VendorConflictError
from adapters.recipes import Step
from adapters.vendors.taximail.account import Account
from adapters.vendors.taximail.capability import VENDOR
from adapters.vendors.taximail.keys import InnerKey, is_id, parse_key

Path = tuple[str | int, ...]
INPUT: Final = "input"

Finish = Callable[[WriteResult, CallScope], Awaitable[WriteResult]]
"""Reads after a write what its answer does not tell; never raises a `VendorError`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A mutation, and what is needed to read what it is about."""

    account: Account
    command: WriteCommand
    scope: CallScope
    purpose: str

    @property
    def values(self) -> Mapping[str, Any]:
        """The mutation's input by our names."""
        return self.command.values

    @property
    def fields(self) -> Mapping[str, Any]:
        """What the input says of the person."""
        fields: Mapping[str, Any] = self.values.get("fields") or {}
        return fields

    @property
    def memberships(self) -> Sequence[Mapping[str, Any]]:
        """What the input says of lists."""
        memberships: Sequence[Mapping[str, Any]] = self.fields.get("memberships") or ()
        return memberships

    @property
    def source(self) -> str:
        """The source that is written to."""
        return self.command.source

    @property
    def key(self) -> InnerKey:
        """The contact it is about by id; raises `InputError` where none is named, or an id that is nobody's."""
        if self.command.target is None:
            raise InputError("It is not said whom this is about.", hint="Say `id` or `byEmail`.", path=(INPUT, "id"))
        return read_key(self.command.target, (INPUT, "id"))

    def build_conflict(self, message: str, reason: str, *, sent: bool = False) -> VendorConflictError:
        """Build the error for a record whose state forbids the write; `sent` says that the vendor was asked to."""
        return VendorConflictError(
            f"Source '{self.source}' {message}.",
            source=self.source,
            vendor=VENDOR,
            operation=self.command.kind,
            reason=reason,
            maybe_processed=sent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    What a mutation comes to: its steps, the fields it changes as they are and as they will be, and what to know.

    `id` is the contact it is about where that is known. `independent` says that the failure of one step, or pair of
    steps, does not stop the next. Without steps there is nothing left to do, and `warnings` say so.
    """

    steps: tuple[Step, ...]
    id: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)
    check: str | None = None
    independent: bool = False
    finish: Finish | None = None


def read_key(text: str, path: Path) -> InnerKey:
    """Read a contact's id; raises `IdError` for one that is nobody's."""
    key = parse_key(text)
    if key is None:
        raise IdError("This is no id of a Taximail contact.", hint="It is written as list/contact: 314/3.", path=path)
    return key


def read_list_id(value: Any, path: Path) -> str:
    """Read a list's id; raises `InputError` where it is missing or none."""
    if value is None:
        raise InputError("At Taximail a person is a contact of one list.", hint="Say which list is meant.", path=path)
    if not is_id(str(value)):
        raise IdError("This is no id of a Taximail list.", hint="It is a whole number: 314.", path=path)
    return str(value)


def to_camel(name: str) -> str:
    """Write a name of ours as the graph does."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
