"""
The keys of a Taguchi V4 source's table in `sources.toml`.
"""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr, model_validator

from adapters.contract import SourceSettings
from adapters.transport.auth import QueryAuth
from adapters.transport.urls import check_base_url

DEFAULT_PAGE = 100
"""Rows asked for in one call while the operator has not said what the server allows: the document names no bound."""

API_PATH = "/admin/api/"


class TokenAuth(BaseModel, frozen=True, extra="forbid"):
    """A token from Taguchi (document: Token Auth)."""

    token: SecretStr


class PasswordAuth(BaseModel, frozen=True, extra="forbid"):
    """A user's name and password (document: Username/Password Auth); the name holds no bar, the password may."""

    username: str = Field(min_length=1, pattern=r"^[^|]+$")
    password: SecretStr


class TaguchiV4Settings(SourceSettings, frozen=True, extra="forbid", use_attribute_docstrings=True):
    """
    One Taguchi V4 account.

    `full_pages` saves the call that looks behind a short reply (see `paging.py`). `max_body_bytes` bounds one reply;
    larger pages are asked for in smaller parts. Times are seconds.
    """

    vendor: Literal["taguchi_v4"]
    base_url: str
    """The server's address, with or without `/admin/api/<organization_id>/`."""
    organization_id: int = Field(gt=0)
    """The organization that is read and written."""
    auth: TokenAuth | PasswordAuth
    """`{ token = … }` or `{ username = "…", password = … }`."""
    max_page: int | None = Field(default=None, gt=0, le=10_000)
    """The most rows one call asks for: what the server gives in one reply, as far as known; else 100 are asked for."""
    full_pages: bool = False
    """
    The server never gives fewer rows than it is asked for where there are more. Only set it for a server that is known:
    where it is wrong, a reply cut at a number that is not usual (10, 20, 25, 50, 100 … are) is taken for the end, and
    the rows behind it are missing without a word until a look-up of many ids meets one.
    """

    @model_validator(mode="after")
    def _check_address(self) -> "TaguchiV4Settings":
        check_base_url(self.base_url, allow_private=self.allow_private)
        _, found, organization = self.base_url.rstrip("/").partition(API_PATH)
        if found and organization != str(self.organization_id):
            raise ValueError("base_url names another organization than organization_id; leave /admin/api/… out of it.")
        return self

    @property
    def api_url(self) -> str:
        """The address every path is relative to. Source: Authentication, the base URL structure."""
        origin = self.base_url.rstrip("/").partition(API_PATH)[0]
        return f"{origin}{API_PATH}{self.organization_id}"

    @property
    def account(self) -> str:
        """Server and organization: with other credentials it is the same account."""
        return self.api_url

    @property
    def page_size(self) -> int:
        """The most rows one call asks for."""
        return self.max_page or DEFAULT_PAGE

    def build_auth(self) -> QueryAuth:
        """
        Build the `auth` parameter.

        Source: Authentication: a token as it stands, or name and password joined by a vertical bar.
        """
        if isinstance(self.auth, TokenAuth):
            return QueryAuth("auth", self.auth.token)
        joined = f"{self.auth.username}|{self.auth.password.get_secret_value()}"
        return QueryAuth("auth", SecretStr(joined), (self.auth.password,))
