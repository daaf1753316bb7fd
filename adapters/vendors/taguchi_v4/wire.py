"""
Taguchi V4's JSON as documented, read-only.

Source: taguchi-v4-api.txt, last updated 17/1/2025, the JSON Request/Response part of each resource. Rows hold more keys
than documented (unknown ones are ignored), and any key but `id` may be missing or null.
"""

from typing import Any, TypedDict

Row = dict[str, Any]
"""A decoded row before anything about it is known except that it is a JSON object."""


class WireMembership(TypedDict):
    """An entry of a subscriber's `lists`. Source: Subscriber Resource, List Memberships."""

    list_id: int
    import_id: int | None
    campaign_id: int | None
    timestamp: str | None
    unsubscribed: str | None
    option: str | None


class WireCustomField(TypedDict):
    """An entry of a subscriber's `custom_fields`. Source: Subscriber Resource, Custom Fields."""

    field: str
    data: str | None


class WireSubscriber(TypedDict, total=False):
    """
    A subscriber.

    Source: Subscriber Resource, JSON Request/Response. `mobile` is described under Common Fields and missing from the
    example; `social_rating` and `social_profile` are read by a public wrapper (vendors/facts.md, 1.5).
    """

    id: int
    ref: str | None
    title: str | None
    firstname: str | None
    lastname: str | None
    notifications: str | None
    extra: str | None
    phone: str | None
    mobile: str | None
    dob: str | None
    address: str | None
    address2: str | None
    address3: str | None
    suburb: str | None
    state: str | None
    country: str | None
    postcode: str | None
    gender: str | None
    email: str | None
    unsubscribed: str | None
    bounced: str | None
    data: str | None
    organization_id: int | None
    user_class_id: int | None
    campaign_id: int | None
    import_id: int | None
    cluster_id: int | None
    social_rating: int | None
    social_profile: str | None
    lists: list[WireMembership]
    custom_fields: list[WireCustomField]


class WireList(TypedDict, total=False):
    """
    A list.

    Source: List Resource, JSON Request/Response; `type` is known from a public wrapper (vendors/facts.md, 1.5).
    """

    id: int
    ref: str | None
    name: str | None
    timestamp: str | None
    status: str | None
    data: str | None
    organization_id: int | None
    type: str | None


class WireCampaign(TypedDict, total=False):
    """A campaign. Source: Campaign Resource, JSON Request/Response."""

    id: int
    ref: str | None
    name: str | None
    date: str | None
    success_event_ref: str | None
    status: str | None
    data: str | None
    organization_id: int | None
