"""What a source's table may say, and what stops the start."""

from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from pydantic import ValidationError

from adapters.contract import ChecksEmail, FindsPeople, ReadsParts, ReadsRecords
from adapters.records import Entity, SubscriberRecord
from adapters.shapes import PlansShapes
from adapters.vendors.sendios import ADAPTER
from tests.adapters.vendors.sendios.world import KEY, build_settings, scope


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.sendios.io", "https://api.sendios.io"),
        ("https://api.sendios.io/", "https://api.sendios.io"),
        ("https://api.sendios.io/v1/", "https://api.sendios.io"),
        ("http://127.0.0.1:8001/sendios", "http://127.0.0.1:8001/sendios"),
    ],
)
def test_address_is_completed(base_url: str, expected: str) -> None:
    """Operators write the address as they know it; every form must reach the same place."""
    assert expected == build_settings(base_url=base_url).base_url


def test_address_need_not_be_said() -> None:
    """There is one server for all accounts."""
    table = {"vendor": "sendios", "client_id": 1, "auth": {"key": "k"}, "projects": [1]}

    assert ADAPTER.settings.model_validate(table).base_url == "https://api.sendios.io"  # type: ignore[attr-defined] # the vendor's own


@pytest.mark.parametrize(
    ("projects", "expected"),
    [([1, 2], {1: None, 2: None}), ({"1": "Shop", "2": "Club"}, {1: "Shop", 2: "Club"})],
)
def test_projects_are_ids_with_or_without_names(projects: Any, expected: dict[int, str | None]) -> None:
    """TOML has texts for keys only."""
    assert expected == build_settings(projects=projects).projects


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://api.sendios.io"},
        {"base_url": "https://me:secret@api.sendios.io"},
        {"base_url": "https://10.0.0.1"},
        {"client_id": 0},
        {"client_id": "one"},
        {"auth": {}},
        {"auth": {"key": "a", "token": "b"}},
        {"projects": []},
        {"projects": [0]},
        {"projects": ["shop"]},
        {"projects": list(range(1, 100))},
        {"platform_table": "third"},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"timezone": ""},
        {"max_page": 0},
        {"vendor": "taximail"},
        {"pages": 10},
    ],
    ids=str,
)
def test_wrong_tables_stop_the_start(changes: dict[str, Any]) -> None:
    """A wrong table that starts anyway fails later, in front of a user."""
    with pytest.raises(ValidationError):
        build_settings(**changes)


def test_secrets_do_not_show() -> None:
    """Settings are printed in logs and crash dumps."""
    settings = build_settings(auth={"key": "sesame"})

    assert "sesame" not in f"{settings!r} {settings} {settings.build_auth()!r} {settings.model_dump_json()}"
    assert "sesame" not in settings.account


def test_account_is_the_same_with_another_key() -> None:
    """A rotated key must not make another account of it, and another client must."""
    assert build_settings().account == build_settings(auth={"key": "new"}).account
    assert build_settings().account != build_settings(client_id=124).account


def test_zone_is_the_operators() -> None:
    """The vendor prints times without one."""
    assert build_settings(timezone="Europe/Kyiv").zone == ZoneInfo("Europe/Kyiv")


def test_capability_knows_the_page_of_the_source() -> None:
    """The planner would ask for pages the operator does not want."""
    capability = ADAPTER.build_capability(build_settings(max_page=250))

    assert capability.entities[Entity.UNSUBSCRIBE].max_page == 250


def test_capability_says_what_cannot_be_listed_and_what_else_can_be_done() -> None:
    """Callers are told before any call."""
    entities = ADAPTER.build_capability(build_settings()).entities
    people, mails = entities[Entity.SUBSCRIBER], entities[Entity.MESSAGE]

    assert not people.listable
    assert not mails.listable
    assert "e-mail address" in str(people.reason)
    assert "sentMails" in str(mails.reason)
    assert entities[Entity.UNSUBSCRIBE].listable
    assert not entities[Entity.UNSUBSCRIBE].stable_pages


async def test_sandbox_is_reached_by_its_own_table() -> None:
    """`make serve` without a source would start and answer nothing."""
    parts = ADAPTER.sandbox()
    table = {**parts.table, "base_url": f"http://127.0.0.1{parts.table['base_url']}"}
    adapter = ADAPTER.open("sandbox", ADAPTER.settings.model_validate(table), httpx.ASGITransport(parts.app))

    found = await adapter.fetch_by_ids(Entity.SUBSCRIBER, ["8424"], scope(), parts=frozenset(), purpose="test")

    assert isinstance(found["8424"], SubscriberRecord)
    assert found["8424"].email == "test@example.com"
    for role in (ReadsRecords, ReadsParts, FindsPeople, ChecksEmail, PlansShapes):
        assert isinstance(adapter, role)


def test_marking_key_is_not_the_key() -> None:
    """Ids of opt-outs are made with it and leave the house."""
    assert KEY.encode() not in build_settings().build_marking_key()
    assert build_settings().build_marking_key() == build_settings(projects=[1]).build_marking_key()
    assert build_settings().build_marking_key() != build_settings(auth={"key": "new"}).build_marking_key()
