"""Audiences made, renamed and deleted; what is refused before anything is sent."""

from typing import Any

import pytest

from adapters.contract import Outcome, WritesRecords
from adapters.errors import CapabilityError, InputError, NotFoundError, VendorConflictError
from adapters.records import AudienceRecord
from adapters.vendors.talon_one import ADAPTER
from tests.adapters.vendors.talon_one.world import World, build_settings, build_world
from tests.adapters.vendors.talon_one.written import command, look_again, prepare, send, writes

VIP, TRAVEL, REGULARS, LAPSED = "1", "2", "3", "4"


@pytest.fixture
def blind() -> World:
    """A source without a Management key: nothing can be read."""
    return build_world(management=None)


def profile(world: World, ref: str) -> Any:
    return world.sandbox.store.profiles[False, ref]


def key(ref: str) -> dict[str, Any]:
    return {"by_key": {"ref": ref}}


# --- audiences --------------------------------------------------------------------------------------------------------


async def test_an_audience_is_made_renamed_and_deleted(world: World) -> None:
    """After each the vendor and the graph must tell the same, by the number that changes of members need."""
    made = await send(world, command("createAudience", ref="a/1 ü", name="Winter"))
    await send(world, command("changeAudiences", items=[{"ref": "x", "join": [made.id]}]))
    renamed = await send(world, command("updateAudience", target=made.id, name="Winter 2027"))
    shown = await prepare(world, command("deleteAudience", target=made.id))
    gone = await send(world, command("deleteAudience", ref="a/1 ü"))

    assert [line for line in writes(world) if "audiences/" in line[1] or line[0] == "POST"] == [
        ("POST", "/cdp/audiences", {"audienceId": "a/1 ü", "audienceName": "Winter"}),
        ("PUT", "/cdp/audiences/a/1 ü", {"audienceId": "a/1 ü", "audienceName": "Winter 2027"}),
        ("DELETE", "/cdp/audiences/a/1 ü", None),
    ]
    assert isinstance(made.record, AudienceRecord)
    assert (made.record.id, made.record.ref) == (made.id, "a/1 ü")
    assert (renamed.outcome, renamed.id, gone.outcome) == (Outcome.APPLIED, made.id, Outcome.APPLIED)
    assert shown.before == {"name": "Winter 2027", "size": 1}
    assert any("1 customers are in it" in each for each in shown.warnings)
    assert int(made.id or 0) not in world.sandbox.store.audiences
    assert profile(world, "x").audiences == {}


async def test_an_audience_that_is_there_is_a_conflict(world: World, blind: World) -> None:
    """Another platform's audience would be taken for the new one."""
    with pytest.raises(VendorConflictError):
        await prepare(world, command("createAudience", ref="e/1", name="x"))
    result = await send(blind, command("createAudience", ref="e/1", name="x"))

    assert (result.outcome, type(result.error)) == (Outcome.REJECTED, VendorConflictError)
    assert result.error.vendor_message == "The audience with the ID 'e/1' already exists"


async def test_an_audience_that_is_not_there_is_refused(world: World, blind: World) -> None:
    """Unknown ids are refused before, or by the vendor where nobody can look."""
    for asked in (command("deleteAudience", ref="nope"), command("updateAudience", target="999", name="x")):
        with pytest.raises(NotFoundError):
            await prepare(world, asked)
    result = await send(blind, command("deleteAudience", ref="nope"))

    assert (result.outcome, result.error.reason) == (Outcome.REJECTED, "NO_RECORD")


async def test_several_audiences_of_one_ref_are_not_guessed(world: World) -> None:
    """Another platform's audience would be deleted."""
    world.sandbox.store.add_audience("Other", integration="segment", integration_id="e/1", third_party=True)

    with pytest.raises(InputError, match="Several audiences"):
        await prepare(world, command("deleteAudience", target=LAPSED))

    assert writes(world) == []


