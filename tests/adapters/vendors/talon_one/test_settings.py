"""What a source's table may say, what stops the start, and what a missing key leaves readable."""

from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from adapters.contract import FindsPeople, PersonQuery, ReadsParts, ReadsRecords, SliceQuery
from adapters.errors import CapabilityError
from adapters.vendors.talon_one import ADAPTER
from adapters.vendors.talon_one.adapter import open_source
from tests.adapters.vendors.talon_one.world import AUDIENCE, CUSTOMER, World, build_settings, scope


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"base_url": "https://integration.talon.one"}, "https://sandbox.europe-west1.talon.one"),
        (
            {
                "base_url": "https://integration.talon.one",
                "management": {"key": "k", "base_url": "https://promo.talon.one"},
            },
            "https://promo.talon.one",
        ),
        ({"base_url": "http://127.0.0.1:8001/talon_one"}, "http://127.0.0.1:8001/talon_one"),
    ],
)
def test_the_tenants_address_is_found(changes: dict[str, Any], expected: str) -> None:
    """Named twice it could be named wrongly; an emulator answers for all hosts at one address."""
    assert build_settings(**changes).management_url == expected


def test_the_gateway_has_one_address_for_all() -> None:
    """Source: talon-one-cdp.txt; an operator need not repeat it."""
    table = build_settings().model_dump(exclude={"base_url"}, exclude_unset=True)

    assert ADAPTER.settings.model_validate(table).model_dump()["base_url"] == "https://integration.talon.one"


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://integration.talon.one"},
        {"base_url": "https://me:secret@integration.talon.one"},
        {"deployment": "https://mycompany.talon.one"},
        {"deployment": "mycompany.talon.one/x"},
        {"deployment": ""},
        {"deployment": "a\nb"},
        {"platform_name": ""},
        {"platform_name": "a\r\nx: y"},
        {"auth": {}},
        {"auth": {"key": "a\nb"}},
        {"auth": {"key": ""}},
        {"auth": {"token": "a"}},
        {"management": {}},
        {"management": {"key": " a"}},
        {"management": {"key": "a", "base_url": "https://10.0.0.1"}},
        {"management": {"key": "a", "base_url": "http://mycompany.talon.one"}},
        {"management": {"key": "a", "base_url": "https://mycompany.talon.one"}},
        {"attributes": {"email": "no blank"}},
        {"attributes": {"email": "Mail", "phone": "Mail"}},
        {"attributes": {"mail": "Email"}},
        {"max_page": 1001},
        {"region": "au"},
    ],
    ids=str,
)
def test_wrong_tables_stop_the_start(changes: dict[str, Any]) -> None:
    """A wrong table that starts anyway fails later, in front of a user."""
    with pytest.raises(ValidationError) as caught:
        build_settings(**changes)

    assert "secret" not in str(caught.value.errors(include_input=False, include_context=False, include_url=False))


def test_secrets_do_not_show() -> None:
    """Settings are printed in logs and crash dumps."""
    settings = build_settings(auth={"key": "sesame"}, management={"key": "sesame"})

    assert "sesame" not in repr(settings) + settings.account + settings.model_dump_json()


def test_few_calls_go_out_at_once() -> None:
    """The Management API takes three a second of each kind. Source: facts, 5.1."""
    assert build_settings().concurrency == 3


def test_the_adapter_fills_its_roles(world: World) -> None:
    """The layers above ask for roles; one that is not filled is silently not there."""
    assert isinstance(world.adapter, ReadsRecords)
    assert isinstance(world.adapter, ReadsParts)
    assert isinstance(world.adapter, FindsPeople)


async def test_without_a_management_key_nothing_is_readable() -> None:
    """The CDP API only takes writes: reads must be refused with the way out, before any call."""
    settings = build_settings(management=None)
    calls: list[httpx.Request] = []

    async def refuse(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(500)

    adapter = open_source("promo", settings, httpx.MockTransport(refuse))
    able = ADAPTER.build_capability(settings).entities

    for entity in (CUSTOMER, AUDIENCE):
        assert not able[entity].listable
        assert "management = { key" in (able[entity].reason or "")
        with pytest.raises(CapabilityError, match="Management API key"):
            await adapter.fetch_slice(SliceQuery(entity), scope())
        with pytest.raises(CapabilityError, match="Management API key"):
            await adapter.fetch_by_ids(entity, ["1"], scope(), parts=frozenset(), purpose="")
    with pytest.raises(CapabilityError, match="Management API key"):
        await adapter.fetch_people(PersonQuery(ref="a"), scope(), purpose="")
    assert adapter.count_loads(CUSTOMER, 10) == (0, 0)
    assert calls == []


def test_the_sandboxs_own_table_is_a_valid_one() -> None:
    """The embedded sandbox could not be opened otherwise."""
    parts = ADAPTER.sandbox()
    table = {**parts.table, "vendor": ADAPTER.name, "base_url": "http://127.0.0.1" + parts.table["base_url"]}

    settings = ADAPTER.settings.model_validate(table)

    assert all(each.listable for each in ADAPTER.build_capability(settings).entities.values())
