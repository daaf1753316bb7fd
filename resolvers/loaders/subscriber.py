"""
Loaders of subscribers.
"""

from adapters.records import Entity
from resolvers.loaders.record import RecordByIdLoader, RecordsByValueLoader


class SubscriberByIdLoader(RecordByIdLoader):
    """Load subscribers by (source, id)."""

    entity = Entity.SUBSCRIBER


class SubscriberByValueLoader(RecordsByValueLoader):
    """Load subscribers by (source, field, value), exactly as the vendor stores the value."""

    entity = Entity.SUBSCRIBER
