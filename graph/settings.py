"""
The server's settings: environment variables `MARKETING_GRAPH_*`, read once by the composition root and then frozen.

Every setting is described here and nowhere else; the README's table is made from these descriptions.
"""

import difflib
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from adapters.errors import SettingsError

log = logging.getLogger(__name__)

PREFIX: Final = "MARKETING_GRAPH_"
LIMIT: Final = "limit_"
VALUES_A_ROW: Final = 500
"""Values of a response that each row of the largest page may have, where nobody says otherwise."""
Names = Annotated[frozenset[str], NoDecode]


class Settings(BaseSettings):
    """What the operator may set. Bytes, seconds and counts say so in their names or descriptions."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    sources: Path | None = Field(
        default=None, description="Path of sources.toml. Unset: the embedded sandbox, on loopback only."
    )
    allowed_hosts: Names = Field(
        default=frozenset({"127.0.0.1", "localhost", "[::1]"}),
        description="Names the server answers to in the Host header, without ports, separated by commas.",
    )
    allowed_origins: Names = Field(
        default=frozenset(),
        description="Origins whose pages may send operations, as https://shop.example, separated by commas.",
    )
    introspection: bool = Field(
        default=True,
        description="Answer introspection queries, and `_service`, which a federation router may fetch the schema by.",
    )
    executor: Literal["compiled", "core"] = Field(
        default="compiled",
        description="What executes operations: `compiled`, or `core` for graphql-core, the reference. "
        "A request with the header `X-Executor: core` is executed by graphql-core whatever stands here.",
    )
    graphiql: bool = Field(default=True, description="Serve GraphiQL at the endpoint's address.")

    cache: bool = Field(
        default=True,
        description="Remember vendors' answers for a while: lists and campaigns for minutes, people for seconds.",
    )
    cache_bytes: int = Field(
        default=32 * 1024**2, ge=0, le=16 * 1024**3, description="Most bytes of vendors' answers that are remembered."
    )

    ledger_url: SecretStr | None = Field(
        default=None,
        description="The ledger of writes: `sqlite:///path/of/a/file.db` or `postgresql://user:password@host/name`. "
        "Unset: the file `marketing-graph-ledger.db` beside sources.toml; in memory with the embedded sandbox.",
    )
    ledger_keep_h: float = Field(
        default=30 * 24, ge=24, le=100 * 365 * 24, description="Hours that finished writes and their keys are kept."
    )
    ledger_lease_s: float = Field(
        default=15.0,
        ge=1,
        le=3600,
        description="Seconds after which another process may say what became of a write whose process has gone.",
    )
    bulk_patience_s: float = Field(
        default=6 * 3600,
        ge=0,
        le=7 * 24 * 3600,
        description="Seconds for which a bulk write waits for a vendor that asks for a pause or cannot be reached, "
        "before it gives up what was not sent.",
    )

    limit_body_bytes: int = Field(default=256 * 1024, ge=1024, le=64 * 1024**2, description="Longest request body.")
    limit_bulk_body_bytes: int = Field(
        default=4 * 1024**2,
        ge=1024,
        le=64 * 1024**2,
        description="Longest request body of a mutation: its variables may hold thousands of items.",
    )
    limit_bulk_items: int = Field(
        default=10_000, ge=100, le=100_000, description="Items of one list in a request: the most of a bulk write."
    )
    limit_header_bytes: int = Field(
        default=32 * 1024, ge=1024, le=1024**2, description="Longest request head, names and values."
    )
    limit_body_s: float = Field(default=5.0, gt=0, le=300, description="Seconds a request body may take to arrive.")
    limit_tokens: int = Field(default=1_000, ge=10, le=1_000_000, description="Tokens of a document.")
    limit_depth: int = Field(default=15, ge=1, le=500, description="Depth of an operation, fragments spread.")
    limit_fields: int = Field(default=300, ge=1, le=100_000, description="Fields of an operation, fragments spread.")
    limit_aliases: int = Field(default=60, ge=0, le=100_000, description="Aliases of an operation, fragments spread.")
    limit_root_fields: int = Field(default=20, ge=1, le=10_000, description="Top-level fields of an operation.")
    limit_operations: int = Field(default=5, ge=1, le=1_000, description="Operations in one document.")
    limit_representations: int = Field(
        default=500, ge=1, le=10_000, description="Representations one _entities field may hold."
    )
    limit_first: int = Field(default=100, ge=1, le=1_000, description="Most rows one page may have.")
    default_first: int = Field(
        default=25,
        ge=1,
        le=1_000,
        validate_default=True,
        description="Rows of a page that names no size; LIMIT_FIRST when that is smaller.",
    )
    limit_scan_calls: int = Field(
        default=10, ge=1, le=1_000, description="Vendor calls one page may spend on rows that are checked here."
    )
    limit_scan_rows: int = Field(
        default=2_000, ge=1, le=1_000_000, description="Rows one page may check here before it is cut."
    )
    limit_vendor_calls: int = Field(default=100, ge=1, le=10_000, description="Vendor calls of one request.")
    limit_values: int = Field(
        default_factory=lambda given: VALUES_A_ROW * max(100, given.get("limit_first", 0)),
        ge=100,
        le=10_000_000,
        description="Estimated values of one response: while many are written, other requests wait. Left out, it grows"
        " with LIMIT_FIRST beyond 100.",
    )
    limit_deadline_s: float = Field(
        default=20.0, gt=0, le=600, description="Seconds within which a request's vendor calls must end."
    )
    limit_reported_errors: int = Field(
        default=5, ge=1, le=100, description="Errors reported for a document that is refused."
    )

    @field_validator("allowed_hosts", "allowed_origins", mode="before")
    @classmethod
    def _split_names(cls, value: Any) -> Any:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @field_validator("default_first")
    @classmethod
    def _fit_into_page(cls, value: int, info: ValidationInfo) -> int:
        most: int = info.data.get("limit_first", value)
        return min(value, most)


def load_settings(**overrides: Any) -> Settings:
    """
    Read the settings from the environment; arguments (the command line's) win.

    Raises:
        SettingsError: names the variable, what is wrong with it and its default; never repeats the value.
    """
    _check_names(os.environ)
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0])
    default = Settings.model_fields[name].default if name in Settings.model_fields else None
    reason = first["msg"].removeprefix("Value error, ")
    raise SettingsError(f"{PREFIX}{name.upper()}: {reason}. Correct it or unset it (default: {_show(default)}).")


def _check_names(names: Iterable[str]) -> None:
    """Refuse a limit that does not exist: with a slip in its name it would not limit. Warn of any other such name."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    limits = [name for name in known if name.startswith(PREFIX + LIMIT.upper())]
    for name in names:
        written = name.upper()  # letter case does not count
        if written in known or not written.startswith(PREFIX):
            continue
        if written.startswith(PREFIX + LIMIT.upper()):
            close = difflib.get_close_matches(written, limits, n=1) or [f"one of {', '.join(limits)}"]
            raise SettingsError(f"{name}: There is no such limit. Use {close[0]}, or unset it.")
        meant = "".join(f" Use {close}." for close in difflib.get_close_matches(written, known, n=1))
        log.warning("%s: There is no such setting, so it counts only where sources.toml names it.%s", name, meant)


def _show(default: Any) -> str:
    """Return a default as it would be written in the environment."""
    if isinstance(default, frozenset):
        return ",".join(sorted(default)) or "none"
    return "none" if default is None else str(default).lower()
