"""
Joining and leaving lists, and custom fields: the parts of a person that are merged.

Taguchi puts whom a bare `list_id` names on the list, also who had left it (vendors/facts.md, 1.5). So every membership
is sent with its `unsubscribed`, what is already as asked for is not sent at all, and nobody who is not on a list is
sent as leaving it.
Source: taguchi-v4-api.txt, Subscriber Resource, List Memberships and Custom Fields.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.errors import ConsentError, InputError
from adapters.recipes import Found, Placeholders
from adapters.vendors.taguchi_v4.times import print_time
from adapters.vendors.taguchi_v4.values import read_id, read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .ask import refuse_unknown, to_path
from .fields import is_same, read_past, to_number

NOW = "{now}"
Items = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """
    One membership as it is to be: `joins` says that the person is on the list, `option` is sent where it is told.

    `left_at` is when the person left, as the vendor prints it; None for now.
    """

    list_id: int
    joins: bool
    option: tuple[str | None, ...] = ()
    held: Row | None = None
    left_at: str | None = None

    @property
    def rejoins(self) -> bool:
        """Whether the person had left the list and is to be on it again."""
        return self.joins and self.held is not None and has_left(self.held)

    @property
    def settled(self) -> bool:
        """Whether everything is as asked for already; who never was on a list need not leave it."""
        if self.held is None:
            return not self.joins
        told = not self.option or is_same(self.option[0], self.held.get("option"))
        return told and has_left(self.held) is not self.joins

    def build(self, now: str) -> dict[str, Any]:
        """Build what is sent of it; a time of leaving that is known stays."""
        left = None if self.joins else self.left_at or now
        if not self.joins and self.held is not None and has_left(self.held):
            left = self.held["unsubscribed"]
        option = {"option": self.option[0]} if self.option else {}
        return {"list_id": self.list_id, "unsubscribed": left, **option}


def has_left(membership: Row) -> bool:
    """Say whether a membership is one of somebody who has left; `false` is how some clients say that nobody has."""
    return membership.get("unsubscribed") not in {None, False}


def find_membership(row: Row, list_id: int) -> Row | None:
    """Find a person's membership of a list."""
    return next((item for item in read_rows(row, "lists") if read_id(item, "list_id") == str(list_id)), None)


def read_changes(
    given: Sequence[Mapping[str, Any]] | None, row: Row | None, consent: str | None, *path: str
) -> tuple[Change, ...]:
    """
    Read what an input says of memberships; `row` is the person, where known.

    Raises:
        InputError: an id that is none, or a list that is named twice.
        ConsentError: somebody would be put back on a list that the person had left.
    """
    changes: list[Change] = []
    for place, item in enumerate(given or ()):
        change = read_change(item, row, consent, *path, place)
        if any(change.list_id == other.list_id for other in changes):
            raise InputError("This list is named twice.", path=to_path(*path, place, "list_id"))
        changes.append(change)
    return tuple(changes)


def read_change(item: Mapping[str, Any], row: Row | None, consent: str | None, *path: str | int) -> Change:
    """Read what an input says of one membership; raises as `read_changes`."""
    list_id = to_number(item["list_id"], *path, "list_id")
    option = (item["option"],) if "option" in item else ()
    held = None if row is None else find_membership(row, list_id)
    joins = item.get("subscribed", True) is not False
    change = Change(list_id, joins, option, held, _read_left_at(item, joins, *path))
    if change.rejoins and consent is None:
        raise ConsentError(
            "The person has left this list.",
            hint="Say with `consent` why they may be put on it again; it needs the scope `consent`.",
            path=to_path(*path),
        )
    return change


def _read_left_at(item: Mapping[str, Any], joins: bool, *path: str | int) -> str | None:
    if item.get("left_at") is None:
        return None
    if joins:
        raise InputError("Who is on a list has not left it.", path=to_path(*path, "left_at"))
    return read_past(item["left_at"], *path, "left_at")


def build_memberships(changes: Sequence[Change], now: str) -> Items:
    """Build what is sent of memberships: those that are not settled."""
    return [change.build(now) for change in changes if not change.settled]


def warn_of_settled(changes: Sequence[Change]) -> tuple[str, ...]:
    """Say which memberships are as asked for already."""
    return tuple(
        f"List {change.list_id}: the person {'is' if change.joins else 'is not'} on it already."
        for change in changes
        if change.settled
    )


def build_custom_fields(given: Sequence[Mapping[str, Any]] | None, *path: str) -> Items:
    """
    Build what is sent of custom fields: those that are to be set; the others stay.

    Raises:
        InputError: a field that is named twice, or not at all.
    """
    items: Items = []
    for place, item in enumerate(given or ()):
        refuse_unknown(item, ("key", "value"), *path, place)
        if not item["key"] or any(item["key"] == other["field"] for other in items):
            raise InputError("Each custom field is named once.", path=to_path(*path, place, "key"))
        items.append({"field": item["key"], "data": item.get("value")})
    return items


def tell_now(found: Found) -> str:
    """Tell the present as the vendor prints it, and as `{now}` where a request is only shown."""
    return NOW if isinstance(found, Placeholders) else print_time(datetime.now(UTC))


Timed = Callable[[str], dict[str, Any]]
"""Fields of a record that may hold the present."""
