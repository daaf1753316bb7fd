"""Who asks: the sources a caller may see and the scopes it holds."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What a caller may do."""

    READ = "read"
    PII = "pii"
    WRITE = "write"
    SEND = "send"
    CONSENT = "consent"
    EXPLAIN = "explain"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """
    The caller of one request.

    `sources` is None for all. Two principals whose sources or scopes differ are two tenants and share no cached value.
    """

    name: str
    scopes: frozenset[Scope]
    sources: frozenset[str] | None = None

    def holds(self, scope: Scope) -> bool:
        """Say whether the caller holds a scope."""
        return scope in self.scopes

    def sees(self, source: str) -> bool:
        """Say whether the caller may use a source."""
        return self.sources is None or source in self.sources

    @property
    def tenant(self) -> str:
        """The key under which caches and single-flights may be shared: sources and scopes, not the name."""
        sources = "*" if self.sources is None else ",".join(sorted(self.sources))
        return f"{sources}|{','.join(sorted(self.scopes))}"


LOCAL: Final = Principal("local", frozenset(Scope))
"""The principal of a server without authentication, which listens on loopback only: every scope, every source."""
