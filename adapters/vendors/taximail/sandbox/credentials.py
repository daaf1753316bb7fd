"""
Who may call: a log-in opens a session that calls carry, or calls bring the keys themselves.

Source: vendors/facts.md, 3.1. A session travels as a bearer's token, which the document prints in double quotes and
clients send without, or as the parameter `session_id`. Some calls take Basic authentication with the keys.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.sandbox import ReceivedRequest, VirtualClock

from .envelope import Refusal
from .options import SandboxOptions
from .parameters import Parameters, read_text

SESSION = "session_id"
SECRETS = frozenset({SESSION, "api_key", "secret_key", "username", "password"})
"""Parameters whose values are left out of the log of calls."""

UNAUTHORIZED = "Unauthorized or the session_id was expired."


@dataclass(slots=True)
class _Session:
    ends_at: datetime
    calls_left: int | None


@dataclass(slots=True)
class Credentials:
    """
    The keys and users (name to password) that may log in, and the sessions they have opened.

    `log_ins` counts the sessions opened.
    """

    keys: Mapping[str, str]
    users: Mapping[str, str]
    clock: VirtualClock
    options: SandboxOptions
    log_ins: int = 0
    _open: dict[str, _Session] = field(default_factory=dict)

    def log_in(self, parameters: Parameters) -> str:
        """Open a session for a pair of keys or a user; 401 for a wrong or missing one."""
        pairs = ((self.keys, "api_key", "secret_key"), (self.users, "username", "password"))
        if not any(_knows(known, read_text(parameters, one), read_text(parameters, two)) for known, one, two in pairs):
            raise Refusal(401, UNAUTHORIZED)
        self.log_ins += 1
        session = hashlib.md5(f"session {self.log_ins}".encode(), usedforsecurity=False).hexdigest()
        ends_at = self.clock.now_at + timedelta(seconds=self.options.session_s)
        self._open[session] = _Session(ends_at, self.options.session_calls)
        return session

    def end_sessions(self) -> None:
        """End every session, as time or the vendor would."""
        self._open.clear()

    def check(self, request: ReceivedRequest, parameters: Parameters, *, messages: bool) -> None:
        """Let a request pass, one for `messages` with its keys too; 401 for anything else."""
        scheme, _, value = request.headers.get("authorization", "").strip().strip('"').partition(" ")
        if scheme.lower() == "basic":
            passes = (messages or self.options.basic_everywhere) and self._knows_basic(value)
        else:
            bearer = value.strip() if scheme.lower() == "bearer" else ""
            passes = self._spend(bearer or read_text(parameters, SESSION))
        if not passes:
            raise Refusal(401, UNAUTHORIZED)

    def _knows_basic(self, value: str) -> bool:
        try:
            name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            return False
        return _knows(self.keys, name, secret)

    def _spend(self, token: str) -> bool:
        """Say whether a session is open, and count the call."""
        session = self._open.get(token)
        if session is None or self.clock.now_at >= session.ends_at or session.calls_left == 0:
            self._open.pop(token, None)
            return False
        if session.calls_left is not None:
            session.calls_left -= 1
        return True


def _knows(known: Mapping[str, str], name: str, secret: str) -> bool:
    return name in known and hmac.compare_digest(known[name].encode(), secret.encode())
