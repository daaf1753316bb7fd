"""
What the emulator keeps about a person: who they are, what was sent to them, and what they do not want.

Times are texts in UTC as the vendor prints them, `YYYY-MM-DD HH:MM:SS`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


def print_time(moment: datetime) -> str:
    """A time as the vendor prints it, without its zone."""
    return moment.astimezone(UTC).strftime(TIME_FORMAT)


def to_unix(text: str | None) -> int | None:
    """A printed time in seconds since 1970."""
    if text is None:
        return None
    return int(datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC).timestamp())


@dataclass(slots=True)
class SentMail:
    """One mail to one person. Source: vendors/facts.md, 4.4, `sent_mails`."""

    id: int
    created_at: str
    type_id: int
    type_sig: str
    category_id: int = 1
    template_id: int = 16282
    subject_id: int = 74416
    source_id: int = 0
    server_id: int = 129
    clicked: bool = False


@dataclass(slots=True)
class OptOut:
    """That one person wants no mail any more, where that came from, and why."""

    source_id: int
    reason: str | None
    created_at: str
    updated_at: str


@dataclass(slots=True)
class User:
    """One person in one project. Source: vendors/facts.md, 4.3 (stored fields) and 4.4 (user info)."""

    id: int
    project_id: int
    email: str
    created_at: str
    updated_at: str
    name: str | None = None
    gender: str | None = None
    country: str | None = None
    language: str | None = None
    platform_id: int = 0
    list_id: int | None = None
    client_user_id: str | None = None
    ak: str | None = None
    age: int = 0
    photo: str | None = None
    partner_id: int | None = None
    channel_id: int | None = None
    subchannel_id: int | None = None
    vip: int = 0
    city_id: int = 0
    vendor_id: int = 0
    confirm: int = 0
    err_response: int = 0
    last_online: str | None = None
    last_reaction: str | None = None
    last_mailed: str | None = None
    clicks: int = 0
    sends: int = 0
    custom_fields: dict[str, Any] = field(default_factory=dict)
    mails: list[SentMail] = field(default_factory=list)
    types_off: set[int] = field(default_factory=set)
    opt_out: OptOut | None = None
    last_payment: dict[str, Any] | None = None
    webpush: dict[str, Any] | None = None
    unknown_reads: int = 0
