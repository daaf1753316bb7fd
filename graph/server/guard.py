"""
What every request must get through before anything looks at it, and what every response carries.

One ASGI layer around the whole app: it names the operation, bounds the headers, checks `Host` against rebinding and
`Origin` against foreign pages, and turns whatever still escapes into a masked error.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.errors import RefusedError, build_masked, log_masked, refuse_request
from graph.server.auth import is_loopback
from graph.server.limits import RequestLimits
from graph.server.responses import build_refusal

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

_SANE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", re.ASCII)
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PORT: Final = re.compile(r":[0-9]*\Z")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Doors:
    """
    Which names the server answers to, and pages of which other origins may send operations.

    `hosts` are names without ports; `origins` whole origins, as `https://shop.example`. `local_only` answers callers on
    this machine alone, whatever server the app was put into: it holds until there is authentication.
    """

    hosts: frozenset[str] = LOOPBACK_HOSTS
    origins: frozenset[str] = field(default_factory=frozenset)
    local_only: bool = True


class Guard:
    """
    The outermost layer of the app.

    What it lets in finds its operation id and its headers, by their names, in the scope's state.
    """

    def __init__(
        self, app: ASGIApp, *, doors: Doors, limits: RequestLimits, direct: Mapping[str, ASGIApp] | None = None
    ) -> None:
        """
        Take what lies inside, and what it is kept from; `direct` are endpoints by their paths.

        They are given their requests at once: the framework's layers inside do nothing for them and cost as much as
        reading a request.
        """
        self._app = app
        self._direct = direct or {}
        self._doors = doors
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = read_headers(scope)
        operation_id = choose_operation_id(headers.get("x-request-id"))
        scope.setdefault("state", {}).update(operation_id=operation_id, headers=headers)
        outgoing = _Outgoing(send, operation_id)
        try:
            self._check(scope, headers)
            await self._direct.get(scope["path"], self._app)(scope, receive, outgoing)
        except ClientDisconnect:
            return
        except RefusedError as refusal:
            await build_refusal(refusal, operation_id)(scope, receive, outgoing)
        except Exception as error:  # noqa: BLE001 - nothing of it may reach the caller
            log_masked(error, operation_id, scope["path"])
            if not outgoing.started:
                masked = RefusedError([build_masked(operation_id)], status=500)
                await build_refusal(masked, operation_id)(scope, receive, outgoing)

    def _check(self, scope: Scope, headers: Mapping[str, str]) -> None:
        if sum([len(name) + len(value) for name, value in scope["headers"]]) > self._limits.header_bytes:
            raise refuse_request(
                431,
                f"The request's headers have more than {self._limits.header_bytes:,} bytes.",
                reason="HEADERS_TOO_LARGE",
                headers={"Connection": "close"},
            )
        caller = scope.get("client")
        if self._doors.local_only and caller is not None and not is_loopback(caller[0]):
            raise refuse_request(
                403,
                "Only callers on the server's own machine are answered: there is no authentication yet.",
                reason="CALLER_NOT_LOCAL",
            )
        hosts = [name for name, _ in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or _hostname(headers["host"]) not in self._doors.hosts:
            raise refuse_request(
                421,
                "This server does not answer to that Host.",
                reason="HOST_UNKNOWN",
                hint="Use the server's own address, or let the operator allow the name.",
            )
        if scope["method"] not in _SAFE_METHODS:
            self._check_origin(headers.get("origin"), headers["host"])

    def _check_origin(self, origin: str | None, host: str) -> None:
        if origin is None or origin in self._doors.origins or _authority(origin) == host.lower():
            return
        raise refuse_request(
            403,
            "Pages of another origin may not send operations here.",
            reason="ORIGIN_FOREIGN",
            hint="Let the operator allow the page's origin.",
        )


class _Outgoing:
    """Sends a response with the headers every response carries."""

    def __init__(self, send: Send, operation_id: str) -> None:
        self.started = False
        self._send = send
        self._headers = (b"x-request-id", operation_id.encode()), (b"x-content-type-options", b"nosniff")

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = [*message["headers"], *self._headers]
        await self._send(message)


def read_headers(scope: Scope) -> dict[str, str]:
    """Return a request's headers by their names, in small letters; of those that come twice, the first."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(list(scope["headers"]))}


def choose_operation_id(offered: str | None) -> str:
    """Return the caller's own id when it is short and plain, else a new one."""
    return offered if offered and _SANE_ID.fullmatch(offered) else secrets.token_hex(16)


def _hostname(host: str) -> str:
    return _PORT.sub("", host.lower())


def _authority(origin: str) -> str | None:
    """Return an origin's host and port as its page writes them into `Host`: without the scheme's own port."""
    try:
        parts = urlsplit(origin)
        port, name = parts.port, parts.netloc.lower()
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS:
        return None
    return name.removesuffix(f":{port}") if port == _DEFAULT_PORTS[parts.scheme] else name
