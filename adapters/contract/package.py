"""
What a vendor is, as a value, and a source that is open for use.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from adapters.calls import CallScope
from adapters.contract.reading import ReadsRecords
from adapters.contract.telling import TellingReader, Webhook
from adapters.contract.writing import WriteCapability
from adapters.evidence import NOTHING_FOUND, Finding, Findings
from adapters.filters.capability import Capability
from adapters.records import Entity

SECRET_PATH: Final = re.compile(r"[A-Za-z0-9_-]{32,200}", re.ASCII)
"""A secret that is one part of a path and too long to be guessed."""

MOST_SECRETS: Final = 2
"""So many secrets of one webhook are good at once: the one in use, and the one that replaces it."""


@dataclass(frozen=True, slots=True)
class Extension:
    """
    What only this vendor says of a record.

    `word` is the GraphQL field (`taguchi`); `type` a frozen dataclass whose fields carry
    `metadata={"description": …}` and, where they apply, `"id": True`, `"pii": True`, `"filter": False`. A field's type
    is a scalar, another such dataclass, or a tuple of either. A field marked `"part": True` is not on the record: its
    value comes from `ReadsParts` when it is selected, and its default is None.
    """

    word: str
    type: type
    description: str


class WebhookSettings(BaseModel, frozen=True, extra="forbid"):
    """The part of the address that only the vendor knows: `/webhooks/{source}/{secret}`; two while one is replaced."""

    secret: tuple[SecretStr, ...]

    @field_validator("secret", mode="before")
    @classmethod
    def _list_secrets(cls, value: Any) -> Any:
        return value if isinstance(value, list | tuple) else (value,)

    @field_validator("secret")
    @classmethod
    def _check_secrets(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        texts = [each.get_secret_value() for each in value]
        if not 1 <= len(texts) <= MOST_SECRETS:
            raise ValueError("secret names no secret, or too many; name one, or two while one replaces the other.")
        if len(set(texts)) < len(texts):
            raise ValueError("secret names the same secret twice; name another one, or one alone.")
        if not all(map(SECRET_PATH.fullmatch, texts)):
            raise ValueError("secret is guessable, or has no place in an address; use 32 letters and digits or more.")
        return value


class SourceSettings(BaseModel, frozen=True, extra="forbid"):
    """What every source's table in `sources.toml` may say, whatever its vendor."""

    vendor: str = Field(description="The vendor's word.")
    attempt_s: float = Field(default=8.0, gt=0, description="Seconds one attempt of a call may take.")
    concurrency: int = Field(default=16, gt=0, le=256, description="Calls to the source at the same time.")
    max_body_bytes: int = Field(
        default=5_000_000, ge=10_000, le=100_000_000, description="The longest answer that is read, unpacked."
    )
    allow_private: bool = Field(default=False, description="Whether the source's host may have a private address.")
    region: str | None = Field(
        default=None,
        pattern="^[A-Z]{2}$",
        description="The country, as ISO 3166 has it (`AU`), that telephone numbers without a country code belong to.",
    )
    webhook: WebhookSettings | None = Field(
        default=None,
        description='Where the vendor may tell of changes by itself: `{ secret = { env = "…" } }`, 32 letters and '
        "digits or more. While one secret replaces another both are good: "
        '`{ secret = [{ env = "…" }, { env = "…" }] }`.',
    )

    @property
    def account(self) -> str:
        """What tells this account from every other one, without a secret: findings are kept for it alone."""
        return self.model_dump_json(exclude={"webhook"})  # secrets are printed as asterisks


@runtime_checkable
class ChecksSource(Protocol):
    """An adapter that can find out what its vendor's document leaves open."""

    async def fetch_findings(self, scope: CallScope) -> tuple[Finding, ...]:
        """Ask the source by a bounded number of reads; raises a `VendorError` when it cannot be asked."""
        ...


class BuildsCapability(Protocol):
    """Build the capability table of one configured source."""

    def __call__(self, settings: Any, findings: Findings = NOTHING_FOUND) -> Capability:
        """Narrow the vendor's table by the settings, and sharpen it by what a check has found."""
        ...


class OpensSource(Protocol):
    """Build an adapter for one configured source."""

    def __call__(
        self, source: str, settings: Any, transport: httpx.AsyncBaseTransport, findings: Findings = NOTHING_FOUND
    ) -> ReadsRecords:
        """Return the adapter of `source`, speaking through `transport`; nothing is sent yet."""
        ...


@dataclass(frozen=True, slots=True)
class VendorPackage:
    """
    One vendor, as a value.

    `build_capability` narrows the vendor's table by a source's settings (its page size, its switches) and by what a
    check has found. `open` builds the adapter; one that fills `ChecksSource` too can be checked, and only then is
    either given findings. `sandbox` builds the vendor's emulator as an ASGI app together with the settings that reach
    it. `build_writes` tells, by mutation, what a source with these settings can write; `refused_writes` says of
    mutations the vendor can never do why not. `telling` reads what the vendor tells by itself, where it does.
    `many_records` says that it keeps several records of one person, as one for each list.
    """

    name: str
    title: str
    settings: type[SourceSettings]
    build_capability: BuildsCapability
    open: OpensSource
    sandbox: Callable[[], "SandboxParts"]
    extensions: Mapping[Entity, Extension] = field(default_factory=dict)
    build_writes: Callable[[Any], Mapping[str, WriteCapability]] = lambda _settings: {}
    refused_writes: Mapping[str, str] = field(default_factory=dict)
    telling: TellingReader | None = None
    many_records: bool = False


ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SandboxParts:
    """An emulator and the `sources.toml` table that reaches it, less its base URL's origin."""

    app: ASGIApp
    table: Mapping[str, Any]
    close: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """
    One configured account at a vendor, open for use: what it can do and the adapter that does it.

    `account` is the fingerprint that findings about it are kept with; `region` the country of its telephone numbers.
    `writes` is what it can write, by mutation; `webhook` where its vendor may tell of changes, None for nowhere.
    """

    name: str
    package: VendorPackage
    capability: Capability
    adapter: ReadsRecords
    account: str = ""
    region: str | None = None
    writes: Mapping[str, WriteCapability] = field(default_factory=dict)
    webhook: Webhook | None = field(default=None, repr=False)

    @property
    def vendor(self) -> str:
        """The vendor's word, as `taguchi_v4`."""
        return self.package.name
