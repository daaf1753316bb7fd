"""
What passes the transport's seam: httpx's request and response, taken apart only where somebody looks inside.

Every vendor call makes one of each. To parse its address and its headers, which are exact already, took as long as
sending it; the network's own transport needs neither, and what stands in its place in a test sees both as usual.
"""

from collections.abc import Sequence
from typing import Any, Final

import httpx
from aiohttp import ClientResponse

from adapters.transport.auth import Authorizer
from adapters.transport.requests import VendorRequest
from adapters.transport.urls import quote_query

Pairs = Sequence[tuple[str, str]]

_HEADERS: Final = (("User-Agent", "marketing-graph"), ("Accept-Encoding", "gzip, deflate"))
"""What every request says; `body.py` unpacks what it accepts."""


def build_wire(base_url: str, request: VendorRequest, authorize: Authorizer) -> "WireRequest":
    """Build what goes out: here, and only here, the secret joins the request. `base_url` ends in a slash."""
    query = quote_query(request.params + authorize.query())
    target = base_url + request.path + ("?" + query if query else "")
    return WireRequest(request.method, target, (*_HEADERS, *request.headers, *authorize.headers()), request.body)


class WireRequest(httpx.Request):
    """A request whose address, headers and body go out as they are; httpx's view of them is made when it is used."""

    def __init__(self, method: str, target: str, pairs: Pairs, body: bytes | None) -> None:
        """Take the whole address, the headers and the body."""
        self.method = method
        self.target = target
        self.pairs = pairs
        self.body = body

    def __getattr__(self, name: str) -> Any:
        """Take the request apart as httpx does."""
        if name.startswith("__") or "extensions" in self.__dict__:
            raise AttributeError(name)
        self.__dict__.update(
            httpx.Request(self.method, self.target, headers=list(self.pairs), content=self.body).__dict__
        )
        return getattr(self, name)


class WireResponse(httpx.Response):
    """A response of aiohttp's with its body unread; httpx's view of it is made when it is used."""

    def __init__(self, response: ClientResponse, request: httpx.Request) -> None:
        """Take aiohttp's response, which is closed with this one."""
        self.status_code = response.status
        self.raw = response
        self.stream = _Body(response)
        self._request = request

    def __getattr__(self, name: str) -> Any:
        """Take the response apart as httpx does."""
        if name.startswith("__") or "extensions" in self.__dict__:
            raise AttributeError(name)
        whole = httpx.Response(
            self.status_code, headers=self.raw.raw_headers, stream=self.stream, request=self._request
        )
        self.__dict__.update(whole.__dict__)
        return getattr(self, name)

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self.stream.aclose()  # type: ignore[union-attr] # always the asynchronous body above


class _Body(httpx.AsyncByteStream):
    """The body as it arrives, packed or not."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    def __aiter__(self) -> Any:
        return aiter(self._response.content.iter_any())

    async def aclose(self) -> None:
        if not self._response.closed:  # a body that was read to its end has let go by itself
            await self._response.__aexit__(None, None, None)


def find_header(response: httpx.Response, name: str) -> str | None:
    """Return a header's value, None where there is none."""
    value: str | None
    value = response.raw.headers.get(name) if isinstance(response, WireResponse) else response.headers.get(name)
    return value
