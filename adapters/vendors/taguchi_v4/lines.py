"""
Lines by id: what to ask next, and what a reply may be trusted with.

A line is read with keyset predicates only, never with `offset`: rows inserted or deleted while it is read neither
repeat nor hide others. Every reply is held against the bound it was asked with, since nothing but a public wrapper's
habit says that the vendor ANDs its predicates (vendors/facts.md, 1.4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol, TypeVar, overload

from adapters.errors import CursorError, VendorContractError
from adapters.filters.order import Position
from adapters.records.making import made_quickly

from .columns import Column, Value
from .endpoints import ListCall
from .keys import RowKey, beyond_id, parse_id
from .mapping import V4Record
from .reading import Batch
from .reply_rows import Stray, build_unreadable, print_key
from .row_values import read_value
from .values import UnreadableError

S = TypeVar("S")

_get_id = attrgetter("id")


@made_quickly
@dataclass(frozen=True, slots=True)
class Item:
    """
    A row in its line: by value (None where the order has none, or the row no value), then by key.

    A record that cannot be read keeps its place all the same, with an error in its stead.
    """

    record: V4Record | VendorContractError
    id: RowKey
    value: Value | None = None


class Line(Protocol):
    """
    Where a line was left.

    `build_call` says what to ask next, `take` moves on by its reply and returns the rows that are certain, in order.
    """

    @property
    def ended(self) -> bool:
        """Say whether no row can follow."""
        ...

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Build the next call, for about so many rows."""
        ...

    def take(self, batch: Batch) -> list[Item]:
        """
        Return the rows that are certainly next; raises `VendorContractError` for a reply off the line.

        Where no row of a cut reply has a place, the line stays where it is: more rows must be asked for.
        """
        ...

    def build_position(self, item: Item, following: Item | None) -> Position:
        """Build the position after a row; `following` is the row after it where it is known."""
        ...


class IdLine:
    """A line in the order of ids, ascending or descending."""

    def __init__(self, pushed: Sequence[str], *, descending: bool, after: Position | None) -> None:
        """Start after a position, or at the line's start."""
        self.ended = False
        self._pushed = tuple(pushed)
        self._descending = descending
        self._after: RowKey | None = None if after is None else _read_position(after)

    @property
    def place(self) -> Position | None:
        """The position the line goes on from."""
        return None if self._after is None else Position((str(self._after),))

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Ask for the rows wanted and no more: every one of them is certain."""
        bound = () if self._after is None else (beyond_id(self._after, descending=self._descending),)
        return ListCall((*self._pushed, *bound), "id", min(rows, max_page), self._descending)

    def take(self, batch: Batch) -> list[Item]:
        """Every row is certain; a cut reply is continued after its last id."""
        items = read_by_id(batch, self._after, descending=self._descending)
        self.ended = not batch.cut
        self._after = last_id(batch, self._after, descending=self._descending)
        return items

    def build_position(self, item: Item, following: Item | None) -> Position:  # noqa: ARG002 - ids have no ties
        """The id says it all."""
        return print_position(item.id)

    def take_whole(self, batch: Batch) -> bool:
        """Move on as `take` does by a reply that is right as it is: sound rows, in order and past the bound."""
        if batch.table is None or batch.check is not None or not self._stands_in_order(list(batch.rows)):
            return False
        self.ended = not batch.cut
        self._after = last_id(batch, self._after, descending=self._descending)
        return True

    def _stands_in_order(self, keys: list[RowKey]) -> bool:
        if not keys or keys != sorted(keys, reverse=self._descending):
            return False
        return self._after is None or is_past(keys[0], self._after, descending=self._descending)


def print_position(key: RowKey) -> Position:
    """Write the position after a row of a line by id."""
    return Position((str(key),))


class Positions(Sequence[Position]):
    """The positions after the rows of a line by id, each written when it is asked for."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[RowKey]) -> None:
        """Take the rows' keys."""
        self._keys = keys

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> Position: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Position]: ...

    def __getitem__(self, place: int | slice) -> Position | Sequence[Position]:
        """Return the position after a row, or after some."""
        return Positions(self._keys[place]) if isinstance(place, slice) else print_position(self._keys[place])


