"""
The keys of a Sendios source's table in `sources.toml`.
"""

import hashlib
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, SecretStr, field_validator

from adapters.contract import SourceSettings
from adapters.transport.auth import BasicAuth
from adapters.transport.urls import check_base_url

from .platforms import PlatformTable

BASE_URL: Final = "https://api.sendios.io"
"""Source: vendors/facts.md, 4.1."""

VERSION_PATH: Final = "/v1"
LARGEST_PAGE: Final = 1000
"""Opt-outs asked for in one call: the largest page in the guide's examples (vendors/facts.md, 4.2, list since)."""

MOST_PROJECTS: Final = 50

_MARKING: Final = b"marketing-graph sendios opt-outs "

ProjectId = Annotated[int, Field(gt=0)]


class KeyAuth(BaseModel, frozen=True, extra="forbid"):
    """
    The API key as the Customer Success Manager gives it, sent as it is (sendios-faq.txt, 1 and 3).

    The vendor's SDKs are given another key and send its SHA-1 in small hexadecimal letters; with such a key, that hash
    is the API key (vendors/facts.md, 4.1).
    """

    key: SecretStr


class SendiosSettings(SourceSettings, frozen=True, extra="forbid", use_attribute_docstrings=True):
    """One Sendios account."""

    vendor: Literal["sendios"]
    base_url: str = BASE_URL
    """The server's address, with or without `/v1`."""
    client_id: int = Field(gt=0)
    """The client's number, which calls are signed in with beside the key."""
    auth: KeyAuth
    """`{ key = … }`: the API key as the Customer Success Manager gives it; with an SDK's key, the SHA-1 of that."""
    projects: dict[ProjectId, str | None] = Field(min_length=1, max_length=MOST_PROJECTS)
    """
    The projects in which people are looked up by e-mail, one call each: a list of ids, or a table with the projects'
    names, `{ 1 = "Shop", 2 = "Club" }`.
    """
    platform_table: PlatformTable | None = None
    """
    Which of the two published tables the account's `platform_id` follows: `faq` (3 is Mobile) or `sdk` (2 is Mobile);
    while it is not said, only the number is shown.
    """
    timezone: str = "UTC"
    """The zone of the times that the vendor prints, which say none."""
    max_page: int = Field(default=LARGEST_PAGE, gt=0, le=10_000)
    """The most opt-outs one call asks for."""

    @field_validator("projects", mode="before")
    @classmethod
    def _name_projects(cls, value: Any) -> Any:
        return dict.fromkeys(value) if isinstance(value, list | tuple) else value

    @field_validator("base_url")
    @classmethod
    def _cut_version(cls, value: str) -> str:
        return value.rstrip("/").removesuffix(VERSION_PATH)

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("timezone is no known zone; write it as Europe/Kyiv or UTC.") from None
        return value

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse an address that vendor calls may not go to."""
        check_base_url(self.base_url, allow_private=self.allow_private)

    @property
    def account(self) -> str:
        """Server and client: with another key it is the same account."""
        return f"{self.base_url} {self.client_id}"

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times without one."""
        return ZoneInfo(self.timezone)

    def build_auth(self) -> BasicAuth:
        """Build the `Authorization` header. Source: sendios-faq.txt, 3."""
        return BasicAuth(str(self.client_id), self.auth.key)

    def build_marking_key(self) -> bytes:
        """Build the key that ids of opt-outs are made with, so that nobody without it can tell whom one is of."""
        return hashlib.sha256(_MARKING + self.auth.key.get_secret_value().encode()).digest()
