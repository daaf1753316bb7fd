"""
Lines by a value, then by id, in an order PostgreSQL has: missing values last, or first when descending.

The vendor sorts by one field and leaves rows of equal value in any order, so a reply is read in groups of one value:

- OPENING asks `sort=f` without a bound; VALUES asks it from or past a value. A cut reply may have cut its last group,
  so that group is left out and drained by GROUP.
- GROUP asks `f-eq-v` (or `f-is-null`) in the order of ids, which is the line's own inside a group.

A page usually is one call: it goes on at its last value, takes what is left of that group and whole groups after it.
Where the last row of a page is known to have equals behind it, the next page drains its group first.

The text `null` cannot be a bound (`texts.py`). The page that meets it keeps the value that stood before it in its
position. Within the page the line goes on past that value without `null`; a later page first looks where `null` stands
now, since rows may have come between the two, and showing those would lead the line to `null` a second time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from adapters.errors import CursorError, VendorContractError
from adapters.filters.order import Position, PositionPart

from .columns import Value
from .endpoints import ListCall
from .keys import Key, RowKey, beyond_id, parse_id
from .lines import Item, drop_nulls, is_past, keep_nulls, last_id, read_by_id, read_items, sort_by_key, stay
from .reading import Batch
from .texts import NULL_WORD

_SHORT, _TIED, _BESIDE_NULL = 2, 3, 5
"""How many parts a position has: value and id; whether equals follow; and, for `null`, its neighbour and direction."""


class Phase(Enum):
    """What kind of call comes next."""

    OPENING = "opening"
    VALUES = "values"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Stage:
    """
    Where the line was left.

    VALUES: past `value`, or from it where `inclusive`; None is the first value. GROUP: in the group of `value`, None
    being the rows without one. `after` is the last id taken of the group of `value`. Where the text `null` stands
    between `value` and what follows, `without_null` leaves it out of the call and `past_null` skips to what follows it.
    """

    phase: Phase
    value: Value | None = None
    after: RowKey | None = None
    inclusive: bool = False
    without_null: bool = False
    past_null: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """
    The value that stands before the text `null` in a line of this direction; None where `null` is the first.

    `fresh` says that this page saw it; what an earlier page saw may have changed.
    """

    value: Value | None
    descending: bool
    fresh: bool = True


Group = tuple[Value | None, list[Item]]


class ValueLine:
    """A line in the order of one field's values, ascending or descending."""

    def __init__(self, key: Key, pushed: Sequence[str], *, nullable: bool, after: Position | None) -> None:
        """Start after a position, or at the line's start; `nullable` says whether a row may have no value."""
        self._key = key
        self._pushed = tuple(pushed)
        self._nullable = nullable
        self._value_of = key.column.build_reader()
        self._beside: Beside | None = None
        self._drained = Stage(Phase.GROUP)
        self._stage: Stage | None = Stage(Phase.OPENING) if after is None else self._read_position(after)

    @property
    def ended(self) -> bool:
        """Say whether no row can follow."""
        return self._stage is None

    def build_call(self, rows: int, max_page: int) -> ListCall:
        """Ask for the rows wanted; by value also for the one the line goes on from, and one that may be cut off."""
        stage = self._here()
        by_id = stage.phase is Phase.GROUP
        wanted = rows if by_id else rows + 1 + stage.inclusive
        return ListCall(
            (*self._pushed, *self._build_bound(stage)),
            "id" if by_id else self._key.column.wire,
            max_page if stage.past_null else min(wanted, max_page),
            self._key.descending,
        )

    def take(self, batch: Batch) -> list[Item]:
        """Return the rows that are certainly next, in order."""
        stage = self._here()
        if stage.phase is Phase.GROUP:
            return self._take_group(batch, stage)
        return self._take_values(batch, stage)

    def build_position(self, item: Item, following: Item | None) -> Position:
        """Keep value and id; whether equals may follow only says how to go on, not where."""
        tied = item.value == self._drained.value if following is None else item.value == following.value
        parts = (self._key.print(item.value), self._print_key(item.id), tied)
        if item.value == NULL_WORD and self._beside is not None:
            return Position((*parts, self._key.print(self._beside.value), self._beside.descending))
        return Position(parts)

    def _here(self) -> Stage:
        if self._stage is None:
            raise AssertionError("an ended line was asked for more")
        return self._stage

    def _build_bound(self, stage: Stage) -> tuple[str, ...]:
        if stage.phase is Phase.OPENING:
            return ()
        if stage.phase is Phase.GROUP:
            past = () if stage.after is None else (beyond_id(stage.after, descending=self._key.descending),)
            return (*self._key.group(stage.value), *past)
        if stage.value is None:
            bound = self._key.present()
        else:
            bound = self._key.starting(stage.value) if stage.inclusive else self._key.beyond(stage.value)
        return (*bound, *(self._key.other_than(NULL_WORD) if stage.without_null else ()))

    def _take_group(self, batch: Batch, stage: Stage) -> list[Item]:
        descending = self._key.descending
        rows = read_by_id(batch, stage.after, descending=descending)
        items = keep_nulls([self._give_value(item, stage) for item in rows], batch, self._key.column, stage.value)
        if any(item.value != stage.value for item in items):
            raise batch.refuse("rows of another value than was asked for", "BOUND_IGNORED")
        self._drained = stage
        if batch.cut:
            self._stage = replace(stage, after=last_id(batch, stage.after, descending=descending))
        else:
            self._stage = self._build_stage_after_group(stage.value)
        return items

    def _give_value(self, item: Item, stage: Stage) -> Item:
        """Give a row of a group its value; one that cannot be read has the value that was asked for."""
        record = item.record
        return replace(item, value=stage.value if isinstance(record, VendorContractError) else self._value_of(record))

    def _take_values(self, batch: Batch, stage: Stage) -> list[Item]:
        items = read_items(batch, self._key.column)
        if stage.phase is Phase.OPENING and self._is_null_misplaced(items):
            self._stage = Stage(Phase.GROUP) if self._key.descending else Stage(Phase.VALUES)
            return []
        items = items if stage.phase is Phase.OPENING else drop_nulls(items, batch, self._key.column)
        groups = self._build_groups(batch, items)
        self._check_bound(batch, stage, groups)
        if self._is_start_lost(stage, groups):
            self._stage = Stage(Phase.GROUP, stage.value, stage.after)
            return []
        if stage.past_null and NULL_WORD in dict(groups):
            groups = self._skip_null(stage, groups)
            if batch.cut and not groups:
                self._stage = self._build_stage_after_null()
                return []
        self._remember_neighbour(stage, groups)
        self._stage = self._build_stage_after_values(batch, stage, groups)
        certain = self._choose_certain(batch, groups)
        return [item for group in certain for item in self._drop_taken(stage, group)]

    def _choose_certain(self, batch: Batch, groups: Sequence[Group]) -> Sequence[Group]:
        """Leave out the last value of a cut reply: some of its rows may have been cut off."""
        return groups[:-1] if batch.cut else groups

    def _is_null_misplaced(self, items: Sequence[Item]) -> bool:
        """Say whether rows without a value stand where PostgreSQL does not put them, so that phases are needed."""
        missing = [item.value is None for item in items]
        return missing != sorted(missing, reverse=self._key.descending)

    def _build_groups(self, batch: Batch, items: Sequence[Item]) -> list[Group]:
        """Put rows of one value together, in line; values that can be compared are sorted, texts must come sorted."""
        ordered = self._sort(items) if self._key.comparable else items
        groups = [(value, self._sort_ids(run)) for value, run in groupby(ordered, key=lambda item: item.value)]
        if len({value for value, _ in groups}) < len(groups):
            raise batch.refuse("rows that are not in the order asked for", "ORDER_BROKEN")
        ended = batch.cut and len(groups) > 1 and groups[-1][0] is None  # or a row that lost its value only says so
        return groups[:-1] if ended else groups

    def _sort(self, items: Sequence[Item]) -> list[Item]:
        """Sort by value, rows without one at their end of the line."""
        present = [item for item in items if item.value is not None]
        missing = [item for item in items if item.value is None]
        present.sort(key=lambda item: item.value, reverse=self._key.descending)  # type: ignore[arg-type,return-value] # of one kind
        return missing + present if self._key.descending else present + missing

    def _sort_ids(self, items: Iterable[Item]) -> list[Item]:
        return sort_by_key(items, descending=self._key.descending)

    def _check_bound(self, batch: Batch, stage: Stage, groups: Sequence[Group]) -> None:
        """Refuse values the bound should have kept out."""
        if stage.phase is Phase.OPENING:
            return
        for value, _ in groups:
            inside = value is not None and self._is_inside(stage, value)
            if not inside:
                raise batch.refuse("rows before the place the page goes on from", "BOUND_IGNORED")

    def _is_inside(self, stage: Stage, value: Value) -> bool:
        if stage.without_null and value == NULL_WORD:
            return False
        if stage.value is None or (stage.inclusive and value == stage.value):
            return True
        return self._key.is_past(value, stage.value)

    def _is_start_lost(self, stage: Stage, groups: Sequence[Group]) -> bool:
        """
        Say whether a line of texts does not start with the row it goes on from.

        Either that row is gone or the bound was ignored, which cannot be told by comparing texts; draining its group
        tells, because there every row can be checked.
        """
        if self._key.comparable or stage.after is None or not groups:
            return False
        return groups[0][0] != stage.value

    def _drop_taken(self, stage: Stage, group: Group) -> list[Item]:
        value, items = group
        if stage.after is None or value != stage.value:
            return items
        return [item for item in items if is_past(item.id, stage.after, descending=self._key.descending)]

    def _remember_neighbour(self, stage: Stage, groups: Sequence[Group]) -> None:
        values = [stage.value, *(value for value, _ in groups)]
        if NULL_WORD in values[1:]:
            self._beside = Beside(values[values.index(NULL_WORD, 1) - 1], self._key.descending)

    def _skip_null(self, stage: Stage, groups: Sequence[Group]) -> list[Group]:
        """Return what follows the text `null`, and note what stands before it now."""
        values = [value for value, _ in groups]
        place = values.index(NULL_WORD)
        self._beside = Beside(values[place - 1] if place else stage.value, self._key.descending)
        return list(groups[place + 1 :])

    def _build_stage_after_values(self, batch: Batch, stage: Stage, groups: Sequence[Group]) -> Stage | None:
        if batch.cut:
            if not groups:
                return stay(batch, stage)
            value = groups[-1][0]
            if value is None and not self._key.descending:
                return Stage(Phase.VALUES)
            return Stage(Phase.GROUP, value, stage.after if value == stage.value else None)
        return None if stage.phase is Phase.OPENING else self._build_stage_after_last_value()

    def _build_stage_after_last_value(self) -> Stage | None:
        return Stage(Phase.GROUP) if self._nullable and not self._key.descending else None

    def _build_stage_after_group(self, value: Value | None) -> Stage | None:
        descending = self._key.descending
        if value is None:
            return Stage(Phase.VALUES) if descending else None
        if value == NULL_WORD:
            return self._build_stage_after_null()
        if value == "" and descending:  # no text stands below the empty one
            return None
        return Stage(Phase.VALUES, value)

    def _build_stage_after_null(self) -> Stage | None:
        beside = self._beside or Beside(None, self._key.descending)
        if beside.descending == self._key.descending:
            return Stage(Phase.VALUES, beside.value, without_null=beside.fresh, past_null=not beside.fresh)
        if beside.value is None:
            return self._build_stage_after_last_value()
        return Stage(Phase.VALUES, beside.value, inclusive=True)

    def _read_position(self, position: Position) -> Stage:
        parts = position.parts
        if len(parts) < _SHORT:
            raise CursorError("The cursor was not made for this order.")
        value, after = self._key.parse(parts[0]), self._read_key(parts[1])
        if value == NULL_WORD and len(parts) == _BESIDE_NULL:
            self._beside = Beside(self._key.parse(parts[_TIED]), bool(parts[_TIED + 1]), fresh=False)
        tied = len(parts) >= _TIED and bool(parts[_SHORT])
        if value is None or value == NULL_WORD or tied:
            return Stage(Phase.GROUP, value, after)
        return Stage(Phase.VALUES, value, after, inclusive=True)

    def _read_key(self, part: PositionPart) -> RowKey:
        return parse_id(part)

    def _print_key(self, key: RowKey) -> PositionPart:
        return str(key)
