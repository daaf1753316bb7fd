"""
Costly parts of records: which of them an operation selects, so that the call that brings a record brings them too.
"""

from typing import Final

from adapters.contract import FIELD_TYPES
from adapters.records import Entity, RevisionChoice
from resolvers.selection import Selection

REVISIONS: Final = "revisions"
WHICH: Final = "which"
DEFAULT_CHOICE: Final = RevisionChoice.LATEST
"""The revisions that are meant where a selection does not say."""

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


def find_page_parts(entity: Entity, selection: Selection) -> frozenset[str]:
    """Name the parts of a connection's records that are selected."""
    nodes, edges = selection.child("nodes"), selection.child("edges").child("node")
    return find_parts(entity, nodes) | find_parts(entity, edges)