def read_items(batch: Batch, column: Column | None = None) -> list[Item]:
    """
    Read every row of a reply that has a place in its line, in the vendor's order; `column` is the order's.

    A row that cannot be read has a place where its key and its value can; otherwise it joins the batch's strays.

    Raises:
        VendorContractError: a row is not what the call asked for.
    """
    value_of = column.build_reader() if column else _has_no_value
    records = batch.to_records()
    if batch.is_sound:
        items = list(map(Item, records.values(), records, map(value_of, records.values())))
        _check_filter(batch, items)
        return items
    items = []
    for key, row in batch.rows.items():
        record = records[key]
        if not isinstance(record, VendorContractError):
            items.append(Item(record, key, value_of(record)))
            continue
        try:
            items.append(Item(record, key, read_value(row, column) if column else None))
        except UnreadableError:
            batch.strays.append(Stray(record, row, items[-1].id if items else None))
    _check_filter(batch, items)
    return items


def drop_nulls(items: list[Item], batch: Batch, column: Column) -> list[Item]:
    """
    Return the rows of a reply that was asked for rows with a value.

    One without is told before whatever the reply brings: its place is unknown, and it need not come again.
    Where a full page has no value at all, the bound was ignored, which is for the caller to see.
    """
    present = [item for item in items if item.value is not None]
    if len(present) == len(items) or (batch.cut and not present):
        return items
    lost = (item for item in items if item.value is None)
    batch.strays.extend(Stray(_tell_null(item, batch, column), batch.rows[item.id], None) for item in lost)
    return present


def keep_nulls(items: list[Item], batch: Batch, column: Column, value: Value | None) -> list[Item]:
    """Return the rows of a reply that was asked for rows of one value; one without is told at its place among them."""
    if value is None:
        return items
    return [item if item.value is not None else Item(_tell_null(item, batch, column), item.id, value) for item in items]


def _tell_null(item: Item, batch: Batch, column: Column) -> VendorContractError:
    if isinstance(item.record, VendorContractError):
        return item.record
    lacking = UnreadableError(f"{column.wire} is missing, which it was asked for by", column.wire)
    return batch.strike(item.id, build_unreadable(batch.reply, batch.entity, lacking, print_key(item.id)))


def stay(batch: Batch, stage: S) -> S:
    """Stay where a line is, because no row of a cut reply has a place in it; there must have been rows."""
    if not batch.strays:
        raise batch.refuse("a full page without a single row to show", "ROWS_EXPECTED")
    return stage


def _has_no_value(_record: object) -> None:
    return None


def _check_filter(batch: Batch, items: Iterable[Item]) -> None:
    if batch.check is None:
        return
    sound = (item.record for item in items if not isinstance(item.record, VendorContractError))
    if not all(map(batch.check, sound)):
        raise batch.refuse("rows its filter should have kept out", "BOUND_IGNORED")


def read_by_id(batch: Batch, after: RowKey | None, *, descending: bool) -> list[Item]:
    """
    Read a reply that was sorted by id and bounded by one, whatever order its rows came in.

    Raises:
        VendorContractError: an id is not past the bound: the line would never end.
    """
    items = sort_by_key(read_items(batch), descending=descending)
    if after is not None and batch.ends is not None:
        nearest = batch.ends[1] if descending else batch.ends[0]
        if not is_past(nearest, after, descending=descending):
            raise batch.refuse("rows before the place the page goes on from", "BOUND_IGNORED")
    return items


def sort_by_key(items: Iterable[Item], *, descending: bool) -> list[Item]:
    """Sort the rows of one kind of record by key."""
    return sorted(items, key=_get_id, reverse=descending)


def last_id(batch: Batch, after: RowKey | None, *, descending: bool) -> RowKey | None:
    """Return the id a cut reply is continued after."""
    if batch.ends is None:
        return after
    return batch.ends[0] if descending else batch.ends[1]


def is_past(key: RowKey, bound: RowKey, *, descending: bool) -> bool:
    """Say whether a key stands past another of its kind in the line."""
    return key < bound if descending else key > bound  # type: ignore[operator] # of one kind


def _read_position(position: Position) -> int:
    if len(position.parts) != 1:
        raise CursorError("The cursor was not made for this order.")
    return parse_id(position.parts[0])
