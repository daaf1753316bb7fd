"""
Audiences: groups of people a vendor keeps, works out or only describes, and the partitions an account is divided into.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from adapters.records.entity import Entity
from adapters.records.people import CustomFieldRecord


class AudienceKind(StrEnum):
    """
    What an audience is at its vendor.

    AUDIENCE: people who were put into it. VIEW: a condition, kept as its text. SEGMENT: a part of one list.
    """

    AUDIENCE = "AUDIENCE"
    VIEW = "VIEW"
    SEGMENT = "SEGMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceRecord:
    """
    A group of people at one source.

    `definition` is the vendor's own text of a condition. `size` is the number of members where the record itself says
    it; where it does not, `ReadsParts` may tell it by the part `size`. `members_listable` says whether its members can
    be read as a page, `reason` why not; that audiences themselves can be listed is the capability's to say.
    """

    entity: ClassVar[Entity] = Entity.AUDIENCE

    source: str
    id: str
    kind: AudienceKind
    ref: str | None = None
    name: str | None = None
    definition: str | None = None
    status: str | None = None
    created_at: datetime | None = None
    size: int | None = None
    members_listable: bool = False
    reason: str | None = None
    extension: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRecord:
    """A part an account is divided into, such as a shop or a region; what else the vendor tells is in custom fields."""

    entity: ClassVar[Entity] = Entity.PARTITION

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    custom_fields: tuple[CustomFieldRecord, ...] = ()
    extension: object | None = None
