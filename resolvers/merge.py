"""
The branches of one line, merged in its order without duplicates.

An OR becomes several calls, each with a line of its own; merged, they read as the one line that the filter describes.
A single branch is taken as the vendor orders it, because a text's collation is the vendor's own.
"""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from adapters.contract import Slice
from adapters.errors import VendorContractError
from adapters.filters.order import Position
from adapters.filters.tree import Filter
from adapters.records import FeedEventRecord, Record
from adapters.records.making import made_quickly
from resolvers.lines import Line
from resolvers.order_keys import SortKey


@made_quickly
@dataclass(frozen=True, slots=True)
class Row:
    """A record and the place in its line after it; `gaps` stand before it and cannot be read."""

    record: Record
    position: Position
    gaps: tuple[VendorContractError, ...] = ()


@dataclass(slots=True)
class Branch:
    """One branch: the rows read and not yet taken, what cannot be read after its last one, and where to read on."""

    pushed: Filter
    after: Position | None
    size: int = 0
    rows: deque[Row] = field(default_factory=deque)
    end: bool = False
    tail: tuple[VendorContractError, ...] = ()

    @property
    def hungry(self) -> bool:
        """Say whether nothing can be taken before more is read."""
        return not self.rows and not self.end

    def feed(self, rows: Slice) -> None:
        """Take in what was read."""
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
        self._gaps: dict[str, VendorContractError] = {}
        self._told: set[str] = set()

    @property
    def hungry(self) -> list[Branch]:
        """The branches that must be read before another row can be taken."""
        return [branch for branch in self.branches if branch.hungry]

    def take(self) -> Row | None:
        """Take the next row; None when more must be read first, or at the line's end."""
        while (first := self._find_first()) is not None:
            row = first.rows.popleft()
            if row.gaps:
                self._gaps |= {error.message: error for error in row.gaps}
            key = _identify(row.record)
            if key not in self._taken:
                self._taken.add(key)
                return replace(row, gaps=self._tell_gaps()) if self._gaps else row
        return None

    def take_sound(self, most: int) -> list[Row]:
        """Take the next rows, up to so many, where one branch alone gives them and none has a gap before it."""
        (branch,) = self.branches if len(self.branches) == 1 else (None,)
        if branch is None or self._gaps:
            return []
        taken: list[Row] = []
        while branch.rows and len(taken) < most and not branch.rows[0].gaps:
            row = branch.rows.popleft()
            key = _identify(row.record)
            if key not in self._taken:
                self._taken.add(key)
                taken.append(row)
        return taken

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
