"""What passes the transport's seam is httpx's request to whoever takes it for one."""

import httpx
import pytest
from pydantic import SecretStr

from adapters.transport.auth import BearerAuth, QueryAuth
from adapters.transport.requests import VendorRequest
from adapters.transport.wire import WireRequest, build_wire

BASE = "https://vendor.example/api/"


def test_httpx_sees_the_request_that_goes_out() -> None:
    """A test's transport, or another one behind the seam, would see another request than the vendor."""
    asked = VendorRequest("list.read", "list/7", params=(("q", "a b&c"),), method="PUT", body=b"[{}]")

    wire = build_wire(BASE, asked, BearerAuth(SecretStr("tok")))

    assert str(wire.url) == "https://vendor.example/api/list/7?q=a%20b%26c" == wire.target
    assert (wire.method, wire.content) == ("PUT", b"[{}]")
    assert wire.headers["authorization"] == "Bearer tok"
    assert wire.headers["content-length"] == "4"
    assert wire.headers["host"] == "vendor.example"


def test_a_secret_of_the_query_joins_last() -> None:
    """The loggable address would not be what was sent, but for the secret."""
    wire = build_wire(BASE, VendorRequest("list.read", "list/7"), QueryAuth("auth", SecretStr("k|y")))

    assert wire.target == "https://vendor.example/api/list/7?auth=k%7Cy"


def test_a_name_that_is_none_stays_an_error() -> None:
    """Looking for one would go round in circles."""
    wire = WireRequest("GET", BASE, (), None)

    with pytest.raises(AttributeError):
        _ = wire.nothing
    assert isinstance(wire, httpx.Request)
    assert repr(wire) == f"<WireRequest('GET', '{BASE}')>"


async def test_a_transport_of_httpx_answers_it() -> None:
    """Only our own transport could be used."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text=str(request.url)))

    answer = await transport.handle_async_request(WireRequest("GET", BASE, (("X-A", "b"),), None))

    assert (answer.status_code, await answer.aread()) == (200, BASE.encode())
