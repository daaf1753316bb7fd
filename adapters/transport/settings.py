"""The keys every HTTP source's table in `sources.toml` may hold; a vendor's settings inherit them."""

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from adapters.transport.limits import ClientLimits
from adapters.transport.urls import check_base_url

_DEFAULTS = ClientLimits()


class ConnectionSettings(BaseModel, frozen=True, extra="forbid"):
    """Where a source lives and what its client may spend; `allow_private` stands first because `base_url` needs it."""

    allow_private: bool = Field(
        default=False, description="Allow an address in a private network. Link-local ones stay refused."
    )
    base_url: str = Field(description="Origin of the API: https, or http on loopback; no user, query or fragment.")
    attempt_s: float = Field(
        default=_DEFAULTS.attempt_s, gt=0, le=60, description="Seconds one attempt may take, body included."
    )
    concurrency: int = Field(default=_DEFAULTS.concurrency, ge=1, le=256, description="Calls under way at one time.")
    max_body_bytes: int = Field(
        default=_DEFAULTS.max_body_bytes, ge=1_000, le=100_000_000, description="Longest reply, unpacked, in bytes."
    )

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, url: str, info: ValidationInfo) -> str:
        return check_base_url(url, allow_private=info.data.get("allow_private", False))

    def build_limits(self) -> ClientLimits:
        """Build the limits of this source's client."""
        return ClientLimits(attempt_s=self.attempt_s, concurrency=self.concurrency, max_body_bytes=self.max_body_bytes)
