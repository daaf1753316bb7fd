"""Writes through the whole adapter against the sandbox: what is sent, what is told, what is refused before."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest

from adapters.contract import Outcome
from adapters.errors import CapabilityError, VendorConflictError, VendorRejectedError
from adapters.vendors.talon_one.adapter import open_source
from adapters.vendors.talon_one.sandbox import Sandbox
from tests.adapters.vendors.talon_one.world import DEPLOYMENT, KEYS, SOURCE, World, build_settings, build_world, scope
from tests.adapters.vendors.talon_one.written import Notes, command, prepare, send, writes

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
        command("changeAudiences", items=[{"ref": "c 1", "join": ["6"]}]), scope(), purpose="test"
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
    with pytest.raises(CapabilityError) as unheld:
        await prepare(
            world, command("updateSubscriber", target="new 1", fields={"suburb": "x"}, if_unchanged={"title": "Ms"})
        )
    assert unheld.value.path == ("input", "ifUnchanged", "title")


# --- many -------------------------------------------------------------------------------------------------------------


async def test_many_changes_go_in_thousands_by_the_plural_path(world: World) -> None:
    """Source: vendors/facts.md, 5.2: at most 1000 adds and deletes a call."""
    items = [{"ref": f"bulk-{number}", "join": [VIP, TRAVEL], "leave": [REGULARS]} for number in range(700)]
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
        {"ref": "a", "join_refs": ["ext 1"]},
        {"ref": "b", "leave": [VIP]},
        {"ref": "c", "leave_refs": ["e/1"]},
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
        command("changeAudiences", items=[{"ref": "a", "join": ["1"]}]), scope(), purpose="test"
    )
    result = await adapter.send_write(prepared, scope(), Notes())
    assert [item.outcome for item in result.items] == [Outcome.UNKNOWN]
    assert result.items[0].error.reason == "STATUS_OTHER"


async def test_a_refused_chunk_is_refused_whole_and_stops_no_other(world: World) -> None:
    """An audience that is not there fails its call, and the next is still made."""
    items = [{"ref": f"c{number}", "join": [VIP]} for number in range(1500)]
    items[10] = {"ref": "c10", "join": ["999"]}

    result = await send(world, command("changeAudiences", items=items))

    told = {item.place: item.outcome for item in result.items}
    assert (told[0], told[999], told[1000], told[1499]) == (
        Outcome.REJECTED, Outcome.REJECTED, Outcome.APPLIED, Outcome.APPLIED,
    )  # fmt: skip


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
