"""
How a source's secret joins its requests: the only place where a secret leaves its `SecretStr`.

The client asks for these parts just before the bytes leave, after everything loggable has been built.
"""

import base64
import json
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

Pairs = tuple[tuple[str, str], ...]


class Authorizer(Protocol):
    """Adds a source's credentials to a request."""

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

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must not come back out of a vendor's error message."""
        ...


@dataclass(frozen=True, slots=True)
class QueryAuth:
    """
    A secret in one query parameter, as Taguchi V4's `auth` (Source: taguchi-v4-api.txt, Authentication).

    `parts` are the pieces of it that are secret by themselves.
    """

    parameter: str
    secret: SecretStr
    parts: tuple[SecretStr, ...] = ()

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

    def secrets(self) -> tuple[str, ...]:
        """Return the parameter's value and its secret parts."""
        return tuple(each.get_secret_value() for each in (self.secret, *self.parts))


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A token in the `Authorization` header."""

    token: SecretStr

    def __post_init__(self) -> None:
        """
        Refuse a token that cannot stand in a header; a control character would start another header.

        Raises:
            ValueError: says so, without the token.
        """
        text = self.token.get_secret_value()
        if not (text.isascii() and text.isprintable()):
            raise ValueError("A token must be plain ASCII without line breaks.")

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the secret is in a header."""
        return ()

    def headers(self) -> Pairs:
        """Return the header with the token."""
        return (("Authorization", f"Bearer {self.token.get_secret_value()}"),)

    def secrets(self) -> tuple[str, ...]:
        """Return the token."""
        return (self.token.get_secret_value(),)


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """A user name and a password in the `Authorization` header (RFC 7617); the name may be half of the secret."""

    username: str | SecretStr
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
        return (("Authorization", f"Basic {self._encode()}"),)

    def secrets(self) -> tuple[str, ...]:
        """Return the password, alone and as it travels, and a name that is secret."""
        name = (self.username.get_secret_value(),) if isinstance(self.username, SecretStr) else ()
        return (self.password.get_secret_value(), self._encode(), *name)

    def _encode(self) -> str:
        """Join and encode both, as RFC 7617 says."""
        name = self.username.get_secret_value() if isinstance(self.username, SecretStr) else self.username
        return base64.b64encode(f"{name}:{self.password.get_secret_value()}".encode()).decode()


@dataclass(frozen=True, slots=True)
class LogInAuth:
    """The secrets of a log-in, which travel as a JSON object in its body."""

    fields: tuple[tuple[str, SecretStr], ...]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the secrets are in the body."""
        return ()

    def headers(self) -> Pairs:
        """Return what the body is."""
        return (("Content-Type", "application/json"),)

    def secrets(self) -> tuple[str, ...]:
        """Return every field's value."""
        return tuple(value.get_secret_value() for _, value in self.fields)

    def build_body(self) -> bytes:
        """Build the body of the log-in."""
        return json.dumps({name: value.get_secret_value() for name, value in self.fields}).encode()
