"""
What only Talon.One says of a record: the fields behind `talonOne { … }`.

Descriptions are read by marketers. Source: T1-OAS-MGMT, CustomerProfile and Audience.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.contract import Extension
from adapters.records import Entity

WORD: Final = "talonOne"


def _about(description: str, **marks: bool) -> Mapping[str, Any]:
    return {"description": description, **marks}


_ACCOUNT: Final = _about("The Talon.One account that owns the record.", id=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TalonOneCustomer:
    """A customer profile's own fields at Talon.One."""

    profile_id: str | None = field(
        default=None,
        metadata=_about("Talon.One's own number for this profile, as shown in the Campaign Manager.", id=True),
    )
    account_id: str | None = field(default=None, metadata=_ACCOUNT)
    created_at: datetime | None = field(default=None, metadata=_about("When the profile was created."))
    last_activity_at: datetime | None = field(
        default=None, metadata=_about("When this customer last did something that Talon.One's rules looked at.")
    )
    closed_sessions: int | None = field(
        default=None, metadata=_about("How many purchases this customer has completed and not cancelled.")
    )
    total_sales: float | None = field(
        default=None, metadata=_about("What this customer has spent before discounts, returned items left out.")
    )
    sandbox: bool | None = field(
        default=None,
        metadata=_about("Whether the profile belongs to a sandbox Application, where campaigns are tried."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TalonOneAudience:
    """An audience's own fields at Talon.One."""

    account_id: str | None = field(default=None, metadata=_ACCOUNT)
    integration: str | None = field(
        default=None,
        metadata=_about("The platform the audience came from, such as Segment; empty for Talon.One's own."),
    )
    description: str | None = field(default=None, metadata=_about("What your team wrote about the audience."))
    created_in_third_party: bool | None = field(
        default=None, metadata=_about("Whether the audience is kept by another platform.")
    )
    application_ids: tuple[str, ...] = field(
        default=(), metadata=_about("The Applications in which the audience can be used.", id=True)
    )
    members_changed_at: datetime | None = field(
        default=None, metadata=_about("When somebody last joined or left the audience.")
    )
    sandbox: bool | None = field(
        default=None,
        metadata=_about("Whether the audience belongs to sandbox Applications, where campaigns are tried."),
    )


EXTENSIONS: Final[Mapping[Entity, Extension]] = {
    Entity.SUBSCRIBER: Extension(WORD, TalonOneCustomer, "What only Talon.One tells about this person."),
    Entity.AUDIENCE: Extension(WORD, TalonOneAudience, "What only Talon.One tells about this audience."),
}
