"""
What a slice gathers of its line: sound rows, the gaps among them, and how long to look past a gap for a sound row.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, cast

from adapters.contract import Gap, Slice
from adapters.errors import VendorContractError
from adapters.records.tables import Table

from .keys import RowKey
from .lines import IdLine, Item, Line, Positions, read_items
from .reading import Batch
from .reply_rows import Stray

if TYPE_CHECKING:
    from .endpoints import ListCall
    from .mapping import V4Record

NEIGHBOURS: Final = 100
"""Rows to ask for past ones that cannot be read, and how many of those in a row are no exception but the rule."""

MAX_CALLS: Final = 6
"""After so many calls a slice returns what is certain, if that is anything."""

_LAST_CALL: Final = 30


class Gathering:
    """The rows of one slice in the making; `calls` brought them."""

    def __init__(self, limit: int) -> None:
        """Gather up to `limit` sound rows."""
        self.calls = 0
        self._limit = limit
        self._found: dict[RowKey, Item] = {}
        self._whole: Batch | None = None  # what the first call brought, where it needs no look at single rows
        self._sound = 0
        self._strays: list[tuple[Stray, Sequence[RowKey], int]] = []
        self._blind = 0  # unreadable rows since the last sound one
        self._asked: ListCall | None = None
        self._in_gap = False
        self._given_up = False

    @property
    def wants_more(self) -> bool:
        """Say whether another call is worth making: for a gap alone it is not, once there is a sound row."""
        if self._given_up or not self._sound:
            return not self._given_up
        found = len(self._found) or self._sound
        return found + len(self._strays) < self._limit and self.calls < MAX_CALLS

    @property
    def wanted(self) -> int:
        """How many rows to ask for: many where the last call only met a gap, to find what stands past it."""
        missing = self._limit - self._sound
        return max(missing, NEIGHBOURS) if self._in_gap else missing

    def take(self, batch: Batch, line: Line) -> None:
        """
        Take in what a call brought.

        Raises:
            VendorContractError: as far as one can see, no row can be read; or there is none to show page after page.
        """
        self.calls += 1
        if self.calls == 1 and isinstance(line, IdLine) and line.take_whole(batch):
            self._whole, self._sound = batch, len(batch.rows)
            return
        self._unfold()
        before = self._sound
        fresh = {item.id: item for item in line.take(batch) if item.id not in self._found}
        self._found.update(fresh)
        self._sound += len(fresh) if batch.is_sound else sum(map(is_sound, fresh.values()))
        self._strays += ((stray, _find_sent(stray, batch), before) for stray in batch.strays)
        self._in_gap = self._sound == before and batch.fault is not None
        self._look_out(batch)
        if self._given_up and batch.fault and not self._sound:
            raise batch.fault
        if self.calls == _LAST_CALL and not self._sound:
            raise batch.refuse("page after page without a row to show", "LINE_ENDLESS")

    def _unfold(self) -> None:
        """Tell the rows of the first call apart, because others follow."""
        if self._whole is not None:
            self._found = {item.id: item for item in read_items(self._whole)}
            self._asked, self._whole = self._whole.call, None

    def _look_out(self, batch: Batch) -> None:
        """Give up where nothing but unreadable rows comes, or the same ones again."""
        self._blind = self._blind + len(batch.rows) + len(batch.strays) if batch.is_blind else 0
        again, self._asked = batch.call == self._asked, batch.call
        self._given_up = bool(self._blind) and (again or self._blind > NEIGHBOURS or self.calls >= MAX_CALLS)

    def build_slice(self, line: Line) -> Slice:
        """Build the slice: up to the last row it has room for, or to the line's end."""
        end = line.ended and self._sound <= self._limit
        if self._whole is not None and self._whole.table is not None:
            return self._build_whole_slice(self._whole.table, list(self._whole.rows), end=end)
        items = list(self._found.values())
        if not self._has_gaps:
            return self._build_sound_slice(items, line, end=end)
        shown = items if end else items[: _find_end(items, self._limit)]
        rows = [(place, item) for place, item in enumerate(shown) if is_sound(item)]
        following = [*items[1:], None]
        return Slice(
            records=tuple(_to_record(item) for _, item in rows),
            positions=tuple(line.build_position(item, following[place]) for place, item in rows),
            end=end,
            calls=self.calls,
            gaps=_choose_gaps(self._find_gaps(shown), len(rows), end=end),
        )

    def _build_whole_slice(self, table: Table["V4Record"], keys: Sequence[RowKey], *, end: bool) -> Slice:
        """Build the slice of rows nobody has looked at."""
        shown = len(keys) if end else self._limit
        return Slice(records=table[:shown], positions=Positions(keys[:shown]), end=end, calls=self.calls)

    def _build_sound_slice(self, items: Sequence[Item], line: Line, *, end: bool) -> Slice:
        """Build the slice of rows that are all sound, as nearly all are."""
        shown = items if end else items[: self._limit]
        return Slice(
            records=tuple([cast("V4Record", item.record) for item in shown]),
            positions=tuple(map(line.build_position, shown, [*items[1:], None])),
            end=end,
            calls=self.calls,
        )

    @property
    def _has_gaps(self) -> bool:
        return bool(self._strays) or self._sound < len(self._found)

    def _find_gaps(self, shown: Sequence[Item]) -> list[Gap]:
        """Find the gaps among the rows shown, and place the strays."""
        gaps = [
            Gap(item.record, place)
            for item, (_, place) in zip(shown, _count_sound(shown), strict=True)
            if isinstance(item.record, VendorContractError)
        ]
        return [*gaps, *self._place_strays(shown)]

    def _place_strays(self, shown: Sequence[Item]) -> Iterator[Gap]:
        """Put each stray after the nearest row sent before it, or else before everything its call brought."""
        places = dict(_count_sound(shown))
        for stray, sent, before in self._strays:
            anchor = next((key for key in reversed(sent) if key in self._found), None)
            if anchor is None:
                yield Gap(stray.error, before)
            elif anchor in places:
                yield Gap(stray.error, places[anchor])


def is_sound(item: Item) -> bool:
    """Say whether the record at a place can be read."""
    return not isinstance(item.record, VendorContractError)


def _find_sent(stray: Stray, batch: Batch) -> Sequence[RowKey]:
    """Return the rows sent before a stray."""
    keys = list(batch.rows)
    return keys[: keys.index(stray.after) + 1] if stray.after is not None else ()


def _to_record(item: Item) -> "V4Record":
    if isinstance(item.record, VendorContractError):
        raise TypeError("a gap was taken for a row")
    return item.record


def _find_end(items: Sequence[Item], limit: int) -> int:
    """Return how many items there are up to the last sound one within the limit."""
    sound = [place for place, item in enumerate(items) if is_sound(item)]
    return sound[:limit][-1] + 1 if sound else 0


def _count_sound(items: Sequence[Item]) -> Iterator[tuple[RowKey, int]]:
    """Tell for each item how many sound ones there are up to it."""
    count = 0
    for item in items:
        count += is_sound(item)
        yield item.id, count


def _choose_gaps(gaps: Sequence[Gap], rows: int, *, end: bool) -> tuple[Gap, ...]:
    """Leave out what stands after the last row, unless nothing follows, and what was told already."""
    here = sorted((gap for gap in gaps if end or gap.place < rows), key=lambda gap: gap.place)
    told: dict[str, Gap] = {}
    for gap in here:
        told.setdefault(str(gap.error), gap)
    return tuple(told.values())
