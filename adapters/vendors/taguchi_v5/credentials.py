"""
The ways an endpoint is called with, and the tables of `sources.toml` that say which.

Source: vendors/facts.md, 2.1: none, a static token, a JWT signed with a shared key (HS256) or with a private key whose
public half was uploaded (RS256); each goes as `Authorization: Bearer …`. Which claims Taguchi wants in a JWT is not
public: `iat` and `exp` are sent, and whatever the table adds.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, SecretStr

from adapters.transport.auth import Authorizer, BearerAuth, Pairs

_OWN_CLAIMS: Final = frozenset({"iat", "exp"})


class TokenAuth(BaseModel, frozen=True, extra="forbid"):
    """A static token, from Settings > Credentials."""

    token: SecretStr

    def build(self) -> Authorizer:
        """Send the token as it stands."""
        return BearerAuth(self.token)


class _Signing(BaseModel, frozen=True, extra="forbid"):
    """What every JWT says: further `claims`, and how many seconds one may be used."""

    claims: dict[str, Any] = Field(default_factory=dict)
    lifetime_s: int = Field(default=300, ge=10, le=86_400)


class SharedKeyAuth(_Signing, frozen=True, extra="forbid"):
    """A key that Taguchi has too; it signs by HS256."""

    jwt_secret: SecretStr

    def build(self) -> Authorizer:
        """Sign a token whenever the last one has aged."""
        return JwtAuth(self.jwt_secret, "HS256", self.claims, self.lifetime_s)


class PrivateKeyAuth(_Signing, frozen=True, extra="forbid"):
    """A private key in PEM form whose public half Taguchi has; it signs by RS256. `key_id` becomes the header `kid`."""

    private_key: SecretStr
    key_id: str | None = Field(default=None, min_length=1)

    def build(self) -> Authorizer:
        """Sign a token whenever the last one has aged."""
        return JwtAuth(self.private_key, "RS256", self.claims, self.lifetime_s, self.key_id)


class NoAuth(BaseModel, frozen=True, extra="forbid"):
    """An unauthenticated endpoint; said outright, so that no credential is ever left out by mistake."""

    none: Literal[True]

    def build(self) -> Authorizer:
        """Add nothing to a request."""
        return Unauthenticated()


Auth = TokenAuth | SharedKeyAuth | PrivateKeyAuth | NoAuth


@dataclass(frozen=True, slots=True)
class Unauthenticated:
    """Calls without a credential."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: there is no secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing."""
        return ()

    def headers(self) -> Pairs:
        """Return nothing."""
        return ()

    def secrets(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()


@dataclass(slots=True)
class JwtAuth:
    """
    A JSON Web Token in the `Authorization` header, signed anew when half of its life is over.

    Raises:
        ValueError: the key cannot sign; says so without the key.
    """

    key: SecretStr
    algorithm: str
    claims: Mapping[str, Any]
    lifetime_s: int
    key_id: str | None = None
    now_s: Callable[[], float] = time.time
    _token: str = field(init=False, default="", repr=False)
    _renewed_at_s: float = field(init=False, default=0.0)
    _sign: Callable[[dict[str, Any]], str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sign once, so that a wrong key stops the start and not the first call."""
        if clash := sorted(_OWN_CLAIMS & self.claims.keys()):
            raise ValueError(f"auth: the claims {', '.join(clash)} are set with each token; leave them out.")
        self._sign = _build_signer(self.key, self.algorithm, self.key_id)
        try:
            self._renew(self.now_s())
        except TypeError:
            raise ValueError(
                "auth: claims must be texts, numbers, true or false, or lists and tables of these."
            ) from None

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the secret is in a header."""
        return ()

    def headers(self) -> Pairs:
        """Return the header with a token that is young enough."""
        now = self.now_s()
        if not self._renewed_at_s <= now < self._renewed_at_s + self.lifetime_s / 2:
            self._renew(now)
        return (("Authorization", f"Bearer {self._token}"),)

    def secrets(self) -> tuple[str, ...]:
        """Return the key and the token of the moment."""
        return (self.key.get_secret_value(), self._token)

    def _renew(self, now: float) -> None:
        self._renewed_at_s = now
        self._token = self._sign({**self.claims, "iat": int(now), "exp": int(now) + self.lifetime_s})


def _build_signer(key: SecretStr, algorithm: str, key_id: str | None) -> Callable[[dict[str, Any]], str]:
    import jwt  # noqa: PLC0415 - loads a cryptographic library that most sources do not need

    headers = None if key_id is None else {"kid": key_id}
    try:
        prepared = jwt.get_algorithm_by_name(algorithm).prepare_key(key.get_secret_value())
        sign = partial(jwt.encode, key=prepared, algorithm=algorithm, headers=headers)
        sign({})
    except (ValueError, TypeError, AttributeError, jwt.PyJWTError):  # a public key is taken, and has no `sign`
        kind = "private key in PEM form" if algorithm == "RS256" else "key"
        raise ValueError(f"auth: this is no {kind} that can sign by {algorithm}.") from None
    return sign
