"""
Who may call: the bearer header.

Source: vendors/facts.md, 2.1: a static token, a JSON Web Token, or nothing; 2.2: a wrong one is answered 401.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from .statuses import Refusal

BEARER = "Bearer "
JWT_PARTS = 3


@dataclass(frozen=True)
class Credentials:
    """What the endpoint accepts; `secret` is the token, or the key that JWTs are signed with (HS256)."""

    kind: Literal["token", "jwt", "none"]
    secret: str
    now_s: Callable[[], float] = time.time

    def check(self, headers: Mapping[str, str]) -> None:
        """
        Let the request pass.

        Raises:
            Refusal: 401 for a missing or wrong credential.
        """
        if self.kind == "none":
            return
        given = headers.get("authorization", "")
        accepts = self._accepts_token if self.kind == "token" else self._accepts_jwt
        if not given.startswith(BEARER) or not accepts(given.removeprefix(BEARER)):
            raise Refusal(401, "Authentication failed")

    def _accepts_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.secret.encode())

    def _accepts_jwt(self, given: str) -> bool:
        """Check signature, algorithm and `exp`; which claims the vendor wants is unknown."""
        parts = given.split(".")
        if len(parts) != JWT_PARTS:
            return False
        header, claims = _decode_json(parts[0]), _decode_json(parts[1])
        if header is None or claims is None or header.get("alg") != "HS256":
            return False
        expected = hmac.new(self.secret.encode(), f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest()
        return hmac.compare_digest(expected, _decode(parts[2]) or b"") and self._is_fresh(claims.get("exp"))

    def _is_fresh(self, expires_s: Any) -> bool:
        return expires_s is None or (isinstance(expires_s, int | float) and expires_s > self.now_s())


def _decode(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None


def _decode_json(text: str) -> dict[str, Any] | None:
    try:
        found = orjson.loads(_decode(text) or b"")
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
