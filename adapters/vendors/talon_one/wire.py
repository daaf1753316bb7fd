"""
Talon.One's JSON as documented, read-only.

Source: T1-OAS-MGMT, CustomerProfile, Audience and the replies of the lists. Rows may hold more keys than documented
(unknown ones are ignored), and any but the ids may be missing or null.
"""

from typing import Any, TypedDict

Row = dict[str, Any]
"""A decoded row before anything about it is known except that it is a JSON object."""


class WireMembership(TypedDict):
    """An entry of a profile's `audienceMemberships`."""

    id: int
    name: str


class WireCustomer(TypedDict, total=False):
    """A customer profile. `loyaltyMemberships` is deprecated and always null."""

    id: int
    created: str
    integrationId: str
    attributes: dict[str, Any]
    accountId: int
    closedSessions: int
    totalSales: float
    audienceMemberships: list[WireMembership]
    lastActivity: str
    sandbox: bool


class WireAudience(TypedDict, total=False):
    """An audience; `integration` and `integrationId` are missing where it was made in Talon.One."""

    id: int
    accountId: int
    created: str
    name: str
    sandbox: bool
    description: str
    subscribedApplicationsIds: list[int]
    integration: str
    integrationId: str
    createdIn3rdParty: bool
    lastUpdate: str


class WireSize(TypedDict):
    """A row of the audiences' analytics."""

    audienceId: int
    membersCount: int


class WirePage(TypedDict, total=False):
    """The reply of a list: `hasMore`, or `totalResultSize` where that was asked for."""

    data: list[Row]
    hasMore: bool
    totalResultSize: int
