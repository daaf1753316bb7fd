"""
One branch of a plan to what a list read narrows by.

A narrowing is a parameter and the values it may have: several lists or statuses are read one after the other. A value
that can be nothing's leaves no values, and then no call is made.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.filters.capability import FieldCapability
from adapters.filters.compiler import FilterCompiler
from adapters.filters.tree import Comparison
from adapters.records import Entity

from .capability import KEYWORD_PARAMETER, LIST_PARAMETER, SEGMENT_PARAMETER, STATUS_PARAMETER, TABLES
from .endpoints import CAMPAIGN_STATUSES
from .keys import is_id, parse_key

Values = tuple[str, ...]

_UNSAFE = re.compile(r"[\\\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A parameter and its values, any of which a row may have."""

    parameter: str
    values: Values

    def __str__(self) -> str:
        """What a plan shows."""
        return f"{self.parameter}={','.join(self.values)}"


class TaximailCompiler(FilterCompiler[Narrowing], tables=tuple(TABLES.values())):
    """The handlers of the operators in the capability table."""

    def compile_eq(self, field: FieldCapability, leaf: Comparison) -> tuple[Narrowing, ...]:
        """One value, where it can be something's."""
        return self.compile_in(field, Comparison(leaf.field, leaf.op, (str(leaf.value),)))

    def compile_in(self, field: FieldCapability, leaf: Comparison) -> tuple[Narrowing, ...]:
        """The values that can be something's, each once and in their order."""
        values = _READ[field.wire](_texts(leaf.value))
        if field.wire == KEYWORD_PARAMETER:
            return (Narrowing(field.wire, values),) if values else ()
        return (Narrowing(field.wire, values),)


def build_keyword(email: str) -> str:
    """
    Return what to search for to find at least the contacts with an address: the address, or its longest plain part.

    A server may take a backslash as its pattern's own sign, and then would not find it; control characters may be
    anything. Signs that a pattern reads as any letters only find more.
    """
    return max((part.strip() for part in _UNSAFE.split(email)), key=len)


def _texts(value: Any) -> Values:
    return tuple(dict.fromkeys(str(each) for each in value))


def _read_keywords(values: Values) -> Values:
    keyword = build_keyword(values[0])
    return (keyword,) if keyword else ()


_READ: Final[Mapping[str, Callable[[Values], Values]]] = {
    KEYWORD_PARAMETER: _read_keywords,
    LIST_PARAMETER: lambda values: tuple(sorted(filter(is_id, values), key=int)),
    SEGMENT_PARAMETER: lambda values: tuple(each for each in values if parse_key(each)),
    STATUS_PARAMETER: lambda values: tuple(each for each in CAMPAIGN_STATUSES if each in values),
}

COMPILERS: Final[Mapping[Entity, TaximailCompiler]] = {
    entity: TaximailCompiler(table) for entity, table in TABLES.items()
}
