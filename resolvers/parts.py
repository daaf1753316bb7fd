"""
Costly parts of records: which of them an operation selects, so that the call that brings a record brings them too.
"""

from functools import lru_cache
from typing import Final

from adapters.contract import FIELD_TYPES
from adapters.records import Entity, RevisionChoice
from resolvers.selection import Selection

REVISIONS: Final = "revisions"
WHICH: Final = "which"
DEFAULT_CHOICE: Final = RevisionChoice.LATEST
"""The revisions that are meant where a selection does not say."""

_ENTRIES: Final = frozenset({"memberships"})
"""Fields that hold several entries, of which an operation may select a part too."""

_WITH_REVISIONS: Final = frozenset({Entity.ACTIVITY, Entity.TEMPLATE})
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


def find_page_fields(selection: Selection) -> frozenset[str]:
    """
    Name the fields of a connection's records that are read as far as syntax tells; whatever else is, is read late.

    Names are those of the records: `first_name`, `memberships.list_id`. A relation is read off an id.
    """
    found: set[str] = set()
    for rows in (selection.child("nodes"), selection.child("edges").child("node")):
        names = rows.names()
        found.update(*map(_to_attributes, names))
        for name in _ENTRIES & names:
            inner = rows.child(name).names()
            found.update(f"{name}.{each}" for word in inner for each in _to_attributes(word))
    return frozenset(found)


@lru_cache(maxsize=2048)
def _to_attributes(name: str) -> tuple[str, ...]:
    """Return the attributes of a record that a field may be read off: `first_name` for `firstName`."""
    attribute = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return attribute, f"{attribute}_id"


def find_page_parts(entity: Entity, selection: Selection) -> frozenset[str]:
    """Name the parts of a connection's records that are selected."""
    nodes, edges = selection.child("nodes"), selection.child("edges").child("node")
    return find_parts(entity, nodes) | find_parts(entity, edges)
