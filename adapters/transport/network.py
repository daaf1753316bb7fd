"""
The real network: one aiohttp session a source, which sends exactly the bytes it is given to addresses it may reach.

Against DNS answers that change between check and use, every address is looked at when its socket is made.
"""

import socket
import ssl
from collections.abc import Callable
from typing import Any

import httpx
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from httpx_aiohttp.transport import AiohttpTransport
from yarl import URL

from adapters.transport.addresses import may_connect, to_address
from adapters.transport.faults import AddressRefusedError
from adapters.transport.urls import is_loopback_http
from adapters.transport.wire import WireRequest, WireResponse

AddrInfo = tuple[Any, Any, int, str, tuple[Any, ...]]
MakeSocket = Callable[[AddrInfo], socket.socket]


class VendorTransport(AiohttpTransport):
    """
    httpx-aiohttp's transport, held to what a vendor call may do.

    The URL goes out byte for byte (yarl would decode `%40`); no cookies, no proxy from the environment, no redirects,
    no unpacking, and no second send behind our back. aiohttp's own exceptions come through, since httpx-aiohttp reports
    a dropped connection as a time-out.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return the reply with its body unread."""
        if not isinstance(self.client, ClientSession):
            self.client = self.get_client()
        if isinstance(request, WireRequest):
            target, pairs, body = request.target, request.pairs, request.body
        else:
            target, pairs, body = str(request.url), request.headers.multi_items(), request.content
        response = await self.client.request(
            request.method, URL(target, encoded=True), headers=pairs, data=body or None, allow_redirects=False
        )
        return WireResponse(response, request)


def build_transport(
    base_url: str,
    *,
    allow_private: bool = False,
    connections: int = 16,
    ssl_context: ssl.SSLContext | None = None,
) -> VendorTransport:
    """Build the transport of a checked base URL; its session is opened with the first request, inside the loop."""
    context = ssl_context or httpx.create_ssl_context(trust_env=False)
    make_socket = build_socket_maker(loopback=is_loopback_http(base_url), allow_private=allow_private)

    def open_session() -> ClientSession:
        connector = TCPConnector(limit=connections, ssl=context, socket_factory=make_socket)
        session = ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
        )
        # aiohttp sends idempotent requests a second time when a kept connection breaks; our retries are counted.
        session._retry_connection = False  # noqa: SLF001 - no public switch; pinned by test_network
        return session

    return VendorTransport(verify=context, trust_env=False, client=open_session)


def build_socket_maker(*, loopback: bool, allow_private: bool) -> MakeSocket:
    """Build the function that makes a socket for an address, or refuses it."""

    def make_socket(info: AddrInfo) -> socket.socket:
        family, kind, protocol, _, target = info
        address = to_address(str(target[0]))
        if address is None or not may_connect(address, loopback=loopback, allow_private=allow_private):
            raise AddressRefusedError("address refused")
        return socket.socket(family=family, type=kind, proto=protocol)

    return make_socket
