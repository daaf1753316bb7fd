"""Completes lists: the items of all rows are one column."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from graphql import GraphQLError, Undefined
from graphql.pyutils import is_iterable

from adapters.records.tables import Nested, Table
from graph.execution.compiled.column import RAISED, Column, Fault
from graph.execution.compiled.place import Place
from graph.execution.compiled.position import Position
from graph.execution.compiled.run import Part, Run

_LISTS: Final = frozenset({list, tuple})


@dataclass(frozen=True, slots=True)
class _Lists:
    """Lists under way: how many items each row has, None where it is null, or why it failed."""

    place: Place
    counts: list[int | Exception | None]
    items: Position
    part: Part

    @property
    def waited(self) -> bool:
        return self.part.waited

    def fold(self) -> Column:
        """Cut the column of items into lists."""
        items = self.items.protect(self.part.fold())
        lists, start = Column([None] * len(self.counts)), 0
        for row, count in enumerate(self.counts):
            if isinstance(count, Exception):
                lists.fail(row, Fault(count, self.place.nodes))
            elif count is not None:
                lists.values[row] = items.values[start : start + count]
                if items.faults is not None:
                    self._judge(lists, row, items, range(start, start + count))
                start += count
        return lists

    def _judge(self, lists: Column, row: int, items: Column, places: range) -> None:
        """Hand the faults of items to their list, as far as graphql-core gets: an item that failed fails the list."""
        found: list[Fault] = []
        for index, place in enumerate(places):
            found += [fault.below(index) for fault in (items.faults or {}).get(place, ())]
            if items.values[place] is RAISED:
                lists.values[row] = RAISED
                break
        if found:
            lists.faults = lists.faults or {}
            lists.faults[row] = found


class Lists:
    """Completes the lists of one place."""

    def __init__(self, place: Place, items: Position) -> None:
        """Take the position of the items."""
        self._place = place
        self._items = items
        self.pure = items.completer.pure

    def expand(self, run: Run, values: Sequence[Any]) -> Part:
        """Start to complete the items of all lists together."""
        if type(values) is Nested:
            return self._expand_table(run, values.counts, values.items)
        if len(values) == 1 and isinstance(values[0], Table):
            return self._expand_table(run, [len(values[0])], values[0])
        kinds = set(map(type, values))
        if not kinds <= _LISTS and any(issubclass(kind, AsyncIterable) for kind in kinds):
            values = [_drain(value) if isinstance(value, AsyncIterable) else value for value in values]
            return run.settle(values, lambda drained: self.expand(run, drained))
        if kinds <= _LISTS:
            counts, items = [len(value) for value in values], list(chain.from_iterable(values))
            return _Lists(self._place, counts, self._items, self._items.expand(run, items))  # type: ignore[arg-type] # counts of lists that are all there
        return self._expand_each(run, values)

    def _expand_table(self, run: Run, counts: list[int], items: Sequence[Any]) -> Part:
        """Start to complete items that are all records, so that none of them is looked at."""
        return _Lists(self._place, counts, self._items, self._items.completer.expand(run, items))  # type: ignore[arg-type] # as below

    def _expand_each(self, run: Run, values: Sequence[Any]) -> Part:
        items: list[Any] = []
        counts: list[int | Exception | None] = []
        for value in values:
            listed = self._to_list(value)
            counts.append(len(listed) if isinstance(listed, list) else listed)
            items += listed if isinstance(listed, list) else ()
        return _Lists(self._place, counts, self._items, self._items.expand(run, items))

    def _to_list(self, value: Any) -> list[Any] | Exception | None:
        if value is None or value is Undefined:
            return None
        if isinstance(value, Exception):
            return value
        if not is_iterable(value):
            return GraphQLError(f"Expected Iterable, but did not find one for field '{self._place}'.")
        try:
            return list(value)
        except Exception as error:  # noqa: BLE001 - what an iterator raises fails its list
            return error


async def _drain(items: AsyncIterable[Any]) -> list[Any]:
    return [item async for item in items]
