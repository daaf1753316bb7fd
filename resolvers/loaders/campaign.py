"""
Loaders of campaigns.
"""

from adapters.records import Entity
from resolvers.loaders.record import RecordByIdLoader, RecordsByValueLoader


class CampaignByIdLoader(RecordByIdLoader):
    """Load campaigns by (source, id)."""

    entity = Entity.CAMPAIGN


class CampaignByValueLoader(RecordsByValueLoader):
    """Load campaigns by (source, field, value), exactly as the vendor stores the value."""

    entity = Entity.CAMPAIGN
