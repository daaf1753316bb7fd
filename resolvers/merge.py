"""
The branches of one line, merged in its order without duplicates.

An OR becomes several calls, each with a line of its own; merged, they read as the one line that the filter describes.
A single branch is taken as the vendor orders it, because a text's collation is the vendor's own.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import final, overload

from adapters.contract import Slice
from adapters.errors import VendorContractError
from adapters.filters.order import Position
from adapters.filters.tree import Filter
from adapters.records import FeedEventRecord, Record
from adapters.records.making import made_quickly
from adapters.records.tables import Table
from resolvers.lines import Line
from resolvers.order_keys import SortKey


@made_quickly
@dataclass(frozen=True, slots=True)
class Row:
    """A record and the place in its line after it; `gaps` stand before it and cannot be read."""

    record: Record
    position: Position
    gaps: tuple[VendorContractError, ...] = ()


@final
class Rows(Sequence[Row]):
    """Rows without gaps, each made when somebody looks at it; `records` and `positions` are those of all of them."""

    __slots__ = ("positions", "records")

    def __init__(self, records: Sequence[Record], positions: Sequence[Position]) -> None:
        """Take the records, no two of them the same, and the position after each."""
        self.records = records
        self.positions = positions

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.positions)

    def __iter__(self) -> Iterator[Row]:
        """Give the rows, in their order."""
        return map(Row, self.records, self.positions)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> "Rows": ...

    def __getitem__(self, place: int | slice) -> "Row | Rows":
        """Return a row, or some of them."""
        records, positions = self.records[place], self.positions[place]
        return Rows(records, positions) if isinstance(place, slice) else Row(records, positions)  # type: ignore[arg-type] # alike


@dataclass(slots=True)
class Branch:
    """
    One branch: the rows read and not yet taken, what cannot be read after its last one, and where to read on.

    `whole` are rows of which nobody has looked at a single one; they stand before all in `rows`, which then has none.
    """

    pushed: Filter
    after: Position | None
    size: int = 0
    rows: deque[Row] = field(default_factory=deque)
    whole: Rows | None = None
    end: bool = False
    tail: tuple[VendorContractError, ...] = ()

    @property
    def hungry(self) -> bool:
        """Say whether nothing can be taken before more is read."""
        return not self.rows and self.whole is None and not self.end

    def unfold(self) -> None:
        """Tell the rows apart, so that they can be taken one by one."""
        if self.whole is not None:
            self.rows.extend(self.whole)
            self.whole = None

    def feed(self, rows: Slice) -> None:
        """Take in what was read."""
        if type(rows.records) is Table and rows.positions and not rows.gaps and self.hungry:
            self.whole = Rows(rows.records, rows.positions)
            self.end, self.tail, self.after = rows.end, (), self.whole.positions[-1]
            return
        self.unfold()
        gaps: dict[int, list[VendorContractError]] = {}
        for gap in rows.gaps:
            gaps.setdefault(gap.place, []).append(gap.error)
        fresh = [Row(record, position) for record, position in zip(rows.records, rows.positions, strict=True)]
        for place, errors in gaps.items():
            if place < len(fresh):
                fresh[place] = replace(fresh[place], gaps=tuple(errors))
        self.rows.extend(fresh)
        self.end = rows.end
        self.tail = tuple(gaps.get(len(rows.records), ())) if rows.end else ()
        if rows.positions:
            self.after = rows.positions[-1]


class Merger:
    """Takes rows from branches, the next in order first; a record that was taken is not taken again."""

    def __init__(self, line: Line, after: Position | None) -> None:
        """Start all branches of a line at one place."""
        self.branches = [Branch(pushed, after) for pushed in line.plan.branches]
        self._key = line.key
        self._pick = max if line.order.descending else min
        self._taken: set[Hashable] = set()
        self._taken_whole: Sequence[Record] = ()
        self._gaps: dict[str, VendorContractError] = {}
        self._told: set[str] = set()

    @property
    def hungry(self) -> list[Branch]:
        """The branches that must be read before another row can be taken."""
        return [branch for branch in self.branches if branch.hungry]

    def take(self) -> Row | None:
        """Take the next row; None when more must be read first, or at the line's end."""
        self._unfold()
        while (first := self._find_first()) is not None:
            row = first.rows.popleft()
            if row.gaps:
                self._gaps |= {error.message: error for error in row.gaps}
            key = _identify(row.record)
            if key not in self._taken:
                self._taken.add(key)
                return replace(row, gaps=self._tell_gaps()) if self._gaps else row
        return None

    def take_sound(self, most: int) -> Sequence[Row]:
        """Take the next rows, up to so many, where one branch alone gives them and none has a gap before it."""
        (branch,) = self.branches if len(self.branches) == 1 else (None,)
        if branch is None or self._gaps:
            return []
        if branch.whole is not None and not self._taken and not self._taken_whole:
            return self._take_whole(branch, branch.whole, most)
        self._unfold()
        taken: list[Row] = []
        while branch.rows and len(taken) < most and not branch.rows[0].gaps:
            row = branch.rows.popleft()
            key = _identify(row.record)
            if key not in self._taken:
                self._taken.add(key)
                taken.append(row)
        return taken

    def _take_whole(self, branch: Branch, rows: Rows, most: int) -> Rows:
        """Take rows without a look at single ones, none of which can have been taken before."""
        branch.whole = rows[most:] if len(rows) > most else None
        taken = rows[:most]
        self._taken_whole = taken.records
        return taken

    def _unfold(self) -> None:
        """Tell apart the rows of all branches, and what was taken, where there are rows to look at one by one."""
        if not any(branch.rows or branch.whole for branch in self.branches):
            return  # nothing is compared with what was taken
        self._taken.update(map(_identify, self._taken_whole))
        self._taken_whole = ()
        for branch in self.branches:
            branch.unfold()

    def _find_first(self) -> Branch | None:
        """Return the branch whose row is next; None when more must be read before that is known, or at the end."""
        if len(self.branches) == 1:
            return self.branches[0] if self.branches[0].rows else None
        ready = [branch for branch in self.branches if branch.rows]
        return self._pick(ready, key=self._front) if ready and not self.hungry else None

    def take_tail(self) -> tuple[VendorContractError, ...]:
        """Take what cannot be read after the last row of a line that was read to its end."""
        self._gaps |= {error.message: error for branch in self.branches for error in branch.tail}
        return self._tell_gaps()

    def _tell_gaps(self) -> tuple[VendorContractError, ...]:
        """Return what was passed since the last row, each once however many branches it stands in."""
        fresh = tuple(error for message, error in self._gaps.items() if message not in self._told)
        self._told |= self._gaps.keys()
        self._gaps = {}
        return fresh

    def _front(self, branch: Branch) -> SortKey:
        return self._key(branch.rows[0].record)


def _identify(record: Record) -> Hashable:
    """Return what tells a record from every other of its kind in one line."""
    return (record.id, record.kind) if isinstance(record, FeedEventRecord) else record.id


def last_position(rows: Sequence[Row]) -> Position:
    """Return the position after the last of some rows."""
    return rows.positions[-1] if type(rows) is Rows else rows[-1].position


def find_gaps(rows: Sequence[Row]) -> list[VendorContractError]:
    """Return what cannot be read before any of the rows."""
    return [] if type(rows) is Rows else [gap for row in rows for gap in row.gaps]
