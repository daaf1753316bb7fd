"""
A row's place in a line as a key that Python can compare; descending lines are its exact reverse.
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.filters.evaluate import read_number
from adapters.filters.fields import FieldSpec, Kind
from adapters.records import FeedEventRecord, Record

SortKey = tuple[Any, ...]


def build_id_key(id_: str) -> SortKey:
    """Return an id's place: numbers by their value, before all other ids."""
    number = read_number(id_)
    return (number is None, number or 0, id_)


def build_tie_key(record: Record) -> SortKey:
    """Return a record's place among those of one value, which no other record of its kind has."""
    return (*build_id_key(record.id), record.kind) if isinstance(record, FeedEventRecord) else build_id_key(record.id)


def build_order_key(name: str, fields: Mapping[str, FieldSpec]) -> Callable[[Record], SortKey]:
    """Return a function from a record to its place in the ascending order of a field: missing last, then by id."""
    if name == "id":
        return build_tie_key
    ranked = build_id_key if fields[name].kind is Kind.ID else _keep
    word, _, attribute = name.rpartition(".")

    def key(record: Record) -> SortKey:
        value = getattr(record.extension if word else record, attribute, None)
        return (value is None, ranked(value) if value is not None else (), build_tie_key(record))

    return key


def _keep(value: Any) -> SortKey:
    return (value,)
