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


class WireCombination(TypedDict):
    """An entry of a revision's `combinations`. Source: Activity Resource, Revisions."""

    id: int
    fragment_ids: str | None


class WireActivityRevision(TypedDict):
    """An entry of an activity's `revisions`. Source: Activity Resource, Revisions and JSON Request/Response."""

    id: int
    content: str | None
    template_revision_id: int | None
    combinations: list[WireCombination]
    approval_status: str | None
    timestamp: str | None


class WireActivity(TypedDict, total=False):
    """
    An activity. Source: Activity Resource, JSON Request/Response.

    `target_lists` and `target_views` are JSON inside a text. `revisions` is empty unless asked for.
    """

    id: int
    ref: str | None
    name: str | None
    type: str | None
    subtype: str | None
    status: str | None
    target_lists: str | None
    target_views: str | None
    approval_status: str | None
    date: str | None
    throttle: int | None
    data: str | None
    organization_id: int | None
    campaign_id: int | None
    template_id: int | None
    revisions: list[WireActivityRevision]


class WireTemplateRevision(TypedDict):
    """An entry of a template's `revisions`. Source: Template Resource, Revisions and JSON Request/Response."""

    id: int
    content: str | None
    format: str | None
    timestamp: str | None


class WireTemplate(TypedDict, total=False):
    """A template. Source: Template Resource, JSON Request/Response. `revisions` is empty unless asked for."""

    id: int
    ref: str | None
    name: str | None
    type: str | None
    subtype: str | None
    status: str | None
    data: str | None
    organization_id: int | None
    revisions: list[WireTemplateRevision]


class WireImport(TypedDict, total=False):
    """
    An import.

    Source: Import Resource, JSON Request/Response; `params` is described under Common Fields and missing from the
    example. `manifest` is XML inside a text.
    """

    id: int
    ref: str | None
    name: str | None
    source: str | None
    timestamp: str | None
    manifest: str | None
    status: str | None
    params: str | None
    organization_id: int | None
    total: int | None
    invalid: int | None
    bounced: int | None
    global_new: int | None
    list_new: int | None


class WireView(TypedDict, total=False):
    """A view. Source: View Resource, JSON Request/Response; its Common Fields call the predicate `constraint`."""

    id: int
    ref: str | None
    name: str | None
    predicate: str | None
    status: str | None
    organization_id: int | None


class WireEventType(TypedDict, total=False):
    """An event type, whose key is `ref`. Source: Event Resource, JSON Request/Response."""

    ref: str
    name: str | None
    description: str | None
    priority: int | None


class WireFeedEvent(TypedDict, total=False):
    """
    An event of a feed. Source: Event Feed Resource, JSON Request/Response.

    `processed` and `timestamp` are a logged event's; `oneshot`, `schedule` and the other times a scheduled one's.
    """

    type: str
    id: int
    processed: bool | None
    test: bool | None
    parent_id: int | None
    event_ref: str | None
    subscriber_id: int | None
    activity_id: int | None
    revision_id: int | None
    configuration_id: int | None
    campaign_id: int | None
    trackurl_id: int | None
    trackurl_index: int | None
    trackurl_destination: str | None
    timestamp: str | None
    data: str | None
    oneshot: bool | None
    schedule: str | None
    next_timestamp: str | None
    last_timestamp: str | None
    start_timestamp: str | None
    custom_fields: list[WireCustomField]
