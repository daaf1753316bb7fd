"""
The value of one column, read off a row whose record cannot be read.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.filters.fields import Kind

from .columns import Column, Value
from .values import read_date, read_flag, read_id, read_number, read_text, read_time
from .wire import Row

_READERS: Final[Mapping[Kind, Callable[[Row, str], Any]]] = {
    Kind.TEXT: read_text,
    Kind.WORD: read_text,
    Kind.ID: read_id,
    Kind.NUMBER: read_number,
    Kind.TIME: read_time,
    Kind.DATE: read_date,
    Kind.FLAG: read_flag,
}


def read_value(row: Row, column: Column) -> Value | None:
    """
    Read the value a record of this row would have in a column.

    Raises:
        UnreadableError: it is not of its documented type.
    """
    value: Value | None = _READERS[column.kind](row, column.wire)
    return int(value) if column.kind is Kind.ID and isinstance(value, str) else value