# --- what is refused before -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "asked", "error", "path"),
    [
        ("updateCustomerProfile", {"attributes": {"a": 1}}, InputError, ("input",)),
        ("updateCustomerProfile", {"target": "x", **key("x"), "attributes": {"a": 1}}, InputError, ("input",)),
        ("updateCustomerProfile", {"by_key": {"email": "a@b.c"}, "attributes": {"a": 1}}, InputError, ("input",)),
        ("updateCustomerProfile", key("x"), InputError, ("input",)),
        ("updateCustomerProfile", {**key("x"), "attributes": []}, InputError, ("input",)),
        ("updateCustomerProfile", {**key("x"), "attributes": [1]}, InputError, ("input", "attributes")),
        ("updateCustomerProfile", {**key("x"), "attributes": {" ": 1}}, InputError, ("input", "attributes", " ")),
        ("updateCustomerProfile", {**key("x"), "attributes": {"a": "\ud800"}}, InputError, ("input",)),
        ("updateCustomerProfile", {**key("x"), "attributes": {"a": "x" * 4_000_000}}, InputError, ("input",)),
        ("updateCustomerProfile", {**key(""), "attributes": {"a": 1}}, InputError, ("input", "byKey", "ref")),
        ("updateCustomerProfile", {**key("x"), "join": ["one"]}, InputError, ("input", "join", 0)),
        ("updateCustomerProfile", {**key("x"), "join": ["1"], "leave": ["01"]}, InputError, ("input", "leave", 0)),
        ("changeCustomerAudiences", key("x"), InputError, ("input",)),
        ("changeCustomerAudiences", {**key("x"), "join": ["1"], "join_refs": ["a"]}, InputError, ("input",)),
        ("changeCustomerAudiences", {**key("x"), "join": [str(n) for n in range(1001)]}, InputError, ("input",)),
        ("changeCustomerAudiences", {**key("x"), "join_refs": [""]}, InputError, ("input", "joinRefs", 0)),
        ("changeAudiences", {"items": []}, InputError, ("input", "items")),
        ("changeAudiences", {"items": [{"ref": "a"}]}, InputError, ("input", "items", 0)),
        ("changeAudiences", {"items": [{"ref": "", "join": ["1"]}]}, InputError,
         ("input", "items", 0, "ref")),
        ("changeAudiences", {"items": [{"ref": "a", "join": ["1"]}] * 2}, InputError,
         ("input", "items", 1, "ref")),
        ("updateCustomerProfile", {**key("x"), "join_refs": ["a"]}, CapabilityError, ("input", "joinRefs")),
        ("createAudience", {"ref": "", "name": "x"}, InputError, ("input", "ref")),
        ("createAudience", {"ref": "x", "name": "y" * 1001}, InputError, ("input", "name")),
        ("updateAudience", {"name": "x"}, InputError, ("input",)),
        ("updateAudience", {"target": "1", "ref": "x", "name": "x"}, InputError, ("input",)),
        ("updateAudience", {"target": REGULARS, "name": "x"}, CapabilityError, ("input", "id")),
        ("updateSubscriber", {"target": "c 1", "fields": {"ref": "other"}}, InputError, ("input", "fields", "ref")),
        ("upsertSubscriber", {"fields": {"email": "a@b.c"}}, InputError, ("input", "fields", "ref")),
        ("upsertSubscriber", {"fields": {"ref": "x", "first_name": "A"}}, CapabilityError,
         ("input", "fields", "firstName")),
        ("upsertSubscriber", {"fields": {"ref": "x", "memberships": []}}, CapabilityError,
         ("input", "fields", "memberships")),
        ("upsertSubscriber", {"fields": {"ref": "x", "email": "a"}}, InputError, ("input", "fields", "email")),
        ("upsertSubscriber",
         {"fields": {"ref": "x", "email": "a@b.c", "custom_fields": [{"key": "Email", "value": "b"}]}},
         InputError, ("input", "fields", "customFields", 0, "key")),
    ],
)  # fmt: skip
async def test_what_cannot_be_sent_is_refused_before(
    world: World, kind: str, asked: dict[str, Any], error: type[InputError], path: tuple[Any, ...]
) -> None:
    """A call would be spent on it, or another customer changed."""
    with pytest.raises(error) as caught:
        await prepare(world, command(kind, **asked))

    assert (type(caught.value), caught.value.path, writes(world)) == (error, path, [])


async def test_a_customer_who_is_not_there_is_not_made_by_id(world: World) -> None:
    """An id of somebody who is gone would bring a profile back."""
    asked: dict[str, dict[str, Any]] = {
        "updateCustomerProfile": {"attributes": {"a": 1}},
        "changeCustomerAudiences": {"join": ["1"]},
        "updateSubscriber": {"fields": {"email": "a@b.c"}},
    }
    for kind, values in asked.items():
        with pytest.raises(NotFoundError):
            await prepare(world, command(kind, target="nobody", **values))


async def test_new_customers_are_announced(world: World) -> None:
    """A misspelt key makes a profile that nobody wanted."""
    known = await prepare(world, command("changeCustomerAudiences", **key("c 1"), join=[VIP]))
    new = await prepare(world, command("changeCustomerAudiences", **key("c  1"), join=[VIP]))

    assert [any("is made" in each for each in prepared.warnings) for prepared in (known, new)] == [False, True]


def test_what_needs_a_look_first_needs_the_management_key() -> None:
    """A call would make whom it was to change."""
    everything = set(ADAPTER.build_writes(build_settings()))
    blind = ADAPTER.build_writes(build_settings(management=None))

    assert everything - set(blind) == {"createSubscriber", "updateSubscriber"}
    assert len(everything) == 9
    assert {each.read_back for each in blind.values()} == {None}


async def test_without_a_management_key_everything_else_is_written(blind: World) -> None:
    """A source that can only be written to would be good for nothing."""
    made = await send(blind, command("createAudience", ref="w", name="W"))
    await send(blind, command("updateAudience", ref="w", name="W2"))
    result = await send(blind, command("updateCustomerProfile", **key("n"), attributes={"Tier": "x"}, join=[made.id]))

    assert isinstance(blind.adapter, WritesRecords)
    assert [each.name for each in result.record.audiences] == ["W2"]
    assert (await look_again(blind, command("deleteAudience", ref="w"))).outcome is Outcome.UNKNOWN


def test_the_emulator_is_reached_by_its_own_table() -> None:
    """A reader who starts the sandboxes would find nothing to write with."""
    parts = ADAPTER.sandbox()
    settings = ADAPTER.settings.model_validate({"vendor": "talon_one", **parts.table, "base_url": "http://127.0.0.1"})

    assert len(ADAPTER.build_writes(settings)) == 9
