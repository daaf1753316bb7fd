"""
People and the lists they are on.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from adapters.records.entity import Entity
from adapters.records.making import ReadLater, Rest, made_quickly


class MembershipState(StrEnum):
    """Whether a person is on a list now or has left it."""

    ACTIVE = "ACTIVE"
    LEFT = "LEFT"


class SubscriptionState(StrEnum):
    """Whether a source may send to a person: UNKNOWN where it knows nothing of opting out."""

    SUBSCRIBED = "SUBSCRIBED"
    UNSUBSCRIBED = "UNSUBSCRIBED"
    BOUNCED = "BOUNCED"
    UNKNOWN = "UNKNOWN"


class CustomFieldType(StrEnum):
    """What a vendor says the values of a custom field are; UNSTATED where it does not say."""

    UNSTATED = "UNSTATED"
    TEXT = "TEXT"
    NUMBER = "NUMBER"
    FLAG = "FLAG"
    DATE = "DATE"
    TIME = "TIME"
    DATE_TIME = "DATE_TIME"
    CHOICE = "CHOICE"
    LIST = "LIST"
    OBJECT = "OBJECT"


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFieldRecord:
    """
    One custom field: a key that is unique on its record, and a text value or None.

    `type` is what the vendor says of its values, and `typed` the value as plain JSON where that says more than the
    text: a number, a flag, a list or an object. `label` is the name people gave the field, where that is not the key.
    """

    key: str
    value: str | None
    type: CustomFieldType = CustomFieldType.UNSTATED
    typed: object | None = None
    label: str | None = None


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRecord:
    """
    One person's place on one list, kept by the vendor after the person leaves.

    `left` says that the person has left where the vendor does not say when; `status` is the vendor's own word.
    """

    source: str
    list_id: str
    joined_at: datetime | None = None
    left_at: datetime | None = None
    option: str | None = None
    campaign_id: str | None = None
    import_id: str | None = None
    left: bool = False
    status: str | None = None

    @property
    def state(self) -> MembershipState:
        """ACTIVE until the vendor states that the person left."""
        return MembershipState.LEFT if self.left or self.left_at is not None else MembershipState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceMembershipRecord:
    """One person's place in one audience, as the person's own record tells it."""

    source: str
    audience_id: str
    name: str | None = None


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRecord(ReadLater):
    """
    A person a source can reach.

    `unsubscribed` and `bounced` say so where the vendor does not say when; None is where only the time tells.
    `tells_consent` is false for a source that knows nothing of opting out. `audiences` are the groups that the
    person's own record names, None where its source does not tell.
    """

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
    unsubscribed: bool | None = None
    bounced: bool | None = None
    tells_consent: bool = True
    audiences: tuple[AudienceMembershipRecord, ...] | None = None
    extension: object | None = None
    rest: Rest | None = field(default=None, repr=False, compare=False)

    @property
    def subscription(self) -> SubscriptionState:
        """What the record says of sending to the person; an opt-out says more than a bounce."""
        if self.unsubscribed or self.unsubscribed_at is not None:
            return SubscriptionState.UNSUBSCRIBED
        if self.bounced or self.bounced_at is not None:
            return SubscriptionState.BOUNCED
        return SubscriptionState.SUBSCRIBED if self.tells_consent else SubscriptionState.UNKNOWN


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecord(ReadLater):
    """A list people can be on."""

    entity: ClassVar[Entity] = Entity.LIST

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    created_at: datetime | None = None
    status: str | None = None
    extension: object | None = None
    rest: Rest | None = field(default=None, repr=False, compare=False)
