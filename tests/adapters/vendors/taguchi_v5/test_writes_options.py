"""What the endpoint's page allows, checks and adds to writes about people."""

from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Outcome, WritesRecords
from adapters.errors import (
    FacadeError,
    InputError,
    VendorAuthError,
    VendorRejectedError,
)
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5 import ADAPTER
from tests.adapters.vendors.taguchi_v5.world import World, build_settings, build_world
from tests.adapters.vendors.taguchi_v5.written import (
    ALLOWED,
    command,
    prepare,
    send,
)

THOMAS = CAST[0]
THOMAS_ID = "121293458"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An endpoint that allows everything."""
    return build_world(tmp_path, **ALLOWED)


def find(world: World, email: str) -> dict[str, Any]:
    """What the vendor holds of a person."""
    return next(row for row in world.sandbox.store.rows if (row["email"] or "").lower() == email)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"allow_creation": False}, {"createSubscriber"}),
        ({"allow_updates": False}, {"updateSubscriber", "setListMembership", "unsubscribe"}),
        ({"allow_anonymization": False}, {"anonymizeSubscriber"}),
        ({"allow_messages": False}, {"sendMessage"}),
        ({"allow_events": False}, {"logEvent", "logEvents"}),
        ({"allow_partition_creation": False, "allow_partition_updates": False}, {"upsertPartition"}),
        ({"allow_retrieval": False}, {"createSubscriber", "updateSubscriber"}),
        ({"openapi": None}, {"createSubscriber", "updateSubscriber", "anonymizeSubscriber", "upsertPartition"}),
    ],
)
def test_switches_are_capabilities(changes: dict[str, Any], missing: set[str]) -> None:
    """A call that the endpoint refuses would be offered, or one that it takes hidden."""
    everything = set(ADAPTER.build_writes(build_settings(**ALLOWED)))
    left = set(ADAPTER.build_writes(build_settings(**{**ALLOWED, **changes})))

    assert everything - left == missing
    assert len(everything) == 11


def test_the_adapter_writes(world: World) -> None:
    """The graph would find nothing to write with."""
    assert isinstance(world.adapter, WritesRecords)


async def test_new_people_join_what_the_page_names(tmp_path: Path) -> None:
    """A person would be on lists that nobody had mentioned."""
    world = build_world(tmp_path, **ALLOWED, main_list_id=5, other_list_ids=[6, 7])

    new = await prepare(world, command("upsertSubscriber", fields={"email": "new@example.com"}))
    known = await prepare(world, command("upsertSubscriber", fields={"email": THOMAS.email}))

    assert any("list 5, 6, 7" in each for each in new.warnings)
    assert not any("list 5" in each for each in known.warnings)


async def test_a_switch_that_is_off_at_taguchi_alone_is_told(tmp_path: Path) -> None:
    """A refusal must be one, with the vendor's words."""
    world = build_world(tmp_path, {"allow_creation": False}, **ALLOWED)

    result = await send(world, command("createSubscriber", fields={"email": "new@example.com"}))

    assert (result.outcome, type(result.error)) == (Outcome.REJECTED, VendorAuthError)
    assert result.error.vendor_message == "This endpoint does not allow profile creation"


@pytest.mark.parametrize(
    ("rules", "broken"),
    [
        ({"email": {"required": True, "pattern": "@example\\.com$"}, "firstname": {"maxLength": 3}}, None),
        ({"email": {"pattern": "@other"}}, "email"),
        ({"lastname": {"required": True}}, "lastName"),
        ({"firstname": {"minLength": 3}}, "firstName"),
        ({"custom.tier": {"enum": ["silver"]}}, "custom.tier"),
        ({"custom": {"properties": {"tier": {"type": "number"}}}}, "custom.tier"),
        ({"type": "object", "required": ["postcode"], "properties": {}}, "postcode"),
    ],
)
async def test_the_pages_validation_is_checked_before(
    tmp_path: Path, rules: dict[str, Any], broken: str | None
) -> None:
    """Taguchi would refuse it after all, or nobody would know why."""
    world = build_world(tmp_path, **ALLOWED, validation=rules)
    fields = {"email": "a@example.com", "first_name": "Al", "custom_fields": [{"key": "tier", "value": "gold"}]}
    asked = command("upsertSubscriber", fields=fields)

    if broken is None:
        assert (await send(world, asked)).outcome is Outcome.APPLIED
        return
    with pytest.raises(InputError) as caught:
        await prepare(world, asked)
    assert (caught.value.reason, caught.value.path) == ("VALIDATION", ("input", "fields", broken))


async def test_rules_that_are_not_understood_are_said(tmp_path: Path) -> None:
    """A guess would refuse good people, or pass bad ones in silence."""
    world = build_world(tmp_path, **ALLOWED, validation={"email": {"checkdigit": 7}, "ref": 5})

    prepared = await prepare(world, command("upsertSubscriber", fields={"email": "a@example.com"}))

    assert [each for each in prepared.warnings if "not understood" in each] == [
        "The endpoint's validation of email has a rule `checkdigit` that is not understood here; Taguchi checks it.",
        "The endpoint's validation of ref has a rule that is not understood here; Taguchi checks it.",
    ]


async def test_a_refused_item_says_what_the_vendor_said(world: World) -> None:
    """400 with the vendor's message, and nothing changed."""
    world.sandbox.store.people[int(THOMAS_ID)].sent.add("ref")

    result = await send(world, command("updateSubscriber", target=THOMAS_ID, fields={"title": "Dr"}))

    assert (result.outcome, type(result.error)) == (Outcome.REJECTED, VendorRejectedError)
    assert isinstance(result.error, FacadeError)
    assert find(world, THOMAS.email)["title"] != "Dr"
