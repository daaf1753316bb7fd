"""
Whose a row is, among the parents that share a call.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from adapters.errors import VendorContractError

from .columns import Column, Value
from .lines import Item
from .mapping import V4Record
from .reading import Batch
from .reply_rows import Stray
from .row_values import read_value
from .values import UnreadableError
from .wire import Row

MAX_UNREADABLE: Final = 10
"""So many unreadable rows without a sound one are no exception: their parents are not asked for one by one."""


class LostChildError(Exception):
    """An unreadable row is one parent's, but whose cannot be told."""


@dataclass(frozen=True, slots=True)
class Child:
    """A row below a parent: a record with its place in the line, or the error of one that cannot be read."""

    parent: Value | None
    record: V4Record | VendorContractError
    item: Item | None = None


def place_children(batch: Batch, items: Iterable[Item], column: Column) -> list[Child]:
    """
    Tell for each row of a reply below which parent it stands, in the order of the line; `column` names the parent.

    Raises:
        LostChildError: it cannot be told, so that only each parent's own line can tell.
        VendorContractError: no row at all can be read.
    """
    if batch.is_blind and batch.fault:
        raise batch.fault if len(batch.rows) + len(batch.strays) > MAX_UNREADABLE else LostChildError
    children = [*_place_strays(batch, None, column)]
    read_parent = column.build_reader()
    for item in items:
        fault = isinstance(item.record, VendorContractError)
        parent = _read_parent(batch.rows[item.id], column) if fault else read_parent(item.record)
        children += [Child(parent, item.record, item), *_place_strays(batch, item, column)]
    return children


def _place_strays(batch: Batch, item: Item | None, column: Column) -> Iterator[Child]:
    """Place the strays that were sent after a row, or before any."""
    after = None if item is None else item.id
    return (_place_stray(stray, column) for stray in batch.strays if stray.after == after)


def _place_stray(stray: Stray, column: Column) -> Child:
    return Child(_read_parent(stray.row, column), stray.error)


def _read_parent(row: Row, column: Column) -> Value:
    try:
        parent = read_value(row, column)
    except UnreadableError:
        parent = None
    if parent is None:
        raise LostChildError
    return parent
