"""Writes through the whole adapter against the sandbox: what is sent, what is told, what is refused before."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest

from adapters.contract import Outcome, WritesRecords
from adapters.errors import CapabilityError, InputError, NotFoundError, VendorConflictError, VendorRejectedError
from adapters.records import AudienceRecord
from adapters.vendors.talon_one import ADAPTER
from adapters.vendors.talon_one.adapter import open_source
from adapters.vendors.talon_one.sandbox import Sandbox
from tests.adapters.vendors.talon_one.world import DEPLOYMENT, KEYS, SOURCE, World, build_settings, build_world, scope
from tests.adapters.vendors.talon_one.written import Notes, command, look_again, prepare, send, writes

VIP, TRAVEL, REGULARS, LAPSED = "1", "2", "3", "4"


@pytest.fixture
def blind() -> World:
    """A source without a Management key: nothing can be read."""
    return build_world(management=None)


def profile(world: World, ref: str) -> Any:
    return world.sandbox.store.profiles[False, ref]


def key(ref: str) -> dict[str, Any]:
    return {"by_key": {"ref": ref}}


# --- customers --------------------------------------------------------------------------------------------------------


async def test_a_customer_is_sent_as_published(world: World) -> None:
    """Source: vendors/facts.md, 5.6; a null deletes, an id with a space and a slash stays one segment."""
    before = dict(profile(world, "a/b c").attributes)
    attributes = {"Tier": None, "Points": 5}

    result = await send(
        world, command("updateCustomerProfile", **key("a/b c"), attributes=attributes, skip_unknown_attributes=True)
    )

    assert writes(world) == [
        (
            "PUT",
            "/cdp/customer_profile/a/b c?skipNonExistingAttributes=true",
            {"attributes": {"Tier": None, "Points": 5}, "runRuleEngine": False},
        )
    ]
    assert "Tier" in before
    assert profile(world, "a/b c").attributes == {"Points": 5}
    assert (result.outcome, result.id, result.record.custom_fields[0].typed) == (Outcome.APPLIED, "a/b c", 5)
    assert result.facts == {"effects": 0, "createdCoupons": 0, "createdReferrals": 0}


async def test_both_headers_and_the_key_are_sent() -> None:
    """Source: vendors/facts.md, 5.1; without the first it is 400 "No Deployment URL specified"."""
    fake = Answering(204)
    adapter = open_source(SOURCE, build_settings(), fake)

    prepared = await adapter.prepare_write(
        command("changeAudiences", items=[{"customer": "c 1", "join": ["6"]}]), scope(), purpose="test"
    )
    await adapter.send_write(prepared, scope(), Notes())

    (request,) = fake.requests
    assert request.headers["destination-hostname"] == DEPLOYMENT
    assert request.headers["customer-data-platform-name"] == "Marketing Graph"
    assert request.headers["authorization"] == f"ApiKey-v1 {KEYS.cdp}"
    assert request.headers["content-type"] == "application/json"
    assert not any(KEYS.cdp in value for each in prepared.requests for _, value in each.headers)


async def test_audience_changes_run_the_rules_and_say_so(world: World) -> None:
    """Source: vendors/facts.md, 5.2: with false the changes may be lost."""
    world.sandbox.store.write_profile("c 1", {})
    plain = command("updateCustomerProfile", target="c 1", attributes={"Tier": "gold"})
    changing = command("updateCustomerProfile", target="c 1", join=[VIP], leave=[TRAVEL], run_rules=False)

    assert not any("rules" in each for each in (await prepare(world, plain)).warnings)
    prepared = await prepare(world, changing)
    result = await send(world, changing)

    assert [each for each in prepared.warnings if "runRules" in each]
    assert writes(world)[0][2] == {
        "attributes": {},
        "runRuleEngine": True,
        "audiencesChanges": {"adds": [1], "deletes": [2]},
    }
    assert VIP in [each.audience_id for each in result.record.audiences]


async def test_a_change_shows_what_was(world: World) -> None:
    """A dry run without before and after is a guess."""
    ref = next(ref for (_, ref), each in world.sandbox.store.profiles.items() if each.attributes.get("Email"))
    held = profile(world, ref).attributes

    prepared = await prepare(
        world, command("updateCustomerProfile", target=ref, attributes={"Email": "a@b.c", "Nothing": 1})
    )

    assert prepared.before == {"attributes": {"Email": held["Email"], "Nothing": None}}
    assert prepared.after == {"attributes": {"Email": "a@b.c", "Nothing": 1}}
    assert writes(world) == []


async def test_unknown_attributes_are_refused_with_their_name(world: World) -> None:
    """The caller must learn which attribute it was."""
    result = await send(world, command("updateCustomerProfile", **key("c 1"), attributes={"Unheard": 1}))

    assert (result.outcome, type(result.error)) == (Outcome.REJECTED, VendorRejectedError)
    assert result.error.vendor_message == 'The attribute "Unheard" is not defined on CustomerProfile entities.'


async def test_one_customers_audiences_by_either_kind_of_id(world: World) -> None:
    """An external id in the wrong endpoint would be nobody's, or another audience's number."""
    by_ref = await send(
        world, command("changeCustomerAudiences", **key("c 1"), join_refs=["ext 1"], leave_refs=["e/1"])
    )
    by_number = await send(world, command("changeCustomerAudiences", target="c 1", join=[LAPSED], leave=[VIP]))

    assert writes(world) == [
        ("PUT", "/cdp/customer_profile/c 1/audiences", {"data": {"adds": ["ext 1"], "deletes": ["e/1"]}}),
        (
            "PUT",
            "/cdp/customer_profile/c 1",
            {"runRuleEngine": True, "audiencesChanges": {"adds": [4], "deletes": [1]}},
        ),
    ]
    assert VIP in [each.audience_id for each in by_ref.record.audiences]
    assert [each.audience_id for each in by_number.record.audiences if each.audience_id in {VIP, LAPSED}] == [LAPSED]


async def test_common_fields_are_their_attributes(world: World) -> None:
    """An e-mail address would be written where nobody reads it."""
    fields = {
        "ref": "new 1",
        "email": "a@example.com",
        "suburb": "Perth",
        "custom_fields": [{"key": "Tier", "value": "x"}],
    }

    made = await send(world, command("createSubscriber", fields=fields))
    asked = command(
        "updateSubscriber", target="new 1", fields={"suburb": None}, if_unchanged={"email": "a@example.com"}
    )
    changed = await send(world, asked)

    assert writes(world)[0] == (
        "PUT",
        "/cdp/customer_profile/new 1",
        {"attributes": {"Email": "a@example.com", "ShippingCity": "Perth", "Tier": "x"}},
    )
    assert (made.record.email, made.record.suburb, changed.record.suburb) == ("a@example.com", "Perth", None)
    with pytest.raises(VendorConflictError) as known:
        await prepare(world, command("createSubscriber", fields=fields))
    with pytest.raises(VendorConflictError, match="email") as moved:
        await prepare(
            world, command("updateSubscriber", target="new 1", fields={"suburb": "x"}, if_unchanged={"email": "other"})
        )
    assert (known.value.reason, moved.value.reason) == ("ALREADY_THERE", "MOVED")


# --- many -------------------------------------------------------------------------------------------------------------


async def test_many_changes_go_in_thousands_by_the_plural_path(world: World) -> None:
    """Source: vendors/facts.md, 5.2: at most 1000 adds and deletes a call."""
    items = [{"customer": f"bulk-{number}", "join": [VIP, TRAVEL], "leave": [REGULARS]} for number in range(700)]
    notes = Notes()

    result = await send(world, command("changeAudiences", items=items), notes)

    assert [path for _, path, _ in writes(world)] == ["/cdp/customer_profiles/audiences"] * 3
    assert [len(body["data"]) for _, _, body in writes(world)] == [333, 333, 34]
    assert writes(world)[0][2]["data"][0] == {"customerProfileId": "bulk-0", "adds": [1, 2], "deletes": [3]}
    assert [(item.place, item.outcome) for item in result.items] == [(place, Outcome.APPLIED) for place in range(700)]
    assert [places[0] for _, places in notes.sending] == [0, 333, 666]
    assert set(profile(world, "bulk-699").audiences) == {1, 2}
    assert "audiences" not in [ref for _, ref in world.sandbox.store.profiles]


async def test_external_ids_go_by_a_path_of_their_own(world: World) -> None:
    """An external id among numbers would fail the whole call."""
    items: list[dict[str, Any]] = [
        {"customer": "a", "join_refs": ["ext 1"]},
        {"customer": "b", "leave": [VIP]},
        {"customer": "c", "leave_refs": ["e/1"]},
    ]

    result = await send(world, command("changeAudiences", items=items))

    assert [(path, [row["customerProfileId"] for row in body["data"]]) for _, path, body in writes(world)] == [
        ("/cdp/customer_profiles/audiences", ["b"]),
        ("/cdp/v2/customer_profiles/audiences", ["a", "c"]),
    ]
    assert sorted(item.place for item in result.items) == [0, 1, 2]
    assert set(profile(world, "a").audiences) == {1}


async def test_the_tutorials_bulk_path_would_write_a_profile_named_audiences(sandbox: Sandbox) -> None:
    """The pitfall is real in the emulator, and an answer like its is not taken for a bulk change's."""
    headers = {
        "Authorization": f"ApiKey-v1 {KEYS.cdp}",
        "destination-hostname": DEPLOYMENT,
        "customer-data-platform-name": "x",
    }
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="http://talon") as client:
        wrong = await client.put("/cdp/customer_profile/audiences", json={"data": []}, headers=headers)
    assert (wrong.status_code, (False, "audiences") in sandbox.store.profiles) == (200, True)

    adapter = open_source(SOURCE, build_settings(), Answering(200, wrong.json()))
    prepared = await adapter.prepare_write(
        command("changeAudiences", items=[{"customer": "a", "join": ["1"]}]), scope(), purpose="test"
    )
    result = await adapter.send_write(prepared, scope(), Notes())
    assert [item.outcome for item in result.items] == [Outcome.UNKNOWN]
    assert result.items[0].error.reason == "STATUS_OTHER"


