"""
Comparisons to try a capability line with: one field, one operator, and operands that the account's own rows suggest.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from adapters.filters.fields import FieldSpec, Kind
from adapters.filters.tree import Comparison, Filter, Op, Some
from adapters.records import Record

_NULLS: Final = frozenset({Op.IS_NULL, Op.PRESENT})
_ABSENT: Final[dict[Kind, Any]] = {
    Kind.TEXT: "nothing like it",
    Kind.WORD: "nothing like it",
    Kind.ID: "987654",
    Kind.NUMBER: 987_654,
    Kind.TIME: datetime(2024, 5, 1, 10, tzinfo=UTC),
    Kind.DATE: date(2024, 5, 1),
    Kind.FLAG: True,
}
"""Operands where no row has a value."""

_LETTERS: Final = re.compile(r"[A-Za-z0-9]+")


def find_spec(fields: Any, name: str) -> FieldSpec:
    """Return the field of a capability line; one of elements is named with its place."""
    if name in fields:
        spec: FieldSpec = fields[name]
        return spec
    place, _, inner = name.partition(".")
    element: FieldSpec = fields[place].elements[inner]
    return element


def read_values(rows: Iterable[Record], fields: Any, name: str) -> Iterator[Any]:
    """Yield every value of a field that is there, as an operand may be."""
    for row in rows:
        for value in _values_of(row, fields, name):
            if value is not None:
                yield value.replace(microsecond=0) if isinstance(value, datetime) else value


def _values_of(row: Record, fields: Any, name: str) -> Iterable[Any]:
    place, _, inner = name.rpartition(".")
    if not place:
        return (getattr(row, name),)
    if name in fields:
        return (getattr(row.extension, inner, None),)
    return [getattr(element, inner) for element in getattr(row, place) or ()]


def build_leaves(name: str, spec: FieldSpec, op: Op, values: Sequence[Any]) -> list[Filter]:
    """Build the comparisons that try one operator: with a rare value, with a common one, with none that is there."""
    found = [Comparison(spec.name, op, operand) for operand in _choose_operands(spec.kind, op, values)]
    place, _, inner = name.rpartition(".")
    return [Some(place, leaf) if place and inner == spec.name else leaf for leaf in found]


def _choose_operands(kind: Kind, op: Op, values: Sequence[Any]) -> list[Any]:
    if op in _NULLS:
        return [None]
    told = [value for value, _ in Counter(values).most_common()] or [_ABSENT[kind]]
    tried = dict.fromkeys((told[-1], told[0]))
    if op is Op.IN:
        return [tuple(tried), (told[0], _ABSENT[kind])]
    if op in {Op.LT, Op.LTE, Op.GT, Op.GTE}:
        return [sorted(told, key=_to_sortable)[len(told) // 2]]
    shorten = _SHORTEN.get(op, lambda value: value)
    absent = [] if kind is Kind.FLAG or op is Op.MATCHES else [_ABSENT[kind]]
    return list(dict.fromkeys([*map(shorten, tried), *absent]))


def _to_sortable(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _find_word(text: str) -> str:
    found = _LETTERS.search(text)
    return found[0] if found else "x"


_SHORTEN: Final = {
    Op.CONTAINS: lambda text: text[len(text) // 3 : len(text) // 3 + 4] or "x",
    Op.STARTS_WITH: lambda text: text[:3] or "x",
    Op.ENDS_WITH: lambda text: text[-3:] or "x",
    Op.MATCHES: lambda text: f"^.*{_find_word(text)}",
}
