"""
Rows and tables: what the sandbox remembers of each resource.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .children import Item
from .columns import TIMESTAMP, Column, Value, read_value
from .resources import Resource
from .times import SECOND_US

Key = str | int
DELETED = "deleted"


@dataclass(slots=True)
class Row:
    """
    One record: a value for each column and the items of each list, in the resource's order.

    `place` stands for where the row lies on the vendor's disk: it decides between rows that sort equal.
    """

    values: list[Value]
    children: list[tuple[Item, ...]]
    place: int
    deleted: bool = False


class Table:
    """
    The records of one resource in the order of their creation.
    """

    def __init__(self, resource: Resource, *, subsecond_times: bool = False) -> None:
        """With `subsecond_times`, times given to the second are kept with a made-up, stable fraction."""
        self.resource = resource
        self._subsecond_times = subsecond_times
        self._rows: dict[Key, Row] = {}
        self._last_id = 0

    def insert(self, record: Mapping[str, Any]) -> Key:
        """Add a record given as JSON; what is left out is null or empty, and an integer key is assigned."""
        key = self._new_key(record)
        if key in self._rows:
            raise ValueError(f"{self.resource.name} {key} exists")
        row = Row([None] * len(self.resource.columns), [() for _ in self.resource.children], scatter(key))
        self._write(row, key, {**record, self.resource.key: key})
        self._rows[key] = row
        return key

    def update(self, key: Key, changes: Mapping[str, Any]) -> None:
        """Replace the fields given, all of them or, where one cannot be held, none."""
        row = self._rows[key]
        changed = Row(list(row.values), list(row.children), row.place)
        self._write(changed, key, changes)
        row.values, row.children = changed.values, changed.children

    def soft_delete(self, key: Key) -> None:
        """Hide a record from every read; its id is never used again."""
        row = self._rows[key]
        row.deleted = True
        position = self.resource.positions.get("status")
        if position is not None:
            row.values[position] = DELETED

    def find(self, key: Key) -> Row | None:
        """The visible record of this key."""
        row = self._rows.get(key)
        return row if row is not None and self._is_visible(row) else None

    def visible(self) -> Iterator[Row]:
        """The visible records in the order of their creation."""
        rows = (row for row in self._rows.values() if not row.deleted)
        position = self.resource.positions.get("status")
        return rows if position is None else (row for row in rows if row.values[position] != DELETED)

    def every(self) -> Iterator[tuple[Key, Row]]:
        """All records with their keys, the deleted ones included, in the order of their creation."""
        return iter(self._rows.items())

    def visible_ids(self) -> list[int]:
        """The integer keys of the visible records."""
        return [key for key, row in self._rows.items() if isinstance(key, int) and self._is_visible(row)]

    def show(self, row: Row, child_items: Mapping[str, tuple[Item, ...]] | None = None) -> dict[str, Any]:
        """A record as the JSON interface prints it; `child_items` stands in for what the row holds."""
        shown = self.resource.shape.show(row.values)
        replaced = child_items or {}
        for child, items in zip(self.resource.children, row.children, strict=True):
            shown[child.name] = [child.show(item) for item in replaced.get(child.name, items)]
        return shown

    def _is_visible(self, row: Row) -> bool:
        position = self.resource.positions.get("status")
        return not row.deleted and (position is None or row.values[position] != DELETED)

    def _new_key(self, record: Mapping[str, Any]) -> Key:
        column = self.resource.key_column
        given = record.get(column.name)
        if column.type.patterns:
            return str(record[column.name])
        key = self._last_id + 1 if given is None else int(given)
        self._last_id = max(self._last_id, key)
        return key

    def _write(self, row: Row, key: Key, changes: Mapping[str, Any]) -> None:
        for name, value in changes.items():
            if name in self.resource.positions:
                position = self.resource.positions[name]
                row.values[position] = self._kept(self.resource.columns[position], value, key)
            elif name in self.resource.child_positions:
                position = self.resource.child_positions[name]
                child = self.resource.children[position]
                row.children[position] = tuple(child.read(item) for item in value)
            else:
                raise ValueError(f"{self.resource.name} has no field {name}")

    def _kept(self, column: Column, value: Any, key: Key) -> Value:
        kept: Value = read_value(column, value)
        if not self._subsecond_times or column.type is not TIMESTAMP or not isinstance(kept, int):
            return kept
        return with_fraction(kept, key, column.name)


def with_fraction(microseconds: int, key: Key, name: str) -> int:
    """
    A time given to the second with a fraction that looks random and is the same on every run.
    """
    if microseconds % SECOND_US:
        return microseconds
    return microseconds + scatter(key, name) % (SECOND_US - 1) + 1


def scatter(key: Key, salt: object = "") -> int:
    """
    A number that looks random and is the same on every run: Fibonacci hashing of the key's and the salt's characters.
    """
    number = 0
    for character in f"{salt}:{key}":
        number = (number + ord(character)) * 2_654_435_761 % 2**32
        number ^= number >> 15
    return number
