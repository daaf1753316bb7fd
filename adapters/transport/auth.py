"""
How a source's secret joins its requests: the only place where a secret leaves its `SecretStr`.

The client asks for these parts just before the bytes leave, after everything loggable has been built.
"""

import base64
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

Pairs = tuple[tuple[str, str], ...]

_LAST_CONTROL = 0x1F
_DELETE = 0x7F


class Authorizer(Protocol):
    """Adds a source's credentials to a request; `hidden` names the query parameters that hold them."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the names of the query parameters whose values are secret."""
        ...

    def query(self) -> Pairs:
        """Return the secret query parameters, unquoted."""
        ...

    def headers(self) -> Pairs:
        """Return the secret headers."""
        ...


@dataclass(frozen=True, slots=True)
class QueryAuth:
    """A secret in one query parameter, as Taguchi V4's `auth` (Source: taguchi-v4-api.txt, Authentication)."""

    parameter: str
    secret: SecretStr

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the one secret parameter."""
        return (self.parameter,)

    def query(self) -> Pairs:
        """Return the parameter with its secret."""
        return ((self.parameter, self.secret.get_secret_value()),)

    def headers(self) -> Pairs:
        """Return nothing: the secret is in the query."""
        return ()


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A token in the `Authorization` header."""

    token: SecretStr

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the secret is in a header."""
        return ()

    def headers(self) -> Pairs:
        """Return the header with the token."""
        return (("Authorization", f"Bearer {_header_text(self.token)}"),)


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """A user name and a password in the `Authorization` header (RFC 7617)."""

    username: str
    password: SecretStr

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the secret is in a header."""
        return ()

    def headers(self) -> Pairs:
        """Return the header with both, as RFC 7617 joins them."""
        pair = f"{self.username}:{self.password.get_secret_value()}".encode()
        return (("Authorization", f"Basic {base64.b64encode(pair).decode()}"),)


def _header_text(secret: SecretStr) -> str:
    """Return the secret when it can stand in a header; a control character would start another header."""
    text = secret.get_secret_value()
    if not text.isascii() or any(ord(letter) <= _LAST_CONTROL or ord(letter) == _DELETE for letter in text):
        raise ValueError("A secret that goes into a header must be plain ASCII without control characters.")
    return text
