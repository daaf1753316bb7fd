"""
The kinds of record.
"""

from enum import StrEnum


class Entity(StrEnum):
    """The kinds of record a source may hold; the value is the word used in ids and cursors."""

    SUBSCRIBER = "subscriber"
    LIST = "list"
    CAMPAIGN = "campaign"
    ACTIVITY = "activity"
    TEMPLATE = "template"
    IMPORT = "import"
    VIEW = "view"
    EVENT_TYPE = "event_type"
    FEED_EVENT = "feed_event"
    AUDIENCE = "audience"
    PARTITION = "partition"
    MESSAGE = "message"
    UNSUBSCRIBE = "unsubscribe"

    @property
    def plural(self) -> str:
        """Several of the kind, in words."""
        words = self.value.replace("_", " ")
        return f"{words.removesuffix('y')}ies" if words.endswith("y") else f"{words}s"
