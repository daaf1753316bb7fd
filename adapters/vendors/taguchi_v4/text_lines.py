"""
Lines of records that are known by a text: event types and their references.

Only the vendor can put texts in order, so rows that tie can neither be sorted nor cut here. In the order of the key no
rows tie. In any other order, rows that share a value are read as a line of their own, in the order of the key.
"""

from collections.abc import Sequence
from typing import Final

from adapters.errors import CursorError
from adapters.filters.order import Position, PositionPart

from .endpoints import ListCall
from .keys import Key, RowKey
from .lines import Item, keep_nulls, read_items
from .reading import Batch
from .texts import NULL_WORD
from .value_lines import Beside, Group, Phase, Stage, ValueLine

_OUTER: Final = 3
"""How many parts of a position are about the value: itself, and the neighbour and direction of the text `null`."""


class TextKeyLine(ValueLine):
    """A line in the order of a text key: every row of a reply is certain."""

    def __init__(self, key: Key, pushed: Sequence[str], *, after: Position | None) -> None:
        """Start after a position, or at the line's start."""
        super().__init__(key, pushed, nullable=False, after=after)

    @property
    def beside(self) -> Beside | None:
        """What stands before the key `null`, where that was met."""
        return self._beside

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Ask for the rows wanted, and for the one the line goes on from."""
        stage = self._here()
        bounded = (*self._pushed, *self._build_bound(stage))
        limit = min(rows + stage.inclusive, max_page)
        return ListCall(bounded, self._key.column.wire, limit, self._key.descending)

    def _build_bound(self, stage: Stage) -> tuple[str, ...]:
        return self._key.group(stage.value) if stage.phase is Phase.GROUP else super()._build_bound(stage)

    def _take_group(self, batch: Batch, stage: Stage) -> list[Item]:
        """Read the one row of a key; where the line goes on from it, it only had to be looked at."""
        items = read_items(batch, self._key.column)
        if any(item.value != stage.value for item in items):
            raise batch.refuse("rows of another value than was asked for", "BOUND_IGNORED")
        self._stage = self._build_stage_after_group(stage.value)
        return items if stage.after is None else []

    def _choose_certain(self, batch: Batch, groups: Sequence[Group]) -> Sequence[Group]:  # noqa: ARG002 - none is cut
        return groups

    def _build_stage_after_values(self, batch: Batch, stage: Stage, groups: Sequence[Group]) -> Stage | None:
        if not batch.cut or not groups:
            return super()._build_stage_after_values(batch, stage, groups)
        return self._build_stage_after_group(groups[-1][0])

    def _read_key(self, part: PositionPart) -> RowKey:
        return str(self._key.parse(part))


class TextTieLine(ValueLine):
    """A line in the order of a value, then of a text key."""

    def __init__(self, key: Key, tie: Key, pushed: Sequence[str], *, nullable: bool, after: Position | None) -> None:
        """Start after a position, or at the line's start; `tie` is the order of rows that share a value."""
        self._tie = tie
        self._ties: TextKeyLine | None = None
        self._ties_after: Position | None = None
        self._tie_beside: Beside | None = None
        super().__init__(key, pushed, nullable=nullable, after=after)

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Ask for the next rows by value, or by key among those that share one."""
        stage = self._here()
        if stage.phase is not Phase.GROUP:
            return super().build_call(rows, max_page)
        return self._open_ties(stage).build_call(rows, max_page)

    def build_position(self, item: Item, following: Item | None) -> Position:  # noqa: ARG002 - a line of ties tells
        """Keep value and key, and for either the neighbour of the text `null`."""
        value, beside = self._key.print(item.value), self._beside if item.value == NULL_WORD else None
        neighbour = (None, None) if beside is None else (self._key.print(beside.value), beside.descending)
        key, tie_beside = str(item.id), self._tie_beside if item.id == NULL_WORD else None
        ties = () if tie_beside is None else (self._tie.print(tie_beside.value), tie_beside.descending)
        return Position((value, *neighbour, key, key, False, *ties))

    def _open_ties(self, stage: Stage) -> TextKeyLine:
        if self._ties is None:
            bounded = (*self._pushed, *self._key.group(stage.value))
            self._ties, self._ties_after = TextKeyLine(self._tie, bounded, after=self._ties_after), None
        return self._ties

    def _take_group(self, batch: Batch, stage: Stage) -> list[Item]:
        ties = self._open_ties(stage)
        given = [self._give_value(item, stage) for item in ties.take(batch)]
        items = keep_nulls(given, batch, self._key.column, stage.value)
        if any(item.value != stage.value for item in items):
            raise batch.refuse("rows of another value than was asked for", "BOUND_IGNORED")
        self._tie_beside = ties.beside or self._tie_beside
        if ties.ended:
            self._ties = None
            self._stage = self._build_stage_after_group(stage.value)
        return items

    def _choose_certain(self, batch: Batch, groups: Sequence[Group]) -> Sequence[Group]:
        """Leave out the last value of a cut reply, and everything from the first value that rows share."""
        certain = super()._choose_certain(batch, groups)
        return certain[: self._find_shared(certain)]

    def _build_stage_after_values(self, batch: Batch, stage: Stage, groups: Sequence[Group]) -> Stage | None:
        certain = super()._choose_certain(batch, groups)
        shared = self._find_shared(certain)
        if shared < len(certain):
            return Stage(Phase.GROUP, certain[shared][0])
        return super()._build_stage_after_values(batch, stage, groups)

    def _find_shared(self, groups: Sequence[Group]) -> int:
        """Return the place of the first value that rows share, or how many values there are."""
        return next((place for place, (_, items) in enumerate(groups) if len(items) > 1), len(groups))

    def _read_position(self, position: Position) -> Stage:
        if len(position.parts) <= _OUTER:
            raise CursorError("The cursor was not made for this order.")
        value_part, beside_part, descending, *ties = position.parts
        value = self._key.parse(value_part)
        if value == NULL_WORD and descending is not None:
            self._beside = Beside(self._key.parse(beside_part), bool(descending))
        self._ties_after = Position(tuple(ties))
        return Stage(Phase.GROUP, value)
