"""
Everything the sandbox remembers, and the handle tests change it by.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.sandbox import VirtualClock

from .attributes import Attributes, Definition, merge
from .refusals import not_found

ACCOUNT_ID = 31


@dataclass(slots=True)
class Audience:
    """An audience and its members' ids, in the order they joined."""

    id: int
    created: str
    name: str
    integration: str | None = None
    integration_id: str | None = None
    description: str = ""
    sandbox: bool = False
    third_party: bool = False
    applications: tuple[int, ...] = ()
    last_update: str | None = None
    members: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class Profile:
    """A customer profile; `audiences` are the ids of those it is in."""

    id: int
    created: str
    integration_id: str
    sandbox: bool = False
    attributes: Attributes = field(default_factory=dict)
    closed_sessions: int = 0
    total_sales: float = 0
    last_activity: str = ""
    audiences: dict[int, None] = field(default_factory=dict)


class Store:
    """Profiles by their integration id (live and sandbox ones apart), audiences by their number, definitions."""

    def __init__(self, clock: VirtualClock) -> None:
        """Start empty."""
        self._clock = clock
        self.profiles: dict[tuple[bool, str], Profile] = {}
        self.audiences: dict[int, Audience] = {}
        self.attributes: dict[str, Definition] = {}
        self._last_profile = self._last_audience = 0

    def now(self) -> str:
        """The present moment as the vendor prints it."""
        return self._clock.now_at.isoformat().replace("+00:00", "Z")

    def list_profiles(self, *, sandbox: bool = False) -> list[Profile]:
        """The profiles of one environment, in the order they were created."""
        return [profile for profile in self.profiles.values() if profile.sandbox is sandbox]

    def find_profile(self, number: int) -> Profile:
        """A profile by its internal id; 404 without one."""
        found = next((each for each in self.profiles.values() if each.id == number), None)
        if found is None:
            raise not_found()
        return found

    def write_profile(self, integration_id: str, changes: Attributes, *, sandbox: bool = False) -> Profile:
        """Update or create a profile. Source: T1-OAS-3P: unknown profiles are created."""
        profile = self.profiles.get((sandbox, integration_id))
        if profile is None:
            self._last_profile += 1
            profile = Profile(self._last_profile, self.now(), integration_id, sandbox)
            self.profiles[sandbox, integration_id] = profile
        profile.attributes = merge(profile.attributes, changes)
        profile.last_activity = self.now()
        return profile

    def add_audience(self, name: str, **more: Any) -> Audience:
        """Add an audience under the next number."""
        self._last_audience += 1
        audience = Audience(self._last_audience, self.now(), name, **more)
        self.audiences[audience.id] = audience
        return audience

    def find_audience(self, number: int) -> Audience:
        """An audience by its internal id; 404 without one."""
        if number not in self.audiences:
            raise not_found()
        return self.audiences[number]

    def find_external(self, external_id: str, platform: str | None = None) -> Audience | None:
        """An audience by its id at a third party; that of the platform first, where several have it."""
        found = [each for each in self.audiences.values() if each.integration_id == external_id]
        return next((each for each in found if each.integration == platform), found[0] if found else None)

    def delete_audience(self, audience: Audience) -> None:
        """Delete an audience and every membership. Source: T1-OAS-INT, the warning."""
        self.set_members(audience, ())
        del self.audiences[audience.id]

    def set_members(self, audience: Audience, profiles: Iterable[Profile]) -> None:
        """Replace the members of an audience."""
        numbers = set(audience.members)
        for profile in [each for each in self.profiles.values() if each.id in numbers]:
            self.leave(profile, audience)
        for profile in profiles:
            self.join(profile, audience)

    def join(self, profile: Profile, audience: Audience) -> None:
        """Put a profile into an audience."""
        audience.members[profile.id] = profile.audiences[audience.id] = None
        audience.last_update = self.now()

    def leave(self, profile: Profile, audience: Audience) -> None:
        """Take a profile out of an audience."""
        audience.members.pop(profile.id, None)
        profile.audiences.pop(audience.id, None)
        audience.last_update = self.now()

    def show_profile(self, profile: Profile) -> dict[str, Any]:
        """A profile as both of a tenant's APIs print it. Source: T1-OAS-MGMT, CustomerProfile."""
        return {
            "id": profile.id,
            "created": profile.created,
            "integrationId": profile.integration_id,
            "attributes": profile.attributes,
            "accountId": ACCOUNT_ID,
            "closedSessions": profile.closed_sessions,
            "totalSales": profile.total_sales,
            "loyaltyMemberships": None,
            "audienceMemberships": [
                {"id": number, "name": self.audiences[number].name} for number in profile.audiences
            ],
            "lastActivity": profile.last_activity,
            "sandbox": profile.sandbox,
        }

    def show_audience(self, audience: Audience) -> dict[str, Any]:
        """An audience as both of a tenant's APIs print it. Source: T1-OAS-MGMT, Audience."""
        shown: dict[str, Any] = {
            "accountId": ACCOUNT_ID,
            "id": audience.id,
            "created": audience.created,
            "name": audience.name,
            "sandbox": audience.sandbox,
            "description": audience.description,
            "subscribedApplicationsIds": list(audience.applications),
            "createdIn3rdParty": audience.third_party,
        }
        more = {
            "integration": audience.integration,
            "integrationId": audience.integration_id,
            "lastUpdate": audience.last_update,
        }
        return shown | {name: value for name, value in more.items() if value is not None}
