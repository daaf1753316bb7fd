"""
Taguchi V5's JSON as documented.

Source: vendors/facts.md, 2.2 (the vendor's V5 page of 17/1/2025 and its own destination's traffic). Any key may be
missing or null, and more may come. What a partition holds is not public but that it has an id and a reference.
"""

from typing import Any, Final, TypedDict

API_VERSION: Final = "V5 API endpoint integration, documents of 17/1/2025"

Row = dict[str, Any]
"""A decoded row before anything about it is known except that it is a JSON object."""


class WireStatus(TypedDict, total=False):
    """What the endpoint says of one item, or of a whole request that failed."""

    code: int
    name: str
    description: str


class WireSubscription(TypedDict, total=False):
    """An entry of a profile's `lists`. Source: List Subscription."""

    listId: int
    importId: int | None
    campaignId: int | None
    subscribedTimestamp: str | None
    unsubscribedTimestamp: str | None
    subscriptionOption: str | None


class WireProfile(TypedDict, total=False):
    """A profile. Source: Subscriber; V4's `bounced` is `invalidTimestamp`, its two numbers are one `phone`."""

    id: int
    ref: str | None
    email: str | None
    phone: str | None
    title: str | None
    firstname: str | None
    lastname: str | None
    notifications: str | None
    extra: str | None
    dob: str | None
    address: str | None
    address2: str | None
    address3: str | None
    suburb: str | None
    state: str | None
    country: str | None
    postcode: str | None
    gender: str | None
    unsubscribedTimestamp: str | None
    invalidTimestamp: str | None
    resumeDate: str | None
    organizationId: int
    campaignId: int | None
    importId: int | None
    custom: dict[str, Any]
    lists: list[WireSubscription]


class WirePartition(TypedDict, total=False):
    """A partition. Source: Identify partitions by; the name and the custom fields are inferred."""

    id: int
    ref: str | None
    name: str | None
    custom: dict[str, Any]
