"""
Loaders of lists.
"""

from adapters.records import Entity
from resolvers.loaders.record import RecordByIdLoader, RecordsByValueLoader


class ListByIdLoader(RecordByIdLoader):
    """Load lists by (source, id)."""

    entity = Entity.LIST


class ListByValueLoader(RecordsByValueLoader):
    """Load lists by (source, field, value), exactly as the vendor stores the value."""

    entity = Entity.LIST
