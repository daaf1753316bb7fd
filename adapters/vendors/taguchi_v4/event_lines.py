"""
Lines of events, whose ids are unique only within a kind: by a value if any, then by id, then logged before scheduled.

At most two rows share an id, and the vendor leaves them in any order. A reply that was cut may have cut one of its
last two off, so its last id is left out unless both are there, and read again with what follows. Where a reply holds
nothing else, its one id is asked for kind by kind; of a server that widens by a second predicate, as the first of its
rows in the order of kinds and in the reverse.

Source: taguchi-v4-api.txt, Event Feed Resource, type and id; that ids of the two kinds may collide is [inferred] from
its example, whose scheduled event has the id 1; that tokens have 64 bits, vendors/facts.md, 1.6.
"""

from collections.abc import Sequence
from typing import Final

from adapters.errors import CursorError
from adapters.filters.order import Position, PositionPart
from adapters.records import EventKey, EventKind

from .columns import LARGEST_ID
from .endpoints import ListCall
from .keys import Key, RowKey, beyond_id, parse_id, starting_with_id
from .lines import Item, is_past, read_items, sort_by_key, stay
from .reading import Batch
from .value_lines import Phase, Stage, ValueLine

_KINDS: Final = tuple(EventKind)


class EventIdLine:
    """A line of events in the order of ids, ascending or descending."""

    def __init__(
        self, pushed: Sequence[str], *, descending: bool, after: EventKey | None, single: bool = False
    ) -> None:
        """Start after an event, or at the line's start; `single` says that a call may carry one predicate only."""
        self.ended = False
        self._pushed = tuple(pushed)
        self._descending = descending
        self._after = after
        self._single = single
        self._asked: list[EventKey] = []  # the kinds of one id that are still to be asked for

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Ask for the rows wanted, for one that may be left out, and for the one the line goes on from."""
        if self._asked:
            return self._build_one(*self._asked[0])
        wanted = rows + 1 + self._has_twin_ahead
        return ListCall((*self._pushed, *self._build_bound()), "id", min(wanted, max_page), self._descending)

    def _build_one(self, token: int, kind: EventKind) -> ListCall:
        here = (*self._pushed, f"id-eq-{token}")
        if self._single:
            return ListCall(here, "type", 1, descending=kind is _KINDS[-1])
        return ListCall((*here, f"type-eq-{kind}"), "id", 1, self._descending)

    def take(self, batch: Batch) -> list[Item]:
        """Return the events that are certainly next."""
        return self._take_one(batch) if self._asked else self._take_many(batch)

    def build_position(self, item: Item, following: Item | None) -> Position:  # noqa: ARG002 - keys have no ties
        """The key says it all."""
        return Position((print_event_key(item.id),))

    @property
    def _has_twin_ahead(self) -> bool:
        """Whether the id the line goes on from may name an event of the other kind that comes next."""
        return self._after is not None and self._after.kind is _first_kind(descending=self._descending)

    def _build_bound(self) -> tuple[str, ...]:
        if self._after is None:
            return ()
        bound = starting_with_id if self._has_twin_ahead else beyond_id
        return (bound(self._after.token, descending=self._descending),)

    def _take_one(self, batch: Batch) -> list[Item]:
        """Read the event of one id and kind, if there is one."""
        items, asked = read_items(batch), self._asked.pop(0)
        allowed = {asked, *(EventKey(asked.token, kind) for kind in _KINDS if self._single)}
        if any(item.id not in allowed for item in items):
            raise batch.refuse("events of another id or kind than was asked for", "BOUND_IGNORED")
        self._after = asked
        return [item for item in items if item.id == asked]

    def _take_many(self, batch: Batch) -> list[Item]:
        items = sort_by_key(read_items(batch), descending=self._descending)
        if any(not self._is_within_bound(item.id) for item in items):
            raise batch.refuse("rows before the place the page goes on from", "BOUND_IGNORED")
        self.ended = not batch.cut
        certain = items if self.ended or _holds_last_whole(items) else items[:-1]
        fresh = [item for item in certain if self._is_ahead(item.id)]
        if fresh:
            self._after = _key_of(fresh[-1].id)
        elif not self.ended:
            self._asked = self._ask_by_kind(batch, items) if items else stay(batch, self._asked)
        return fresh

    def _ask_by_kind(self, batch: Batch, items: Sequence[Item]) -> list[EventKey]:
        """Return the kinds to ask for of the one id in a reply."""
        token = _key_of(items[-1].id).token
        both = [EventKey(token, kind) for kind in (_KINDS[::-1] if self._descending else _KINDS)]
        asked = [key for key in both if self._is_ahead(key)]
        if not asked:
            raise batch.refuse("rows before the place the page goes on from", "BOUND_IGNORED")
        return asked

    def _is_within_bound(self, key: RowKey) -> bool:
        """Say whether the bound lets an event through; it may be the one the line goes on from, or its twin."""
        same = self._after is not None and self._has_twin_ahead and _key_of(key).token == self._after.token
        return same or self._is_ahead(key)

    def _is_ahead(self, key: RowKey) -> bool:
        return self._after is None or is_past(key, self._after, descending=self._descending)


class EventValueLine(ValueLine):
    """A line of events in the order of one field's values, then of ids."""

    def __init__(self, key: Key, pushed: Sequence[str], *, nullable: bool, after: Position | None) -> None:
        """Start after a position, or at the line's start."""
        self._group: EventIdLine | None = None
        super().__init__(key, pushed, nullable=nullable, after=after)

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Ask for the next rows by value, or by id among those that share one."""
        stage = self._here()
        if stage.phase is not Phase.GROUP:
            return super().build_call(rows, max_page)
        return self._open_group(stage).build_call(rows, max_page)

    def _open_group(self, stage: Stage) -> EventIdLine:
        if self._group is None:
            bounded = (*self._pushed, *self._key.group(stage.value))
            after = None if stage.after is None else _key_of(stage.after)
            self._group = EventIdLine(bounded, descending=self._key.descending, after=after)
        return self._group

    def _take_group(self, batch: Batch, stage: Stage) -> list[Item]:
        group = self._open_group(stage)
        items = [self._give_value(item, stage) for item in group.take(batch)]
        if any(item.value != stage.value for item in items):
            raise batch.refuse("rows of another value than was asked for", "BOUND_IGNORED")
        self._drained = stage
        if group.ended:
            self._group = None
            self._stage = self._build_stage_after_group(stage.value)
        return items

    def _read_key(self, part: PositionPart) -> RowKey:
        return parse_event_key(part)

    def _print_key(self, key: RowKey) -> PositionPart:
        return print_event_key(key)


def open_event_id_line(
    pushed: Sequence[str], *, descending: bool, after: Position | None, single: bool = False
) -> EventIdLine:
    """
    Open a line by id at a position; `single` says that a call may carry one predicate only.

    Raises:
        CursorError: the position was not made for this order.
    """
    if after is not None and len(after.parts) != 1:
        raise CursorError("The cursor was not made for this order.")
    start = None if after is None else parse_event_key(after.parts[0])
    return EventIdLine(pushed, descending=descending, after=start, single=single)


def print_event_key(key: RowKey) -> str:
    """Write an event's key as a part of a position: `123 logged`."""
    token, kind = _key_of(key)
    return f"{token} {kind}"


def parse_event_key(part: PositionPart) -> EventKey:
    """
    Read a part of a position back.

    Raises:
        CursorError: it is no event's key.
    """
    token, _, kind = part.partition(" ") if isinstance(part, str) else ("", "", "")
    if kind not in _KINDS:
        raise CursorError("The cursor holds no event.")
    return EventKey(parse_id(token, LARGEST_ID), EventKind(kind))


def _first_kind(*, descending: bool) -> EventKind:
    return _KINDS[-1] if descending else _KINDS[0]


def _holds_last_whole(items: Sequence[Item]) -> bool:
    """Say whether the last id of a reply is there in both kinds, so that nothing of it can have been cut off."""
    return len(items) > 1 and _key_of(items[-1].id).token == _key_of(items[-2].id).token


def _key_of(key: RowKey) -> EventKey:
    if not isinstance(key, EventKey):
        raise TypeError("a line of events met a record of another kind")
    return key
