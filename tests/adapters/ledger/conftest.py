"""Ledgers to test with: each test once on a SQLite file and once on PostgreSQL, where it asks for `url`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.ledger import NewEntry
from adapters.ledger.store import Store, open_ledger

Open = Callable[..., Awaitable[Store]]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
async def open_store(url: str) -> AsyncIterator[Open]:
    """Open the test's ledger, as often as asked: each is another process's as far as leases go."""
    stores: list[Store] = []

    async def open_one(**options: Any) -> Store:
        stores.append(await open_ledger(url, **options))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.aclose()


@pytest.fixture
async def store(open_store: Open) -> Store:
    return await open_store()


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def go(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def build_new(key: str = "k", **changes: Any) -> NewEntry:
    """Build a write that is about to begin."""
    given: dict[str, Any] = {
        "tenant": "*|all",
        "principal": "ann",
        "mutation": "updateSubscriber",
        "source": "retail",
        "key": key,
        "input_hash": "a" * 64,
        "command": {"kind": "updateSubscriber", "source": "retail", "values": {"email": "a@b.c"}},
    }
    return NewEntry(**{**given, **changes})
