"""
Faults of rows: a reply with the right shape and the wrong rows. All are deterministic.
"""

from collections.abc import Callable, Sequence

from adapters.sandbox.faults import Fault
from adapters.sandbox.replies import Reply, Row

Damage = Callable[[Fault, Sequence[Row]], Sequence[Row]]


def _duplicate(fault: Fault, rows: Sequence[Row]) -> Sequence[Row]:
    return [*rows, *rows[: fault.count or 1]]


def _drop(fault: Fault, rows: Sequence[Row]) -> Sequence[Row]:
    dropped = fault.count or 1
    start = max(0, (len(rows) - dropped) // 2)
    return [*rows[:start], *rows[start + dropped :]]


def _shuffle(_fault: Fault, rows: Sequence[Row]) -> Sequence[Row]:
    return [*rows[1::2][::-1], *rows[0::2][::-1]]


def _clamp(fault: Fault, rows: Sequence[Row]) -> Sequence[Row]:
    return rows[: fault.count]


def _add_field(fault: Fault, rows: Sequence[Row]) -> Sequence[Row]:
    return [{**row, str(fault.field): fault.value} if _is_hit(fault, row) else row for row in rows]


def _remove_field(fault: Fault, rows: Sequence[Row]) -> Sequence[Row]:
    return [_without(row, fault.field) if _is_hit(fault, row) else row for row in rows]


def _without(row: Row, field: str | None) -> Row:
    return {name: value for name, value in row.items() if name != field}


def _is_hit(fault: Fault, row: Row) -> bool:
    return not fault.only or row.get("id", row.get("ref")) in fault.only


ROW_DAMAGE: dict[str, Damage] = {
    "duplicate_rows": _duplicate,
    "missing_rows": _drop,
    "shuffled_rows": _shuffle,
    "clamp": _clamp,
    "extra_field": _add_field,
    "missing_field": _remove_field,
    "retyped_field": _add_field,
}


def bend_rows(fault: Fault, reply: Reply) -> Reply:
    """
    Apply a fault of rows; a reply that holds no rows is left alone.
    """
    if reply.rows is None:
        return reply
    return reply.with_rows(ROW_DAMAGE[fault.kind](fault, reply.rows))
