"""
Costly parts of records: which of them an operation selects, so that the call that brings a record brings them too.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from adapters.contract import FIELD_TYPES
from adapters.filters.order import Order
from adapters.filters.tree import Comparison, Filter, Some, walk
from adapters.records import Entity, RevisionChoice
from resolvers.selection import Selection

REVISIONS: Final = "revisions"
WHICH: Final = "which"
DEFAULT_CHOICE: Final = RevisionChoice.LATEST
"""The revisions that are meant where a selection does not say."""

_WITH_REVISIONS: Final = frozenset({Entity.ACTIVITY, Entity.TEMPLATE})
_DERIVED: Final = {"subscription": ("unsubscribed_at", "bounced_at")}
"""Fields that are read off others than their name tells."""

_TYPED: Final = frozenset({"type", "typed"})
"""What of a custom field needs its type."""


def find_parts(entity: Entity, selection: Selection) -> frozenset[str]:
    """Name the parts of a record that are selected at its place."""
    if entity is Entity.SUBSCRIBER:
        typed = selection.has("customFields") and not _TYPED.isdisjoint(selection.child("customFields").names())
        return frozenset({FIELD_TYPES}) if typed else frozenset()
    if entity not in _WITH_REVISIONS:
        return frozenset()
    words = (given.get(WHICH, DEFAULT_CHOICE.name) for given in selection.arguments(REVISIONS))
    return frozenset(RevisionChoice[word].part for word in words if word in RevisionChoice.__members__)


def find_page_fields(selection: Selection, tree: Filter, order: Order) -> frozenset[str]:
    """
    Name the fields of a connection's records that are read: selected, filtered or ordered by.

    Names are those of the records (`first_name`), and that of an extension. A relation is read off an id or a ref. What
    is read besides, syntax does not tell; it is read late.
    """
    names = frozenset().union(*[rows.names() for rows in _find_rows(selection)])
    compared = [order.field, *[each.field for each in walk(tree) if isinstance(each, Comparison | Some)]]
    return find_read_fields(names).union([name.partition(".")[0] for name in compared])


@lru_cache(maxsize=256)
def find_read_fields(names: frozenset[str]) -> frozenset[str]:
    """Name the fields of a record that the fields of its type are read off, by their names."""
    return frozenset(attribute for name in names for attribute in _to_attributes(name))


@lru_cache(maxsize=2048)
def _to_attributes(name: str) -> tuple[str, ...]:
    """Return the attributes of a record that a field may be read off: `first_name` for `firstName`."""
    attribute = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return _DERIVED.get(name, (attribute, f"{attribute}_id", f"{attribute}_ref"))


def find_page_parts(entity: Entity, selection: Selection) -> frozenset[str]:
    """Name the parts of a connection's records that are selected."""
    return frozenset().union(*[find_parts(entity, rows) for rows in _find_rows(selection)])


def _find_rows(selection: Selection) -> Sequence[Selection]:
    """Return what is selected of a connection's records, in each of the two ways to them."""
    nodes = selection.child("nodes")
    return (nodes, selection.child("edges").child("node")) if selection.has("edges") else (nodes,)
