"""One suite over every vendor found: each test opens the vendor it is for by its `vendor` parameter."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.accounts import Account, open_account


@pytest.fixture
async def account(vendor: str) -> AsyncIterator[Account]:
    """An account at the vendor of the test."""
    async with open_account(vendor) as opened:
        yield opened
