"""
The keys of a Talon.One source's table in `sources.toml`.

Three APIs at two hosts with a key each (vendors/facts.md, 5.1): `base_url`, `deployment`, `platform_name` and `auth`
are what the CDP API wants, which can only be written to; `management` opens the Management API, by which all is read.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, SecretStr, StringConstraints, field_validator, model_validator

from adapters.contract import SourceSettings
from adapters.transport.urls import check_base_url, is_loopback_http

from .auth import KeyAuth

GATEWAY: Final = "https://integration.talon.one"
"""Source: talon-one-cdp.txt, every address."""

MAX_PAGE: Final = 1000
"""Source: T1-OAS-MGMT, pageSize, maximum."""

_HOST = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")

AttributeName = Annotated[str, StringConstraints(pattern=r"^([A-Za-z]\w*)?$", max_length=200)]
"""Source: T1-OAS-MGMT, NewAttribute, name; the empty text is no attribute."""


class KeySettings(BaseModel, frozen=True, extra="forbid"):
    """A third-party key of the platform type Customer Data Platform (document: Authenticating)."""

    key: SecretStr

    @field_validator("key")
    @classmethod
    def _check_key(cls, key: SecretStr) -> SecretStr:
        KeyAuth("", key)
        return key


class ManagementSettings(KeySettings, frozen=True, extra="forbid"):
    """
    A key of the Management API; `base_url` is the tenant's address.

    Left out, it is `https://` and `deployment`; for an emulator on loopback, which answers all three APIs, `base_url`.
    """

    base_url: str | None = None


class AttributeSettings(BaseModel, frozen=True, extra="forbid"):
    """
    Which attribute of a profile fills which common field; the empty text is none.

    Email, ShippingCity and ShippingCountry are the built-in ones that the published examples show. Phone is what
    accounts commonly call it. Name is a person's whole name, for which there is no common field.
    """

    email: AttributeName = "Email"
    phone: AttributeName = "Phone"
    mobile: AttributeName = ""
    title: AttributeName = ""
    first_name: AttributeName = ""
    last_name: AttributeName = ""
    birth_date: AttributeName = ""
    gender: AttributeName = ""
    address: AttributeName = ""
    address2: AttributeName = ""
    address3: AttributeName = ""
    suburb: AttributeName = "ShippingCity"
    state: AttributeName = ""
    country: AttributeName = "ShippingCountry"
    postcode: AttributeName = ""

    @model_validator(mode="after")
    def _check_names(self) -> "AttributeSettings":
        names = [attribute for _, attribute in self.pairs()]
        if len(set(names)) < len(names):
            raise ValueError("an attribute can fill one field only.")
        return self

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each field that has an attribute, with the attribute's name."""
        for field in type(self).model_fields:
            if attribute := getattr(self, field):
                yield field, attribute


class TalonOneSettings(SourceSettings, frozen=True, extra="forbid", use_attribute_docstrings=True):
    """One Talon.One deployment."""

    vendor: Literal["talon_one"]
    base_url: str = GATEWAY
    """The address of the CDP API, which can only be written to."""
    deployment: str = Field(max_length=253)
    """The tenant's host without a scheme, sent as `destination-hostname`."""
    platform_name: str = Field(min_length=1, max_length=200, pattern=r"^[!-~]([ -~]*[!-~])?$")
    """What this service is called there, sent as `customer-data-platform-name`."""
    auth: KeySettings
    """`{ key = … }`: a third-party key of the platform type Customer Data Platform."""
    management: ManagementSettings | None = None
    """
    `{ key = … }`: a key of the Management API, by which all is read; without it nothing is. `base_url` is the tenant's
    address where that is not `https://` and `deployment`.
    """
    attributes: AttributeSettings = AttributeSettings()
    """
    Which attribute of a profile fills which common field, as `{ mobile = "Mobile" }`; the empty text is none. The
    fields are those of a person from `email` to `postcode`; a field that is not named keeps its default.
    """
    sandbox_customers: bool = False
    """Read the customers of sandbox Applications instead of live ones."""
    max_page: int = Field(default=MAX_PAGE, gt=0, le=MAX_PAGE)
    """The most rows one call asks for."""
    concurrency: int = Field(default=3, gt=0, le=256)
    """
    Calls to the source at the same time: few, since the Management API takes three requests a second for each endpoint,
    and says no more than 429 to further ones.
    """

    @field_validator("deployment")
    @classmethod
    def _check_deployment(cls, deployment: str) -> str:
        if not _HOST.fullmatch(deployment):
            raise ValueError("deployment is the tenant's host alone, as mycompany.europe-west1.talon.one.")
        return deployment

    @model_validator(mode="after")
    def _check_addresses(self) -> "TalonOneSettings":
        check_base_url(self.base_url, allow_private=self.allow_private)
        if self.management is not None and self.management.base_url is not None:
            try:
                check_base_url(self.management.base_url, allow_private=self.allow_private)
            except ValueError as error:
                raise ValueError(f"management.{error}") from None
            if is_loopback_http(self.base_url) != is_loopback_http(self.management.base_url):
                raise ValueError("management.base_url and base_url must both be https, or both on loopback.")
        return self

    @property
    def management_url(self) -> str:
        """The address every path of the Management API is relative to."""
        if self.management is not None and self.management.base_url is not None:
            return self.management.base_url
        return self.base_url if is_loopback_http(self.base_url) else f"https://{self.deployment}"

    @property
    def account(self) -> str:
        """The tenant and its environment: with other credentials it is the same account."""
        return f"{self.management_url} {'sandbox' if self.sandbox_customers else 'live'}"