async def test_a_refused_chunk_is_refused_whole_and_stops_no_other(world: World) -> None:
    """An audience that is not there fails its call, and the next is still made."""
    items = [{"customer": f"c{number}", "join": [VIP]} for number in range(1500)]
    items[10] = {"customer": "c10", "join": ["999"]}

    result = await send(world, command("changeAudiences", items=items))

    told = {item.place: item.outcome for item in result.items}
    assert (told[0], told[999], told[1000], told[1499]) == (
        Outcome.REJECTED, Outcome.REJECTED, Outcome.APPLIED, Outcome.APPLIED,
    )  # fmt: skip


# --- audiences --------------------------------------------------------------------------------------------------------


async def test_an_audience_is_made_renamed_and_deleted(world: World) -> None:
    """After each the vendor and the graph must tell the same, by the number that changes of members need."""
    made = await send(world, command("createAudience", ref="a/1 ü", name="Winter"))
    await send(world, command("changeAudiences", items=[{"customer": "x", "join": [made.id]}]))
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
        ("changeAudiences", {"items": [{"customer": "a"}]}, InputError, ("input", "items", 0)),
        ("changeAudiences", {"items": [{"customer": "", "join": ["1"]}]}, InputError,
         ("input", "items", 0, "customer")),
        ("changeAudiences", {"items": [{"customer": "a", "join": ["1"]}] * 2}, InputError,
         ("input", "items", 1, "customer")),
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
        ("upsertSubscriber", {"fields": {"ref": "x", "email": "a", "custom_fields": [{"key": "Email", "value": "b"}]}},
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


@dataclass
class Answering(httpx.AsyncBaseTransport):
    """Answers every write alike, and reads with nothing; remembers the writes."""

    status: int
    body: Any = None
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v1/"):
            return httpx.Response(200, json={"data": [], "hasMore": False})
        self.requests.append(request)
        return httpx.Response(self.status, content=b"" if self.body is None else orjson.dumps(self.body))


def test_the_emulator_is_reached_by_its_own_table() -> None:
    """A reader who starts the sandboxes would find nothing to write with."""
    parts = ADAPTER.sandbox()
    settings = ADAPTER.settings.model_validate({"vendor": "talon_one", **parts.table, "base_url": "http://127.0.0.1"})

    assert len(ADAPTER.build_writes(settings)) == 9
