"""
The keys of a Taximail source's table in `sources.toml`.
"""

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

from adapters.contract import SourceSettings
from adapters.transport.auth import BasicAuth, LogInAuth
from adapters.transport.session import SessionAuth
from adapters.transport.urls import check_base_url

from .endpoints import LOG_IN

DEFAULT_URL = "https://api.taximail.com/v2"
"""Source: vendors/facts.md, 3.1."""


class KeyAuth(BaseModel, frozen=True, extra="forbid"):
    """
    An API key and its secret key, from the vendor's page of integrations.

    They open a session, or with `basic` travel with every call as they are. Source: vendors/facts.md, 3.1: clients are
    seen to do the latter for single messages; that lists and contacts can be read so is not stated.
    """

    api_key: SecretStr
    secret_key: SecretStr
    basic: bool = False


class UserAuth(BaseModel, frozen=True, extra="forbid"):
    """A user's name and password, which open a session too (vendors/facts.md, 3.1)."""

    username: str = Field(min_length=1)
    password: SecretStr


class TaximailSettings(SourceSettings, frozen=True, extra="forbid", use_attribute_docstrings=True):
    """One Taximail account."""

    vendor: Literal["taximail"]
    base_url: str = DEFAULT_URL
    """Where the calls begin, with the version."""
    auth: KeyAuth | UserAuth
    """
    `{ api_key = …, secret_key = … }` or `{ username = "…", password = … }`, which open a session. With `basic = true`
    the two keys travel with every call instead, which the vendor states for none of the calls that read.
    """
    timezone: str = "Asia/Bangkok"
    """The zone of the times that the vendor prints without one."""
    max_page: int = Field(default=100, ge=10, le=100)
    """The most rows one call asks for; the vendor gives no more than 100."""

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("timezone is no name of a zone; write it as Asia/Bangkok.") from None
        return name

    @model_validator(mode="after")
    def _check_address(self) -> "TaximailSettings":
        check_base_url(self.base_url, allow_private=self.allow_private)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the vendor's times."""
        return ZoneInfo(self.timezone)

    def build_auth(self) -> SessionAuth | BasicAuth:
        """Build what calls are let in by."""
        if isinstance(self.auth, UserAuth):
            pairs = (("username", SecretStr(self.auth.username)), ("password", self.auth.password))
            return SessionAuth(LOG_IN, LogInAuth(pairs))
        if self.auth.basic:
            return BasicAuth(self.auth.api_key, self.auth.secret_key)
        return SessionAuth(LOG_IN, LogInAuth((("api_key", self.auth.api_key), ("secret_key", self.auth.secret_key))))
