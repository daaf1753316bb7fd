"""
The line an order reads.
"""

from collections.abc import Sequence

from adapters.errors import CapabilityError
from adapters.filters.order import Order, Position
from adapters.records import Entity

from .columns import COLUMNS, Column, has_text_key
from .event_lines import EventValueLine, open_event_id_line
from .keys import Key
from .lines import IdLine, Line
from .text_lines import TextKeyLine, TextTieLine
from .value_lines import ValueLine


def open_line(
    entity: Entity,
    order: Order,
    pushed: Sequence[str],
    *,
    nullable: bool = True,
    after: Position | None = None,
    single: bool = False,
) -> Line:
    """
    Open a line at the place it goes on from.

    `nullable` says whether a row of it may have no value to order by, `single` that a call may carry one predicate
    only: the orders that such a source is said to have then keep to it.

    Raises:
        CapabilityError: the source cannot order by the field.
    """
    if has_text_key(entity):
        return _open_text_line(entity, order, pushed, nullable=nullable, after=after)
    if entity is Entity.FEED_EVENT:
        if order.field == "id":
            return open_event_id_line(pushed, descending=order.descending, after=after, single=single)
        return _open_event_value_line(order, pushed, nullable=nullable, after=after)
    if order.field == "id":
        return IdLine(pushed, descending=order.descending, after=after)
    key = Key(_find_column(entity, order.field), order.descending)
    return ValueLine(key, pushed, nullable=nullable, after=after)


def _open_event_value_line(order: Order, pushed: Sequence[str], *, nullable: bool, after: Position | None) -> Line:
    key = Key(_find_column(Entity.FEED_EVENT, order.field), order.descending)
    return EventValueLine(key, pushed, nullable=nullable, after=after)


def _open_text_line(
    entity: Entity, order: Order, pushed: Sequence[str], *, nullable: bool, after: Position | None
) -> Line:
    column, known_by = _find_column(entity, order.field), COLUMNS[entity]["id"]
    tie = Key(known_by, order.descending)
    if column.wire == known_by.wire:
        return TextKeyLine(tie, pushed, after=after)
    return TextTieLine(Key(column, order.descending), tie, pushed, nullable=nullable, after=after)


def _find_column(entity: Entity, name: str) -> Column:
    column = COLUMNS[entity].get(name)
    if column is None or not column.documented:
        raise CapabilityError(
            f"Taguchi cannot order by '{name}'.", hint="Order by id or by another field of the record itself."
        )
    return column
