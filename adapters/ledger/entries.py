"""
What the ledger keeps, as values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

ERASED: Final = "erased"
"""The part of a kept command that says that the rest was forgotten."""


NOWHERE: Final = ""
"""The source of a row that is about many."""


class State(StrEnum):
    """
    How far a write has come.

    PENDING: nothing was sent. SENT: a step's bytes may have left. DONE: it has an outcome.
    """

    PENDING = "PENDING"
    SENT = "SENT"
    DONE = "DONE"


class ItemState(StrEnum):
    """How far one item of a bulk write has come."""

    WAITING = "WAITING"
    SENT = "SENT"
    DONE = "DONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """
    A write that is about to begin.

    `principal` is the caller's name: a key is unique for it and the mutation. `tenant` is the key of the sources and
    scopes that it had, which may be others when it asks again. `input_hash` tells another input under the same key.
    `command` is the write as plain JSON, as it must be to be carried on after a restart; `people` are digests of what
    the people in it are known by, so that they can be found and erased. `items` are the inputs of a bulk write, in
    their order, and `item_people` the digests of each; `skipped` are the places of those that are left out, with the
    reason.
    """

    tenant: str
    principal: str
    mutation: str
    source: str
    key: str
    input_hash: str
    command: Mapping[str, Any]
    people: frozenset[str] = frozenset()
    items: Sequence[Mapping[str, Any]] = ()
    item_people: Sequence[frozenset[str]] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)


def is_erased(command: Mapping[str, Any], input_hash: str) -> bool:
    """Say whether somebody a write is about has been forgotten: what is told of it since may tell of them."""
    return bool(command.get(ERASED)) or not input_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One write, as the ledger knows it now.

    `outcome` is a word of `Outcome`, None while it is under way. `result` is what the caller was or will be told, as
    plain JSON. `step` is the last that was begun. `known_by` are the vendor's words for the write:
    the first of a name under it, further ones with a number. `check` says what to look at where nobody knows. `counts`
    are the items by outcome, with WAITING and SENT for those under way.
    """

    id: str
    tenant: str
    principal: str
    mutation: str
    source: str
    key: str
    input_hash: str
    command: Mapping[str, Any]
    state: State
    outcome: str | None
    result: Mapping[str, Any]
    step: str | None
    known_by: Mapping[str, str]
    check: str | None
    created_at: datetime
    updated_at: datetime
    items: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_erased(self) -> bool:
        """Whether somebody it was about has been forgotten: nobody can tell any more what its input was."""
        return is_erased(self.command, self.input_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """One item of a bulk write; `error` is the error as the caller is told it."""

    place: int
    state: ItemState
    outcome: str | None
    input: Mapping[str, Any]
    vendor_id: str | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A row: `new` is false where the same principal had begun the same mutation under the same key before."""

    entry: Entry
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which writes; None is no condition. `principal` is the name of the one whose own they then are."""

    principal: str | None = None
    mutations: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    states: tuple[State, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """
    What a vendor told us by itself.

    `digest` tells one delivery from another, so that one that is repeated is kept once; `operation` is the id of the
    write it was found to be about, None where it is about none that is known.
    """

    id: str
    source: str
    digest: str
    payload: Any
    received_at: datetime
    operation: str | None = None
