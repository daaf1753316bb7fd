"""
People and the lists they are on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from adapters.records.entity import Entity


class MembershipState(StrEnum):
    """Whether a person is on a list now or has left it."""

    ACTIVE = "ACTIVE"
    LEFT = "LEFT"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFieldRecord:
    """One custom field: a key that is unique on its record, and a text value or None."""

    key: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRecord:
    """One person's place on one list, kept by the vendor after the person leaves."""

    source: str
    list_id: str
    joined_at: datetime | None = None
    left_at: datetime | None = None
    option: str | None = None
    campaign_id: str | None = None
    import_id: str | None = None

    @property
    def state(self) -> MembershipState:
        """ACTIVE until the vendor states when the person left."""
        return MembershipState.ACTIVE if self.left_at is None else MembershipState.LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRecord:
    """A person a source can reach."""

    entity: ClassVar[Entity] = Entity.SUBSCRIBER

    source: str
    id: str
    ref: str | None = None
    email: str | None = None
    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    mobile: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    address: str | None = None
    address2: str | None = None
    address3: str | None = None
    suburb: str | None = None
    state: str | None = None
    country: str | None = None
    postcode: str | None = None
    unsubscribed_at: datetime | None = None
    bounced_at: datetime | None = None
    campaign_id: str | None = None
    import_id: str | None = None
    memberships: tuple[MembershipRecord, ...] = ()
    custom_fields: tuple[CustomFieldRecord, ...] = ()
    extension: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecord:
    """A list people can be on."""

    entity: ClassVar[Entity] = Entity.LIST

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    created_at: datetime | None = None
    status: str | None = None
    extension: object | None = None
