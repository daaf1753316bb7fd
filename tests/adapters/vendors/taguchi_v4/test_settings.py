"""What a source's table may say, and what stops the start."""

from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from adapters.records import Entity
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.sandbox import create_sandbox
from tests.adapters.vendors.taguchi_v4.world import build_settings, scope


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://edm2.taguchimail.com", "https://edm2.taguchimail.com/admin/api/1"),
        ("https://edm2.taguchimail.com/", "https://edm2.taguchimail.com/admin/api/1"),
        ("https://edm2.taguchimail.com/admin/api/1/", "https://edm2.taguchimail.com/admin/api/1"),
        ("https://edm2.taguchimail.com/admin/api/1", "https://edm2.taguchimail.com/admin/api/1"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001/admin/api/1"),
    ],
)
def test_address_is_completed(base_url: str, expected: str) -> None:
    """Operators write the address as they know it; every form must reach the same place."""
    assert expected == build_settings(base_url=base_url).api_url


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://edm2.taguchimail.com"},
        {"base_url": "https://me:secret@edm2.taguchimail.com"},
        {"base_url": "https://edm2.taguchimail.com/admin/api/2/"},
        {"base_url": "https://edm2.taguchimail.com/?auth=secret"},
        {"base_url": "https://10.0.0.1"},
        {"organization_id": 0},
        {"organization_id": "one"},
        {"auth": {}},
        {"auth": {"token": "a", "username": "b"}},
        {"auth": {"username": "me|you", "password": "secret"}},
        {"max_page": 0},
        {"max_pages": 10},
        {"vendor": "taximail"},
    ],
    ids=str,
)
def test_wrong_tables_stop_the_start(changes: dict[str, Any]) -> None:
    """A wrong table that starts anyway fails later, in front of a user."""
    with pytest.raises(ValidationError):
        build_settings(**changes)


def test_secrets_do_not_show() -> None:
    """Settings are printed in logs and crash dumps."""
    secrets = [
        build_settings(auth={"token": "sesame"}),
        build_settings(auth={"username": "me", "password": "sesame"}),
    ]

    assert all("sesame" not in f"{one!r} {one} {one.build_auth()!r} {one.model_dump_json()}" for one in secrets)


def test_capability_knows_the_page_of_the_source() -> None:
    """The planner would ask for pages the server cuts."""
    stated = ADAPTER.build_capability(build_settings(max_page=250))
    unstated = ADAPTER.build_capability(build_settings(max_page=None))

    assert {250} == {table.max_page for table in stated.entities.values()}
    assert {100} == {table.max_page for table in unstated.entities.values()}
    assert {Entity.SUBSCRIBER, Entity.LIST, Entity.CAMPAIGN} <= set(stated.entities)


async def test_sandbox_is_reached_by_its_own_table() -> None:
    """`make serve` without a source would start and answer nothing."""
    parts = ADAPTER.sandbox()
    table = {**parts.table, "base_url": f"http://127.0.0.1{parts.table['base_url']}"}
    adapter = ADAPTER.open("sandbox", ADAPTER.settings.model_validate(table), httpx.ASGITransport(parts.app))

    found = await adapter.fetch_by_ids(Entity.SUBSCRIBER, ["1", "2"], scope(), parts=frozenset(), purpose="test")

    expected = create_sandbox(1).store.row("subscriber", 1)
    assert expected is not None
    assert getattr(found["1"], "email", None) == expected["email"]
