"""A sandbox, and clients of its three APIs inside this process."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.vendors.talon_one.sandbox import Sandbox, create_sandbox
from tests.adapters.vendors.talon_one.world import (
    GATEWAY_HEADERS,
    INTEGRATION_HEADERS,
    MANAGEMENT_HEADERS,
    World,
    build_world,
)


@pytest.fixture
def world() -> World:
    """A source over the made-up account."""
    return build_world()


@pytest.fixture
def sandbox() -> Sandbox:
    """An account of its own."""
    return create_sandbox()


@pytest.fixture
async def gateway(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the CDP API."""
    async with _open(sandbox, GATEWAY_HEADERS) as client:
        yield client


@pytest.fixture
async def integration(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the Integration API."""
    async with _open(sandbox, INTEGRATION_HEADERS) as client:
        yield client


@pytest.fixture
async def management(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the Management API."""
    async with _open(sandbox, MANAGEMENT_HEADERS) as client:
        yield client


def _open(sandbox: Sandbox, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(sandbox.app), base_url="http://talon", headers=headers, trust_env=False
    )
